"""What a term of new volunteers can cover: nothing where nobody seasoned is.

A part of what no rota can pass (bound.py), in fractions of people like the rest of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Joining
from services.volunteers.rota.problem import Problem

if TYPE_CHECKING:
    from ortools.linear_solver.python.model_builder import Model


def limit(model: "Model", problem: Problem, covered: Mapping[int, list[Any]]) -> None:
    """Let each group cover no more than there is to do at sessions with somebody seasoned.

    Where these are is asked for itself: the teams a bound is reckoned with leave out whoever could
    be spared, and she may be the one who is seasoned.
    """
    if not any(one.is_new for one in problem.helpers):
        return
    led, beside = formulate.led(problem), _seasoned(model, problem)
    reach: defaultdict[int, list[Any]] = defaultdict(list)
    for meeting, places in formulate.places(problem).items():
        if meeting.number in led:
            reach[meeting.group].append(places)
        elif hers := beside[meeting.number]:
            done = model.new_num_var(0, places, "")
            model.add(done <= places * sum(hers))
            reach[meeting.group].append(done)
    for group, numbers in covered.items():
        model.add(sum(numbers) <= sum(reach[group]))


def _seasoned(model: "Model", problem: Problem) -> defaultdict[int, list[Any]]:
    """A number for each seasoned volunteer at each session, kept to her groups and her months."""
    seasoned = {one.number: one.a_month for one in problem.helpers if not one.is_new}
    meetings = {one.number: one for one in problem.meetings}
    done = formulate.done_by_month(problem)
    joins: dict[Joining, Any] = {}
    beside: defaultdict[int, list[Any]] = defaultdict(list)
    in_month: defaultdict[tuple[int, tuple[int, int]], list[Any]] = defaultdict(list)
    for who, number in _free(problem, seasoned.keys()):
        meeting = meetings[number]
        key, there = (who, meeting.group, ""), model.new_num_var(0, 1, "")
        if key not in joins:
            joins[key] = model.new_num_var(0, 1, "")
        model.add(there <= joins[key])
        beside[number].append(there)
        in_month[who, meeting.month].append(there)
    formulate.limit_groups(model, problem, joins)
    for (who, month), hers in in_month.items():
        if (most := seasoned[who]) is not None:
            model.add(sum(hers) <= max(most - done[who, month], 0))
    return beside


def _free(problem: Problem, some: Collection[int]) -> list[tuple[int, int]]:
    """Which of some could do anything at which session."""
    every = formulate.parts(problem).values()
    return sorted(
        {
            (who, stint.meeting)
            for hers in every
            for who in hers.keys() & some
            for stint in hers[who]
        }
    )
