"""From how many volunteers on a figure about them is shown, and to whom."""

import pandas as pd

from models import Stage
from services.disclosure import suppress
from services.permissions import Actor, Permission

# Domain §3.6: five inside the house.
SHOWN_FROM = 5
HIDDEN = (
    f"\\* hidden: fewer than {SHOWN_FROM} volunteers, or a number that would let such a small one "
    "be worked out."
)

ALL_HIDDEN = (
    f"None of it can be shown: fewer than {SHOWN_FROM} volunteers are concerned, or so few that "
    "it could be worked out."
)


def threshold(actor: Actor) -> int:
    """A coordinator knows each volunteer and her stage; whoever does not sees no small number."""
    return 1 if actor.may(Permission.READ_VOLUNTEERS) else SHOWN_FROM


def counted_stages(actor: Actor) -> tuple[Stage, ...]:
    """Who is with groups. To whoever sees no small number only those who are active: with figures
    of both, the few who shadow would be what two of them differ by."""
    return (Stage.SHADOWING, Stage.ACTIVE) if threshold(actor) == 1 else (Stage.ACTIVE,)


def may_see(actor: Actor, *parts: int) -> bool:
    """Whether this reader may see how many each part of the same people is: not where one is so
    small, nor where it could be worked out from the others and their total."""
    names = list(map(str, range(len(parts))))
    return bool(shown(actor, pd.DataFrame([parts], columns=names)).notna().all(axis=None))


def shown(actor: Actor, counts: pd.DataFrame) -> pd.DataFrame:
    """The counts with totals, NA where this reader may not see or work out one of them."""
    return suppress(counts, threshold(actor))
