"""The groups, sessions, places and marks that the rows of an attendance list are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupSession,
    GroupState,
    Import,
    ImportedRecord,
    Mark,
    Place,
    PlaceState,
    SessionState,
)
from services.bulk import batches
from services.imports.attendance_layout import Wanted
from services.imports.find_names import AT_ONCE
from services.imports.group_layout import plain_code
from services.imports.trail import VERSION
from services.permissions import Actor, Permission
from services.visibility import importable_groups

_NO_PLACE = (PlaceState.DECLINED,)  # given up before it was taken up: as if there were none


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group, as far as its registers depend on it."""

    id: int
    version: int
    state: GroupState
    starts_on: date
    ends_on: date
    capacity: int
    sessions_to_complete: int
    topics_to_complete: int | None


@dataclass(frozen=True, slots=True)
class KnownSession:
    """One meeting of it."""

    id: int
    version: int
    group: KnownGroup
    number: int
    day: date
    starts_at: datetime
    state: SessionState


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place somebody has or had in one of the groups."""

    id: int
    version: int
    person_id: int
    group_id: int
    state: PlaceState
    joined_on: date
    left_on: date | None
    attended: int
    covered: int
    expected: int


@dataclass(frozen=True, slots=True)
class KnownMark:
    """A mark that stands already, and whether it is still as an import left it."""

    id: int
    version: int
    code: str | None
    minutes: int | None
    changed_at: datetime
    changed_by_id: int
    is_imported: bool


@dataclass(frozen=True, slots=True)
class Registers:
    """All of it, ready to look things up in."""

    sessions: dict[str, list[KnownSession]]  # by the code name of the group, as compared
    places: dict[tuple[int, int], list[KnownPlace]]  # by person and group
    marks: dict[tuple[int, int], KnownMark] = field(default_factory=dict)  # by session and place

    def named(self, code_name: str) -> list[KnownSession]:
        """The sessions of the groups of this name."""
        return self.sessions.get(plain_code(code_name), [])

    def places_of(self, person_id: int, group_id: int) -> Sequence[KnownPlace]:
        """Her places in a group, those given up before they were taken up left out."""
        return self.places.get((person_id, group_id), ())


def meant(wanted: Wanted, sessions: Iterable[KnownSession]) -> list[KnownSession]:
    """The sessions a mark may be for."""
    return [
        one
        for one in sessions
        if (wanted.day is None or one.day == wanted.day)
        and (wanted.number is None or one.number == wanted.number)
    ]


def load(
    db: Session,
    actor: Actor,
    code_names: Collection[str],
    people: Collection[int],
    *,
    lock: bool = False,
) -> Registers:
    """What is known of these groups, and of these people in them."""
    actor.require(Permission.IMPORT_RECORDS)
    groups = _groups(db, actor, {plain_code(name) for name in code_names}, lock=lock)
    places = _places(db, [one.id for some in groups.values() for one in some], people)
    marks = _marks(db, [one.id for one in places])
    by_person: defaultdict[tuple[int, int], list[KnownPlace]] = defaultdict(list)
    for place in places:
        by_person[place.person_id, place.group_id].append(place)
    return Registers(_sessions(db, groups), dict(by_person), marks)


def _groups(
    db: Session, actor: Actor, names: set[str], *, lock: bool
) -> dict[str, list[KnownGroup]]:
    query = select(Group.id, Group.code_name).where(importable_groups(actor))
    called = {number: plain_code(name) for number, name in db.execute(query)}
    numbers = sorted(number for number, name in called.items() if name in names)
    columns = (
        Group.id, Group.version, Group.state, Group.starts_on, Group.ends_on, Group.capacity,
        Group.sessions_to_complete, Group.topics_to_complete,
    )  # fmt: skip
    found: defaultdict[str, list[KnownGroup]] = defaultdict(list)
    for some in batches(numbers, AT_ONCE):
        # Whoever marks, enrols or leaves holds the group first: nothing beneath it moves now.
        chosen = select(*columns).where(Group.id.in_(some)).order_by(Group.id)
        for row in db.execute(chosen.with_for_update() if lock else chosen):
            found[called[row.id]].append(KnownGroup(*row))
    return dict(found)


def _sessions(db: Session, groups: dict[str, list[KnownGroup]]) -> dict[str, list[KnownSession]]:
    found: dict[str, list[KnownSession]] = {name: [] for name in groups}
    by_number = {one.id: (name, one) for name, some in groups.items() for one in some}
    query = select(
        GroupSession.group_id,
        GroupSession.id,
        GroupSession.version,
        GroupSession.number,
        GroupSession.local_start,
        GroupSession.starts_at,
        GroupSession.state,
    )
    for some in batches(sorted(by_number), AT_ONCE):
        chosen = query.where(GroupSession.group_id.in_(some)).order_by(GroupSession.local_start)
        for group_id, number, version, order, begins, starts_at, state in db.execute(chosen):
            name, group = by_number[group_id]
            one = KnownSession(number, version, group, order, begins.date(), starts_at, state)
            found[name].append(one)
    return found


def _places(db: Session, groups: Sequence[int], people: Collection[int]) -> list[KnownPlace]:
    columns = (
        Place.id, Place.version, Place.person_id, Place.group_id, Place.state, Place.joined_on,
        Place.left_on, Place.attended, Place.covered, Place.expected,
    )  # fmt: skip
    query = select(*columns).where(Place.state.not_in(_NO_PLACE)).order_by(Place.id)
    return [
        KnownPlace(*tuple(row))
        for some in batches(groups, AT_ONCE)
        for row in db.execute(query.where(Place.group_id.in_(some)))
        if row.person_id in people
    ]


def _marks(db: Session, places: Sequence[int]) -> dict[tuple[int, int], KnownMark]:
    columns = (
        Mark.session_id, Mark.place_id, Mark.id, Mark.version, Mark.code, Mark.minutes,
        Mark.changed_at, Mark.changed_by_id,
    )  # fmt: skip
    found = {}
    for some in batches(places, AT_ONCE):
        left_behind = _left_behind(db, some)
        for row in db.execute(select(*columns).where(Mark.place_id.in_(some))):
            found[row.session_id, row.place_id] = KnownMark(
                id=row.id,
                version=row.version,
                code=row.code,
                minutes=row.minutes,
                changed_at=row.changed_at,
                changed_by_id=row.changed_by_id,
                is_imported=left_behind.get(row.id) == row.version,
            )
    return found


def _left_behind(db: Session, places: Sequence[int]) -> dict[int, int]:
    """By mark, the version that the last import not undone left it in."""
    query = (
        select(ImportedRecord.record_id, ImportedRecord.before)
        .join(Import, Import.id == ImportedRecord.import_id)
        .join(Mark, Mark.id == ImportedRecord.record_id)
        .where(
            ImportedRecord.record_table == Mark.__tablename__,
            Import.undone_at.is_(None),
            Mark.place_id.in_(places),
        )
        .order_by(ImportedRecord.id)
    )
    return {
        number: 1 if before is None else before[VERSION] for number, before in db.execute(query)
    }
