"""Writing what an attendance list changes: places, marks, and what follows from them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupSession,
    GroupState,
    ImportedRecord,
    Mark,
    Place,
    PlaceState,
    SessionState,
    new_ref,
)
from services import clock
from services.attendance import CODES
from services.bulk import batches
from services.imports.attendance_find import KnownGroup, KnownSession
from services.imports.attendance_line import Entered
from services.imports.attendance_plan import newcomers
from services.imports.find_names import AT_ONCE
from services.imports.group_plan import OVER
from services.imports.new_places import Newcomer
from services.imports.plan import Plan, PlannedRow, State
from services.imports.trail import Change, Trail
from services.permissions import Actor
from services.places.milestones import milestones
from services.referrals import referral_places
from services.referrals.referral_places import ChangedPlace
from services.registers.marking import shows_held
from services.tallies import recount

_AT_ONCE = 5_000
_BEFORE_RUNNING = (GroupState.RECRUITING, GroupState.CONFIRMED)


def write(trail: Trail, plan: Plan) -> None:
    """Give the places that are missing, and enter the marks; the counts follow."""
    rows = [row for row in plan.rows if row.state in (State.NEW, State.CHANGED)]
    groups = {one.session.group for row in rows for one in row.record.marks.values()}
    numbers = sorted(group.id for group in groups)
    with recount.keeping(trail.db, numbers):
        _write(trail, rows)
        _count_what_waited(trail.db, numbers)


@contextmanager
def undoing(db: Session, import_id: int, by: Actor) -> Iterator[None]:
    """Undo inside the block; counts and referrals go back as well."""
    groups = db.scalars(_groups_of(import_id)).all()
    for some in batches(groups, AT_ONCE):
        db.execute(select(Group.id).where(Group.id.in_(some)).order_by(Group.id).with_for_update())
    changed = db.scalars(_records(import_id, Place).where(ImportedRecord.before.is_not(None))).all()
    with recount.keeping(db, groups):
        yield
        _count_what_waited(db, groups)
    _follow(db, changed, by)


def _count_what_waited(db: Session, groups: Sequence[int]) -> None:
    """Marks made ahead by hand count with their session: so do those of whom no file speaks."""
    for some in batches(groups, AT_ONCE):
        recount.put_places_right(db, some)


def _write(trail: Trail, rows: list[PlannedRow]) -> None:
    entered = [(row.record.id, one) for row in rows for one in row.record.marks.values()]
    written = [(person, one) for person, one in entered if one.is_new or one.differs]
    trail.expected = len(written)
    coming = newcomers(rows)
    numbers = dict(zip(coming, trail.numbers(Place, len(coming)), strict=True))
    sums = _sums(written, numbers)
    trail.add(Place, [_place(numbers[key], one, sums) for key, one in coming.items()])
    _enter(trail, written, numbers)
    changed = _places_changed(written, sums)
    trail.change(Place, changed)
    _note_held(trail, [one for _person, one in written])
    _follow(trail.db, [change.number for change in changed], trail.actor)


def _enter(
    trail: Trail, written: list[tuple[int, Entered]], numbers: Mapping[tuple[int, int], int]
) -> None:
    now = clock.now()
    new = [(person, one) for person, one in written if one.is_new]
    for some in batches(zip(trail.numbers(Mark, len(new)), new, strict=True), _AT_ONCE):
        trail.add(
            Mark,
            [
                {
                    "id": number,
                    "session_id": one.session.id,
                    "place_id": _place_number(person, one, numbers),
                    "code": one.code.value,
                    "minutes": one.minutes,
                    "changed_at": now,
                    "changed_by_id": trail.actor.account_id,
                }
                for number, (person, one) in some
            ],
        )
    trail.change(
        Mark,
        [
            Change(
                one.mark.id,
                one.mark.version,
                {
                    "code": one.code.value, "minutes": one.minutes, "changed_at": now,
                    "changed_by_id": trail.actor.account_id,
                },
                {
                    "code": one.mark.code, "minutes": one.mark.minutes,
                    "changed_at": one.mark.changed_at, "changed_by_id": one.mark.changed_by_id,
                },
            )
            for _person, one in written
            if one.mark is not None
        ],
    )  # fmt: skip


def _place_number(person: int, one: Entered, numbers: Mapping[tuple[int, int], int]) -> int:
    return one.place.id if one.place else numbers[person, one.session.group.id]


def _sums(
    written: Sequence[tuple[int, Entered]], numbers: Mapping[tuple[int, int], int]
) -> defaultdict[int, Counter[str]]:
    """By place, how much more is attended and covered in sessions that are held by now."""
    sums: defaultdict[int, Counter[str]] = defaultdict(Counter)
    begun = {session.id for session in _begun(one for _person, one in written)}
    for person, one in written:
        was_held = one.session.state is SessionState.HELD
        before = CODES.get(one.mark.code or "") if one.mark and was_held else None
        for code, by in ((before, -1), (one.code, 1)):
            if code is not None and (was_held or one.session.id in begun):
                place = sums[_place_number(person, one, numbers)]
                place["attended"] += by * code.attended
                place["covered"] += by * code.covers_content
                place["expected"] += by * code.expected
    return sums


def _place(number: int, one: Newcomer, sums: Mapping[int, Counter[str]]) -> dict[str, Any]:
    attended, covered = sums[number]["attended"], sums[number]["covered"]
    state = _state(PlaceState.ACCEPTED, one.group, attended, covered)
    return {
        "id": number,
        "ref": new_ref(),
        "group_id": one.group.id,
        "person_id": one.person_id,
        "state": PlaceState.LEFT_EARLY if one.left_early else state,
        "asked_at": clock.start_of_day(one.joined_on),
        "joined_on": one.joined_on,
        "left_on": one.left_on if one.left_early else None,
        "attended": attended,
        "covered": covered,
        "expected": sums[number]["expected"],
        "topics_covered": 0,
    }


def _state(state: PlaceState, group: KnownGroup, attended: int, covered: int) -> PlaceState:
    """Where marks take a place that was taken up; a group that is over lets it complete."""
    if state not in (PlaceState.ACCEPTED, PlaceState.STARTED):
        return state
    # What completes a rolling group is topics, and no list of marks says which they were.
    has_completed = group.topics_to_complete is None and covered >= group.sessions_to_complete
    if group.state in OVER and attended and has_completed:
        return PlaceState.COMPLETED
    return PlaceState.STARTED if attended else PlaceState.ACCEPTED


def _places_changed(
    written: Iterable[tuple[int, Entered]], sums: Mapping[int, Counter[str]]
) -> list[Change]:
    """The places that were there, where their sums or their state are others now."""
    there = {one.place.id: (one.place, one.session.group) for _who, one in written if one.place}
    changes = []
    for number, (place, group) in there.items():
        attended = place.attended + sums[number]["attended"]
        covered = place.covered + sums[number]["covered"]
        state = _state(place.state, group, attended, covered)
        expected = place.expected + sums[number]["expected"]
        new = {"attended": attended, "covered": covered, "expected": expected, "state": state}
        old = {name: getattr(place, name) for name in new}
        if new != old:
            changes.append(Change(number, place.version, new, old))
    return changes


def _note_held(trail: Trail, written: Collection[Entered]) -> None:
    """As with the first mark by hand: the session took place, and the group is running."""
    sessions = _shown_held(written)
    trail.change(
        GroupSession,
        [
            Change(one.id, one.version, {"state": SessionState.HELD}, {"state": one.state})
            for one in sorted(_begun(written), key=lambda one: one.id)
        ],
    )
    trail.change(
        Group,
        [
            Change(one.id, one.version, {"state": GroupState.RUNNING}, {"state": one.state})
            for one in sorted({one.group for one in sessions}, key=lambda one: one.id)
            if one.state in _BEFORE_RUNNING
        ],
    )


def _begun(written: Iterable[Entered]) -> set[KnownSession]:
    """The sessions that were still to be held before these marks."""
    return {one for one in _shown_held(written) if one.state is SessionState.PLANNED}


def _shown_held(written: Iterable[Entered]) -> set[KnownSession]:
    return {one.session for one in written if shows_held(one.session.starts_at, one.code)}


def _follow(db: Session, places: Collection[int], by: Actor) -> None:
    """Bring the referrals behind places that were there to where the places are now."""
    for some in batches(sorted(places), AT_ONCE):
        query = select(Place, Group).join(Group, Group.id == Place.group_id)
        found = db.execute(
            query.where(Place.id.in_(some)).execution_options(populate_existing=True)
        ).all()
        moved = [ChangedPlace(place, milestones(place, group)) for place, group in found]
        referral_places.follow(db, moved, by=by)


def _records(import_id: int, model: type[Mark] | type[Place]) -> Select[int]:
    return select(ImportedRecord.record_id).where(
        ImportedRecord.import_id == import_id, ImportedRecord.record_table == model.__tablename__
    )


def _groups_of(import_id: int) -> Select[int]:
    """The groups an import has marks in."""
    return (
        select(GroupSession.group_id)
        .join(Mark, Mark.session_id == GroupSession.id)
        .where(Mark.id.in_(_records(import_id, Mark)))
        .distinct()
    )
