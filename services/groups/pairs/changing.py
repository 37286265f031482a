"""Changing both halves of a pair at once: one look at what changes in both, and one confirmation.

A change of one half never changes the other in silence: whoever makes it is shown the other half
as well, and says whether it changes too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group
from services.errors import AppError, ConflictError, InvalidInputError, NotFoundError
from services.groups.pairs import halves
from services.groups.pairs.at_once import Both, needed_twice
from services.groups.schedules import changing, stored
from services.groups.schedules.changing import Preview
from services.groups.schedules.clashes import Clash
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Change,
    Move,
    MoveAll,
    PutBreak,
    Reshape,
    Restore,
    Schedule,
    Swap,
)
from services.groups.schedules.stored import Stored
from services.permissions import Actor, Permission
from services.visibility import visible_groups


@dataclass(frozen=True, slots=True)
class OtherHalf:
    """The other half of a pair, and what the same change would do there.

    `change` is None where it has no session for it, and `preview` where it cannot be made.
    """

    ref: str
    code_name: str
    change: Change | None
    preview: Preview | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The change of the other half as it was looked at."""

    ref: str
    change: Change
    version: int


def other_half(db: Session, actor: Actor, group_ref: str, change: Change) -> OtherHalf | None:
    """What the same change would do in the other half; None where there is none, or none to make.

    Rooms are each half's own.
    """
    actor.require(Permission.EDIT_GROUPS)
    group = _other(db, actor, group_ref)
    if group is None or type(change) not in _MIRROR:
        return None
    mine = stored.read(db, actor, group_ref).schedule
    same = mirrored(mine, stored.read(db, actor, group.ref).schedule, change)
    if same is None:
        return OtherHalf(group.ref, group.code_name, None, None)
    try:
        preview = changing.preview(db, actor, group.ref, same, with_other_half=True)
    except AppError as error:
        return OtherHalf(group.ref, group.code_name, same, None, str(error))
    return OtherHalf(group.ref, group.code_name, same, preview)


def preview(
    db: Session, actor: Actor, group_ref: str, change: Change, other: tuple[str, Change] | None
) -> Preview:
    """What a change would do in this half, `other` being the other half and its change, if any.

    Then what both will need at once, where they part, is a clash like any other.
    """
    actor.require(Permission.EDIT_GROUPS)
    if other is None:
        return changing.preview(db, actor, group_ref, change)
    ref, same = other
    found, theirs = stored.read(db, actor, group_ref), stored.read(db, actor, ref)
    between = _between(db, (found, change), (theirs, same))
    return changing.preview(db, actor, group_ref, change, with_other_half=True, between=between)


def apply(
    db: Session,
    actor: Actor,
    group_ref: str,
    change: Change,
    *,
    version: int,
    other: Confirmed | None = None,
    despite: str = "",
) -> None:
    """Make a change as it was previewed, in the other half as well if that was confirmed.

    Both or neither: raises what `changing.apply` does, and nothing has changed then.
    """
    actor.require(Permission.EDIT_GROUPS)
    group = _other(db, actor, group_ref)
    if other is None:
        _refuse_one_sided(db, actor, group_ref, group, change)
        changing.apply(db, actor, group_ref, change, version=version, despite=despite)
        return
    if group is None or group.ref != other.ref:
        raise NotFoundError("group")
    stored.hold(db, actor, group_ref, other.ref)
    mine, theirs = (stored.read(db, actor, ref) for ref in (group_ref, other.ref))
    if (mine.version, theirs.version) != (version, other.version):
        raise ConflictError(changing.CHANGED_MEANWHILE)
    between = _between(db, (mine, change), (theirs, other.change))
    for half, same, twice in ((mine, change, between), (theirs, other.change, ())):
        changing.apply(
            db, actor, half.group.ref, same, version=half.version, despite=despite,
            with_other_half=True, between=twice,
        )  # fmt: skip


def mirrored(mine: Schedule, theirs: Schedule, change: Change) -> Change | None:
    """The same change in the other half; None where it has no session at that time for it."""
    return _MIRROR[type(change)](Both(mine, theirs), change)


def _same_session(both: Both, change: Cancel | Restore | Reshape) -> Change | None:
    found = both.twin(change.ref)
    return replace(change, ref=found[1].ref) if found else None


def _same_move(both: Both, change: Move) -> Change | None:
    found = both.twin(change.ref)
    if found is None:
        return None
    one, other = found
    return Move(other.ref, change.starts + (other.starts - one.starts))


def _same_move_all(both: Both, change: MoveAll) -> Change | None:
    found = both.twin(change.ref)
    if found is None:
        return None
    one, other = found
    starts = datetime.combine(change.first, change.start) + (other.starts - one.starts)
    return replace(change, ref=other.ref, first=starts.date(), start=starts.time())


def _same_swap(both: Both, change: Swap) -> Change | None:
    first, second = both.twin(change.ref), both.twin(change.other)
    return Swap(first[1].ref, second[1].ref) if first and second else None


def _as_it_is(_both: Both, change: Add | PutBreak) -> Change | None:
    return change


_MIRROR: dict[type[Change], Callable[[Both, Any], Change | None]] = {
    Move: _same_move,
    MoveAll: _same_move_all,
    Cancel: _same_session,
    Restore: _same_session,
    Reshape: _same_session,
    Add: _as_it_is,
    Swap: _same_swap,
    PutBreak: _as_it_is,
}


def _between(
    db: Session, mine: tuple[Stored, Change], other: tuple[Stored, Change]
) -> tuple[Clash, ...]:
    """What both halves need at once after both have changed, and did not before."""
    (found, change), (theirs, same) = mine, other
    after = Both(changing.resulting(found, change), changing.resulting(theirs, same))
    before = Both(found.schedule, theirs.schedule)
    return needed_twice(db, found, theirs.group, after, before)


def _other(db: Session, actor: Actor, group_ref: str) -> Group | None:
    """The other half, where there is one and she may see it."""
    ref = halves.other_half(db, actor, group_ref)
    if ref is None:
        return None
    return db.scalar(select(Group).where(Group.ref == ref, visible_groups(actor)))


def _refuse_one_sided(
    db: Session, actor: Actor, group_ref: str, group: Group | None, change: Change
) -> None:
    """One half alone is neither together nor apart."""
    if group is None or not isinstance(change, Reshape):
        return
    mine = stored.read(db, actor, group_ref).schedule
    if mirrored(mine, stored.read(db, actor, group.ref).schedule, change) is not None:
        raise InvalidInputError(
            {"change": "Both halves are together, or neither is. Change the other half as well."}
        )
