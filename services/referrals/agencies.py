"""The partners directory: who refers to us, and whom we work with there."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Agency, AgencyWorker, new_ref
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission

KINDS = (
    "children_services",
    "adult_services",
    "police",
    "health",
    "school",
    "housing",
    "court",
    "charity",
    "other",
)
MAX_NAME = 120
MAX_CONTACT = 200
CHANGED = (
    "Somebody else changed this entry while you had it open. It now reads “{}”. Look at it, and "
    "make your change again if it is still right."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDraft:
    """A partner as it was filled in."""

    name: str
    kind: str
    phone: str = ""
    email: str = ""

    def checked(self) -> "AgencyDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems = problems_of(self.name, self.phone, self.email, what="the partner's name")
        if self.kind not in KINDS:
            problems["kind"] = "Choose what kind of partner this is."
        if problems:
            raise InvalidInputError(problems)
        return self


@dataclass(frozen=True, slots=True)
class AgencySummary:
    """One partner with what is kept of it."""

    ref: str
    name: str
    kind: str
    phone: str | None
    email: str | None
    is_active: bool
    version: int


def add(db: Session, actor: Actor, draft: AgencyDraft) -> str:
    """Put a partner into the directory and give back its reference."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked()
    _refuse_twin(db, draft.name)
    agency = Agency(ref=new_ref(), is_active=True, kind=draft.kind, **_values(draft))
    db.add(agency)
    audit.record(db, actor, "agency.added", f"agency:{agency.ref}")
    return agency.ref


def change(db: Session, actor: Actor, ref: str, draft: AgencyDraft, *, version: int) -> None:
    """Change what is kept of a partner. Raises ConflictError when somebody else has since."""
    actor.require(Permission.EDIT_REFERRALS)
    draft.checked()
    agency = _held_agency(db, ref, version)
    _refuse_twin(db, draft.name, but=ref)
    for field, value in {**_values(draft), "kind": draft.kind}.items():
        setattr(agency, field, value)
    audit.record(db, actor, "agency.changed", f"agency:{ref}")


def switch(db: Session, actor: Actor, ref: str, *, active: bool, version: int) -> None:
    """Close a partner, or open it again; its referrals stay, new ones need an open partner."""
    actor.require(Permission.EDIT_REFERRALS)
    agency = _held_agency(db, ref, version)
    agency.is_active = active
    audit.record(db, actor, "agency.opened" if active else "agency.closed", f"agency:{ref}")


def directory(db: Session, actor: Actor) -> pd.DataFrame:
    """Every partner by name: ref, name, kind, phone, email, workers (now there), is_active."""
    actor.require(Permission.READ_REFERRALS)
    workers = (
        select(func.count())
        .where(AgencyWorker.agency_id == Agency.id, AgencyWorker.is_active)
        .correlate(Agency)
        .scalar_subquery()
    )
    query = select(
        Agency.ref,
        Agency.name,
        Agency.kind,
        Agency.phone,
        Agency.email,
        workers,
        Agency.is_active,
    ).order_by(Agency.is_active.desc(), func.lower(Agency.name))
    columns = ["ref", "name", "kind", "phone", "email", "workers", "is_active"]
    return pd.DataFrame(db.execute(query).all(), columns=columns)


def summary(db: Session, actor: Actor, ref: str) -> AgencySummary:
    """One partner."""
    actor.require(Permission.READ_REFERRALS)
    agency = found(db, ref)
    return AgencySummary(
        ref=agency.ref,
        name=agency.name,
        kind=agency.kind,
        phone=agency.phone,
        email=agency.email,
        is_active=agency.is_active,
        version=agency.version,
    )


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The open partners by name: reference to name."""
    actor.require(Permission.READ_REFERRALS)
    query = select(Agency.ref, Agency.name).where(Agency.is_active)
    return dict(db.execute(query.order_by(func.lower(Agency.name))).all())


def problems_of(name: str, phone: str, email: str, *, what: str) -> dict[str, str]:
    """A sentence for each fault in what partners and their workers have in common."""
    problems: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= MAX_NAME:
        problems["name"] = f"Enter {what}, in up to {MAX_NAME} letters."
    has_digit = any(map(str.isdigit, phone))
    if phone.strip() and (not has_digit or len(phone) > MAX_CONTACT):
        problems["phone"] = "Enter a phone number, or leave it empty."
    if email.strip() and ("@" not in email.strip().strip("@") or len(email) > MAX_CONTACT):
        problems["email"] = "Enter an email address with an @, or leave it empty."
    return problems


def values_of(name: str, phone: str, email: str) -> dict[str, str | None]:
    """The same three as they are kept: without stray spaces, nothing in place of an empty line."""
    return {"name": name.strip(), "phone": phone.strip() or None, "email": email.strip() or None}


def _values(draft: AgencyDraft) -> dict[str, str | None]:
    return values_of(draft.name, draft.phone, draft.email)


def _refuse_twin(db: Session, name: str, *, but: str = "") -> None:
    same = func.lower(Agency.name) == name.strip().lower()
    if db.scalar(select(Agency.id).where(same, Agency.ref != but)) is not None:
        raise InvalidInputError({"name": "A partner of this name is in the directory already."})


def found(db: Session, ref: str) -> Agency:
    """The partner behind a reference, for services that have asked whether she may."""
    agency = db.scalar(select(Agency).where(Agency.ref == ref))
    if agency is None:
        raise NotFoundError("partner")
    return agency


def _held_agency(db: Session, ref: str, version: int) -> Agency:
    agency = db.scalar(select(Agency).where(Agency.ref == ref).with_for_update())
    if agency is None:
        raise NotFoundError("partner")
    if agency.version != version:
        raise ConflictError(CHANGED.format(agency.name), theirs=agency.name)
    return agency
