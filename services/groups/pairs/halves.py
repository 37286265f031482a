"""The two halves of a pair: which group is linked with which, and who belongs in each."""

import enum
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import Session

from models import Group, GroupPair, PersonKind
from services.errors import ConflictError
from services.permissions import Actor, Permission
from services.visibility import visible_groups


class Side(enum.Enum):
    """Whose half of a pair a group is."""

    PARENTS = "parents"
    CHILDREN = "children"

    @property
    def kind(self) -> PersonKind:
        """Who has a place in it."""
        return PersonKind.CHILD if self is Side.CHILDREN else PersonKind.ADULT

    @property
    def other(self) -> "Side":
        """Whose the other half is."""
        return Side.PARENTS if self is Side.CHILDREN else Side.CHILDREN


_WRONG = {
    Side.CHILDREN: "This is the children's half of two linked groups. Give an adult her place in "
    "the parents' half.",
    Side.PARENTS: "This is the parents' half of two linked groups. Give a child a place in the "
    "children's half.",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A group's place in its pair: whose half it is, and the number of the other half."""

    side: Side
    other_id: int


# In a query of groups: whose half each is, as `Side` has it; NULL where one stands alone.
SIDE: ColumnElement[str | None] = case(
    (exists().where(GroupPair.parents_id == Group.id), Side.PARENTS.value),
    (exists().where(GroupPair.children_id == Group.id), Side.CHILDREN.value),
)


def linked(db: Session, group_id: int) -> Linked | None:
    """How a group is linked; None where it stands alone.

    No permission of its own: a step of services that have asked.
    """
    pair = db.scalar(
        select(GroupPair).where(
            (GroupPair.parents_id == group_id) | (GroupPair.children_id == group_id)
        )
    )
    if pair is None:
        return None
    if pair.parents_id == group_id:
        return Linked(Side.PARENTS, pair.children_id)
    return Linked(Side.CHILDREN, pair.parents_id)


def other_half(db: Session, actor: Actor, group_ref: str) -> str | None:
    """The reference of the other half of a group's pair, where she may see it."""
    actor.require(Permission.READ_GROUPS)
    mine = select(Group.id).where(Group.ref == group_ref, visible_groups(actor)).scalar_subquery()
    other = select(
        case((GroupPair.parents_id == mine, GroupPair.children_id), else_=GroupPair.parents_id)
    ).where((GroupPair.parents_id == mine) | (GroupPair.children_id == mine))
    query = select(Group.ref).where(Group.id == other.scalar_subquery(), visible_groups(actor))
    return db.scalar(query)


def require_right_half(db: Session, group: Group, kind: PersonKind) -> None:
    """Raise where an adult is to have a place among the children, or a child among the parents."""
    found = linked(db, group.id)
    if found is not None and found.side.kind is not kind:
        raise ConflictError(_WRONG[found.side])
