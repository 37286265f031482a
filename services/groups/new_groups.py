"""Making a group: a run of a programme with all its sessions and who facilitates it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, GroupSession, Room, SessionState, new_ref
from services import attendance, audit, clock, scheduling
from services.errors import ConflictError, InvalidInputError
from services.groups.groups import MAX_CAPACITY
from services.groups.schedules import clashes, written
from services.groups.schedules.clashes import Clash, Slot
from services.groups.schedules.parts import Rhythm
from services.groups.schedules.stored import keep_rhythm
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate

MAX_CODE_NAME = 60


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
    breaks: str = ""  # as written: a day or a span of days a line, passed over as well
    single_dates: str | None = None  # as written: a day a line, instead of a rhythm
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
        if not self.weekdays and self.single_dates is None:
            problems["weekdays"] = "Choose at least one weekday."
        for field, read in (("breaks", written.spans), ("single_dates", written.days)):
            try:
                read(getattr(self, field) or "")
            except ValueError as error:
                problems[field] = str(error)
        if not self.facilitator_refs:
            problems["facilitators"] = "Choose who will facilitate; the first one leads."
        if problems:
            raise InvalidInputError(problems)
        return self


def plan(db: Session, draft: GroupDraft) -> list[scheduling.PlannedSession]:
    """The sessions a draft would make, to look at before making it. Touches nothing."""
    return planned(draft.checked(), chosen_programme(db, draft))


def planned(draft: GroupDraft, chosen: ProgrammeTemplate) -> list[scheduling.PlannedSession]:
    """The sessions of a checked draft as a run of this programme. Raises InvalidInputError."""
    try:
        if draft.single_dates is not None:
            days = written.days(draft.single_dates)
            found = scheduling.on_dates(days, draft.start, chosen.minutes)
            _check_count(chosen, len(found), "single_dates")
            return found
        count = chosen.sessions if draft.sessions is None else draft.sessions
        _check_count(chosen, count, "sessions")
        return scheduling.plan_sessions(
            draft.first_day,
            draft.weekdays,
            draft.start,
            chosen.minutes,
            count,
            skip=passed_over(draft),
            interval_weeks=draft.interval_weeks,
            region=draft.region,
        )
    except ValueError as error:
        field = "first_day" if draft.single_dates is None else "single_dates"
        raise InvalidInputError({field: str(error)}) from error


def most_sessions(chosen: ProgrammeTemplate) -> int:
    """How many sessions a run of it may have: topics come round again where the programme is
    rolling or open, and end where it is closed or parents and children meet as it says."""
    again = chosen.kind != "closed" and not chosen.is_for_a_pair
    return scheduling.MOST_SESSIONS if again else chosen.sessions


def _check_count(chosen: ProgrammeTemplate, count: int, field: str) -> None:
    most = most_sessions(chosen)
    if not 1 <= count <= most:
        sentence = f"A run of this programme has from 1 to {most} sessions, not {count}."
        raise InvalidInputError({field: sentence})


def passed_over(draft: GroupDraft) -> list[tuple[date, date]]:
    """Every break of a draft, with its first and last day."""
    given = [(one, one) if isinstance(one, date) else one for one in draft.skip]
    return [*given, *written.spans(draft.breaks)]


def clashing(db: Session, actor: Actor, draft: GroupDraft) -> tuple[Clash, ...]:
    """What would be needed twice if this group were made, to look at before making it."""
    actor.require(Permission.EDIT_GROUPS)
    room_id = _room(db, draft.room_ref)
    slots = [Slot(item.starts_at, item.ends_at, room_id) for item in plan(db, draft)]
    return clashes.found(db, slots, facilitators=_facilitators(db, draft.facilitator_refs))


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
    facilitators, room_id = _facilitators(db, draft.facilitator_refs), _room(db, draft.room_ref)
    slots = [Slot(item.starts_at, item.ends_at, room_id) for item in meetings]
    without = () if beside is None else (beside,)
    found = clashes.found(db, slots, facilitators=facilitators, without=without)
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
    return group


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
        topics_to_complete=chosen.topics_to_complete,
        room_id=room_id,
        created_at=clock.now(),
    )
    keep_rhythm(
        group,
        Rhythm(
            first=meetings[0].starts_at.date(),
            weekdays=_weekdays(draft, meetings),
            start=draft.start,
            minutes=chosen.minutes,
            interval_weeks=draft.interval_weeks,
            region=draft.region,
            breaks=tuple(passed_over(draft)),
        ),
    )
    return group


def _weekdays(draft: GroupDraft, meetings: Sequence[scheduling.PlannedSession]) -> tuple[int, ...]:
    """The weekdays it meets on; of single dates those they fall on, should any be added later."""
    chosen = draft.weekdays
    if draft.single_dates is not None:
        chosen = [one.starts_at.weekday() for one in meetings]
    return tuple(sorted(set(chosen)))


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
            topic=chosen.topics[(item.number - 1) % len(chosen.topics)],
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
