"""The rows of a new group and its sessions, made of a checked draft; not in the database yet."""

from collections.abc import Sequence

from models import Group, GroupSession, SessionState, new_ref
from services import attendance, clock
from services.groups.group_draft import GroupDraft, passed_over
from services.groups.schedules.parts import Rhythm
from services.groups.schedules.stored import keep_rhythm
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession


def new_group(
    draft: GroupDraft,
    chosen: ProgrammeTemplate,
    meetings: Sequence[PlannedSession],
    room_id: int | None = None,
) -> Group:
    """The group itself."""
    group = Group(
        ref=new_ref(),
        code_name=draft.code_name.strip(),
        programme=chosen.key,
        programme_version=chosen.version,
        capacity=draft.capacity,
        starts_on=meetings[0].starts_at.date(),
        ends_on=meetings[-1].starts_at.date(),
        venue=draft.venue.strip() or None,
        online_link=draft.online_link.strip() or None,
        sessions_offered=len(meetings),
        sessions_to_complete=attendance.sessions_to_complete(
            len(meetings), chosen.completion_share
        ),
        topics_to_complete=chosen.topics_to_complete,
        room_id=room_id,
        created_at=clock.now(),
    )
    keep_rhythm(group, _rhythm(draft, chosen, meetings))
    return group


def _rhythm(
    draft: GroupDraft, chosen: ProgrammeTemplate, meetings: Sequence[PlannedSession]
) -> Rhythm:
    return Rhythm(
        first=meetings[0].starts_at.date(),
        weekdays=_weekdays(draft, meetings),
        start=draft.start,
        minutes=chosen.minutes,
        interval_weeks=draft.interval_weeks,
        region=draft.region,
        breaks=tuple(passed_over(draft)),
    )


def _weekdays(draft: GroupDraft, meetings: Sequence[PlannedSession]) -> tuple[int, ...]:
    """The weekdays it meets on; of single dates those they fall on, should any be added later."""
    chosen = draft.weekdays
    if draft.single_dates is not None:
        chosen = [one.starts_at.weekday() for one in meetings]
    return tuple(sorted(set(chosen)))


def new_sessions(
    group: Group,
    chosen: ProgrammeTemplate,
    meetings: Sequence[PlannedSession],
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
