"""Undoing the link of two groups: each goes on alone, what was held together stays as it was."""

from dataclasses import dataclass, replace

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import GroupPair
from services import audit
from services.errors import ConflictError
from services.groups.pairs.at_once import Both, needed_twice
from services.groups.pairs.halves import other_half
from services.groups.schedules import clashes, stored
from services.groups.schedules.changing import CHANGED_MEANWHILE
from services.groups.schedules.clashes import Clash
from services.groups.schedules.parts import Schedule, Shape
from services.groups.schedules.stored import Stored
from services.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class UnlinkPreview:
    """What would follow; `version` is what it was worked out from."""

    other: str  # the code name of the other half
    to_come: int  # sessions of this group that would be its own
    clashes: tuple[Clash, ...]
    version: int


def preview(db: Session, actor: Actor, group_ref: str) -> UnlinkPreview:
    """How many sessions are to come, and what both would need at once. Changes nothing."""
    actor.require(Permission.EDIT_GROUPS)
    mine, theirs = _halves(db, actor, group_ref)
    to_come = sum(one.is_planned for one in mine.schedule.meetings)
    found = _clashing(db, mine, theirs)
    return UnlinkPreview(theirs.group.code_name, to_come, found, mine.version + theirs.version)


def unlink(db: Session, actor: Actor, group_ref: str, *, version: int, despite: str = "") -> None:
    """Let each half go on alone; `despite` is the reason where both will need something at once.

    Places and registers stay. Raises ConflictError when either has changed since `version`, or
    they are not linked any more.
    """
    actor.require(Permission.EDIT_GROUPS)
    other = other_half(db, actor, group_ref)
    stored.hold(db, actor, *filter(None, (group_ref, other)))
    mine, theirs = _halves(db, actor, group_ref)
    if mine.version + theirs.version != version:
        raise ConflictError(CHANGED_MEANWHILE)
    reason = clashes.weighed(_clashing(db, mine, theirs), despite)
    for half in (mine, theirs):
        for one in half.schedule.meetings:
            if one.is_planned:
                row = half.rows[one.ref]
                row.shape, row.despite = None, reason or row.despite
    both = (mine.group.id, theirs.group.id)
    db.execute(delete(GroupPair).where(GroupPair.parents_id.in_(both)))
    audit.record(
        db, actor, "pair.unlinked", f"group:{group_ref}", other=theirs.group.ref,
        clashes=reason is not None,
    )  # fmt: skip


def _halves(db: Session, actor: Actor, group_ref: str) -> tuple[Stored, Stored]:
    other = other_half(db, actor, group_ref)
    mine = stored.read(db, actor, group_ref)
    if other is None:
        raise ConflictError("This group is not linked with another any more.")
    return mine, stored.read(db, actor, other)


def _clashing(db: Session, mine: Stored, theirs: Stored) -> tuple[Clash, ...]:
    """What both would need once they are apart, and did not need twice before."""
    now = Both(_apart(mine.schedule), theirs.schedule)
    return needed_twice(db, mine, theirs.group, now, Both(mine.schedule, theirs.schedule))


def _apart(schedule: Schedule) -> Schedule:
    meetings = (replace(one, shape=Shape.APART) for one in schedule.meetings)
    return replace(schedule, meetings=tuple(meetings))
