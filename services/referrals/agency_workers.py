"""The people who work at partners: who sends somebody our way, and whom we ring back."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agency, AgencyWorker, new_ref
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.referrals import agencies


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDraft:
    """Somebody who works at a partner, as she was filled in."""

    name: str
    phone: str = ""
    email: str = ""

    def checked(self) -> "WorkerDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems = agencies.problems_of(self.name, self.phone, self.email, what="the worker's name")
        if problems:
            raise InvalidInputError(problems)
        return self


def add(db: Session, actor: Actor, agency_ref: str, draft: WorkerDraft) -> str:
    """Add somebody who works at a partner and give back her reference."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked()
    agency = agencies.found(db, agency_ref)
    same = select(AgencyWorker.name).where(AgencyWorker.agency_id == agency.id)
    if draft.name.strip() in db.scalars(same).all():
        raise InvalidInputError({"name": "Somebody of this name is here already."})
    worker = AgencyWorker(ref=new_ref(), agency_id=agency.id, is_active=True, **_values(draft))
    db.add(worker)
    audit.record(db, actor, "agency.worker_added", f"agency:{agency_ref}", worker=worker.ref)
    return worker.ref


def change(
    db: Session, actor: Actor, ref: str, draft: WorkerDraft, *, active: bool, version: int
) -> None:
    """Change what is kept of a worker, or whether she still works there."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked()
    query = select(AgencyWorker).where(AgencyWorker.ref == ref).with_for_update()
    worker = db.scalar(query)
    if worker is None:
        raise NotFoundError("worker")
    if worker.version != version:
        raise ConflictError(agencies.CHANGED.format(worker.name), theirs=worker.name)
    for field, value in _values(draft).items():
        setattr(worker, field, value)
    worker.is_active = active
    audit.record(db, actor, "agency.worker_changed", f"worker:{ref}")


def of_agency(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """The people at a partner, those there now first: ref, name, phone, email, is_active,
    version."""
    actor.require(Permission.READ_REFERRALS)
    agency = agencies.found(db, ref)
    query = select(
        AgencyWorker.ref,
        AgencyWorker.name,
        AgencyWorker.phone,
        AgencyWorker.email,
        AgencyWorker.is_active,
        AgencyWorker.version,
    ).where(AgencyWorker.agency_id == agency.id)
    columns = ["ref", "name", "phone", "email", "is_active", "version"]
    frame = pd.DataFrame(db.execute(query).all(), columns=columns)
    # Names are encrypted, so the order is made here.
    return frame.sort_values(["is_active", "name"], ascending=[False, True], ignore_index=True)


def choices(db: Session, actor: Actor) -> dict[str, dict[str, str]]:
    """Those who work at open partners now: partner's reference to (reference to name)."""
    actor.require(Permission.READ_REFERRALS)
    query = (
        select(Agency.ref, AgencyWorker.ref, AgencyWorker.name)
        .join(Agency, Agency.id == AgencyWorker.agency_id)
        .where(Agency.is_active, AgencyWorker.is_active)
    )
    found: dict[str, dict[str, str]] = {}
    for agency, worker, name in sorted(db.execute(query), key=lambda row: row[2].casefold()):
        found.setdefault(agency, {})[worker] = name
    return found


def _values(draft: WorkerDraft) -> dict[str, str | None]:
    return agencies.values_of(draft.name, draft.phone, draft.email)
