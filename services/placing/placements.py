"""Placing survivor volunteers with groups, and ending a placement."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pandas as pd
from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import Session

from models import (
    OPEN_STATES,
    Group,
    GroupSession,
    Placement,
    PlacementRole,
    Shift,
    ShiftState,
    Volunteer,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.groups import groups
from services.permissions import Actor, Permission
from services.placing import eligibility, placing
from services.placing.eligibility import ROLES_IN_STAGE, SEALED, Task
from services.short_lists import each_time, instant
from services.unchanged import while_unchanged
from services.visibility import visible_volunteers
from services.volunteers.finding import find_volunteer

_LONGEST_AGO = timedelta(days=366)  # for writing down late; further back it is a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementDraft:
    """A placement as it was filled in."""

    volunteer_ref: str
    group_ref: str
    role: PlacementRole
    starts_on: date
    despite: str = ""  # why she is placed here although there is something to weigh


def place(db: Session, actor: Actor, draft: PlacementDraft) -> str:
    """Place a volunteer with a group and give back the placement's reference.

    Raises ConflictError where she must not be placed, and InvalidInputError where there is
    something to weigh and no reason given; neither says who or why.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, draft.volunteer_ref, lock=True)
    # Held as it is when places are given: two who must not meet cannot both come in.
    group = groups.find(db, actor, draft.group_ref, lock=True)
    _check(group, draft)
    task = Task(group, draft.role, draft.starts_on, group.ends_on)
    is_ready = _refuse_ineligible(db, volunteer, task)
    if _is_placed(db, volunteer, group):
        raise ConflictError(
            "This volunteer is placed with this group already. "
            "To change what she does there, end that placement first."
        )
    found = placing.for_volunteer(db, volunteer, group.id, since=draft.starts_on)
    # A reason that is sealed reads like one: nobody learns which of the two it was.
    reason = placing.weigh(actor, found if is_ready else placing.Answer.HARD, draft.despite)
    placement = Placement(
        ref=new_ref(),
        volunteer_id=volunteer.id,
        group_id=group.id,
        role=draft.role,
        starts_on=draft.starts_on,
        despite=reason,
    )
    db.add(placement)
    audit.record(
        db, actor, "volunteer.placed", f"volunteer:{volunteer.ref}", group=group.ref,
        placement=placement.ref, role=draft.role.value, weighed=reason is not None,
    )  # fmt: skip
    return placement.ref


def end(db: Session, actor: Actor, placement_ref: str, *, on: date, version: int) -> None:
    """End a placement; `on` is its last day, today at the latest, or its first if that is later.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    placement, volunteer_ref = _held_placement(db, actor, placement_ref)
    if placement.version != version or placement.ends_on is not None:
        raise ConflictError("Somebody else ended this placement meanwhile. Look at it again here.")
    if on < placement.starts_on:
        day = f"{placement.starts_on.day} {placement.starts_on:%B %Y}"
        raise InvalidInputError({"ends_on": f"The last day cannot be before the first, {day}."})
    if on > max(clock.today(), placement.starts_on):
        raise InvalidInputError({"ends_on": "The last day cannot be in the future. Choose today."})
    placement.ends_on = on
    audit.record(
        db, actor, "volunteer.placement_ended", f"volunteer:{volunteer_ref}",
        placement=placement_ref,
    )  # fmt: skip


@while_unchanged
def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """A volunteer's placements, the current first: placement, group, role, starts, ends, fits,
    version.

    `fits` is False for a current placement her stage no longer allows: to ask her about, since
    moving her ends none by itself.
    """
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(Placement, Group.code_name, Volunteer.stage)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Group, Group.id == Placement.group_id)
        .where(Volunteer.ref == volunteer_ref, visible_volunteers(actor))
        .order_by(Placement.ends_on.is_not(None), Placement.starts_on.desc(), Placement.id.desc())
    )
    rows = [
        (
            one.ref,
            group,
            one.role.value,
            one.starts_on,
            one.ends_on,
            one.ends_on is not None or one.role in ROLES_IN_STAGE.get(stage, ()),
            one.version,
        )
        for one, group, stage in db.execute(query)
    ]
    columns = ["placement", "group", "role", "starts", "ends", "fits", "version"]
    return pd.DataFrame(rows, columns=columns)


def in_group(db: Session, actor: Actor, group: Group) -> pd.DataFrame:
    """The volunteers with a group found for this reader: first_name, role, no more.

    Those placed there come first, then those who have said yes to a session to come.

    Her stage does not show: whoever steps back does so without the group hearing of it here.
    """
    actor.require(Permission.READ_GROUPS)
    found = db.execute(_now_with_group(), {"group": group.id})
    rows = [(name, role.value) for name, role in found]
    return pd.DataFrame(rows, columns=["first_name", "role"])


@cache
def _now_with_group() -> Select[str, PlacementRole]:
    begins, first = GroupSession.starts_at, literal(0).label("after")
    here = Placement.group_id == bindparam("group")
    placed = select(Placement.volunteer_id, Placement.role, first).where(
        here, Placement.ends_on.is_(None)
    )
    in_rota = (
        select(Shift.volunteer_id, Shift.role, literal(1))
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            GroupSession.group_id == bindparam("group"),
            begins > each_time(begins, instant),
            Shift.state == ShiftState.ACCEPTED,
            Shift.volunteer_id.not_in(placed.with_only_columns(Placement.volunteer_id)),
        )
    )
    helps = placed.union(in_rota).subquery()
    return (
        select(Volunteer.first_name, helps.c.role)
        .join(helps, helps.c.volunteer_id == Volunteer.id)
        .order_by(helps.c.after, Volunteer.id)
    )


def _check(group: Group, draft: PlacementDraft) -> None:
    problems: dict[str, str] = {}
    if group.state not in OPEN_STATES:
        problems["group"] = "This group has ended. Choose one that is still open."
    if not clock.today() - _LONGEST_AGO <= draft.starts_on <= group.ends_on:
        problems["starts_on"] = (
            "Check the first day: within the last year, and no later than the group's last day, "
            f"{group.ends_on.day} {group.ends_on:%B %Y}."
        )
    if problems:
        raise InvalidInputError(problems)


def _refuse_ineligible(db: Session, volunteer: Volunteer, task: Task) -> bool:
    """Raise for whatever says what to do; False where what is left has a sealed reason."""
    problems: defaultdict[str, list[str]] = defaultdict(list)
    against = eligibility.obstacles(db, [volunteer], task)[volunteer.id]
    for one in against:
        if one.rule != SEALED:
            problems[one.field].append(one.says)
    if problems:
        raise InvalidInputError({field: " ".join(says) for field, says in problems.items()})
    return not against


def _held_placement(db: Session, actor: Actor, ref: str) -> tuple[Placement, str]:
    query = (
        select(Placement, Volunteer.ref)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .where(Placement.ref == ref, visible_volunteers(actor))
        .with_for_update(of=Placement)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("placement")
    return row


def _is_placed(db: Session, volunteer: Volunteer, group: Group) -> bool:
    query = select(Placement.id).where(
        Placement.volunteer_id == volunteer.id,
        Placement.group_id == group.id,
        Placement.ends_on.is_(None),
    )
    return db.scalar(query) is not None
