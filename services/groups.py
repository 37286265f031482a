"""Groups: making a run of a programme, its sessions, who facilitates it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from models import (
    SEATED_PLACES,
    Account,
    CoveredTopic,
    Facilitation,
    Group,
    GroupSession,
    GroupState,
    Place,
    PlaceState,
    ProgrammeVersion,
    Room,
    SessionState,
    new_ref,
)
from services import attendance, audit, clock, programmes, scheduling
from services import register_locking as locking
from services.covered_topics import in_words
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission, visible_groups, visible_sessions
from services.programme_library import ProgrammeTemplate
from services.schedules import clashes
from services.schedules.clashes import Clash, Slot
from services.schedules.parts import Rhythm
from services.schedules.stored import keep_rhythm
from services.short_lists import stated_in
from services.staff.in_force import runs_now

PAGE = 50
MAX_CODE_NAME = 60
MAX_CAPACITY = 60
OPEN_STATES = (
    GroupState.DRAFT,
    GroupState.RECRUITING,
    GroupState.CONFIRMED,
    GroupState.RUNNING,
    GroupState.PAUSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    """A new group as it was filled in."""

    programme: str
    code_name: str
    first_day: date
    weekdays: Sequence[int]
    start: time
    capacity: int
    facilitator_refs: Sequence[str]
    skip: Sequence[date | tuple[date, date]] = ()
    interval_weeks: int = 1
    region: str = "England"
    venue: str = ""
    room_ref: str | None = None
    despite: str = ""  # why it is made although a room or somebody is needed elsewhere
    sessions: int | None = None  # None: as many as the programme has

    def checked(self) -> "GroupDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 2 <= len(self.code_name.strip()) <= MAX_CODE_NAME:  # noqa: PLR2004
            problems["code_name"] = "Choose a code name of 2 to 60 letters, safe to say aloud."
        if not 1 <= self.capacity <= MAX_CAPACITY:
            problems["capacity"] = f"Choose between 1 and {MAX_CAPACITY} places."
        if not self.weekdays:
            problems["weekdays"] = "Choose at least one weekday."
        if not self.facilitator_refs:
            problems["facilitators"] = "Choose who will facilitate; the first one leads."
        if problems:
            raise InvalidInputError(problems)
        return self


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group, as far as this reader may see it."""

    ref: str
    code_name: str
    programme: str
    programme_title: str
    state: str
    capacity: int
    seated: int
    waiting: int
    starts_on: date
    ends_on: date
    venue: str | None
    facilitators: tuple[str, ...]
    sessions_offered: int
    sessions_to_complete: int
    version: int


def plan(db: Session, draft: GroupDraft) -> list[scheduling.PlannedSession]:
    """The sessions a draft would make, to look at before making it. Touches nothing."""
    return planned(draft.checked(), _chosen(db, draft))


def planned(draft: GroupDraft, chosen: ProgrammeTemplate) -> list[scheduling.PlannedSession]:
    """The sessions of a checked draft as a run of this programme. Raises InvalidInputError."""
    count = chosen.sessions if draft.sessions is None else draft.sessions
    if not 1 <= count <= chosen.sessions:
        raise InvalidInputError(
            {
                "sessions": f"This programme has {chosen.sessions} sessions. Write that many or "
                "fewer."
            }
        )
    try:
        return scheduling.plan_sessions(
            draft.first_day,
            draft.weekdays,
            draft.start,
            chosen.minutes,
            count,
            skip=draft.skip,
            interval_weeks=draft.interval_weeks,
            region=draft.region,
        )
    except ValueError as error:
        raise InvalidInputError({"first_day": str(error)}) from error


def clashing(db: Session, actor: Actor, draft: GroupDraft) -> tuple[Clash, ...]:
    """What would be needed twice if this group were made, to look at before making it."""
    actor.require(Permission.EDIT_GROUPS)
    room_id = _room(db, draft.room_ref)
    slots = [Slot(item.starts_at, item.ends_at, room_id) for item in plan(db, draft)]
    return clashes.found(db, slots, facilitators=_facilitators(db, draft.facilitator_refs))


def create(db: Session, actor: Actor, draft: GroupDraft) -> str:
    """Make a group with all its sessions and give back its reference."""
    actor.require(Permission.EDIT_GROUPS)
    chosen = _chosen(db, draft.checked())
    meetings = planned(draft, chosen)
    _refuse_twin(db, draft, meetings[0].starts_at)
    facilitators, room_id = _facilitators(db, draft.facilitator_refs), _room(db, draft.room_ref)
    slots = [Slot(item.starts_at, item.ends_at, room_id) for item in meetings]
    found = clashes.found(db, slots, facilitators=facilitators)
    despite = clashes.weighed(found, draft.despite)
    group = new_group(draft, chosen, meetings, room_id)
    db.add(group)
    db.flush()
    db.add_all(new_sessions(group, chosen, meetings, despite))
    db.add_all(
        Facilitation(group_id=group.id, account_id=number, is_lead=index == 0)
        for index, number in enumerate(facilitators)
    )
    audit.record(db, actor, "group.created", f"group:{group.ref}", sessions=len(meetings))
    return group.ref


def change_state(db: Session, actor: Actor, ref: str, state: GroupState, *, version: int) -> None:
    """Move a group on in its life. Raises ConflictError when somebody else has since."""
    actor.require(Permission.EDIT_GROUPS)
    group = find(db, actor, ref)
    if group.version != version:
        raise ConflictError(
            "Somebody else changed this group while you had it open.", theirs=group.state.value
        )
    before, group.state, group.changed_at = group.state, state, clock.now()
    audit.record(
        db, actor, "group.state_changed", f"group:{ref}", before=before.value, after=state.value
    )


def directory(
    db: Session, actor: Actor, *, only_open: bool = True, before: tuple[date, int] | None = None
) -> pd.DataFrame:
    """A page of the groups this reader may see, latest start first.

    Columns: number, ref, code_name, programme, state, starts, ends, capacity, seated, waiting.
    Give the last row's (starts, number) as `before` for the next page.
    """
    actor.require(Permission.READ_GROUPS)
    query = (
        _with_title()
        .where(visible_groups(actor))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    if only_open:
        query = query.where(stated_in(Group.state, OPEN_STATES))
    if before is not None:
        query = query.where(
            (Group.starts_on < before[0])
            | ((Group.starts_on == before[0]) & (Group.id < before[1]))
        )
    groups = db.execute(query).all()
    taken = _places_taken(db, [group.id for group, _title in groups])
    rows = [
        (
            group.id,
            group.ref,
            group.code_name,
            title,
            group.state.value,
            group.starts_on,
            group.ends_on,
            group.capacity,
            *taken.get(group.id, (0, 0)),
        )
        for group, title in groups
    ]
    columns = [
        "number", "ref", "code_name", "programme", "state", "starts", "ends", "capacity",
        "seated", "waiting",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def summary(db: Session, actor: Actor, ref: str) -> GroupSummary:
    """One group, with how full it is and who runs it."""
    actor.require(Permission.READ_GROUPS)
    return summed_up(db, *with_title(db, actor, ref))


def with_title(db: Session, actor: Actor, ref: str) -> tuple[Group, str]:
    """A group she may see and the title of its programme, for other services."""
    actor.require(Permission.READ_GROUPS)
    found = db.execute(_with_title().where(Group.ref == ref, visible_groups(actor))).one_or_none()
    if found is None:
        raise NotFoundError("group")
    group, title = found
    return group, title


def summed_up(db: Session, group: Group, title: str) -> GroupSummary:
    """A group that was found, with how full it is and who runs it."""
    seated, waiting = _places_taken(db, [group.id]).get(group.id, (0, 0))
    names = db.execute(
        select(Account.display_name)
        .join(Facilitation, Facilitation.account_id == Account.id)
        .where(Facilitation.group_id == group.id, runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    ).scalars()
    return GroupSummary(
        ref=group.ref,
        code_name=group.code_name,
        programme=group.programme,
        programme_title=title,
        state=group.state.value,
        capacity=group.capacity,
        seated=seated,
        waiting=waiting,
        starts_on=group.starts_on,
        ends_on=group.ends_on,
        venue=group.venue,
        facilitators=tuple(names),
        sessions_offered=group.sessions_offered,
        sessions_to_complete=group.sessions_to_complete,
        version=group.version,
    )


def sessions(db: Session, actor: Actor, ref: str) -> pd.DataFrame:
    """A group's sessions in order of time: ref, number, topic, starts (local), ends (local),
    state ("moved" while one is planned at another time than it was), finished, room, reason (why
    it was cancelled), locked (finished, and for too long to be reopened by those who took it),
    covered (in words, None before it was said)."""
    actor.require(Permission.READ_GROUPS)
    query = (
        select(GroupSession, Room.name, CoveredTopic.covering, CoveredTopic.topic)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Room, Room.id == GroupSession.room_id)
        .outerjoin(CoveredTopic, CoveredTopic.session_id == GroupSession.id)
        .where(Group.ref == ref, visible_sessions(actor))
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    days = locking.days(db)
    rows = [
        (
            item.ref,
            item.number,
            item.topic,
            clock.local(item.starts_at, item.zone),
            clock.local(item.ends_at, item.zone),
            _state_shown(item),
            item.finished_at is not None,
            room or "",
            item.cancelled_reason or "",
            item.finished_at is not None
            and locking.has_locked(clock.local(item.starts_at, item.zone).date(), days),
            in_words(covering, topic),
        )
        for item, room, covering, topic in db.execute(query)
    ]
    columns = [
        "ref", "number", "topic", "starts", "ends", "state", "finished", "room", "reason",
        "locked", "covered",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The open groups this reader may pick from, newest first: reference to code name."""
    actor.require(Permission.READ_GROUPS)
    query = (
        select(Group.ref, Group.code_name)
        .where(visible_groups(actor), stated_in(Group.state, OPEN_STATES))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    return dict(db.execute(query).all())


def _with_title() -> Select[Group, str]:
    """Groups, each with the title of the version it is a run of.

    Every group has one; joined as if it might not, so that the database begins with the groups.
    """
    return select(Group, ProgrammeVersion.title).outerjoin(
        ProgrammeVersion,
        and_(
            ProgrammeVersion.key == Group.programme,
            ProgrammeVersion.version == Group.programme_version,
        ),
    )


def _chosen(db: Session, draft: GroupDraft) -> ProgrammeTemplate:
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


def new_group(
    draft: GroupDraft,
    chosen: ProgrammeTemplate,
    meetings: Sequence[scheduling.PlannedSession],
    room_id: int | None = None,
) -> Group:
    """The group of a checked draft, not in the database yet."""
    group = Group(
        ref=new_ref(),
        code_name=draft.code_name.strip(),
        programme=chosen.key,
        programme_version=chosen.version,
        capacity=draft.capacity,
        starts_on=meetings[0].starts_at.date(),
        ends_on=meetings[-1].starts_at.date(),
        venue=draft.venue.strip() or None,
        sessions_offered=len(meetings),
        sessions_to_complete=attendance.sessions_to_complete(
            len(meetings), chosen.completion_share
        ),
        room_id=room_id,
        created_at=clock.now(),
    )
    keep_rhythm(
        group,
        Rhythm(
            first=meetings[0].starts_at.date(),
            weekdays=tuple(sorted(set(draft.weekdays))),
            start=draft.start,
            minutes=chosen.minutes,
            interval_weeks=draft.interval_weeks,
            region=draft.region,
            breaks=tuple((one, one) if isinstance(one, date) else one for one in draft.skip),
        ),
    )
    return group


def new_sessions(
    group: Group,
    chosen: ProgrammeTemplate,
    meetings: Sequence[scheduling.PlannedSession],
    despite: str | None = None,
) -> list[GroupSession]:
    """The sessions of a group that has its number, each with its topic."""
    return [
        GroupSession(
            ref=new_ref(),
            group_id=group.id,
            number=item.number,
            topic=chosen.topics[item.number - 1],
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            local_start=item.starts_at.replace(tzinfo=None),
            state=SessionState.PLANNED,
            room_id=group.room_id,
            despite=despite,
            changed_at=clock.now(),
        )
        for item in meetings
    ]


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


def _places_taken(db: Session, group_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Group number to (seated, waiting), for a page of groups at once."""
    query = (
        select(
            Place.group_id,
            func.count().filter(Place.state.in_((*SEATED_PLACES, PlaceState.COMPLETED))),
            func.count().filter(Place.state == PlaceState.WAITING),
        )
        .where(Place.group_id.in_(group_ids))
        .group_by(Place.group_id)
    )
    return {number: (seated, waiting) for number, seated, waiting in db.execute(query)}


def _state_shown(item: GroupSession) -> str:
    is_moved = item.moved_from is not None and item.state is SessionState.PLANNED
    return (SessionState.MOVED if is_moved else item.state).value


def find(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Group:
    """A group she may see, for other services; held until the transaction ends if asked."""
    actor.require(Permission.READ_GROUPS)
    query = select(Group).where(Group.ref == ref, visible_groups(actor))
    group = db.scalar(query.with_for_update() if lock else query)
    if group is None:
        raise NotFoundError("group")
    return group
