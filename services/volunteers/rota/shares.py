"""Fair shares and wishes, as one number to make least of once sessions and faces are settled."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Formulation
from services.volunteers.rota.problem import Problem, Stint

_TIER = 4  # sessions that weigh alike; each further tier weighs more
_LOAD, _UNSPOKEN, _UNWISHED = 10, 5, 1


def uneven(problem: Problem, rota: Collection[Stint]) -> int:
    """Heavy loads, then somebody whose language nobody speaks although somebody could, then roles
    not wished for."""
    missed, loads = _missed(problem), formulate.fixed_load(problem)
    for stint in rota:
        loads[stint.helper] += 1
    heavy = sum(session // _TIER for load in loads.values() for session in range(load))
    return _LOAD * heavy + sum(map(missed, rota))


def sought(made: Formulation, problem: Problem) -> Any:
    """The same of a rota to be found; what is fixed of it weighs nothing where nothing is added."""
    missed, fixed = _missed(problem), formulate.fixed_load(problem)
    hers: defaultdict[int, list[Any]] = defaultdict(list)
    for stint, number in made.can.items():
        hers[stint.helper].append(number)
    costs: list[Any] = [missed(stint) * number for stint, number in made.can.items()]
    for who, numbers in hers.items():
        most = math.ceil((len(numbers) + fixed[who]) / _TIER)
        tiers = [made.model.new_int_var(0, _TIER, "") for _ in range(most)]
        made.model.add(sum(numbers) + fixed[who] <= sum(tiers))
        costs += [_LOAD * weight * tier for weight, tier in enumerate(tiers)]
    return sum(costs)


def _missed(problem: Problem) -> Callable[[Stint], int]:
    """What one session costs beside its load."""
    groups = {one.number: one.group for one in problem.meetings}
    helpers = {one.number: one for one in problem.helpers}
    spoken = {group for helper in problem.helpers for group in helper.speaks_for}

    def missed(stint: Stint) -> int:
        helper, group = helpers[stint.helper], groups[stint.meeting]
        unspoken = group in spoken and group not in helper.speaks_for
        unwished = helper.wishes and stint.role not in helper.wishes
        return _UNSPOKEN * bool(unspoken) + _UNWISHED * bool(unwished)

    return missed
