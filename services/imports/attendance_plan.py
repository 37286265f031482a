"""What an attendance list would do: which marks are new, which differ, and which cannot come in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from models import GroupState, PlaceState
from services.errors import InvalidInputError
from services.imports import attendance_find, new_places, person_find
from services.imports.attendance_find import (
    KnownPlace,
    KnownSession,
    Registers,
    meant,
)
from services.imports.attendance_layout import MARKS, Wanted
from services.imports.attendance_line import Entered, Line
from services.imports.checking import ROW, Checked, Problems, Row
from services.imports.find_names import is_named
from services.imports.layout import Values
from services.imports.new_places import Newcomer
from services.imports.person_find import Found, Known
from services.imports.person_plan import (
    OTHER_REFERENCE,
    PERHAPS,
    SEVERAL,
    SOMEBODY_ELSE,
    is_somebody_else,
)
from services.imports.plan import PlannedRow, State, failed
from services.permissions import Actor, Permission
from services.registers.marking import WITH_MINUTES, refusal

WHO = "Say who this is: by a reference, or by first and last name."
NOBODY = (
    "Nobody here fits this row. Bring her in with a list of participants first, or check her "
    "reference, name and date of birth."
)
NO_MARK = "There is no mark in this row."
WHICH_SESSION = "Say which session this is: give its day or its number."
NO_GROUP = "There is no group of this name here. Bring groups in first, or check the name."
NOT_READY = "This group is a draft or was cancelled, so it has no registers."
NO_SESSION = "The group has no session on this day or of this number."
SEVERAL_SESSIONS = "Several groups have this name. Give the day of the session."
WAITS = "She waits for a place in this group. Give her the seat on the group's page first."
BEFORE = "She joined this group after this session. Leave the mark out, or write N."
GONE = "She had left this group before this session. Leave the mark out."
DIFFERS = (
    "Another mark stands in the register, made by hand. Leave this one out, or choose to put the "
    "marks of the file in its place."
)
TWICE = "Row {number} has a mark for her in this session already. Keep one of them."
DAYS_KEPT = "Her first and last day in the group are kept as they are here."
_WAITING = (PlaceState.WAITING, PlaceState.OFFERED)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies ready while the rows are gone through."""

    here: Registers
    replaces: bool
    # By person and session, the row and the field that has the first mark.
    taken: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)


def plan(db: Session, actor: Actor, checked: Checked, *, lock: bool = False) -> list[PlannedRow]:
    """One planned row for each row of the sheet, in its order."""
    actor.require(Permission.IMPORT_RECORDS)
    good = checked.good
    found = person_find.find(db, actor, good)
    people = {one.id for some in found.values() for one in some.people}
    names = {row.values["group"] for row in good}
    here = attendance_find.load(db, actor, names, people, lock=lock)
    desk = _Desk(here, replaces=checked.replaces)
    rows = [
        failed(row.number, row.values, row.problems)
        if row.problems
        else _planned(row, found[row.number], desk)
        for row in checked.rows
    ]
    return _without_refused(db, rows)


def newcomers(rows: Sequence[PlannedRow]) -> dict[tuple[int, int], Newcomer]:
    """Who gets a place by these rows: by person and group, from her first day to her last."""
    found: dict[tuple[int, int], Newcomer] = {}
    for row in rows:
        if row.state is not State.FAILED:
            for one in row.record.marks.values():
                if one.place is None:
                    key = (row.record.id, one.session.group.id)
                    found[key] = _with(found.get(key), row, one.session)
    return found


def _with(known: Newcomer | None, row: PlannedRow, session: KnownSession) -> Newcomer:
    joined, left = row.values.get("joined"), row.values.get("left")
    given = [day for day in (known and known.given_joined, joined) if day]
    lasts = [day for day in (known and known.left_on, left) if day]
    first = min(known.first_mark, session.day) if known else session.day
    return Newcomer(
        person_id=row.record.id,
        group=session.group,
        given_joined=min(given, default=None),
        first_mark=first,
        left_on=max(lasts, default=None),
    )


def _planned(row: Row, found: Found, desk: _Desk) -> PlannedRow:
    problems = _lacking(row.values)
    try:
        person = _whose(row.values, found, desk.here)
    except InvalidInputError as error:
        return failed(row.number, row.values, error.problems | problems)
    marks: dict[str, Entered] = {}
    for wanted in row.values[MARKS]:
        try:
            marks[wanted.field] = _once(row, wanted, person, desk)
        except ValueError as error:
            problems.setdefault(wanted.field, str(error))
    if problems:
        return failed(row.number, row.values, problems)
    return _comes_to(row, Line(person, marks))


def _once(row: Row, wanted: Wanted, person: int, desk: _Desk) -> Entered:
    """A mark that may be written. Raises ValueError, saying why, where it may not."""
    one = _entered(wanted, person, row.values["group"], desk.here)
    if one.differs and not (desk.replaces or one.is_imported):
        raise ValueError(DIFFERS)
    here = (row.number, wanted.field)
    first = desk.taken.setdefault((person, one.session.id), here)
    if first != here:
        raise ValueError(TWICE.format(number=first[0]))
    return one


def _comes_to(row: Row, line: Line) -> PlannedRow:
    marks = line.marks.items()
    changes = {field: one.code for field, one in marks if one.is_new or one.differs}
    state = State.UNCHANGED if not changes else State.NEW
    if any(one.differs for one in line.marks.values()):
        state = State.CHANGED
    is_kept = any(one.place is not None for _field, one in marks) and (
        "joined" in row.values or "left" in row.values
    )
    return PlannedRow(
        number=row.number,
        state=state,
        values=row.values,
        record=line,
        changes=changes,
        note=DAYS_KEPT if is_kept else "",
    )


def _lacking(values: Values) -> Problems:
    if not values[MARKS]:
        return {ROW: NO_MARK}
    return {
        one.field: WHICH_SESSION for one in values[MARKS] if one.day is None and one.number is None
    }


def _whose(values: Values, found: Found, here: Registers) -> int:
    """Whom a row is about. Raises InvalidInputError where that cannot be told."""
    if not is_named(values) and not values.keys() & {"earlier_reference", "code"}:
        raise InvalidInputError({ROW: WHO})
    people = _of_the_group(values, found, here) if found.perhaps else found.people
    if len(people) != 1:
        sentence = PERHAPS if found.perhaps else SEVERAL if people else NOBODY
        raise InvalidInputError({ROW: sentence})
    (known,) = people
    hers = known.values["earlier_reference"]
    if not found.by_reference and hers and values.get("earlier_reference", hers) != hers:
        raise InvalidInputError({"earlier_reference": OTHER_REFERENCE})
    if found.by_reference and is_named(values) and is_somebody_else(values, known.values):
        raise InvalidInputError({ROW: SOMEBODY_ELSE})
    return known.id


def _of_the_group(values: Values, found: Found, here: Registers) -> Sequence[Known]:
    """Of those of this name who have a place in the group: registers leave dates of birth out."""
    if "date_of_birth" in values:
        return ()
    groups = {session.group.id for session in here.named(values["group"])}
    return [one for one in found.people if any(here.places_of(one.id, at) for at in groups)]


def _entered(wanted: Wanted, person: int, group: str, here: Registers) -> Entered:
    """Where a mark goes. Raises ValueError, saying why, where it cannot go anywhere."""
    session = _session(wanted, here.named(group))
    minutes = wanted.minutes if wanted.code in WITH_MINUTES else None
    if sentence := refusal(session.state, session.day, wanted.code, minutes):
        raise ValueError(sentence)
    place = _place_on(here.places_of(person, session.group.id), session.day)
    mark = here.marks.get((session.id, place.id)) if place else None
    return Entered(session, wanted.code, minutes, place, mark)


def _session(wanted: Wanted, sessions: Sequence[KnownSession]) -> KnownSession:
    fitting = meant(wanted, sessions)
    if len(fitting) != 1:
        raise ValueError(SEVERAL_SESSIONS if fitting else NO_SESSION if sessions else NO_GROUP)
    if fitting[0].group.state in (GroupState.DRAFT, GroupState.CANCELLED):
        raise ValueError(NOT_READY)
    return fitting[0]


def _place_on(places: Sequence[KnownPlace], day: date) -> KnownPlace | None:
    """Her place on a day, taken up by then and not yet given back; None where she has none yet."""
    held = [one for one in places if one.state not in _WAITING]
    for one in held:
        if one.joined_on <= day and (one.left_on is None or day <= one.left_on):
            return one
    if held:
        raise ValueError(BEFORE if day < min(one.joined_on for one in held) else GONE)
    if places:
        raise ValueError(WAITS)
    return None


def _without_refused(db: Session, rows: list[PlannedRow]) -> list[PlannedRow]:
    """Without the rows whose people may not get the place their marks need."""
    coming = newcomers(rows)
    refused = new_places.refused(db, list(coming.values()))
    return [
        failed(row.number, row.values, problems)
        if row.state is not State.FAILED and (problems := dict(_refusals(row, coming, refused)))
        else row
        for row in rows
    ]


def _refusals(
    row: PlannedRow,
    coming: Mapping[tuple[int, int], Newcomer],
    refused: Mapping[tuple[int, int], str],
) -> Iterator[tuple[str, str]]:
    for name, one in row.record.marks.items():
        if one.place is not None:
            continue
        key = (row.record.id, one.session.group.id)
        if key in refused:
            yield ROW, refused[key]
        elif one.session.day < coming[key].joined_on:
            yield name, BEFORE
        elif coming[key].left_on and one.session.day > coming[key].left_on:
            yield name, GONE
