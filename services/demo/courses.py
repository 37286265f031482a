"""One invented group written down: its sessions, places, marks, measures, notes and feedback."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from models import (
    CatchUp,
    CatchUpWay,
    Facilitation,
    Goal,
    Group,
    GroupSession,
    GroupState,
    Mark,
    Place,
    PlaceState,
    Room,
    SessionShape,
    SessionState,
)
from services import clock
from services.attendance import CODES, sessions_to_complete
from services.bulk import stored_instant
from services.children.child_prompts import band_on
from services.demo import marks, said, scores
from services.demo.chance import Chance
from services.demo.marks import Attendance
from services.demo.referred import Referrals, Seated
from services.demo.runs import Course, Run, Seat
from services.demo.sink import Sink
from services.demo.words import words
from services.measures.goals import GBO
from services.measures.measure_counts import STEPS, measured_of
from services.measures.measure_counts import cells as cells_of_forms
from services.measures.measure_library import measure
from services.measures.measure_sums import dose_cells
from services.places import joining
from services.places.milestones import cells
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

_INTO_IT = timedelta(minutes=20)
_DAYS_TO_ANSWER = 4
# From the first word of what is said of a place that ended early to a reason on the list.
_BECAUSE = {
    "Moved": "moved_away",
    "Started": "work_or_study",
    "Childcare": "childcare",
    "Felt": "not_the_right_group",
    "Went": "other_support",
}
_DAYS_TO_GO = timedelta(days=2)  # from somebody's last session to the day her place ends


class Scribe:
    """Writes groups down, one after the other."""

    def __init__(
        self,
        sink: Sink,
        chance: Chance,
        facilitators: tuple[int, ...],
        *,
        referrals: Referrals,
        born: Mapping[int, date],
        today: date,
    ) -> None:
        self._born = born
        self._sink, self._chance, self._referrals = sink, chance, referrals
        self._facilitators, self._today = facilitators, today
        names, refs = words("room"), Chance("rooms")
        self._rooms = [sink.add(Room, ref=refs.ref(), name=name, is_active=True) for name in names]
        # Of their own, so that the rest of the programme does not depend on them.
        self._catching_up = Chance(f"catch-ups {len(facilitators)}")

    def write(self, run: Run, people: list[tuple[int, ...]]) -> Course:
        """Everything of one group; `people` are the numbers of those in each seat."""
        course = self._course(run)
        taken: Counter[tuple[str, int]] = Counter()
        for number, members in enumerate(people):
            seat = run.seats[number]
            kept = marks.attendances(self._chance, run, number)
            for person, attendance, about in zip(members, kept, ("adult", "child"), strict=False):
                if seat.child_alone and about == "adult":
                    continue
                place = self._place(course, number, person, attendance)
                self._marks(course, place, attendance)
                birthday = self._born.get(person)
                forms = scores.forms(
                    self._chance, run, seat, about, attendance, born=birthday, today=self._today
                )
                stamped = self._stamped(run, seat, person, forms)
                self._forms(course, place, stamped, attendance)
                taken.update((code, session) for session, code in attendance.codes.items())
        self._count_marks(course, taken)
        here: Counter[int] = Counter()
        for (code, session), times in taken.items():
            here[session] += times * CODES[code].attended
        for session in run.held_numbers:
            if run.asks_feedback:
                said.feedback(self._sink, self._chance, course, session, here[session])
                said.note(self._sink, self._chance, course, session)
        return course

    def _course(self, run: Run) -> Course:
        facilitators = [self._facilitators[number] for number in run.facilitators]
        offered = len(run.sessions)
        held = offered - (run.cancelled is not None)
        to_complete = sessions_to_complete(held, run.programme.completion_share)
        asked_for = min(run.starts_on - timedelta(weeks=6), self._today - timedelta(days=16))
        group = self._sink.add(
            Group,
            ref=self._chance.ref(),
            code_name=run.code_name,
            programme=run.programme.key,
            programme_version=run.programme.version,
            state=run.state,
            capacity=run.capacity,
            starts_on=run.starts_on,
            ends_on=run.ends_on,
            venue=self._chance.word("venue"),
            room_id=self._room(run),
            sessions_offered=held,
            sessions_to_complete=to_complete,
            topics_to_complete=run.programme.topics_to_complete,
            created_at=clock.start_of_day(asked_for) + timedelta(hours=11),
        )
        for account in facilitators:
            is_lead = account == facilitators[0]
            self._sink.add(Facilitation, group_id=group, account_id=account, is_lead=is_lead)
        sessions = {
            number: self._session(run, group, facilitators[0], number)
            for number in range(1, offered + 1)
        }
        return Course(run, group, facilitators[0], sessions, to_complete, self._marked_at(run))

    def _session(self, run: Run, group: int, lead: int, number: int) -> int:
        planned = run.sessions[number - 1]
        later = timedelta(days=int(number == run.moved))
        starts, is_cancelled = planned.starts_at + later, number == run.cancelled
        is_held = number in run.held_numbers
        if is_held or is_cancelled:
            self._count_session(run, number, "cancelled" if is_cancelled else "held")
        is_finished = is_held and not (run.unmarked and number == run.held)
        state = SessionState.HELD if is_held else SessionState.PLANNED
        return self._sink.add(
            GroupSession,
            ref=self._chance.ref(),
            group_id=group,
            number=run.numbered(number),
            topic=run.programme.topics[number - 1],
            shape=SessionShape(run.programme.shapes[number - 1]) if run.is_half else None,
            starts_at=starts,
            ends_at=planned.ends_at + later,
            local_start=starts.replace(tzinfo=None),
            moved_from=planned.starts_at if later else None,
            sequence=int(bool(later) or is_cancelled),
            room_id=self._room(run),
            state=SessionState.CANCELLED if is_cancelled else state,
            cancelled_reason=words("cancelled")[0] if is_cancelled else None,
            finished_at=planned.ends_at + timedelta(minutes=10) if is_finished else None,
            finished_by_id=lead if is_finished else None,
        )

    def _count_session(self, run: Run, number: int, came_of_it: str) -> None:
        programme, period = run.programme.key, clock.quarter(run.starts_on)
        month = tallies.month(run.met_on(number))
        self._sink.counts[Cell(Kind.SESSION, programme, period, came_of_it, month)] += 1

    def _room(self, run: Run) -> int:
        """Each lead meets her groups in a room of her own."""
        return self._rooms[run.facilitators[0] % len(self._rooms)]

    def _place(self, course: Course, number: int, person: int, attendance: Attendance) -> int:
        run, seat = course.run, course.run.seats[number]
        joined = run.sessions[seat.first - 1].starts_at.date()
        left = _left_on(run, seat)
        state = seat.state or _state(course, attendance, has_left=left is not None)
        asked = min(joined, self._today) - timedelta(days=24 - number)
        gone = left is not None and state is PlaceState.LEFT_EARLY
        said_why = self._chance.word("left") if gone else ""
        because = _BECAUSE.get(said_why.split()[0], "other") if gone else None
        topics = _topics_covered(run, attendance)
        reached = _Reached(
            run.programme.key, run.starts_on, course.to_complete, run.programme.topics_to_complete,
            state, because, attendance.attended, attendance.covered, attendance.expected, topics,
        )  # fmt: skip
        self._sink.counts.update(_counted(reached))
        place = self._sink.add(
            Place,
            ref=self._chance.ref(),
            group_id=course.group,
            person_id=person,
            state=state,
            asked_at=clock.start_of_day(asked) + timedelta(hours=12),
            joined_on=joined,
            left_on=left or (joined if state is PlaceState.DECLINED else None),
            left_because=because,
            left_reason=said_why if gone else None,
            **(self._offer() if state is PlaceState.OFFERED else {}),
            attended=attendance.attended,
            covered=attendance.covered,
            expected=attendance.expected,
            topics_covered=topics,
        )
        first = attendance.came_first
        self._referrals.of_place(
            Seated(
                person=person,
                place=place,
                state=state,
                asked_on=asked,
                came_on=run.sessions[first - 1].starts_at.date() if first else None,
                completed=_has_completed(course, attendance),
            )
        )
        return place

    def _offer(self) -> dict[str, object]:
        """Made yesterday, to be answered within the week."""
        made = clock.start_of_day(self._today - timedelta(days=1)) + timedelta(hours=11)
        last = joining.working_days_after(self._today, _DAYS_TO_ANSWER)
        return {
            "offered_at": made,
            "offered_until": joining.end_of(last),
            "offered_by_id": self._referrals.staff.coordinator,
        }

    def _catch_up(self, course: Course, place: int, session: int) -> None:
        """How the content of a missed session was covered, by telephone or in person."""
        planned = course.run.sessions[session - 1]
        done_on = min(planned.starts_at.date() + timedelta(days=3), self._today)
        self._sink.add(
            CatchUp,
            ref=self._catching_up.ref(),
            place_id=place,
            session_id=course.sessions[session],
            done_on=done_on,
            way=self._catching_up.choice((CatchUpWay.PHONE, CatchUpWay.IN_PERSON)),
            done_by_id=course.lead,
            minutes=self._catching_up.choice((20, 30, 45)),
            recorded_at=planned.ends_at,
            recorded_by_id=course.lead,
        )

    def _marks(self, course: Course, place: int, attendance: Attendance) -> None:
        for session, code in attendance.codes.items():
            self._sink.add(
                Mark,
                session_id=course.sessions[session],
                place_id=place,
                code=code,
                minutes=marks.minutes(self._chance, code),
                changed_at=course.marked_at[session],
                changed_by_id=course.lead,
            )
            if code == "C" and course.run.state is GroupState.RUNNING:
                self._catch_up(course, place, session)

    def _marked_at(self, run: Run) -> dict[int, str]:
        """When the marks of each session were made, the day before today if somebody told ahead."""
        ahead = clock.start_of_day(self._today) - timedelta(hours=6)
        return {
            number: stored_instant(planned.starts_at + _INTO_IT if number <= run.held else ahead)
            for number, planned in enumerate(run.sessions, 1)
        }

    def _stamped(
        self, run: Run, seat: Seat, person: int, kept: list[scores.Form]
    ) -> list[scores.Form]:
        """The forms of a child with what its Steps count by; its parent sits beside it."""
        band = band_on(self._born.get(person), run.sessions[seat.first - 1].starts_at.date())
        return [
            replace(form, age_band=band, with_parent=not seat.child_alone)
            if form.measure == STEPS
            else form
            for form in kept
        ]

    def _forms(
        self, course: Course, place: int, kept: list[scores.Form], attendance: Attendance
    ) -> None:
        for form in kept:
            scores.write(self._sink, form, place=place, by=course.lead)
        self._goals(course, place, kept)
        where, scores_kept = (course.run.programme.key, course.period), measured_of(kept)
        self._sink.amend(Place, measured=scores_kept)
        self._sink.counts.update(cells_of_forms(*where, kept))
        dose = dose_cells(*where, scores_kept, attendance.attended, attendance.covered)
        self._sink.counts.update(dose)

    def _goals(self, course: Course, place: int, forms: list[scores.Form]) -> None:
        """What she wants to reach, for every goal that was rated at her first form of goals."""
        first = next((form for form in forms if form.measure == GBO and form.answers), None)
        hers = Chance(f"goals of {place}").sample(words("goal"), len(measure(GBO).items))
        if first is None or first.answers is None:
            return
        for number, rating in first.answers.items():
            if rating is not None:
                self._sink.add(
                    Goal,
                    place_id=place,
                    number=int(number),
                    words=hers[int(number) - 1],
                    set_by_id=course.lead,
                    set_at=clock.start_of_day(first.taken_on) + timedelta(hours=17),
                )

    def _count_marks(self, course: Course, taken: Counter[tuple[str, int]]) -> None:
        programme, period = course.run.programme.key, course.period
        counts, held = self._sink.counts, course.run.held_numbers
        for (code, session), times in taken.items():
            if session not in held:
                continue
            month = tallies.month(course.run.met_on(session))
            counts[Cell(Kind.MARK, programme, period, code, course.run.numbered(session))] += times
            counts[Cell(Kind.MONTH, programme, period, code, month)] += times


def _left_on(run: Run, seat: Seat) -> date | None:
    """The day her place ended, if she has left before the end of the course."""
    if seat.last is None or seat.last >= run.held:
        return None
    return run.sessions[seat.last - 1].starts_at.date() + _DAYS_TO_GO


def _state(course: Course, attendance: Attendance, *, has_left: bool) -> PlaceState:
    """Where a place has got to by the register, as the services have it."""
    if has_left:
        return PlaceState.LEFT_EARLY
    if course.run.is_over and _has_completed(course, attendance):
        return PlaceState.COMPLETED
    return PlaceState.STARTED if attendance.attended else PlaceState.ACCEPTED


def _topics_covered(run: Run, attendance: Attendance) -> int:
    """In a rolling group the topics she has covered; a run has each of them once."""
    return attendance.covered if run.programme.topics_to_complete is not None else 0


def _has_completed(course: Course, attendance: Attendance) -> bool:
    topics = course.run.programme.topics_to_complete
    return attendance.covered >= (course.to_complete if topics is None else topics)


class _Reached(NamedTuple):
    """All that says where a place is counted."""

    programme: str
    starts_on: date
    to_complete: int
    topics_to_complete: int | None
    state: PlaceState
    because: str | None
    attended: int
    covered: int
    expected: int
    topics_covered: int


@cache
def _counted(reached: _Reached) -> Counter[Cell]:
    place = Place(
        state=reached.state,
        left_because=reached.because,
        attended=reached.attended,
        covered=reached.covered,
        expected=reached.expected,
        topics_covered=reached.topics_covered,
    )
    group = Group(
        programme=reached.programme,
        starts_on=reached.starts_on,
        sessions_to_complete=reached.to_complete,
        topics_to_complete=reached.topics_to_complete,
    )
    return cells(place, group)
