"""What is filled in for a new group, and the sessions it makes: rules without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from services import scheduling
from services.errors import InvalidInputError
from services.groups.groups import MAX_CAPACITY
from services.groups.schedules import written
from services.groups.where_it_meets import WhereItMeets
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession


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
    online_link: str = ""
    room_ref: str | None = None
    despite: str = ""  # why it is made although a room or somebody is needed elsewhere
    sessions: int | None = None  # None: as many as the programme has

    def checked(self) -> "GroupDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems = WhereItMeets(
            code_name=self.code_name, venue=self.venue, online_link=self.online_link
        ).problems()
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


def planned(draft: GroupDraft, chosen: ProgrammeTemplate) -> list[PlannedSession]:
    """The sessions of a checked draft as a run of this programme. Raises InvalidInputError."""
    if draft.single_dates is None:
        return _in_a_rhythm(draft, chosen)
    return _on_single_dates(draft, draft.single_dates, chosen)


def _in_a_rhythm(draft: GroupDraft, chosen: ProgrammeTemplate) -> list[PlannedSession]:
    count = chosen.sessions if draft.sessions is None else draft.sessions
    _check_count(chosen, count, "sessions")
    try:
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
        raise InvalidInputError({"first_day": str(error)}) from error


def _on_single_dates(
    draft: GroupDraft, days: str, chosen: ProgrammeTemplate
) -> list[PlannedSession]:
    try:
        found = scheduling.on_dates(written.days(days), draft.start, chosen.minutes)
    except ValueError as error:
        raise InvalidInputError({"single_dates": str(error)}) from error
    _check_count(chosen, len(found), "single_dates")
    return found


def most_sessions(chosen: ProgrammeTemplate) -> int:
    """How many sessions a run of it may have: as many as it has, or more where it goes round."""
    return scheduling.MOST_SESSIONS if chosen.goes_round else chosen.sessions


def _check_count(chosen: ProgrammeTemplate, count: int, field: str) -> None:
    most = most_sessions(chosen)
    if not 1 <= count <= most:
        sentence = f"A run of this programme has from 1 to {most} sessions, not {count}."
        raise InvalidInputError({field: sentence})


def passed_over(draft: GroupDraft) -> list[tuple[date, date]]:
    """Every break of a draft, with its first and last day."""
    given = [(one, one) if isinstance(one, date) else one for one in draft.skip]
    return [*given, *written.spans(draft.breaks)]
