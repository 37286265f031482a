"""Fair shares and wishes, as one number to make least of once sessions and faces are settled."""

from collections import defaultdict
from typing import Any

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Formulation
from services.volunteers.rota.problem import Helper, Problem

_TIER, _TIERS = 4, 12  # sessions that weigh alike; each further tier weighs more
_LOAD, _UNSPOKEN, _UNWISHED = 10, 5, 1


def uneven(made: Formulation, problem: Problem) -> Any:
    """Heavy loads, then somebody whose language nobody speaks although somebody could, then roles
    not wished for."""
    groups = {one.number: one.group for one in problem.meetings}
    spoken = {group for helper in problem.helpers for group in helper.speaks_for}
    hers: defaultdict[int, list[Any]] = defaultdict(list)
    helpers = {one.number: one for one in problem.helpers}
    costs: list[Any] = []
    for stint, number in made.can.items():
        hers[stint.helper].append(number)
        group = groups[stint.meeting]
        cost = _missed(helpers[stint.helper], group, stint.role, is_spoken=group in spoken)
        costs.append(cost * number)
    fixed = formulate.fixed_load(problem)
    for who, numbers in hers.items():
        tiers = [made.model.new_int_var(0, _TIER, "") for _ in range(_TIERS)]
        made.model.add(sum(numbers) + fixed[who] <= sum(tiers))
        costs += [_LOAD * weight * tier for weight, tier in enumerate(tiers)]
    return sum(costs)


def _missed(helper: Helper, group: int, role: str, *, is_spoken: bool) -> int:
    """What one of her sessions there costs beside her load."""
    unspoken = _UNSPOKEN if is_spoken and group not in helper.speaks_for else 0
    unwished = _UNWISHED if helper.wishes and role not in helper.wishes else 0
    return unspoken + unwished
