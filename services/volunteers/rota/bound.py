"""What no rota can pass: reckoned with teams in fractions, in well under a second.

It holds for every rota: months of two groups and hours that meet are left out of it.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.volunteers.rota import company, formulate
from services.volunteers.rota.formulate import Joining, Part
from services.volunteers.rota.problem import Problem
from services.volunteers.rota.search import Run
from services.volunteers.rota.teams import Role, roles, teams

if TYPE_CHECKING:
    from ortools.linear_solver.python.model_builder import Model

_FUZZ = 1e-4  # what reckoning in fractions may be off by


def proven(problem: Problem, run: Run) -> tuple[int, int]:
    """How many needs any rota covers at most, and how few faces covering so many takes.

    Where time does not allow, what can be said without reckoning.
    """
    from ortools.linear_solver.python.model_builder import Model

    plain = formulate.coverable(problem), 0
    made = _Made(Model())  # type: ignore[no-untyped-call]
    for part, role in roles(problem):
        if run.is_over:
            return plain
        _one_team(made, part, role)
    if not made.covered:
        return plain
    company.limit(made.model, problem, made.by_group)
    joins = {key: sum(numbers) for key, numbers in made.takes.items()}
    formulate.limit_groups(made.model, problem, joins)
    there = formulate.joined(problem, problem.fixed)
    faces = sum(one for key, one in joins.items() if key not in there)
    found = _in_fractions(made, faces)
    return found if found and found[0] <= plain[0] else plain


@dataclass
class _Made:
    model: "Model"
    takes: defaultdict[Joining, list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_group: defaultdict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))

    @property
    def covered(self) -> list[Any]:
        """What each team would cover, of every group."""
        return [one for numbers in self.by_group.values() for one in numbers]


def _one_team(made: _Made, part: Part, role: Role) -> None:
    """A role of a group has one team at most."""
    numbers = []
    for people, sessions in teams(role):
        number = made.model.new_bool_var("")
        numbers.append(number)
        made.by_group[part[0]].append(sessions * number)
        for who in people:
            made.takes[who, *part].append(number)
    if numbers:
        made.model.add(sum(numbers) <= 1)


def _in_fractions(made: _Made, faces: Any) -> tuple[int, int] | None:
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
