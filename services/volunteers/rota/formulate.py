"""A rota's rules as the solver understands them: a number, 0 or 1, for each possible stint."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from services.volunteers.rota.problem import Helper, Meeting, Need, Problem, Stint

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

Part: TypeAlias = tuple[int, str]  # a group and a role in it
Joining: TypeAlias = tuple[int, int, str]  # who joins which part


@dataclass
class Formulation:
    """The solver's model of a rota: 1 in `can` if she does it, in `joins` if she does any of it."""

    model: "CpModel"
    can: dict[Stint, Any] = field(default_factory=dict)
    joins: dict[Joining, Any] = field(default_factory=dict)


def formulate(problem: Problem) -> Formulation:
    """Every hard rule of a rota."""
    from ortools.sat.python.cp_model import CpModel

    made, found = Formulation(CpModel()), parts(problem)
    for (group, role), hers in found.items():
        for who, stints in hers.items():
            joins = made.joins[who, group, role] = made.model.new_bool_var("")
            for stint in stints:
                made.can[stint] = made.model.new_bool_var("")
                made.model.add_implication(made.can[stint], joins)
    limit_groups(made.model, problem, made.joins)
    _fill_needs(made, problem, found)
    _one_place_at_a_time(made, problem)
    _so_many_a_month(made, problem)
    _seasoned_beside_new(made, problem)
    return made


def hint(made: Formulation, rota: Collection[Stint], joined: Collection[Joining]) -> None:
    """Begin from a rota there is."""
    for stint, number in made.can.items():
        made.model.add_hint(number, stint in rota)
    for key, number in made.joins.items():
        made.model.add_hint(number, key in joined)


def parts(problem: Problem) -> dict[Part, dict[int, list[Stint]]]:
    """What each may do beside what is fixed, for each part: her roles and hours, not ruled out."""
    meetings = {one.number: one for one in problem.meetings}
    taken = defaultdict(list)
    for stint in problem.fixed:
        taken[stint.helper].append(meetings[stint.meeting])
    found: defaultdict[Part, dict[int, list[Stint]]] = defaultdict(dict)
    for helper in problem.helpers:
        for stint in _possible(problem, helper, taken[helper.number]):
            part = meetings[stint.meeting].group, stint.role
            found[part].setdefault(helper.number, []).append(stint)
    return found


def _possible(problem: Problem, helper: Helper, taken: list[Meeting]) -> Iterator[Stint]:
    for meeting in problem.meetings:
        if meeting.needs and meeting.number in helper.free_for:
            if any(overlap(meeting, one) for one in taken):
                continue
            for need in meeting.needs:
                out = (helper.number, meeting.group, need.role) in problem.ruled_out
                if need.role in helper.roles and not out:
                    yield Stint(meeting.number, need.role, helper.number)


def wanted(problem: Problem, part: Part) -> dict[Meeting, tuple[Need, int]]:
    """What each session needs of a role, and how many of these are still open."""
    group, role = part
    counted: defaultdict[tuple[int, str], int] = defaultdict(int)
    for stint in problem.fixed:
        counted[stint.meeting, stint.role] += 1
    return {
        meeting: (need, need.count - counted[meeting.number, role])
        for meeting in problem.meetings
        if meeting.group == group
        for need in meeting.needs
        if need.role == role
    }


def limit_groups(model: Any, problem: Problem, joins: Mapping[Joining, Any]) -> None:
    """On no day more groups than she may have, those just ended counted through her pause.

    The model may be of either kind that has these numbers.
    """
    takes: defaultdict[int, defaultdict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for (who, group, _role), number in joins.items():
        takes[who][group].append(number)
    for helper in problem.helpers:
        hers = {group: _any(model, numbers) for group, numbers in takes[helper.number].items()}
        for groups, left in group_limits(problem, helper, hers):
            if left < len(groups):
                model.add(sum(hers[group] for group in groups) <= left)


def group_limits(
    problem: Problem, helper: Helper, groups: Collection[int]
) -> Iterator[tuple[set[int], int]]:
    """Which of these count on one day, and how many of them she may have: for each day it takes."""
    own = [one for one in problem.commitments if one.helper == helper.number]
    for day in {problem.terms[group][0] for group in groups} | {one.first for one in own}:
        held = {one.group for one in own if _counts(one.first, one.last, helper, day)}
        more = {
            one for one in groups if one not in held and _counts(*problem.terms[one], helper, day)
        }
        yield more, max(helper.groups_at_once - len(held), 0)


def coverable(problem: Problem) -> int:
    """How many needs nobody is fixed for and somebody could cover, each looked at by itself."""
    sessions = 0
    for part, hers in parts(problem).items():
        free = Counter(stint.meeting for stints in hers.values() for stint in stints)
        for meeting, (_need, open_still) in wanted(problem, part).items():
            sessions += min(max(open_still, 0), free[meeting.number])
    return sessions


def joined(problem: Problem, rota: Collection[Stint]) -> set[Joining]:
    """Who does any of which part in a rota."""
    groups = {one.number: one.group for one in problem.meetings}
    return {(one.helper, groups[one.meeting], one.role) for one in rota}


def done_by_month(problem: Problem) -> defaultdict[tuple[int, tuple[int, int]], int]:
    """How many sessions each has taken on already, in each month."""
    meetings = {one.number: one for one in problem.meetings}
    done: defaultdict[tuple[int, tuple[int, int]], int] = defaultdict(int)
    for stint in problem.fixed:
        done[stint.helper, meetings[stint.meeting].month] += 1
    return done


def fixed_load(problem: Problem) -> defaultdict[int, int]:
    """How many of these sessions each has taken on already."""
    load: defaultdict[int, int] = defaultdict(int)
    for stint in problem.fixed:
        load[stint.helper] += 1
    return load


def _fill_needs(made: Formulation, problem: Problem, found: Collection[Part]) -> None:
    doing = _grouped(made.can, lambda stint: (stint.meeting, stint.role))
    for part in found:
        for meeting, (need, open_still) in wanted(problem, part).items():
            numbers = doing.get((meeting.number, need.role), [])
            short = need.least - (need.count - open_still)
            if numbers:
                made.model.add(sum(numbers) <= max(open_still, 0))
            if numbers and short > 1:
                enough = made.model.new_bool_var("")
                made.model.add(sum(numbers) >= short * enough)
                made.model.add(sum(numbers) <= max(open_still, 0) * enough)


def _one_place_at_a_time(made: Formulation, problem: Problem) -> None:
    """At the start of each meeting she is at one at most, of those still going on."""
    doing = _grouped(made.can, lambda stint: (stint.helper, stint.meeting))
    for helper in problem.helpers:
        hers = [one for one in problem.meetings if (helper.number, one.number) in doing]
        for meeting in hers:
            here = [
                number
                for other in hers
                if other.starts_at <= meeting.starts_at < other.ends_at
                for number in doing[helper.number, other.number]
            ]
            if len(here) > 1:
                made.model.add_at_most_one(here)


def _so_many_a_month(made: Formulation, problem: Problem) -> None:
    meetings = {one.number: one for one in problem.meetings}
    most = {one.number: one.a_month for one in problem.helpers}
    done = done_by_month(problem)
    months = _grouped(made.can, lambda stint: (stint.helper, meetings[stint.meeting].month))
    for (who, month), doing in months.items():
        limit = most[who]
        if limit is not None and (left := max(limit - done[who, month], 0)) < len(doing):
            made.model.add(sum(doing) <= left)


def led(problem: Problem) -> set[int]:
    """The sessions somebody seasoned is fixed for."""
    new = {one.number for one in problem.helpers if one.is_new}
    return {stint.meeting for stint in problem.fixed if stint.helper not in new}


def places(problem: Problem) -> dict[Meeting, int]:
    """How many needs of each session are still open, in all its roles together."""
    counted = Counter((stint.meeting, stint.role) for stint in problem.fixed)
    return {
        one: sum(max(need.count - counted[one.number, need.role], 0) for need in one.needs)
        for one in problem.meetings
    }


def _seasoned_beside_new(made: Formulation, problem: Problem) -> None:
    """Where nobody seasoned is fixed she takes one of the places, and the new at most the rest.

    Said of all of them together, it holds in fractions too: half a seasoned one leads half of them.
    """
    new, has_somebody = {one.number for one in problem.helpers if one.is_new}, led(problem)
    doing = _grouped(made.can, lambda stint: (stint.meeting, stint.helper in new))
    for meeting, open_still in places(problem).items():
        hers = doing.get((meeting.number, True), [])
        if hers and meeting.number not in has_somebody:
            beside = sum(doing.get((meeting.number, False), []))
            made.model.add(sum(hers) <= (open_still - 1) * beside)


def _any(model: Any, numbers: list[Any]) -> Any:
    """1 as soon as one of these is."""
    if len(numbers) == 1:
        return numbers[0]
    found = model.new_bool_var("")
    for number in numbers:
        model.add(number <= found)
    return found


def _grouped(can: dict[Stint, Any], by: Callable[[Stint], Hashable]) -> dict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for stint, number in can.items():
        groups[by(stint)].append(number)
    return groups


def _counts(first: Any, last: Any, helper: Helper, day: Any) -> bool:
    return bool(first <= day < last + helper.pause)


def overlap(one: Meeting, other: Meeting) -> bool:
    """Whether nobody can be at both."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
