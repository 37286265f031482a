"""Groups, programmes, venues and times side by side, as far as chance lets them be told apart.

For the house alone: nothing here is for a report, since a group is a handful of families.
"""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, Group, GroupSession, GroupState, Place, Room, SessionState
from services import clock
from services.errors import NotPermittedError
from services.outcomes.comparing_figures import Comparison, Unit, compared
from services.outcomes.improvement import improved, improved_in
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.completed_by import beyond
from services.statistics import Clusters, design_effect
from services.tallies.periods import Period
from services.tallies.shares import sees_small_numbers

MOST_GROUPS = 100
NO_ROOM = "No room on record"
_OVER = (GroupState.FINISHED, GroupState.CLOSED)
_NOON, _EVENING = 12, 17


class By(enum.Enum):
    """What is compared."""

    GROUP = "group"
    PROGRAMME = "programme"
    VENUE = "venue"
    TIME = "time"
    QUARTER = "quarter"


class Figure(enum.Enum):
    """On what: came of expected, completed of enrolled, clearly improved of both forms."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    IMPROVEMENT = "improvement"


@dataclass(slots=True)
class _Sums:
    """What the people of one group come to."""

    clusters: Clusters
    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class _Found:
    """One group, and under which name it is counted each way."""

    id: int
    is_over: bool
    names: dict[By, str] = field(default_factory=dict)


def compare(db: Session, actor: Actor, by: By, figure: Figure, period: Period) -> Comparison:
    """Units compared on one figure: the newest hundred groups that began in the period.

    Attendance is of all of them, completing of those that are over. Improvement by programme is
    over all groups that began in the quarters of the period, and else of those with both forms in
    these groups. Raises InvalidInputError for a period that ends before it starts.
    """
    actor.require(Permission.READ_OUTCOMES)
    if not sees_small_numbers(actor):
        raise NotPermittedError("compare groups with each other")
    period.checked()
    if figure is Figure.IMPROVEMENT and by is By.PROGRAMME:
        return improved(db, actor, period)
    found = _groups(db, period)
    if figure is Figure.IMPROVEMENT:
        named = {one.id: one.names[by] for one in found}
        return improved_in(db, actor, period, named, most=MOST_GROUPS)
    sums = _sums(db, [one.id for one in found])
    if figure is Figure.COMPLETION:
        units = _completion([one for one in found if one.is_over], sums, by)
        return compared(units, groups=len(found), most=MOST_GROUPS)
    clusters = _clusters(found, sums, by)
    effect = _effect(sums)
    units = [Unit(name, one.counts, one.sizes, one.people) for name, one in clusters.items()]
    return compared(units, groups=len(found), most=MOST_GROUPS, effect=effect)


def attendance_effect(db: Session, period: Period) -> float:
    """By what marks are divided before they are compared: the same people have many.

    Of the newest hundred groups that began in the period. A step of services that have asked.
    """
    return _effect(_sums(db, [one.id for one in _groups(db, period)]))


def _effect(sums: dict[int, _Sums]) -> float:
    return design_effect([one.clusters for one in sums.values()])


def _completion(found: Sequence[_Found], sums: dict[int, _Sums], by: By) -> list[Unit]:
    completed: Counter[str] = Counter()
    enrolled: Counter[str] = Counter()
    for one in found:
        if one.id in sums:
            completed[one.names[by]] += sums[one.id].completed
            enrolled[one.names[by]] += sums[one.id].enrolled
    return [Unit(name, completed[name], of, of) for name, of in enrolled.items() if of]


def _clusters(found: Sequence[_Found], sums: dict[int, _Sums], by: By) -> dict[str, Clusters]:
    parts: defaultdict[str, list[Clusters]] = defaultdict(list)
    for one in found:
        if one.id in sums and sums[one.id].clusters.sizes:
            parts[one.names[by]].append(sums[one.id].clusters)
    return {name: _together(some) for name, some in parts.items()}


def _together(some: Iterable[Clusters]) -> Clusters:
    columns = zip(*((one.people, one.counts, one.sizes, one.counts_squared, one.products,
                     one.sizes_squared) for one in some), strict=True)  # fmt: skip
    return Clusters(*map(sum, columns))


def _groups(db: Session, period: Period) -> list[_Found]:
    """The newest groups of the period, each with what it is counted under."""
    query = (
        select(Group.id, Group.code_name, Group.programme, Group.starts_on, Group.state, Room.name)
        .outerjoin(Room, Room.id == Group.room_id)
        .where(Group.starts_on.between(period.first, period.last))
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(MOST_GROUPS)
    )
    rows = db.execute(query).all()
    titles = programmes.titles(db)
    times = _times(db, [row.id for row in rows])
    called = Counter(row.code_name for row in rows)
    return [
        _Found(
            number,
            state in _OVER,
            {
                # Two runs may have one name: the month tells them apart.
                By.GROUP: name if called[name] == 1 else f"{name}, {starts:%b %Y}",
                By.PROGRAMME: titles[programme],
                By.VENUE: room or NO_ROOM,
                By.TIME: times.get(number, "No session planned"),
                By.QUARTER: clock.quarter(starts),
            },
        )
        for number, name, programme, starts, state, room in rows
    ]


def _times(db: Session, groups: Sequence[int]) -> dict[int, str]:
    query = (
        select(GroupSession.group_id, func.min(GroupSession.local_start))
        .where(GroupSession.group_id.in_(groups), GroupSession.state != SessionState.CANCELLED)
        .group_by(GroupSession.group_id)
    )
    return {number: time_of(starts) for number, starts in db.execute(query)}


def time_of(starts: datetime) -> str:
    """The day of the week and the part of the day: "Tuesday morning"."""
    part = "morning" if starts.hour < _NOON else "afternoon"
    return f"{starts:%A} {'evening' if starts.hour >= _EVENING else part}"


def _sums(db: Session, groups: Sequence[int]) -> dict[int, _Sums]:
    # PostgreSQL gives the sum of whole numbers as a decimal.
    rows = [[int(one) for one in row] for row in db.execute(_of_places(groups))]
    return {
        number: _Sums(Clusters(*clusters), enrolled, completed)
        for number, enrolled, completed, *clusters in rows
    }


def _of_places(groups: Sequence[int]) -> Select[*tuple[int, ...]]:
    """One row a group: from the sums kept with places, never from marks."""
    came, of = Place.attended, Place.expected
    return (
        select(
            Place.group_id,
            func.count(),
            func.count().filter(beyond() >= 0),
            func.count().filter(of > 0),
            func.sum(came),
            func.sum(of),
            func.sum(came * came),
            func.sum(came * of),
            func.sum(of * of),
        )
        .join(Group, Group.id == Place.group_id)
        .where(Place.group_id.in_(groups), Place.state.not_in(NEVER_TAKEN_UP))
        .group_by(Place.group_id)
    )
