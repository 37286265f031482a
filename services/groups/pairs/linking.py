"""Linking two groups there are already as parents and children: first a look, then the link."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    OPEN_STATES,
    Group,
    GroupPair,
    Person,
    Place,
    SessionShape,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.groups.pairs.at_once import Both, needed_twice
from services.groups.pairs.halves import Side, linked
from services.groups.schedules import clashes, stored
from services.groups.schedules.changing import CHANGED_MEANWHILE
from services.groups.schedules.clashes import Clash
from services.groups.schedules.parts import Meeting, Schedule, Shape
from services.groups.schedules.stored import Stored
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.visibility import visible_groups

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDraft:
    """Which group is to be the other half, and whose half this one is.

    `shape` is how they meet in each session; None leaves it to the programme, where it says.
    """

    other_ref: str
    side: Side
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """One time at which either meets: the numbers of the sessions, None where one has none."""

    starts: datetime
    mine: int | None
    theirs: int | None
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """What linking would do; `version` is what it was worked out from."""

    pairings: tuple[Pairing, ...]
    clashes: tuple[Clash, ...]
    version: int


@dataclass(frozen=True, slots=True)
class _Halves:
    mine: Stored
    theirs: Stored
    shapes: dict[str, Shape]  # by my session's reference, where theirs is at the same time

    @property
    def version(self) -> int:
        return self.mine.version + self.theirs.version

    def clashing(self, db: Session) -> tuple[Clash, ...]:
        now = Both(_shaped(self.mine.schedule, self.shapes), self.theirs.schedule)
        return needed_twice(db, self.mine, self.theirs.group, now)


def candidates(db: Session, actor: Actor, group_ref: str) -> dict[str, str]:
    """The open groups that may become the other half, newest first: reference to code name."""
    actor.require(Permission.EDIT_GROUPS)
    in_a_pair = select(GroupPair.id).where(
        or_(GroupPair.parents_id == Group.id, GroupPair.children_id == Group.id)
    )
    query = (
        select(Group.ref, Group.code_name)
        .where(
            visible_groups(actor),
            Group.ref != group_ref,
            Group.state.in_(OPEN_STATES),
            ~in_a_pair.exists(),
        )
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(MOST)
    )
    return dict(db.execute(query).all())


def preview(db: Session, actor: Actor, group_ref: str, draft: LinkDraft) -> LinkPreview:
    """Which sessions would pair up, and what both would need at once. Changes nothing.

    Raises InvalidInputError at the field that stands against it.
    """
    actor.require(Permission.EDIT_GROUPS)
    found = _halves(db, actor, group_ref, draft)
    return LinkPreview(_pairings(found), found.clashing(db), found.version)


def link(
    db: Session, actor: Actor, group_ref: str, draft: LinkDraft, *, version: int, despite: str = ""
) -> None:
    """Link two groups as it was looked at; `despite` is the reason where both need something.

    Raises ConflictError when either has changed since `version`, or is linked by now.
    """
    actor.require(Permission.EDIT_GROUPS)
    stored.hold(db, actor, *{group_ref, draft.other_ref})
    found = _halves(db, actor, group_ref, draft)
    if found.version != version:
        raise ConflictError(CHANGED_MEANWHILE)
    reason = clashes.weighed(found.clashing(db), despite)
    for one, other in _twins(found.mine.schedule, found.theirs.schedule):
        rows = found.mine.rows[one.ref], found.theirs.rows[other.ref]
        for row in rows:
            row.shape = SessionShape(found.shapes[one.ref].value)
            row.despite = reason or row.despite
    parents, children = found.mine.group, found.theirs.group
    if draft.side is Side.CHILDREN:
        parents, children = children, parents
    db.add(GroupPair(parents_id=parents.id, children_id=children.id, made_at=clock.now()))
    db.flush()
    audit.record(
        db, actor, "pair.linked", f"group:{parents.ref}", children=children.ref,
        sessions=len(found.shapes), clashes=reason is not None,
    )  # fmt: skip


def _halves(db: Session, actor: Actor, group_ref: str, draft: LinkDraft) -> _Halves:
    if draft.other_ref == group_ref:
        raise InvalidInputError({"other": "Choose another group than this one."})
    mine, theirs = (stored.read(db, actor, ref) for ref in (group_ref, draft.other_ref))
    for group, side in ((mine.group, draft.side), (theirs.group, draft.side.other)):
        _check(db, group, side)
    return _Halves(mine, theirs, _shapes(db, mine, theirs, draft.shape))


def _check(db: Session, group: Group, side: Side) -> None:
    """Whether a group can be this half: still open, not linked, for these people and no others."""
    if group.state not in OPEN_STATES:
        raise ConflictError(f"{group.code_name} has ended. Choose a group that still meets.")
    if linked(db, group.id) is not None:
        raise ConflictError(f"{group.code_name} is linked with a group already. Choose another.")
    wrong = "adults" if side is Side.CHILDREN else "children"
    if programmes.of_group(db, group).audience == wrong:
        sentence = f"{group.code_name} runs a programme for {wrong} alone. Choose the other half."
        raise InvalidInputError({"side": sentence})
    seated = (
        select(func.count())
        .select_from(Place)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id == group.id,
            Place.state.in_(CURRENT_PLACES),
            Person.kind != side.kind,
        )
    )
    if db.scalar(seated):
        sentence = f"{group.code_name} has places for {wrong}. Move them first, or change halves."
        raise InvalidInputError({"side": sentence})


def _shapes(db: Session, mine: Stored, theirs: Stored, shape: Shape | None) -> dict[str, Shape]:
    """How they would meet, session by session; as the programme has it where nothing is said."""
    twins = _twins(mine.schedule, theirs.schedule)
    if not twins:
        raise InvalidInputError(
            {
                "other": "The two have no session still to be held at the same time. Change the "
                "schedule of one of them first."
            }
        )
    written = programmes.of_group(db, mine.group).shapes
    if shape is None and not written:
        raise InvalidInputError({"shape": "Say how parents and children meet."})
    return {one.ref: shape or _written(written, one.number) for one, _other in twins}


def _written(shapes: tuple[str, ...], number: int) -> Shape:
    """An extra session, which the programme does not have, is apart like any added one."""
    return Shape(shapes[number - 1]) if number <= len(shapes) else Shape.APART


def _twins(mine: Schedule, theirs: Schedule) -> list[tuple[Meeting, Meeting]]:
    """The sessions to come of both that are on at the same time, each in one pairing."""
    free = [one for one in theirs.meetings if one.is_planned]
    found = []
    for one in mine.meetings:
        other = next((other for other in free if one.overlaps(other)), None)
        if one.is_planned and other is not None:
            free.remove(other)
            found.append((one, other))
    return found


def _pairings(found: _Halves) -> tuple[Pairing, ...]:
    twins = _twins(found.mine.schedule, found.theirs.schedule)
    taken = {ref for one, other in twins for ref in (one.ref, other.ref)}
    rows = [
        Pairing(one.starts, one.number, other.number, found.shapes[one.ref]) for one, other in twins
    ]
    rows += [Pairing(one.starts, one.number, None, None) for one in _left(found.mine, taken)]
    rows += [Pairing(one.starts, None, one.number, None) for one in _left(found.theirs, taken)]
    return tuple(sorted(rows, key=lambda row: row.starts))


def _left(half: Stored, taken: set[str]) -> list[Meeting]:
    return [one for one in half.schedule.meetings if one.is_planned and one.ref not in taken]


def _shaped(schedule: Schedule, shapes: Mapping[str, Shape]) -> Schedule:
    meetings = tuple(
        replace(one, shape=shapes.get(one.ref, one.shape)) for one in schedule.meetings
    )
    return replace(schedule, meetings=meetings)
