"""How far a place has come: enrolled, started, completed; and what follows from it.

`following` is the one place through which places change: the counts and the referral behind a
place are brought up to date there.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models import Group, Place, PlaceState
from services import clock, referral_places, tallies
from services.attendance import ENGAGED_FROM
from services.measure_sums import dose_cells
from services.permissions import Actor
from services.referral_places import ChangedPlace
from services.tallies import Cell, Kind

_NEVER_ENROLLED = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.DECLINED)


def milestones(place: Place, group: Group) -> frozenset[str]:
    """The milestones a place has reached (domain §1.5).

    Started: attended at least once. Engaged: at least twice. Completed: the sessions covered
    reach the number kept with the run. People who enrolled and never came stay in the count of
    the enrolled.
    """
    if place.state in _NEVER_ENROLLED:
        return frozenset()
    reached = {"enrolled"}
    if place.attended >= 1:
        reached.add("started")
    if place.attended >= ENGAGED_FROM:
        reached.add("engaged")
    if place.covered >= group.sessions_to_complete:
        reached.add("completed")
    if place.state is PlaceState.LEFT_EARLY:
        reached.add("left_early")
    return frozenset(reached)


@contextmanager
def following(db: Session, group: Group, *places: Place, by: Actor) -> Iterator[Counter[Cell]]:
    """Change places inside the block; the counts of milestones and the referrals follow.

    Gives the counts that change with them, so that the block's own are saved with these.
    """
    before = [(_stand(place), milestones(place, group), _dose(place, group)) for place in places]
    changes: Counter[Cell] = Counter()
    yield changes
    moved: list[ChangedPlace] = []
    for place, (stood, earlier, dose) in zip(places, before, strict=True):
        later = milestones(place, group)
        changes.update({_cell(group, name): 1 for name in later - earlier})
        changes.subtract({_cell(group, name): 1 for name in earlier - later})
        changes.update(_dose(place, group))
        changes.subtract(dose)
        if _stand(place) != stood:
            moved.append(ChangedPlace(place, later, seated_now="enrolled" in later - earlier))
    referral_places.follow(db, moved, by=by)
    tallies.add(db, changes)


def _dose(place: Place, group: Group) -> Counter[Cell]:
    where = (group.programme, clock.quarter(group.starts_on))
    return dose_cells(*where, place.measured, place.attended or 0, place.covered or 0)


def _stand(place: Place) -> tuple[int | None, PlaceState, int]:
    """What a referral depends on; a place not yet in the database has no number."""
    return place.id, place.state, place.attended


def _cell(group: Group, name: str) -> Cell:
    return Cell(Kind.PLACE, group.programme, clock.quarter(group.starts_on), name)
