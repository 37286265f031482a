"""How often support is due: the service's own rhythm, or the usual one while it has set none."""

from dataclasses import asdict, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import SupportRhythm
from services import audit
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.support.rhythm import Rhythm

LIMITS = {
    "first_weeks": (1, 12),
    "first_months": (1, 24),
    "then_months": (1, 12),
    "reflective_weeks": (1, 26),
    "first_review_months": (1, 24),
    "review_months": (1, 24),
    "after_start_days": (7, 60),
    "after_hard_days": (0, 14),
    "red_after_days": (0, 60),
}


def rhythm_of(db: Session) -> Rhythm:
    """The rhythm in use. A step of other services, which have asked."""
    return _as_rhythm(_kept(db))


def to_edit(db: Session, actor: Actor) -> tuple[Rhythm, int]:
    """The rhythm for whoever may change it, with its version; 0 while it is the usual one."""
    actor.require(Permission.MANAGE_SETTINGS)
    kept = _kept(db)
    return _as_rhythm(kept), kept.version if kept else 0


def save(db: Session, actor: Actor, rhythm: Rhythm, *, version: int) -> None:
    """Change the rhythm; what is due is reckoned anew from the next look on."""
    actor.require(Permission.MANAGE_SETTINGS)
    _check(rhythm)
    kept = _kept(db)
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "Somebody else changed how often support is due while you had it open. "
            "Look at theirs, then make your change again."
        )
    if kept is None:
        kept = SupportRhythm(id=1)
        db.add(kept)
    for field, value in asdict(rhythm).items():
        setattr(kept, field, value)
    audit.record(db, actor, "settings.support_changed", "organisation:1")


def _check(rhythm: Rhythm) -> None:
    problems = {
        field: f"Choose between {least} and {most}."
        for field, (least, most) in LIMITS.items()
        if not least <= getattr(rhythm, field) <= most
    }
    if problems:
        raise InvalidInputError(problems)


def _kept(db: Session) -> SupportRhythm | None:
    return db.scalar(select(SupportRhythm))


def _as_rhythm(kept: SupportRhythm | None) -> Rhythm:
    if kept is None:
        return Rhythm()
    return Rhythm(**{field.name: getattr(kept, field.name) for field in fields(Rhythm)})
