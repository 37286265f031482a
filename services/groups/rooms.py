"""The rooms groups meet in: a list the service keeps for itself, by names safe to say aloud.

A room's part of town is there so that nobody is placed where she must not go; it is no address.
"""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Room, new_ref
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.placing.areas import area

MAX_NAME, MAX_AREA = 60, 8
_COLUMNS = ["ref", "name", "area", "is_active", "version"]
_TAKEN = "There is a room of this name already. Choose another name, or switch that one on again."


def listed(db: Session, actor: Actor) -> pd.DataFrame:
    """Every room by name, those no longer used among them: ref, name, area, is_active, version."""
    actor.require(Permission.EDIT_GROUPS)
    query = select(Room.ref, Room.name, Room.area, Room.is_active, Room.version)
    query = query.order_by(Room.name)
    return pd.DataFrame(db.execute(query).all(), columns=_COLUMNS)


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The rooms in use now, by name: reference to name."""
    actor.require(Permission.EDIT_GROUPS)
    query = select(Room.ref, Room.name).where(Room.is_active).order_by(Room.name)
    return dict(db.execute(query).all())


def add(db: Session, actor: Actor, name: str, in_area: str = "") -> str:
    """Add a room and give back its reference."""
    actor.require(Permission.EDIT_GROUPS)
    room = Room(ref=new_ref(), name=_checked(name), area=_area(in_area), is_active=True)
    _refuse_twin(db, room.ref, room.name)
    db.add(room)
    _keep(db, actor, "room.added", room)
    return room.ref


def change(
    db: Session,
    actor: Actor,
    ref: str,
    *,
    name: str,
    in_area: str = "",
    is_active: bool,
    version: int,
) -> None:
    """Rename a room, say where it is, or switch it off or on again; its sessions stay there.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.EDIT_GROUPS)
    room = db.scalar(select(Room).where(Room.ref == ref).with_for_update())
    if room is None:
        raise NotFoundError("room")
    if room.version != version:
        raise ConflictError(
            f"Somebody else changed this room while you had it open. It is now “{room.name}”, "
            f"{'in use' if room.is_active else 'not in use'}. Make your change again.",
            theirs=room.name,
        )
    _refuse_twin(db, ref, name)
    room.name, room.area, room.is_active = _checked(name), _area(in_area), is_active
    _keep(db, actor, "room.changed", room)


def _checked(name: str) -> str:
    if not 1 <= len(name.strip()) <= MAX_NAME:
        raise InvalidInputError(
            {"name": f"Enter a name of up to {MAX_NAME} letters, safe to say aloud."}
        )
    return name.strip()


def _area(text: str) -> str | None:
    found = area(text)
    if found is None and text.strip():
        raise InvalidInputError(
            {"area": "Write the first part of its postcode, such as NR2 4, or leave it empty."}
        )
    return found


def _refuse_twin(db: Session, ref: str, name: str) -> None:
    others = db.scalars(select(Room.name).where(Room.ref != ref))
    if name.strip().casefold() in {other.casefold() for other in others}:
        raise InvalidInputError({"name": _TAKEN})


def _keep(db: Session, actor: Actor, action: str, room: Room) -> None:
    try:
        audit.record(db, actor, action, f"room:{room.ref}", in_use=room.is_active)
    except IntegrityError as error:  # a colleague was as fast with the same name
        raise InvalidInputError({"name": _TAKEN}) from error
