"""How many of the places given were taken up, kept to and completed, and how many people.

Places come from kept counts. People are counted when somebody asks: in how many groups each has a
place is not kept anywhere.
"""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, Group, Place
from services.attendance import ENGAGED_FROM
from services.permissions import Actor, Permission
from services.programmes.completed_by import beyond
from services.tallies.shares import Share, is_large_enough, sees_small_numbers, share
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals
from services.unchanged import while_unchanged

RULE = (
    "Started: at least one session. Engaged: at least two. Completed: the content of as many "
    "sessions covered, by coming or catching up, as the group asks for, which is three quarters "
    "of those offered unless its programme says otherwise; in a rolling group each topic once, "
    "over any number of rounds. A person with places in two groups "
    "counts in each; whoever enrolled and never came stays counted."
)
PEOPLE_RULE = (
    "Each person counts once, however many groups she has a place in: as far as she came in the "
    "one where she came furthest. Started and engaged are of the sessions of one group."
)
_STEPS = (("started", "Started"), ("engaged", "Engaged"), ("completed", "Completed"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: how many places came this far, of those given and of those begun."""

    label: str
    of_enrolled: Share
    of_started: Share | None  # None for starting itself


@while_unchanged
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


def people_steps(db: Session, actor: Actor, *, programme: str | None = None) -> tuple[Step, ...]:
    """The same steps in people, each counted once; none where nobody enrolled.

    An evaluator sees none as soon as a figure is small, or how far it is from that in places: the
    difference is how many have two places. Raises NotPermittedError where `steps` does.
    """
    actor.require(Permission.READ_OUTCOMES)
    in_places = steps(db, actor, programme=programme)
    if not in_places:
        return ()
    enrolled, *counts = db.execute(_counted(programme)).one()
    found = tuple(
        Step(label, share(count, enrolled), None if key == "started" else share(count, counts[0]))
        for (key, label), count in zip(_STEPS, counts, strict=True)
    )
    if sees_small_numbers(actor) or _tells_nobody_apart(found, in_places):
        return found
    return ()


def _counted(programme: str | None) -> Select[int, int, int, int]:
    """One row: how many people enrolled, started, engaged and completed."""
    furthest = (
        select(
            func.max(Place.attended).label("attended"),
            func.max(beyond()).label("beyond"),
        )
        .join(Group, Group.id == Place.group_id)
        .where(Place.state.not_in(NEVER_TAKEN_UP))
        .group_by(Place.person_id)
    )
    if programme is not None:
        furthest = furthest.where(Group.programme == programme)
    one = furthest.subquery()
    return select(
        func.count(),
        func.count().filter(one.c.attended >= 1),
        func.count().filter(one.c.attended >= ENGAGED_FROM),
        func.count().filter(one.c.beyond >= 0),
    ).select_from(one)


def _tells_nobody_apart(people: tuple[Step, ...], places: tuple[Step, ...]) -> bool:
    """Whether the figures are large, and so is each difference to those in places, or nothing."""
    pairs = [
        (one.of_enrolled, other.of_enrolled) for one, other in zip(people, places, strict=True)
    ]
    further = [other.count - one.count for one, other in pairs]
    further += [other.of - one.of for one, other in pairs]
    return all(map(_is_large, people)) and all(
        more == 0 or is_large_enough(more) for more in further
    )


def _is_large(step: Step) -> bool:
    shares = [part for part in (step.of_enrolled, step.of_started) if part is not None]
    return all(is_large_enough(part.count, part.of) for part in shares)
