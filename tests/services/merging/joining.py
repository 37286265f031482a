"""Two records to join, what hangs on them, and what stands in the way."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base, Basis, Conflict, Consent, ContactPlan, Person, Purpose, Strength
from services import clock, merging
from services.permissions import Actor

# What joining and undoing leave behind on purpose: the log, the entry itself, counted versions.
LEFT_BEHIND = {"audit_entries", "audit_head", "person_merges"}


def everything(db: Session) -> dict[str, list[object]]:
    """Every row of every table, but for versions."""
    db.flush()
    db.expire_all()
    return {
        table.name: sorted(
            map(repr, db.execute(select(*(c for c in table.columns if c.name != "version"))))
        )
        for table in Base.metadata.sorted_tables
        if table.name not in LEFT_BEHIND
    }


def join(db: Session, actor: Actor, kept: Person, gone: Person, **more: object) -> str:
    seen = merging.preview(db, actor, kept_ref=kept.ref, gone_ref=gone.ref)
    return merging.merge(
        db, actor, kept_ref=kept.ref, gone_ref=gone.ref, versions=seen.versions, **more
    )  # type: ignore[arg-type]


def give_plan(db: Session, actor: Actor, person: Person, **more: object) -> None:
    values = {"confirmed_on": clock.today(), "confirmed_by_id": actor.account_id}
    db.add(
        ContactPlan(
            person_id=person.id,
            changed_at=clock.now(),
            changed_by_id=actor.account_id,
            **values | more,
        )
    )
    db.flush()


def consent(db: Session, actor: Actor, person: Person, *, withdrawn: bool = False) -> None:
    today = clock.today()
    db.add(
        Consent(
            person_id=person.id,
            purpose=Purpose.QUOTE,
            basis=Basis.SELF,
            given_on=today,
            recorded_by_id=actor.account_id,
            recorded_at=clock.now(),
            withdrawn_on=today if withdrawn else None,
            withdrawn_at=clock.now() if withdrawn else None,
            withdrawn_by_id=actor.account_id if withdrawn else None,
        )
    )
    db.flush()


def apart(db: Session, by: Actor, one: Person, other: Person, strength: Strength) -> None:
    db.add(
        Conflict(
            person_id=one.id, other_person_id=other.id, strength=strength, reason="Theirs",
            recorded_at=clock.now(), recorded_by_id=by.account_id,
        )
    )  # fmt: skip
    db.flush()
