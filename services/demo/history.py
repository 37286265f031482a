"""The groups of today, and as many of the years before as it takes to so many marks, exactly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache

from models import GroupState
from services.demo.chance import Chance
from services.demo.runs import NEVER, Run, Seat, around, breaks
from services.demo.scenes import scenes
from services.programmes.programme_library import ProgrammeTemplate, shipped
from services.scheduling import PlannedSession, plan_sessions

MARKS_A_PERSON = 16
MARKS_A_GROUP = 85  # about; decides how many years, groups under way and facilitators there are
MOST_UNDER_WAY = 24
MOST_FACILITATORS = 200
_LONGEST_YEARS = 10
_PROGRAMMES, _SHARES = ("steps_forward", "open_door", "side_by_side"), (45, 38, 17)
_TERM_WEEKS = (2, 3, 4, 16, 17, 18, 22, 36, 37, 38, 39, 44)  # weeks of the year courses begin in
_COURSE = timedelta(weeks=22)  # with its breaks
_RECENT = timedelta(days=730)  # since then every measure is taken and everybody asked
_CLOSED_AFTER = timedelta(days=90)
_ALONE = 3


def facilitators_for(marks: int) -> int:
    """How many people it takes to run so much."""
    return min(MOST_FACILITATORS, 2 + marks // MARKS_A_GROUP // 20)


def all_runs(people: int | None, marks: int | None, *, seed: int, today: date) -> list[Run]:
    """The groups there have been, in the order they began; None leaves a number open."""
    shown = scenes(today)
    if marks is None:
        least = sum(run.marks for run in shown)
        marks = least if people is None else max(least, people * MARKS_A_PERSON)
    kept: list[Run] = []
    for run in shown:
        if sum(other.marks for other in kept) + run.marks <= marks:
            kept.append(run)
    missing = marks - sum(run.marks for run in kept)
    past = history(Chance(f"{seed} history"), missing, today=today)
    return sorted([*kept, *past], key=lambda run: run.starts_on)


def history(chance: Chance, marks: int, *, today: date) -> Iterator[Run]:
    """Past groups, and a few under way where there are many, with so many marks in all."""
    groups, facilitators = marks // MARKS_A_GROUP, facilitators_for(marks)
    mondays = _mondays(today, years=min(_LONGEST_YEARS, 2 + groups // 400))
    for number in range(min(MOST_UNDER_WAY, groups // 40)):
        # The demonstration's own two facilitators have enough to do as it is.
        pair = tuple(2 + (number + other) % (facilitators - 2) for other in (0, 1))
        run = _under_way(chance, today, pair)
        marks -= run.marks
        yield run
    while marks > 0:
        monday = chance.choice(mondays)
        leads = chance.randrange(facilitators)
        run = _past(chance, monday, today, leads)
        if run.marks > marks:
            run = _of_exactly(marks, monday, leads)
        marks -= run.marks
        yield run


def _under_way(chance: Chance, today: date, pair: tuple[int, ...]) -> Run:
    programme = _programme(chance)
    position = chance.randint(3, programme.sessions - 1)
    days_ago = chance.randrange(7)
    last = today - timedelta(days=days_ago)
    return Run(
        programme=programme,
        code_name=f"{last:%A} {chance.word('group')}",
        state=GroupState.RUNNING,
        sessions=around(last, position, programme, _start(programme)),
        held=position if days_ago else position - 1,
        facilitators=pair,
        capacity=programme.capacity * (2 if programme.audience != "adults" else 1),
        seats=_seats(chance, programme),
    )


def _past(chance: Chance, monday: date, today: date, leads: int) -> Run:
    programme = _programme(chance)
    sessions = _planned(programme.key, monday + timedelta(days=chance.randrange(5)))
    ended = sessions[-1].starts_at.date()
    recent = monday >= today - _RECENT
    return Run(
        programme=programme,
        code_name=f"{chance.word('group').capitalize()} {_season(monday)}",
        state=GroupState.CLOSED if ended < today - _CLOSED_AFTER else GroupState.FINISHED,
        sessions=sessions,
        held=len(sessions),
        facilitators=(leads,),
        capacity=programme.capacity * (2 if programme.audience != "adults" else 1),
        seats=_seats(chance, programme),
        cancelled=chance.randint(3, 9) if chance.happens(0.2) else None,
        takes_all_measures=recent,
        asks_feedback=recent,
    )


def _of_exactly(marks: int, monday: date, leads: int) -> Run:
    """The last group makes up what is missing, with somebody who joined late if it must."""
    programme = shipped()["steps_forward"]
    full, rest = divmod(marks, programme.sessions)
    late = (Seat(first=programme.sessions + 1 - rest),) if rest else ()
    return Run(
        programme=programme,
        code_name=f"Bookends {_season(monday)}",
        state=GroupState.CLOSED,
        sessions=_planned(programme.key, monday),
        held=programme.sessions,
        facilitators=(leads,),
        capacity=programme.capacity,
        seats=(Seat(),) * full + late,
        takes_all_measures=False,
        asks_feedback=False,
    )


def _seats(chance: Chance, programme: ProgrammeTemplate) -> tuple[Seat, ...]:
    most = programme.capacity
    count = chance.randint(most // 2, most)
    seats = [_seat(chance, programme) for _ in range(count)]
    if programme.audience != "parents and children":
        return tuple(seats)
    # Of some children the parent cannot come.
    return tuple(replace(seat, child_alone=n % _ALONE == 0) for n, seat in enumerate(seats, 1))


def _seat(chance: Chance, programme: ProgrammeTemplate) -> Seat:
    """Of ten who enrol about one never comes and one leaves early (domain, synthetic data)."""
    first = _first(chance, programme)
    fate = chance.random()
    if fate < 0.09:
        return Seat(first=first, last=first + 2, comes=NEVER)
    if fate < 0.19:
        return Seat(first=first, last=first + chance.randint(1, 4), comes=0.7)
    steady = chance.happens(0.74)
    comes = chance.betavariate(19, 2) if steady else chance.betavariate(3, 6)
    return Seat(first=first, comes=comes)


def _first(chance: Chance, programme: ProgrammeTemplate) -> int:
    if programme.kind == "closed":
        return 2 if chance.happens(0.06) else 1
    return 1 if chance.happens(0.75) else chance.randint(2, 4)


def _programme(chance: Chance) -> ProgrammeTemplate:
    return shipped()[chance.choices(_PROGRAMMES, _SHARES)[0]]


def _mondays(today: date, years: int) -> list[date]:
    """When courses began, in the terms of the years before."""
    monday = today - timedelta(days=today.weekday()) - _COURSE
    weeks = [monday - timedelta(weeks=back) for back in range(52 * years)]
    return [day for day in weeks if day.isocalendar().week in _TERM_WEEKS]


@cache
def _planned(programme_key: str, first: date) -> tuple[PlannedSession, ...]:
    programme = shipped()[programme_key]
    skip = breaks(first.year - 1, first.year + 1)
    planned = plan_sessions(
        first,
        first.weekday(),
        _start(programme),
        programme.minutes,
        programme.sessions,
        skip,
    )
    return tuple(planned)


def _start(programme: ProgrammeTemplate) -> time:
    return time(10) if programme.audience == "adults" else time(15, 45)


def _season(day: date) -> str:
    return f"{('winter', 'spring', 'summer', 'autumn')[day.month % 12 // 3]} {day.year}"
