"""Making a group: a run of a programme with all its sessions and who facilitates it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, GroupSession, Room
from services import audit
from services.errors import ConflictError, InvalidInputError
from services.groups.group_draft import GroupDraft, planned
from services.groups.group_rows import new_group, new_sessions
from services.groups.schedules import clashes
from services.groups.schedules.clashes import Clash, Slot
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession


def plan(db: Session, draft: GroupDraft) -> list[PlannedSession]:
    """The sessions a draft would make, to look at before making it. Touches nothing."""
    return planned(draft.checked(), chosen_programme(db, draft))


def clashing(db: Session, actor: Actor, draft: GroupDraft) -> tuple[Clash, ...]:
    """What would be needed twice if this group were made, to look at before making it."""
    actor.require(Permission.EDIT_GROUPS)
    who, room = _facilitators(db, draft.facilitator_refs), _room(db, draft.room_ref)
    return _clashing(db, plan(db, draft), who, room)


def create(db: Session, actor: Actor, draft: GroupDraft) -> str:
    """Make a group with all its sessions and give back its reference."""
    actor.require(Permission.EDIT_GROUPS)
    return make(db, actor, draft).ref


def make(db: Session, actor: Actor, draft: GroupDraft, *, beside: int | None = None) -> Group:
    """The same, for other services; `beside` is the number of the half of a pair made before."""
    actor.require(Permission.EDIT_GROUPS)
    chosen = chosen_programme(db, draft.checked())
    meetings = planned(draft, chosen)
    _refuse_twin(db, draft, meetings[0].starts_at)
    who, room = _facilitators(db, draft.facilitator_refs), _room(db, draft.room_ref)
    found = _clashing(db, meetings, who, room, () if beside is None else (beside,))
    despite = clashes.weighed(found, draft.despite)
    group = new_group(draft, chosen, meetings, room)
    db.add(group)
    db.flush()
    db.add_all(new_sessions(group, chosen, meetings, despite))
    db.add_all(
        Facilitation(group_id=group.id, account_id=number, is_lead=index == 0)
        for index, number in enumerate(who)
    )
    audit.record(db, actor, "group.created", f"group:{group.ref}", sessions=len(meetings))
    return group


def _clashing(
    db: Session,
    meetings: Sequence[PlannedSession],
    facilitators: Sequence[int],
    room_id: int | None,
    without: Sequence[int] = (),
) -> tuple[Clash, ...]:
    slots = [Slot(item.starts_at, item.ends_at, room_id) for item in meetings]
    return clashes.found(db, slots, facilitators=facilitators, without=without)


def chosen_programme(db: Session, draft: GroupDraft) -> ProgrammeTemplate:
    """The programme a draft is a run of, if it is offered. Raises InvalidInputError."""
    found = programmes.find_offered(db, draft.programme)
    if found is None:
        raise InvalidInputError({"programme": "Choose a programme from the list."})
    return found


def _refuse_twin(db: Session, draft: GroupDraft, starts_at: datetime) -> None:
    """A form sent twice makes one group."""
    twin = (
        select(Group.id)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .where(
            Group.code_name == draft.code_name.strip(),
            Group.programme == draft.programme,
            GroupSession.number == 1,
            GroupSession.starts_at == starts_at,
        )
    )
    if db.scalar(twin) is not None:
        raise ConflictError(
            "This group exists already, with the same name and first session. "
            "Open it from the list, or choose another code name."
        )


def _facilitators(db: Session, refs: Sequence[str]) -> list[int]:
    """The numbers of those chosen, in the order chosen."""
    accounts = dict(
        db.execute(
            select(Account.ref, Account.id).where(Account.ref.in_(refs), Account.is_active)
        ).all()
    )
    if len(accounts) != len(set(refs)):
        raise InvalidInputError({"facilitators": "Choose facilitators from the list."})
    return [accounts[ref] for ref in dict.fromkeys(refs)]


def _room(db: Session, ref: str | None) -> int | None:
    """The number of the room chosen, if one was."""
    if ref is None:
        return None
    number = db.scalar(select(Room.id).where(Room.ref == ref, Room.is_active))
    if number is None:
        raise InvalidInputError({"room": "Choose a room from the list."})
    return number
