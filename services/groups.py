"""Groups: making a run of a programme, its sessions, who facilitates it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd
from sqlalchemy import func, select
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
    SessionState,
    new_ref,
)
from services import attendance, audit, clock, scheduling
from services import register_locking as locking
from services.covered_topics import in_words
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission, visible_groups, visible_sessions
from services.programme_library import ProgrammeTemplate, template, templates

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
        if self.programme not in templates():
            problems["programme"] = "Choose a programme from the list."
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


def plan(draft: GroupDraft) -> list[scheduling.PlannedSession]:
    """The sessions a draft would make, to look at before making it. Touches nothing."""
    chosen = template(draft.checked().programme)
    try:
        return scheduling.plan_sessions(
            draft.first_day,
            draft.weekdays,
            draft.start,
            chosen.minutes,
            chosen.sessions,
            skip=draft.skip,
            interval_weeks=draft.interval_weeks,
            region=draft.region,
        )
    except ValueError as error:
        raise InvalidInputError({"first_day": str(error)}) from error


def create(db: Session, actor: Actor, draft: GroupDraft) -> str:
    """Make a group with all its sessions and give back its reference."""
    actor.require(Permission.EDIT_GROUPS)
    planned = plan(draft)
    chosen = template(draft.programme)
    _refuse_twin(db, draft, planned[0].starts_at)
    group = _new_group(draft, chosen, planned)
    db.add(group)
    db.flush()
    db.add_all(_new_session(group, item, chosen) for item in planned)
    _give_to(db, group, draft.facilitator_refs)
    audit.record(db, actor, "group.created", f"group:{group.ref}", sessions=len(planned))
    return group.ref


def change_state(db: Session, actor: Actor, ref: str, state: GroupState, *, version: int) -> None:
    """Move a group on in its life. Raises ConflictError when somebody else has since."""
    actor.require(Permission.EDIT_GROUPS)
    group = _found(db, actor, ref)
    if group.version != version:
        raise ConflictError(
            "Somebody else changed this group while you had it open.", theirs=group.state.value
        )
    before, group.state = group.state, state
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
        select(Group)
        .where(visible_groups(actor))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    if only_open:
        query = query.where(Group.state.in_(OPEN_STATES))
    if before is not None:
        query = query.where(
            (Group.starts_on < before[0])
            | ((Group.starts_on == before[0]) & (Group.id < before[1]))
        )
    groups = db.scalars(query).all()
    taken = _places_taken(db, [group.id for group in groups])
    rows = [
        (
            group.id,
            group.ref,
            group.code_name,
            template(group.programme).title,
            group.state.value,
            group.starts_on,
            group.ends_on,
            group.capacity,
            *taken.get(group.id, (0, 0)),
        )
        for group in groups
    ]
    columns = [
        "number", "ref", "code_name", "programme", "state", "starts", "ends", "capacity",
        "seated", "waiting",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def summary(db: Session, actor: Actor, ref: str) -> GroupSummary:
    """One group, with how full it is and who runs it."""
    actor.require(Permission.READ_GROUPS)
    group = _found(db, actor, ref)
    seated, waiting = _places_taken(db, [group.id]).get(group.id, (0, 0))
    names = db.execute(
        select(Account.display_name)
        .join(Facilitation, Facilitation.account_id == Account.id)
        .where(Facilitation.group_id == group.id)
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    ).scalars()
    return GroupSummary(
        ref=group.ref,
        code_name=group.code_name,
        programme=group.programme,
        programme_title=template(group.programme).title,
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
    """A group's sessions in order: ref, number, topic, starts (local), ends (local), state,
    finished, locked (finished, and for too long to be reopened by those who took it), covered (in
    words, None before it was said)."""
    actor.require(Permission.READ_GROUPS)
    query = (
        select(GroupSession, CoveredTopic.covering, CoveredTopic.topic)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(CoveredTopic, CoveredTopic.session_id == GroupSession.id)
        .where(Group.ref == ref, visible_sessions(actor))
        .order_by(GroupSession.number)
    )
    days = locking.days(db)
    rows = [
        (
            item.ref,
            item.number,
            item.topic,
            clock.local(item.starts_at, item.zone),
            clock.local(item.ends_at, item.zone),
            item.state.value,
            item.finished_at is not None,
            item.finished_at is not None
            and locking.has_locked(clock.local(item.starts_at, item.zone).date(), days),
            in_words(covering, topic),
        )
        for item, covering, topic in db.execute(query)
    ]
    columns = ["ref", "number", "topic", "starts", "ends", "state", "finished", "locked", "covered"]
    return pd.DataFrame(rows, columns=columns)


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The open groups this reader may pick from, newest first: reference to code name."""
    actor.require(Permission.READ_GROUPS)
    query = (
        select(Group.ref, Group.code_name)
        .where(visible_groups(actor), Group.state.in_(OPEN_STATES))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(PAGE)
    )
    return dict(db.execute(query).all())


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


def _new_group(
    draft: GroupDraft, chosen: ProgrammeTemplate, planned: list[scheduling.PlannedSession]
) -> Group:
    return Group(
        ref=new_ref(),
        code_name=draft.code_name.strip(),
        programme=chosen.key,
        programme_version=chosen.version,
        capacity=draft.capacity,
        starts_on=planned[0].starts_at.date(),
        ends_on=planned[-1].starts_at.date(),
        venue=draft.venue.strip() or None,
        sessions_offered=len(planned),
        sessions_to_complete=attendance.sessions_to_complete(len(planned), chosen.completion_share),
        created_at=clock.now(),
    )


def _new_session(
    group: Group, item: scheduling.PlannedSession, chosen: ProgrammeTemplate
) -> GroupSession:
    return GroupSession(
        ref=new_ref(),
        group_id=group.id,
        number=item.number,
        topic=chosen.topics[item.number - 1],
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        local_start=item.starts_at.replace(tzinfo=None),
        state=SessionState.PLANNED,
    )


def _give_to(db: Session, group: Group, refs: Sequence[str]) -> None:
    accounts = dict(
        db.execute(
            select(Account.ref, Account.id).where(Account.ref.in_(refs), Account.is_active)
        ).all()
    )
    if len(accounts) != len(set(refs)):
        raise InvalidInputError({"facilitators": "Choose facilitators from the list."})
    db.add_all(
        Facilitation(group_id=group.id, account_id=accounts[ref], is_lead=index == 0)
        for index, ref in enumerate(refs)
    )


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


def _found(db: Session, actor: Actor, ref: str) -> Group:
    group = db.scalar(select(Group).where(Group.ref == ref, visible_groups(actor)))
    if group is None:
        raise NotFoundError("group")
    return group
