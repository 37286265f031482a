"""The kinds of help the service offers: a list the charity keeps for itself (domain §0)."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Intervention, new_ref
from services import audit
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged

FILE = DATA / "reference" / "interventions.yaml"
MAX_NAME = 80
_COLUMNS = ["ref", "position", "name", "is_active", "version"]


class Shipped(Definition):
    """The list a new organisation starts with."""

    names: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionDraft:
    """One of the list as it was filled in; `position` counts from 1, None is last."""

    name: str
    position: int | None = None
    is_active: bool = True

    def checked(self) -> "InterventionDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 1 <= len(self.name.strip()) <= MAX_NAME:
            problems["name"] = f"Enter a name of up to {MAX_NAME} letters."
        if self.position is not None and self.position < 1:
            problems["position"] = "The first place in the list is 1."
        if problems:
            raise InvalidInputError(problems)
        return self


def seed(db: Session) -> None:
    """Put the shipped list into a database whose organisation has just been made."""
    names = read_definition(FILE, Shipped).names
    db.add_all(
        Intervention(ref=new_ref(), name=name, position=position)
        for position, name in enumerate(names, 1)
    )


def choices(db: Session) -> dict[str, str]:
    """Those offered now, in order: reference to name. No permission: a public form may ask."""
    query = select(Intervention.ref, Intervention.name).where(Intervention.is_active)
    return dict(db.execute(query.order_by(Intervention.position, Intervention.id)).all())


def offered(db: Session, refs: Collection[str]) -> list[Intervention]:
    """The records behind references chosen from `choices`, for services that keep them.

    Raises NotFoundError when one is unknown or has been switched off since.
    """
    query = select(Intervention).where(Intervention.ref.in_(refs), Intervention.is_active)
    found = list(db.scalars(query.order_by(Intervention.position, Intervention.id)))
    if len(found) < len(set(refs)):
        raise NotFoundError("intervention")
    return found


@while_unchanged
def listed(db: Session, actor: Actor) -> pd.DataFrame:
    """The whole list in order, those switched off among it: ref, position, name, is_active,
    version."""
    actor.require(Permission.MANAGE_SETTINGS)
    query = select(
        Intervention.ref,
        Intervention.position,
        Intervention.name,
        Intervention.is_active,
        Intervention.version,
    ).order_by(Intervention.position, Intervention.id)
    return pd.DataFrame(db.execute(query).all(), columns=_COLUMNS)


def add(db: Session, actor: Actor, name: str) -> str:
    """Put one more at the end of the list and give back its reference."""
    actor.require(Permission.MANAGE_SETTINGS)
    draft = InterventionDraft(name=name).checked()
    last = db.scalar(select(func.max(Intervention.position))) or 0
    one = Intervention(ref=new_ref(), name=draft.name.strip(), position=last + 1, is_active=True)
    _refuse_twin(db, one.ref, one.name)
    db.add(one)
    _keep(db, actor, "intervention.added", one)
    return one.ref


def change(db: Session, actor: Actor, ref: str, draft: InterventionDraft, *, version: int) -> None:
    """Rename, move, switch off or on again. Whatever was recorded under it goes on being so.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.MANAGE_SETTINGS)
    draft.checked()
    in_order = list(db.scalars(_IN_ORDER.with_for_update()))
    one = next((row for row in in_order if row.ref == ref), None)
    if one is None:
        raise NotFoundError("intervention")
    if one.version != version:
        raise ConflictError(
            "Somebody else changed this line while you had it open. Look at it again.",
            theirs=one.name,
        )
    _refuse_twin(db, ref, draft.name)
    one.name, one.is_active = draft.name.strip(), draft.is_active
    _put(db, in_order, one, draft.position)
    _keep(db, actor, "intervention.changed", one)


_IN_ORDER = select(Intervention).order_by(Intervention.position, Intervention.id)


def _refuse_twin(db: Session, ref: str, name: str) -> None:
    names = db.scalars(select(Intervention.name).where(Intervention.ref != ref))
    if name.strip().casefold() in {other.casefold() for other in names}:
        raise InvalidInputError({"name": _TAKEN})


def _put(
    db: Session, in_order: list[Intervention], one: Intervention, position: int | None
) -> None:
    """Move one to its place. The others only make room: they stay at the version people saw."""
    in_order.remove(one)
    in_order.insert(len(in_order) if position is None else position - 1, one)
    for number, row in enumerate(in_order, 1):
        if row is one:
            row.position = number
        elif row.position != number:
            making_room = update(Intervention).where(Intervention.id == row.id)
            db.execute(making_room.values(position=number))


def _keep(db: Session, actor: Actor, action: str, one: Intervention) -> None:
    try:
        audit.record(db, actor, action, f"intervention:{one.ref}", offered=one.is_active)
    except IntegrityError as error:  # another administrator was as fast with the same name
        raise InvalidInputError({"name": _TAKEN}) from error


_TAKEN = "This name is in the list already. Choose another, or switch that one on again."
