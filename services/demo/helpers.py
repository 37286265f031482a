"""The survivor volunteers of the demonstration: at every stage, some of them placed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from models import (
    GroupState,
    Placement,
    PlacementRole,
    Stage,
    StageChange,
    Volunteer,
)
from services import clock
from services.demo.cast import phone
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink

_WAY = (
    Stage.INTEREST, Stage.CONVERSATION, Stage.APPLICATION, Stage.INTERVIEW, Stage.CHECKS,
    Stage.TRAINING, Stage.SHADOWING, Stage.ACTIVE,
)  # fmt: skip
# How many days ago each who is active became so, in turn: one has only just begun, and those who
# have been there for longest are with no group now, so that the rota can ask them.
_ACTIVE_SINCE = (100, 100, 100, 0, 1000, 1000, 1000, 1000)
_WITH_GROUPS = 4
_IN_TURN = (
    *(Stage.INTEREST,) * 2, Stage.CONVERSATION, Stage.APPLICATION, Stage.INTERVIEW,
    *(Stage.CHECKS,) * 2, Stage.TRAINING, *(Stage.SHADOWING,) * 2,
    *(Stage.ACTIVE,) * len(_ACTIVE_SINCE),
    Stage.STEPPED_BACK, Stage.MOVED_ON,
)  # fmt: skip
_FIRST_ACTIVE = _IN_TURN.index(Stage.ACTIVE)
_ROLES = (
    PlacementRole.WELCOME, PlacementRole.CRECHE, PlacementRole.CO_FACILITATOR,
    PlacementRole.PEER_CONTACT,
)  # fmt: skip
_LEAVING = {Stage.STEPPED_BACK: "stepping_back", Stage.MOVED_ON: "moved_on"}
# What was agreed with some of them, and in how many days from today.
_NEXT = {
    1: {"Meet for tea at the library": 3},
    2: {"Ring her once her mother's visit is over": -2},
    5: {"Ask her second referee again": 1},
}


class Helper(NamedTuple):
    """One of them: her number and her name."""

    number: int
    first_name: str
    last_name: str


_Move = tuple[Stage | None, Stage, date, str | None]


def welcome(
    sink: Sink,
    chance: Chance,
    courses: list[Course],
    *,
    count: int,
    coordinator: int,
    today: date,
) -> dict[Stage, list[Helper]]:
    """Add so many volunteers, at every stage in turn, place those who are ready; who is where."""
    there: defaultdict[Stage, list[Helper]] = defaultdict(list)
    running = [course for course in courses if course.run.state is GroupState.RUNNING]
    for number in range(count):
        stage = _IN_TURN[number % len(_IN_TURN)]
        turn = number % len(_IN_TURN) - _FIRST_ACTIVE
        ago = _ACTIVE_SINCE[turn] if stage is Stage.ACTIVE else 0
        # The first active one has stepped back for a while and returned.
        moves = _moves(chance, stage, today - timedelta(days=ago), returned=number == _FIRST_ACTIVE)
        volunteer = _add(sink, chance, moves, coordinator, _NEXT.get(number, {}), today)
        there[stage].append(volunteer)
        is_placed = stage is Stage.SHADOWING or (stage is Stage.ACTIVE and turn < _WITH_GROUPS)
        if is_placed and running:
            _place(sink, chance, volunteer.number, moves, running[number % len(running)])
    return there


def _add(
    sink: Sink,
    chance: Chance,
    moves: list[_Move],
    coordinator: int,
    agreed: dict[str, int],
    today: date,
) -> Helper:
    first_name, surname = chance.word("woman"), chance.word("surname")
    _from, stage, since, _reason = moves[-1]
    volunteer = sink.add(
        Volunteer,
        ref=chance.ref(),
        first_name=first_name,
        last_name=surname,
        phone=phone(chance) if chance.happens(0.8) else None,
        email=f"{first_name}.{surname}@example.org".lower() if chance.happens(0.7) else None,
        note=chance.maybe(0.5, "volunteer"),
        stage=stage,
        stage_since=since,
        owner_id=coordinator,
        **_agreed(agreed, today),
        created_at=clock.start_of_day(moves[0][2]) + timedelta(hours=10),
    )
    for before, after, on, reason in moves:
        sink.add(
            StageChange,
            volunteer_id=volunteer,
            from_stage=before,
            to_stage=after,
            changed_on=on,
            account_id=coordinator,
            because="done" if after is Stage.MOVED_ON else None,
            reason=reason,
        )
    return Helper(volunteer, first_name, surname)


def _agreed(step: dict[str, int], today: date) -> dict[str, Any]:
    """What was agreed with her, and by which day, if anything was."""
    return {
        name: value
        for words, days in step.items()
        for name, value in (("next_step", words), ("next_step_by", today + timedelta(days=days)))
    }


def _moves(chance: Chance, stage: Stage, today: date, *, returned: bool) -> list[_Move]:
    """How she came to where she is: every stage on the way, a few weeks apart."""
    stages = list(_stages(stage, returned=returned))
    day = today - timedelta(days=chance.randint(2, 30))
    days = []
    for _stage in stages:
        days.append(day)
        day -= timedelta(days=chance.randint(9, 40))
    befores: list[Stage | None] = [None, *stages]
    return [
        (before, after, on, chance.word(_LEAVING[after]) if after in _LEAVING else None)
        for before, after, on in zip(befores, stages, reversed(days), strict=False)
    ]


def _stages(stage: Stage, *, returned: bool) -> Iterator[Stage]:
    if stage in _LEAVING or returned:
        yield from _WAY
        yield Stage.STEPPED_BACK if returned else stage
        if returned:
            yield stage
        return
    yield from _WAY[: _WAY.index(stage) + 1]


def _place(sink: Sink, chance: Chance, volunteer: int, moves: list[_Move], course: Course) -> None:
    _from, stage, since, _reason = moves[-1]
    shadows = stage is Stage.SHADOWING
    sink.add(
        Placement,
        ref=chance.ref(),
        volunteer_id=volunteer,
        group_id=course.group,
        role=PlacementRole.SHADOWING if shadows else chance.choice(_ROLES),
        starts_on=min(max(since, course.run.starts_on), course.run.ends_on),
    )
