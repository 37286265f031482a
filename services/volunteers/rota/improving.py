"""A rota made better a few groups at a time: what these have is thought away and given out anew.

Everybody keeps what she does elsewhere, so each question is small and answered in a moment. While
nothing better is found, more groups are asked about together, and in the end all: what is found
then is proven.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from random import Random

from services.volunteers.rota import formulate
from services.volunteers.rota.aims import Aim
from services.volunteers.rota.problem import Commitment, Problem, Stint
from services.volunteers.rota.search import Run

_FEW = 4  # groups to begin with
_EFFORT = 0.3  # for some groups, in the solver's own measure: the same on a busy machine
_WHOLE = 0.5  # of the time left, for all groups
_ANYTHING = 2**31  # further from the best than any rota is
_FUZZ = 1e-6  # what the solver's fractions may be off by


class Improving:
    """A rota on its way: what is added to what was fixed, as it is now."""

    def __init__(self, problem: Problem, begun: frozenset[Stint], run: Run) -> None:
        self.now = begun
        self._problem, self._run = problem, run
        self._chance = Random(0)  # noqa: S311 - no secret: the same rota for the same question
        self._group_of = {one.number: one.group for one in problem.meetings}
        self._could: defaultdict[int, set[int]] = defaultdict(set)
        for (group, _role), hers in formulate.parts(problem).items():
            self._could[group] |= hers.keys()
        self._wanted: Counter[int] = Counter()
        for meeting in problem.meetings:
            self._wanted[meeting.group] += sum(need.count for need in meeting.needs)

    def reach(self, aims: Sequence[Aim], least: int, share: float) -> int:
        """Make little of the last aim within a share of the time left, those before it kept.

        Gives back below what no rota can come: `least`, or more where that is proven.
        """
        aim, end, many, tries = aims[-1], self._run.left * (1 - share), _FEW, 0
        value = self._tell(aim, least)
        while value > least and self._run.left > end and not self._run.is_over:
            groups = self._some(many)
            is_whole = len(groups) == len(self._could)
            seconds = (self._run.left - end) * (_WHOLE if is_whole else 1)
            gap = self._give_out_anew(groups, aims, seconds, math.inf if is_whole else _EFFORT)
            before, value = value, self._tell(aim, least)
            tries = 0 if value < before else tries + 1
            if is_whole:
                least, many, tries = max(least, value - gap), _FEW, 0
            elif tries > len(self._could):
                many, tries = many + 1, 0
        return least

    def _tell(self, aim: Aim, least: int) -> int:
        value = aim.of(self._problem, self.now)
        self._run.tell(aim.step, abs(value), abs(least))
        return value

    def _some(self, many: int) -> set[int]:
        """Some groups: one with much still open, and those it could exchange somebody with."""
        here: defaultdict[int, set[int]] = defaultdict(set)
        left = Counter(self._wanted)
        for one in self.now:
            here[self._group_of[one.meeting]].add(one.helper)
            left[self._group_of[one.meeting]] -= 1
        rest, some = sorted(self._could), set[int]()
        while len(some) < min(many, len(rest)):
            others = [one for one in rest if one not in some]
            weights = [
                1 + left[one] + sum(2 * len(self._could[other] & here[one]) for other in some)
                for one in others
            ]
            some.update(self._chance.choices(others, weights))
        return some

    def _give_out_anew(
        self, groups: Collection[int], aims: Sequence[Aim], seconds: float, effort: float
    ) -> int:
        """The best for these groups while the others stay; how far from the best it may be."""
        mine = frozenset(one for one in self.now if self._group_of[one.meeting] in groups)
        part = _only(self._problem, self.now - mine, groups)
        made = formulate.formulate(part)
        formulate.hint(made, mine, formulate.joined(part, mine))
        for kept in aims[:-1]:
            made.model.add(kept.sought(made, part) <= kept.of(part, mine))
        made.model.minimize(aims[-1].sought(made, part))
        solver = self._run.solve(made.model, seconds, effort, seed=self._chance.randrange(1000))
        if not solver.response_proto.solution:
            return _ANYTHING
        found = frozenset(stint for stint, number in made.can.items() if solver.value(number))
        if aims[-1].of(part, found) <= aims[-1].of(part, mine):
            self.now = self.now - mine | found
        return math.floor(solver.objective_value - solver.best_objective_bound + _FUZZ)


def _only(problem: Problem, others: Collection[Stint], groups: Collection[int]) -> Problem:
    """The same problem with only these groups to fill: what is done in others stands fixed."""
    group_of = {one.number: one.group for one in problem.meetings}
    fixed = problem.fixed.union(others)
    there = {one.meeting for one in fixed}
    meetings = tuple(
        one if one.group in groups else replace(one, needs=())
        for one in problem.meetings
        if one.group in groups or one.number in there
    )
    joined = sorted({(one.helper, group_of[one.meeting]) for one in others})
    taken_on = (Commitment(who, group, *problem.terms[group]) for who, group in joined)
    commitments = (*problem.commitments, *taken_on)
    return replace(problem, meetings=meetings, fixed=fixed, commitments=commitments)
