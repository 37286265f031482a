"""Making a pair: the parents' and the children's group, planned in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, GroupPair, GroupSession, Room, SessionShape
from services import audit, clock
from services.errors import InvalidInputError
from services.groups import group_draft, new_groups
from services.groups.group_draft import GroupDraft
from services.groups.schedules import clashes
from services.groups.schedules.clashes import Clash, Kind
from services.permissions import Actor, Permission
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession

_OF_CHILDREN = {
    "code_name": "children_code_name",
    "capacity": "children_capacity",
    "facilitators": "children_facilitators",
    "room": "children_room",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDraft:
    """Two linked groups as they were filled in: the parents' in full, and what differs there."""

    parents: GroupDraft
    children_code_name: str
    children_capacity: int
    children_facilitator_refs: Sequence[str]
    children_room_ref: str | None = None

    @property
    def children(self) -> GroupDraft:
        """The children's group as a draft of its own."""
        return replace(
            self.parents,
            code_name=self.children_code_name,
            capacity=self.children_capacity,
            facilitator_refs=self.children_facilitator_refs,
            room_ref=self.children_room_ref,
        )

    def checked(self) -> "PairDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        try:
            self.parents.checked()
        except InvalidInputError as error:
            problems |= error.problems
        try:
            self.children.checked()
        except InvalidInputError as error:
            problems |= {_OF_CHILDREN.get(field, field): at for field, at in error.problems.items()}
        if self.children_code_name.strip() == self.parents.code_name.strip():
            problems.setdefault(
                "children_code_name", "Give the two groups different names, to tell them apart."
            )
        if problems:
            raise InvalidInputError(problems)
        return self


def plan(db: Session, draft: PairDraft) -> list[tuple[PlannedSession, SessionShape]]:
    """The sessions both halves would have, each together or apart. Touches nothing."""
    chosen = _chosen(db, draft)
    return list(zip(group_draft.planned(draft.parents, chosen), _shapes(chosen), strict=False))


def clashing(db: Session, actor: Actor, draft: PairDraft) -> tuple[Clash, ...]:
    """What would be needed twice, by other groups or by both halves at once."""
    actor.require(Permission.EDIT_GROUPS)
    return (
        *_between(db, draft),
        *new_groups.clashing(db, actor, draft.parents),
        *new_groups.clashing(db, actor, draft.children),
    )


def create(db: Session, actor: Actor, draft: PairDraft) -> tuple[str, str]:
    """Make both groups with all their sessions; the references of the parents' and children's.

    Raises what `new_groups.create` does, at the fields of the half concerned.
    """
    actor.require(Permission.EDIT_GROUPS)
    chosen = _chosen(db, draft)
    clashes.weighed(_between(db, draft), draft.parents.despite)
    parents = new_groups.make(db, actor, draft.parents)
    try:
        children = new_groups.make(db, actor, draft.children, beside=parents.id)
    except InvalidInputError as error:
        raise InvalidInputError(
            {_OF_CHILDREN.get(field, field): said for field, said in error.problems.items()}
        ) from error
    shapes = _shapes(chosen)
    halves = GroupSession.group_id.in_((parents.id, children.id))
    for session in db.scalars(select(GroupSession).where(halves)):
        session.shape = shapes[session.number - 1]
    db.add(GroupPair(parents_id=parents.id, children_id=children.id, made_at=clock.now()))
    db.flush()
    audit.record(db, actor, "pair.made", f"group:{parents.ref}", children=children.ref)
    return parents.ref, children.ref


def _chosen(db: Session, draft: PairDraft) -> ProgrammeTemplate:
    chosen = new_groups.chosen_programme(db, draft.checked().parents)
    if not chosen.is_for_a_pair:
        raise InvalidInputError(
            {"programme": "This programme has one group. Choose one for parents and children."}
        )
    return chosen


def _shapes(chosen: ProgrammeTemplate) -> list[SessionShape]:
    return [SessionShape(shape) for shape in chosen.shapes]


def _between(db: Session, draft: PairDraft) -> tuple[Clash, ...]:
    """What the halves would need at once: somebody where they part, a room where they are apart."""
    planned = plan(db, draft)
    parted = [one for one, shape in planned if shape is not SessionShape.TOGETHER]
    apart = [one for one, shape in planned if shape is SessionShape.APART]
    both = set(draft.parents.facilitator_refs) & set(draft.children_facilitator_refs)
    names = select(Account.display_name).where(Account.ref.in_(both)).order_by(Account.id)
    found = [_clash(draft, Kind.FACILITATOR, name, parted) for name in db.scalars(names) if parted]
    if apart and draft.children_room_ref and draft.parents.room_ref == draft.children_room_ref:
        room = select(Room.name).where(Room.ref == draft.children_room_ref)
        found += [_clash(draft, Kind.ROOM, name, apart) for name in db.scalars(room)]
    return tuple(found)


def _clash(draft: PairDraft, kind: Kind, who: str, sessions: Sequence[PlannedSession]) -> Clash:
    first = sessions[0].starts_at.replace(tzinfo=None)
    return Clash(kind, who, 1, draft.children_code_name.strip(), first, len(sessions))
