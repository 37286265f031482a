"""Who had best join which group, and what no rota can pass.

What is proven holds for every rota: months of two groups and hours that meet are left out of it.
Who is then chosen is chosen with both in mind, for a rota to begin from.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Joining, Part
from services.volunteers.rota.problem import Helper, Problem
from services.volunteers.rota.search import Run
from services.volunteers.rota.teams import Month, Role, roles, teams

if TYPE_CHECKING:
    from ortools.linear_solver.python.model_builder import Model

_CHOOSING = 0.25  # of the time
_FUZZ = 1e-4  # what reckoning in fractions may be off by


@dataclass(frozen=True, slots=True)
class Joined:
    """Who had best join what; what any rota covers at most, with no fewer faces than so many."""

    joining: set[Joining]
    at_most: int
    faces_at_least: int


def join(problem: Problem, run: Run) -> Joined | None:
    """Who had best join which group, and what no rota can pass; None where time did not allow."""
    from ortools.linear_solver.python.model_builder import Model

    made = _Made(Model())  # type: ignore[no-untyped-call]
    for part, role in roles(problem):
        if run.is_over:
            return None
        _one_team(made, part, role)
    if not made.covered:
        return Joined(set(), 0, 0)
    joins = {key: sum(numbers) for key, numbers in made.takes.items()}
    formulate.limit_groups(made.model, problem, joins)
    there = formulate.joined(problem, problem.fixed)
    proven = _proven(made, sum(one for key, one in joins.items() if key not in there))
    if proven is None:
        return None
    _keep_clear(made.model, problem, joins)
    made.model.maximize(sum(made.covered))
    return Joined(_joining(made.model, joins, run), *proven)


@dataclass
class _Made:
    model: "Model"
    takes: defaultdict[Joining, list[Any]] = field(default_factory=lambda: defaultdict(list))
    covered: list[Any] = field(default_factory=list)


def _one_team(made: _Made, part: Part, role: Role) -> None:
    """A role of a group has one team at most."""
    numbers = []
    for people, sessions in teams(role):
        number = made.model.new_bool_var("")
        numbers.append(number)
        made.covered.append(sessions * number)
        for who in people:
            made.takes[who, *part].append(number)
    if numbers:
        made.model.add(sum(numbers) <= 1)


def _proven(made: _Made, faces: Any) -> tuple[int, int] | None:
    """What can be covered at most, and with how few faces that much. In fractions of teams, which
    never says too little of the one nor too much of the other."""
    from ortools.linear_solver.python.model_builder import Solver, SolveStatus

    solver, covered = Solver("GLOP"), sum(made.covered)
    made.model.maximize(covered)
    if solver.solve(made.model) != SolveStatus.OPTIMAL:
        return None
    most = math.floor(solver.objective_value + _FUZZ)
    enough: Any = made.model.add(covered >= most)
    made.model.minimize(faces)
    is_known = solver.solve(made.model) == SolveStatus.OPTIMAL
    faces = math.ceil(solver.objective_value - _FUZZ) if is_known else 0
    enough.lower_bound = -math.inf
    return most, faces


def _keep_clear(model: "Model", problem: Problem, joins: Mapping[Joining, Any]) -> None:
    """Nobody in two groups she cannot do whole, nobody new by herself without somebody seasoned:
    no rules, but what is chosen so can be given out; teams of the greatest promise cannot."""
    meet = _at_one_time(problem)
    for helper in problem.helpers:
        hers = _by_group(joins, {helper.number})
        takes = {group: sum(numbers) for group, numbers in hers.items()}
        for number in takes.values():
            model.add(number <= 1)
        for groups, left in formulate.group_limits(problem, helper, takes):
            model.add(sum(takes[group] for group in groups) <= left)
        for first, then in _not_both(problem, helper, sorted(takes), meet):
            model.add(takes[first] + takes[then] <= 1)
    new = {one.number for one in problem.helpers if one.is_new}
    seasoned = _by_group(joins, {one.number for one in problem.helpers} - new)
    shared = {(one.group, need.role) for one in problem.meetings for need in one.needs
              if need.count > 1}  # fmt: skip
    for (who, group, role), number in joins.items():
        if who in new and (group, role) not in shared:
            model.add(number <= sum(seasoned[group]))


def _by_group(joins: Mapping[Joining, Any], people: Collection[int]) -> defaultdict[int, list[Any]]:
    found = defaultdict(list)
    for (who, group, _role), number in joins.items():
        if who in people:
            found[group].append(number)
    return found


def _not_both(
    problem: Problem, helper: Helper, groups: Sequence[int], meet: Collection[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The pairs of groups that meet at one time, or are more a month than she wishes."""
    if helper.groups_at_once == 1:
        return
    months = _months(problem, helper, groups)
    for first, then in combinations(groups, 2):
        most = max((months[first] + months[then]).values(), default=0)
        if (first, then) in meet or most > (helper.a_month or math.inf):
            yield first, then


def _months(problem: Problem, helper: Helper, groups: Collection[int]) -> dict[int, Counter[Month]]:
    """How many sessions of each month she is free for, in each of these groups."""
    found: dict[int, Counter[Month]] = {group: Counter() for group in groups}
    for one in problem.meetings:
        if one.group in found and one.number in helper.free_for:
            found[one.group][one.month] += 1
    return found


def _at_one_time(problem: Problem) -> set[tuple[int, int]]:
    """Which two groups ever meet at the same time."""
    later = sorted(problem.meetings, key=lambda one: one.starts_at)
    found = set()
    for place, one in enumerate(later):
        for other in later[place + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            found.add((min(one.group, other.group), max(one.group, other.group)))
    return found


def _joining(model: "Model", joins: Mapping[Joining, Any], run: Run) -> set[Joining]:
    """The teams chosen, as far as time allows."""
    from ortools.linear_solver.python.model_builder import Solver, SolveStatus

    if run.is_over:
        return set()
    solver = Solver("SCIP")
    solver.set_time_limit_in_seconds(run.left * _CHOOSING)
    with run.watched("cover", solver.stop_search):
        status = solver.solve(model)
    if status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return set()
    return {key for key, one in joins.items() if round(solver.value(one)) == 1}
