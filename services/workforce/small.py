"""From how many volunteers on a figure about them is shown, and to whom."""

import pandas as pd

from services.disclosure import suppress
from services.permissions import Actor, Permission

# Domain §3.6: five inside the house.
SHOWN_FROM = 5
HIDDEN = (
    f"\\* hidden: fewer than {SHOWN_FROM} volunteers, or a number that would let such a small one "
    "be worked out."
)


def threshold(actor: Actor) -> int:
    """A coordinator knows each volunteer and her stage; whoever does not sees no small number."""
    return 1 if actor.may(Permission.READ_VOLUNTEERS) else SHOWN_FROM


def shown(actor: Actor, counts: pd.DataFrame) -> pd.DataFrame:
    """The counts with totals, NA where this reader may not see or work out one of them."""
    return suppress(counts, threshold(actor))
