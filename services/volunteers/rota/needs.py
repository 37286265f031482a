"""What a group's sessions need of volunteers: what is usual for its programme, or what was set."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Facilitation, Group, GroupNeeds, PlacementRole
from services import audit
from services.errors import ConflictError, InvalidInputError
from services.groups import groups
from services.groups.pairs.halves import SIDE, Side
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from services.volunteers.rota.problem import Need

# What a session can need. Shadowing is for her own sake, and covers nothing.
ROLES = (
    PlacementRole.WELCOME,
    PlacementRole.CO_FACILITATOR,
    PlacementRole.CRECHE,
    PlacementRole.PEER_CONTACT,
)
# Never alone with a child (domain §4.2): where there is a crèche, two are in it.
LEAST = {PlacementRole.CRECHE: 2}
MOST = 6
_TWO_ADULTS = 2
_WITH_PARENTS = 2  # adults in the parents' room while the children are in theirs


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """What a group's sessions need, whether it was set, and its version (0 while it was not)."""

    counts: Mapping[PlacementRole, int]
    is_set: bool
    version: int


def usual(
    programme: ProgrammeTemplate, facilitators: int, side: Side | None = None
) -> dict[PlacementRole, int]:
    """Somebody at the door, and beside the facilitators as many as staffing and ratio ask for.

    Of two linked groups each has its own half of them: `side` says whose this one is.
    """
    adults = programme.staff if side is None else programme.staff_of_half
    if programme.children_per_adult is not None and side is not Side.PARENTS:
        with_children = math.ceil(programme.capacity / programme.children_per_adult)
        is_both = side is None and programme.audience == "parents and children"
        apart = _WITH_PARENTS if is_both else 0
        adults = max(adults, max(with_children, _TWO_ADULTS) + apart)
    return {
        PlacementRole.WELCOME: 1,
        PlacementRole.CO_FACILITATOR: min(max(adults - facilitators, 0), MOST),
    }


def of_group(db: Session, actor: Actor, group_ref: str) -> GroupNeed:
    """What the sessions of a group she may see need."""
    actor.require(Permission.READ_ROTA)
    group = groups.find(db, actor, group_ref)
    kept = db.scalar(select(GroupNeeds).where(GroupNeeds.group_id == group.id))
    counts = _counts(db, [group.id])[group.id]
    return GroupNeed(counts, kept is not None, kept.version if kept else 0)


def change(
    db: Session, actor: Actor, group_ref: str, counts: Mapping[PlacementRole, int], *, version: int
) -> None:
    """Set what each session of a group needs. Whoever has been asked already stays asked.

    Raises ConflictError when somebody else has set it since `version`.
    """
    actor.require(Permission.PLAN_ROTA)
    _check(counts)
    group = groups.find(db, actor, group_ref, lock=True)
    kept = db.scalar(select(GroupNeeds).where(GroupNeeds.group_id == group.id))
    if version != (kept.version if kept else 0):
        raise ConflictError("Somebody else changed what this group needs meanwhile. Look again.")
    needs = {role.value: counts.get(role, 0) for role in ROLES}
    if kept is None:
        db.add(GroupNeeds(group_id=group.id, needs=needs))
    else:
        kept.needs = needs
    audit.record(db, actor, "rota.needs_changed", f"group:{group.ref}", **needs)


def of_groups(db: Session, group_ids: Collection[int]) -> dict[int, tuple[Need, ...]]:
    """What each of these groups needs at every session, by its number.

    No permission of its own: a step of services that have asked.
    """
    return {
        number: tuple(
            Need(role.value, counts[role], min(LEAST.get(role, 1), counts[role]))
            for role in ROLES
            if counts.get(role)
        )
        for number, counts in _counts(db, group_ids).items()
    }


def _counts(db: Session, group_ids: Collection[int]) -> dict[int, dict[PlacementRole, int]]:
    query = select(GroupNeeds.group_id, GroupNeeds.needs).where(GroupNeeds.group_id.in_(group_ids))
    kept = dict(db.execute(query).all())
    run_by = select(func.count()).where(Facilitation.group_id == Group.id).scalar_subquery()
    usually = select(Group.id, run_by, SIDE).where(Group.id.in_(group_ids))
    runs = programmes.of_groups(db, group_ids)
    return {
        number: (
            {role: kept[number].get(role.value, 0) for role in ROLES}
            if number in kept
            else usual(runs[number], facilitators, Side(side) if side else None)
        )
        for number, facilitators, side in db.execute(usually)
    }


def _check(counts: Mapping[PlacementRole, int]) -> None:
    problems: dict[str, str] = {}
    for role, count in counts.items():
        if role not in ROLES or not 0 <= count <= MOST:
            problems[role.value] = f"Choose between 0 and {MOST}."
        elif 0 < count < LEAST.get(role, 1):
            problems[role.value] = "Nobody is alone with children: choose two or more, or none."
    if problems:
        raise InvalidInputError(problems)
