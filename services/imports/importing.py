"""Bringing a checked spreadsheet in: the plan to look at, then all of it in one transaction."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Import, ImportKind, new_ref
from services import audit, bulk, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.imports import matching
from services.imports.archive import FILE
from services.imports.checking import Checked
from services.imports.kinds import KINDS
from services.imports.plan import Plan, State
from services.imports.trail import Progress, Trail
from services.permissions import Actor, Permission

PAGE = 50
_LONGEST_FILE_NAME = 200


@bulk.unswept()
def plan(db: Session, actor: Actor, checked: Checked) -> Plan:
    """What bringing this in would do. Writes nothing."""
    actor.require(Permission.IMPORT_RECORDS)
    rows = KINDS[checked.layout.kind].plan(db, actor, checked)
    return Plan(checked, tuple(rows))


@bulk.unswept()
def apply(db: Session, actor: Actor, seen: Plan, progress: Progress = lambda _share: None) -> str:
    """Bring in every row of a plan that has not failed; give back the import's reference.

    Raises ConflictError when a record has changed since the plan was looked at.
    """
    actor.require(Permission.IMPORT_RECORDS)
    kind = KINDS[seen.checked.layout.kind]
    rows = kind.plan(db, actor, seen.checked, lock=True)
    now = Plan(seen.checked, tuple(rows))
    if now.seals() != seen.seals():
        raise ConflictError(
            "Records were changed since this list was compared with them, so nothing was brought "
            "in. Compare it once more."
        )
    if not now.count(State.NEW) and not now.count(State.CHANGED):
        raise InvalidInputError(
            {FILE: "There is nothing new in this list, so nothing was changed."}
        )
    one = _keep_import(db, actor, now)
    trail = Trail(db, one.id, actor, progress)
    with bulk.roomy(db):
        kind.write(trail, now)
        trail.store()
    matching.remember(db, one.kind, now.checked.match)
    audit.record(
        db, actor, "import.applied", f"import:{one.ref}", kind=one.kind.value, added=one.added,
        changed=one.changed, unchanged=one.unchanged, failed=one.failed,
    )  # fmt: skip
    return one.ref


def brought_in_before(db: Session, actor: Actor, digest: str) -> bool:
    """Whether this very file has been brought in, and not undone."""
    actor.require(Permission.IMPORT_RECORDS)
    query = select(Import.id).where(Import.digest == digest, Import.undone_at.is_(None))
    return db.scalar(query.limit(1)) is not None


def history(db: Session, actor: Actor, *, before: int | None = None) -> pd.DataFrame:
    """A page of imports, newest first.

    Columns: number (give the last one as `before` for the next page), ref, kind, file_name,
    imported_at, by, added, changed, unchanged, failed, undone (the instant, or nothing).
    """
    actor.require(Permission.IMPORT_RECORDS)
    query = (
        select(Import, Account.display_name)
        .join(Account, Account.id == Import.account_id)
        .order_by(Import.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(Import.id < before)
    rows = [
        (
            one.id,
            one.ref,
            one.kind.value,
            one.file_name,
            one.imported_at,
            by,
            one.added,
            one.changed,
            one.unchanged,
            one.failed,
            one.undone_at,
        )
        for one, by in db.execute(query)
    ]
    columns = [
        "number", "ref", "kind", "file_name", "imported_at", "by", "added", "changed", "unchanged",
        "failed", "undone",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One import."""

    ref: str
    kind: ImportKind
    file_name: str
    at: datetime
    added: int
    changed: int
    failed: int
    is_undone: bool


def summary(db: Session, actor: Actor, ref: str) -> ImportSummary:
    """One import. Raises NotFoundError."""
    actor.require(Permission.IMPORT_RECORDS)
    one = db.scalar(select(Import).where(Import.ref == ref))
    if one is None:
        raise NotFoundError("import")
    return ImportSummary(
        ref=one.ref,
        kind=one.kind,
        file_name=one.file_name,
        at=one.imported_at,
        added=one.added,
        changed=one.changed,
        failed=one.failed,
        is_undone=one.undone_at is not None,
    )


def _keep_import(db: Session, actor: Actor, done: Plan) -> Import:
    counts = done.counts()
    one = Import(
        ref=new_ref(),
        kind=done.checked.layout.kind,
        file_name=done.checked.sheet.file_name[-_LONGEST_FILE_NAME:],
        digest=done.checked.sheet.digest,
        added=counts[State.NEW],
        changed=counts[State.CHANGED],
        unchanged=counts[State.UNCHANGED],
        failed=counts[State.FAILED],
        imported_at=clock.now(),
        account_id=actor.account_id,
    )
    db.add(one)
    db.flush()
    return one
