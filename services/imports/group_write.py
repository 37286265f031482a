"""Writing what a spreadsheet of groups changes: new ones with their sessions, and more places."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Facilitation, Group, ImportedRecord, SessionState
from services import clock
from services.groups import group_draft, group_rows
from services.imports.group_find import Known
from services.imports.group_plan import OVER, Lists, draft_of, named, state_of
from services.imports.layout import Values
from services.imports.plan import Plan, PlannedRow, State
from services.imports.trail import Change, Trail
from services.permissions import Actor
from services.tallies import recount, session_counts, tallies


def write(trail: Trail, plan: Plan) -> None:
    """Make the groups that are new, and bring up to date those that changed."""
    new, changed = plan.of(State.NEW), plan.of(State.CHANGED)
    trail.expected = 12 * len(new) + 2 * len(changed)  # a group has about ten sessions
    lists = named(trail.db, [*new, *changed])
    for row in new:
        _make(trail, row.values, lists)
    for row in changed:
        more = [name for name in row.values["facilitators"] if name not in row.record.facilitators]
        _give(trail, row.record.id, more, lists)
    trail.change(Group, [_change(row) for row in changed])


@contextmanager
def undoing(db: Session, import_id: int, _by: Actor) -> Iterator[None]:
    """Undo inside the block; the counts of sessions held go back as well."""
    query = select(ImportedRecord.record_id).where(
        ImportedRecord.import_id == import_id,
        ImportedRecord.record_table == Group.__tablename__,
    )
    with recount.keeping(db, db.scalars(query).all()):
        yield


def _make(trail: Trail, values: Values, lists: Lists) -> None:
    draft, chosen = draft_of(values, lists), lists.programmes[values["programme"]]
    planned = group_draft.planned(draft, chosen)
    group = group_rows.new_group(draft, chosen, planned)
    group.state = state_of(values, planned)
    trail.db.add(group)
    trail.db.flush()
    sessions = group_rows.new_sessions(group, chosen, planned)
    if group.state in OVER:
        # Nobody is asked to finish the registers of a group that is over.
        for session in sessions:
            session.state = SessionState.HELD
            session.finished_at, session.finished_by_id = clock.now(), trail.actor.account_id
    trail.db.add_all(sessions)
    trail.db.flush()
    if group.state in OVER:
        tallies.add(trail.db, session_counts.recount(trail.db, [group.id]))
    trail.added([group, *sessions])
    _give(trail, group.id, values["facilitators"], lists, leads=True)


def _give(
    trail: Trail, group_id: int, names: Iterable[str], lists: Lists, *, leads: bool = False
) -> None:
    """Let these colleagues facilitate; of a new group the first one leads."""
    numbers = [lists.accounts[name].id for name in names]
    given = [
        Facilitation(group_id=group_id, account_id=number, is_lead=leads and index == 0)
        for index, number in enumerate(numbers)
    ]
    trail.db.add_all(given)
    trail.db.flush()
    trail.added(given)


def _change(row: PlannedRow) -> Change:
    known: Known = row.record
    new = {field: value for field, value in row.changes.items() if field != "facilitators"}
    return Change(known.id, known.version, new, {field: known.values[field] for field in new})
