"""How many of the places given were taken up, kept to and completed, from kept counts."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.permissions import Actor, Permission
from services.shares import Share, is_large_enough, sees_small_numbers, share
from services.tallies import Kind
from services.tally_totals import totals

RULE = (
    "Started: at least one session. Engaged: at least two. Completed: the content of as many "
    "sessions covered, by coming or catching up, as the group asks for, which is three quarters "
    "of those offered unless its programme says otherwise. A person with places in two groups "
    "counts in each; whoever enrolled and never came stays counted."
)
_STEPS = (("started", "Started"), ("engaged", "Engaged"), ("completed", "Completed"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: how many places came this far, of those given and of those begun."""

    label: str
    of_enrolled: Share
    of_started: Share | None  # None for starting itself


def steps(db: Session, actor: Actor, *, programme: str | None = None) -> tuple[Step, ...]:
    """The steps over one programme or all; none where nobody enrolled.

    An evaluator sees none as soon as one of the figures is small: the others would give it away.
    """
    actor.require(Permission.READ_OUTCOMES)
    counts = dict(totals(db, actor, Kind.PLACE, "key", programme=programme))
    enrolled, started = counts.get("enrolled", 0), counts.get("started", 0)
    found = tuple(
        Step(
            label,
            share(counts.get(key, 0), enrolled),
            None if key == "started" else share(counts.get(key, 0), started),
        )
        for key, label in _STEPS
    )
    if enrolled == 0 or not (sees_small_numbers(actor) or all(map(_is_large, found))):
        return ()
    return found


def _is_large(step: Step) -> bool:
    shares = [part for part in (step.of_enrolled, step.of_started) if part is not None]
    return all(is_large_enough(part.count, part.of) for part in shares)
