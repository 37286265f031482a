"""What a rota is filled for, one aim after another: each a number to make least of."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from services.volunteers.rota import formulate, shares
from services.volunteers.rota.formulate import Formulation
from services.volunteers.rota.problem import Problem, Stint


@dataclass(frozen=True, slots=True)
class Aim:
    """A number of a rota there is, and the same of one the solver is to find."""

    step: str
    of: Callable[[Problem, Collection[Stint]], int]
    sought: Callable[[Formulation, Problem], Any]


def faces(problem: Problem, rota: Collection[Stint]) -> int:
    """How many join a group in a role who are not asked for it already."""
    return len(formulate.joined(problem, rota) - formulate.joined(problem, problem.fixed))


def _faces(made: Formulation, problem: Problem) -> Any:
    there = formulate.joined(problem, problem.fixed)
    return sum(number for key, number in made.joins.items() if key not in there)


COVER = Aim("cover", lambda _problem, rota: -len(rota), lambda made, _: -sum(made.can.values()))
FACES = Aim("faces", faces, _faces)
SHARES = Aim("shares", shares.uneven, shares.sought)
