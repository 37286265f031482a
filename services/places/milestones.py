"""How far a place has come: enrolled, started, completed; and what follows from it.

`following` is the one place through which places change: the counts and the referral behind a
place are brought up to date there.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from models import Group, Place, PlaceState
from services import bulk, clock
from services.attendance import ENGAGED_FROM
from services.measures.measure_sums import dose_cells
from services.permissions import Actor
from services.programmes import topics_kept
from services.programmes.completed_by import has_completed
from services.referrals import referral_places
from services.referrals.referral_places import ChangedPlace
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

_PEOPLE_AT_ONCE = 500
_NEVER_ENROLLED = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.DECLINED)


def milestones(place: Place, group: Group) -> frozenset[str]:
    """The milestones a place has reached (domain §1.5).

    Started: attended at least once. Engaged: at least twice. Completed: as `has_completed` says.
    People who enrolled and never came stay in the count of the enrolled.
    """
    if place.state in _NEVER_ENROLLED:
        return frozenset()
    reached = {"enrolled"}
    if place.attended >= 1:
        reached.add("started")
    if place.attended >= ENGAGED_FROM:
        reached.add("engaged")
    if has_completed(place, group):
        reached.add("completed")
    if place.state is PlaceState.LEFT_EARLY:
        reached.add("left_early")
    return frozenset(reached)


def cells(place: Place, group: Group) -> Counter[Cell]:
    """Where a place is counted: its milestones, how long she stayed, why she left, and how scores
    changed with what she attended."""
    reached = milestones(place, group)
    found = {_cell(group, Kind.PLACE, name) for name in reached}
    has_left = place.state is PlaceState.LEFT_EARLY
    if "started" in reached:
        stayed = "left" if has_left else "stayed"
        found.add(_cell(group, Kind.STAY, stayed, place.expected))
    if has_left:
        found.add(_cell(group, Kind.LEFT, place.left_because or ""))
    where = group.programme, clock.quarter(group.starts_on)
    dose = dose_cells(*where, place.measured, place.attended or 0, place.covered or 0)
    return Counter(found) + dose


@contextmanager
def following(db: Session, group: Group, *places: Place, by: Actor) -> Iterator[Counter[Cell]]:
    """Change places inside the block; the counts of milestones and the referrals follow.

    Gives the counts that change with them, so that the block's own are saved with these.
    """
    before = [(_stand(place), milestones(place, group), cells(place, group)) for place in places]
    covered = [place.covered for place in places]
    changes: Counter[Cell] = Counter()
    yield changes
    people = [
        place.person_id
        for place, (stood, *_), earlier in zip(places, before, covered, strict=True)
        if _is_new(stood) or place.covered != earlier
    ]
    if group.topics_to_complete is not None and people:
        _keep_topics(db, group.programme, people, changes, besides=(group.id,))
    moved: list[ChangedPlace] = []
    for place, (stood, earlier, counted) in zip(places, before, strict=True):
        later = milestones(place, group)
        changes.update(cells(place, group))
        changes.subtract(counted)
        if _stand(place) != stood or later != earlier:
            moved.append(ChangedPlace(place, later, seated_now="enrolled" in later - earlier))
    referral_places.follow(db, moved, by=by)
    tallies.add(db, changes)


def people_changed(db: Session, people: Collection[int], *, besides: Collection[int] = ()) -> None:
    """Follow a change of what these people covered of rolling programmes, in all their places but
    those in groups `besides`, which the caller counts. A step of services that have asked.
    """
    changes: Counter[Cell] = Counter()
    for programme in db.scalars(_rolling_of(people)).all():
        _keep_topics(db, programme, people, changes, besides=besides)
    tallies.add(db, changes)


def settle_topics(db: Session) -> None:
    """Bring up to date what everybody covered of rolling programmes, after many rows at once."""
    query = (
        select(Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(Group.topics_to_complete.is_not(None))
        .order_by(Place.person_id)
        .distinct()
    )
    for some in bulk.batches(db.scalars(query).all(), _PEOPLE_AT_ONCE):
        people_changed(db, some)


def topics_changed(db: Session, group: Group) -> None:
    """Follow a change of what a group's sessions covered. A step of services that have asked."""
    if group.topics_to_complete is not None:
        changes: Counter[Cell] = Counter()
        people = select(Place.person_id).where(Place.group_id == group.id).distinct()
        _keep_topics(db, group.programme, db.scalars(people).all(), changes)
        tallies.add(db, changes)


def _rolling_of(people: Collection[int]) -> Select[str]:
    return (
        select(Group.programme)
        .join(Place, Place.group_id == Group.id)
        .where(Place.person_id.in_(people), Group.topics_to_complete.is_not(None))
        .order_by(Group.programme)
        .distinct()
    )


def _keep_topics(
    db: Session,
    programme: str,
    people: Collection[int],
    changes: Counter[Cell],
    *,
    besides: Collection[int] = (),
) -> None:
    """Bring up to date how many topics these people have covered, wherever they have a place in
    the programme; `changes` take in what follows in groups not `besides`."""
    for place, group, covered in topics_kept.changed(db, programme, people):
        earlier = cells(place, group)
        set_committed_value(place, "topics_covered", covered)
        if group.id not in besides:
            changes.update(cells(place, group))
            changes.subtract(earlier)


def _stand(place: Place) -> tuple[int | None, PlaceState, int]:
    """What a referral depends on; a place not yet in the database has no number."""
    return place.id, place.state, place.attended


def _is_new(stood: tuple[int | None, PlaceState, int]) -> bool:
    return stood[0] is None


def _cell(group: Group, kind: Kind, key: str, first: int = 0) -> Cell:
    return Cell(kind, group.programme, clock.quarter(group.starts_on), key, first)
