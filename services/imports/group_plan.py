"""What a spreadsheet of groups would do: which are new, which change, and which cannot come in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    GroupState,
    Role,
)
from services import clock
from services.bulk import batches
from services.errors import InvalidInputError
from services.groups import group_draft
from services.groups.group_draft import GroupDraft
from services.imports import group_find
from services.imports.checking import Checked, Row
from services.imports.find_names import AT_ONCE
from services.imports.group_find import Known
from services.imports.group_layout import plain_code, programme
from services.imports.layout import Values
from services.imports.plan import PlannedRow, State, failed, once_each
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession

OVER = (GroupState.FINISHED, GroupState.CLOSED)
OTHER_RUN = (
    "A group of this name is here that runs at the same time, with another programme or first "
    "day. Put that one right on its page, or choose another code name."
)
TWO_RUNS = "Row {number} has a group of this name at the same time. Choose another code name."
STILL_TO_COME = "The last session of this group is still to come, so it cannot be over."
SEATED = "More people than that have a place in this group. Write a larger number."
KEPT = "Its days, times and state are kept as they are here."


@dataclass(frozen=True, slots=True)
class Lists:
    """What a row may name: open accounts by user name, and programmes by key."""

    accounts: Mapping[str, Account]
    programmes: Mapping[str, ProgrammeTemplate]


def plan(db: Session, actor: Actor, checked: Checked, *, lock: bool = False) -> list[PlannedRow]:
    """One planned row for each row of the sheet, in its order."""
    actor.require(Permission.IMPORT_RECORDS)
    good = checked.good
    lists = named(db, good)
    known = group_find.load(db, actor, good, lock=lock)
    first_row: defaultdict[str, list[tuple[date, date, int]]] = defaultdict(list)
    rows = [
        failed(row.number, row.values, row.problems)
        if row.problems
        else _planned(row, lists, known[plain_code(row.values["code_name"])], first_row)
        for row in checked.rows
    ]
    return once_each(rows)


def named(db: Session, rows: Sequence[Row] | Sequence[PlannedRow]) -> Lists:
    """The open accounts these rows may give a group to, and every programme there has been."""
    wanted = {name for row in rows for name in row.values["facilitators"]}
    query = select(Account).where(Account.role == Role.FACILITATOR, Account.is_active)
    accounts = {
        one.username: one
        for some in batches(sorted(wanted), AT_ONCE)
        for one in db.scalars(query.where(Account.username.in_(some)))
    }
    return Lists(accounts, programmes.newest(db))


def draft_of(values: Values, lists: Lists) -> GroupDraft:
    """The group of a row, as somebody would have filled it in."""
    return GroupDraft(
        programme=values["programme"],
        code_name=values["code_name"],
        first_day=values["first_day"],
        weekdays=values["weekdays"],
        start=values["start"],
        capacity=values.get("capacity", lists.programmes[values["programme"]].capacity),
        facilitator_refs=[lists.accounts[name].ref for name in values["facilitators"]],
        venue=values.get("venue", ""),
        sessions=values.get("sessions"),
    )


def state_of(values: Values, planned: Sequence[PlannedSession]) -> GroupState:
    """Where a new group stands: as the list says, or by its days."""
    if "state" in values:
        state: GroupState = values["state"]
        return state
    if planned[-1].ends_at <= clock.now():
        return GroupState.FINISHED
    return GroupState.RUNNING if planned[0].starts_at <= clock.now() else GroupState.RECRUITING


def _planned(
    row: Row,
    lists: Lists,
    known: Sequence[Known],
    first_row: defaultdict[str, list[tuple[date, date, int]]],
) -> PlannedRow:
    try:
        row = _with_programme(row, lists)
        sessions = _sessions(row.values, lists)
    except InvalidInputError as error:
        return failed(row.number, row.values, error.problems)
    first, last = sessions[0].starts_at.date(), sessions[-1].starts_at.date()
    here = [one for one in known if one.starts_on <= last and first <= one.ends_on]
    same = [one for one in here if _is_same(one, row.values, first)]
    if same:
        return _changed(row, same[0])
    if here:
        return failed(row.number, row.values, {"code_name": OTHER_RUN})
    earlier = first_row[plain_code(row.values["code_name"])]
    twin = next((n for begins, ends, n in earlier if begins <= last and first <= ends), None)
    if twin is not None:
        return failed(row.number, row.values, {"code_name": TWO_RUNS.format(number=twin)})
    earlier.append((first, last, row.number))
    return PlannedRow(number=row.number, state=State.NEW, values=row.values)


def _with_programme(row: Row, lists: Lists) -> Row:
    """The row with its programme's key, whichever way it was named."""
    try:
        key = programme(row.values["programme"], lists.programmes)
    except ValueError as error:
        raise InvalidInputError({"programme": str(error)}) from error
    return replace(row, values={**row.values, "programme": key})


def _sessions(values: Values, lists: Lists) -> list[PlannedSession]:
    """The sessions of a row, by the rules for every new group. Raises InvalidInputError."""
    unknown = [name for name in values["facilitators"] if name not in lists.accounts]
    if unknown:
        raise InvalidInputError(
            {
                "facilitators": f"There is no open facilitator account called “{unknown[0]}”. "
                "Write the name she signs in with, or add her account first."
            }
        )
    chosen = lists.programmes[values["programme"]]
    sessions = group_draft.planned(draft_of(values, lists).checked(), chosen)
    if values.get("state") in OVER and sessions[-1].ends_at > clock.now():
        raise InvalidInputError({"state": STILL_TO_COME})
    return sessions


def _is_same(one: Known, values: Values, first: date) -> bool:
    return one.programme == values["programme"] and one.starts_on in (first, values["first_day"])


def _changed(row: Row, known: Known) -> PlannedRow:
    """What a list may still change of a group: places, venue, and who facilitates as well."""
    given = row.values
    if "capacity" in given and given["capacity"] < known.seated:
        return failed(row.number, given, {"capacity": SEATED})
    changes: dict[str, Any] = {
        field: given[field]
        for field in ("capacity", "venue")
        if field in given and given[field] != known.values[field]
    }
    more = [name for name in given["facilitators"] if name not in known.facilitators]
    if more:
        changes["facilitators"] = more
    is_kept = any(
        field in given and given[field] != known.values.get(field)
        for field in ("state", "sessions", "start", "weekdays")
    )
    return PlannedRow(
        number=row.number,
        state=State.CHANGED if changes else State.UNCHANGED,
        values=given,
        record=known,
        changes=changes,
        note=KEPT if is_kept else "",
    )
