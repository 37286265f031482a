"""The short list of themes: what people write about, in the charity's own words."""

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import FeedbackTheme, new_ref
from services import audit
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission

FILE = DATA / "reference" / "feedback_themes.yaml"
LONGEST, MOST = 60, 30
_TAKEN = "There is a theme of this name already. Choose another, or change that one."


class Shipped(Definition):
    """What the file holds."""

    themes: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme; one that is no longer offered keeps what was counted under it."""

    ref: str
    label: str
    is_active: bool
    version: int


def seed(db: Session) -> None:
    """Put the shipped list into a database that has no theme yet."""
    if db.scalar(select(FeedbackTheme.id).limit(1)) is not None:
        return
    for position, label in enumerate(read_definition(FILE, Shipped).themes, 1):
        db.add(FeedbackTheme(ref=new_ref(), label=label, position=position))


def listing(db: Session, actor: Actor) -> tuple[Theme, ...]:
    """Every theme, in order."""
    actor.require(Permission.READ_GROUPS)
    query = select(FeedbackTheme).order_by(FeedbackTheme.position, FeedbackTheme.id)
    return tuple(Theme(row.ref, row.label, row.is_active, row.version) for row in db.scalars(query))


def add(db: Session, actor: Actor, label: str) -> str:
    """Add a theme at the end of the list and give back its reference."""
    actor.require(Permission.EDIT_FORMS)
    tidy = _checked(label)
    count, last = db.execute(select(func.count(), func.max(FeedbackTheme.position))).one()
    if count >= MOST:
        raise ConflictError(f"There is room for {MOST} themes. Change one that is there.")
    row = FeedbackTheme(ref=new_ref(), label=tidy, position=(last or 0) + 1, is_active=True)
    _refuse_twin(db, row.ref, tidy)
    db.add(row)
    _keep(db, actor, "theme.added", row)
    return row.ref


def change(
    db: Session, actor: Actor, ref: str, label: str, *, is_active: bool, version: int
) -> None:
    """Call a theme something else, or offer it no longer; what was counted stays counted.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.EDIT_FORMS)
    row = db.scalar(select(FeedbackTheme).where(FeedbackTheme.ref == ref).with_for_update())
    if row is None:
        raise NotFoundError("theme")
    if row.version != version:
        raise ConflictError(
            "Somebody else changed this theme while you had it open. Look at it, then decide.",
            theirs=row.label,
        )
    tidy = _checked(label)
    if (row.label, row.is_active) == (tidy, is_active):
        return
    _refuse_twin(db, ref, tidy)
    row.label, row.is_active = tidy, is_active
    _keep(db, actor, "theme.changed", row)


def _checked(label: str) -> str:
    tidy = " ".join(label.split())
    if not 1 <= len(tidy) <= LONGEST:
        raise InvalidInputError({"label": f"Enter a few words, {LONGEST} letters at most."})
    return tidy


def _refuse_twin(db: Session, ref: str, label: str) -> None:
    labels = db.scalars(select(FeedbackTheme.label).where(FeedbackTheme.ref != ref))
    if label.casefold() in {other.casefold() for other in labels}:
        raise InvalidInputError({"label": _TAKEN})


def _keep(db: Session, actor: Actor, what: str, row: FeedbackTheme) -> None:
    try:
        audit.record(db, actor, what, f"theme:{row.ref}", offered=row.is_active)
    except IntegrityError as error:  # somebody else was as fast with the same name
        raise InvalidInputError({"label": _TAKEN}) from error
