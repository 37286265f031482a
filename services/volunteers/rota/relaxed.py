"""The rota in the large: who joins which group, and what could be covered at best.

Sessions are counted here, not given to anybody, so this is quickly solved and never says too
little: what it cannot cover, no rota can. The solver gives sessions to those who join afterwards
(services/volunteers/rota/formulate.py); where the two agree, the rota is proven to be the best.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Joining, Part
from services.volunteers.rota.problem import Helper, Meeting, Need, Problem, Stint

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

_UNSPOKEN = 5  # less than another session for who has as many as anybody
_TIER, _TIERS = 4, 12  # sessions that weigh alike; each further tier weighs more


@dataclass
class Relaxed:
    """The model, with its numbers by what they stand for."""

    model: "CpModel"
    joins: dict[Joining, Any]
    monthly: dict[tuple[Joining, tuple[int, int]], Any] = field(default_factory=dict)
    covered: list[Any] = field(default_factory=list)
    sessions: list[tuple[Meeting, int, Any]] = field(default_factory=list)
    faces: list[Any] = field(default_factory=list)


def relaxed(problem: Problem) -> Relaxed:
    """The model of who joins which group."""
    from ortools.sat.python.cp_model import CpModel

    parts = formulate.parts(problem)
    model = CpModel()
    joins = {(who, *part): model.new_bool_var("") for part, hers in parts.items() for who in hers}
    made = Relaxed(model, joins)
    formulate.limit_groups(model, problem, joins)
    helpers = {one.number: one for one in problem.helpers}
    for part, hers in parts.items():
        _cover(made, problem, helpers, part, hers)
    _so_many_a_month(made, problem, helpers)
    _seasoned_at_each(made, problem, helpers)
    _one_place_at_a_time(made, problem)
    return made


def uneven(made: Relaxed, problem: Problem) -> Any:
    """What to make least of once all else is settled: heavy loads, then somebody whose language
    nobody speaks although somebody could, then roles not wished for."""
    costs: list[Any] = []
    fixed = formulate.fixed_load(problem)
    spoken = {group for helper in problem.helpers for group in helper.speaks_for}
    for helper in problem.helpers:
        hers = {key: one for key, one in made.monthly.items() if key[0][0] == helper.number}
        tiers = [made.model.new_int_var(0, _TIER, "") for _ in range(_TIERS)]
        made.model.add(sum(hers.values()) + fixed[helper.number] <= sum(tiers))
        costs += [10 * weight * tier for weight, tier in enumerate(tiers)]
        costs += [
            _UNSPOKEN * one for ((_who, group, _role), _month), one in hers.items()
            if group in spoken and group not in helper.speaks_for
        ]  # fmt: skip
        costs += [
            one for ((_who, _group, role), _month), one in hers.items()
            if helper.wishes and role not in helper.wishes
        ]  # fmt: skip
    return sum(costs)


def _cover(
    made: Relaxed,
    problem: Problem,
    helpers: dict[int, Helper],
    part: Part,
    hers: dict[int, list[Stint]],
) -> None:
    """A role of a group: each session is covered by those of its people who are free that day."""
    model, wanted = made.model, formulate.wanted(problem, part)
    people = model.new_int_var(0, len(hers), "")
    model.add(people == sum(made.joins[who, *part] for who in hers))
    free = defaultdict(list)
    for who, stints in hers.items():
        for stint in stints:
            free[stint.meeting].append(made.joins[who, *part])
    covered = {}
    for meeting, (need, open_still) in wanted.items():
        if free[meeting.number] and open_still > 0:
            here = model.new_int_var(0, open_still, "")
            model.add(here <= sum(free[meeting.number]))
            model.add(here <= people)
            _enough(model, here, open_still, need.least - (need.count - open_still))
            covered[meeting] = here
            made.sessions.append((meeting, open_still, here))
    at_best = [_monthly(made, helpers[who], part, stints, covered) for who, stints in hers.items()]
    _months_add_up(made, part, hers, covered)
    _best_with_so_many(model, people, sum(covered.values()), at_best, _open(wanted))
    made.covered += covered.values()
    made.faces.append(people)


def _enough(model: "CpModel", here: Any, most: int, least: int) -> None:
    if least > 1:
        some = model.new_bool_var("")
        model.add(here >= least * some)
        model.add(here <= most * some)


def _monthly(
    made: Relaxed, helper: Helper, part: Part, stints: list[Stint], covered: dict[Meeting, Any]
) -> int:
    """How many sessions of each month she does here; gives back how many at best."""
    months: defaultdict[tuple[int, int], int] = defaultdict(int)
    by_number = {meeting.number: meeting for meeting in covered}
    for stint in stints:
        if stint.meeting in by_number:
            months[by_number[stint.meeting].month] += 1
    key = (helper.number, *part)
    for month, count in months.items():
        most = count if helper.a_month is None else min(count, helper.a_month)
        number = made.monthly[key, month] = made.model.new_int_var(0, most, "")
        made.model.add(number <= most * made.joins[key])
    caps = (count if helper.a_month is None else min(count, helper.a_month)
            for count in months.values())  # fmt: skip
    return sum(caps)


def _months_add_up(
    made: Relaxed, part: Part, hers: Iterable[int], covered: dict[Meeting, Any]
) -> None:
    months = defaultdict(list)
    for meeting, here in covered.items():
        months[meeting.month].append(here)
    for month, numbers in months.items():
        given = (made.monthly.get(((who, *part), month)) for who in hers)
        made.model.add(sum(numbers) <= sum(one for one in given if one is not None))


def _best_with_so_many(
    model: "CpModel", people: Any, covered: Any, at_best: list[int], open_still: int
) -> None:
    """Two who are each away for a week cover all between them; one alone does not.

    Whole people keep to this anyway. The fractions in which the solver reckons do not, and without
    it little could be proven about how good a rota may be.
    """
    reached = 0
    for number, sessions in enumerate(sorted(at_best, reverse=True)):
        step = min(open_still - reached, sessions)
        model.add(covered <= reached + step * (people - number))
        reached += step
        if step == 0:
            return


def _so_many_a_month(made: Relaxed, problem: Problem, helpers: dict[int, Helper]) -> None:
    done = formulate.done_by_month(problem)
    months = defaultdict(list)
    for ((who, _group, _role), month), number in made.monthly.items():
        months[who, month].append(number)
    for (who, month), numbers in months.items():
        most = helpers[who].a_month
        if most is not None:
            made.model.add(sum(numbers) <= max(most - done[who, month], 0))


def _seasoned_at_each(made: Relaxed, problem: Problem, helpers: dict[int, Helper]) -> None:
    """A session is covered only where somebody seasoned who joined is free, or is fixed."""
    led = {one.meeting for one in problem.fixed if not helpers[one.helper].is_new}
    seasoned = defaultdict(list)
    for (group, role), hers in formulate.parts(problem).items():
        for who, stints in hers.items():
            for stint in stints:
                if not helpers[who].is_new:
                    seasoned[stint.meeting].append(made.joins[who, group, role])
    for meeting, most, here in made.sessions:
        if meeting.number not in led:
            made.model.add(here <= most * sum(seasoned[meeting.number]))


def _one_place_at_a_time(made: Relaxed, problem: Problem) -> None:
    """Of sessions at one time she is counted at one: of two roles, or of two groups."""
    meetings: defaultdict[tuple[int, tuple[int, int]], list[Meeting]] = defaultdict(list)
    for meeting in problem.meetings:
        meetings[meeting.group, meeting.month].append(meeting)
    counted: defaultdict[tuple[int, tuple[int, int]], dict[int, list[Any]]]
    counted = defaultdict(lambda: defaultdict(list))
    for ((who, group, _role), month), number in made.monthly.items():
        counted[who, month][group].append(number)
    free = {one.number: one.free_for for one in problem.helpers}
    for (who, month), groups in counted.items():
        hers = {
            group: [one for one in meetings[group, month] if one.number in free[who]]
            for group in groups
        }
        for group, numbers in groups.items():
            if len(numbers) > 1:
                made.model.add(sum(numbers) <= len(hers[group]))
        for one, other in combinations(groups, 2):
            if shared := _at_once(hers[one], hers[other]):
                together = sum(groups[one]) + sum(groups[other])
                made.model.add(together <= len(hers[one]) + len(hers[other]) - shared)


def _at_once(ones: list[Meeting], others: list[Meeting]) -> int:
    """How many of these can be paired off with one of those at the same time."""
    left = list(others)
    for one in ones:
        there = (two for two in left if one.starts_at < two.ends_at and two.starts_at < one.ends_at)
        if (found := next(there, None)) is not None:
            left.remove(found)
    return len(others) - len(left)


def _open(wanted: dict[Meeting, tuple[Need, int]]) -> int:
    return sum(max(open_still, 0) for _need, open_still in wanted.values())
