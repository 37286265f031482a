"""A first rota in no time: group by group, whoever could do most of it. Something to begin from."""

from collections import Counter, defaultdict

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Part
from services.volunteers.rota.problem import Meeting, Problem, Stint


def begun(problem: Problem) -> frozenset[Stint]:
    """A rota that keeps every rule; the roles fewest could do are looked at first."""
    parts = formulate.parts(problem)
    begun = _Begun(problem)
    for part in sorted(parts, key=lambda one: (len(parts[one]), one)):
        begun.cover(part, parts[part])
    return begun.in_company()


class _Begun:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._meetings = {one.number: one for one in problem.meetings}
        self._helpers = {one.number: one for one in problem.helpers}
        self._done = formulate.done_by_month(problem)
        self._rota: set[Stint] = set()
        self._times: defaultdict[int, list[Meeting]] = defaultdict(list)
        self._groups: defaultdict[int, set[int]] = defaultdict(set)

    def cover(self, part: Part, hers: dict[int, list[Stint]]) -> None:
        """Whoever could do most of what is still open of a role, one after another."""
        places = {
            one.number: max(open_still, 0)
            for one, (_need, open_still) in formulate.wanted(self._problem, part).items()
        }
        left = {who for who in hers if self._may_join(who, part[0])}
        while left:
            could = {who: sum(places[one.meeting] > 0 for one in hers[who]) for who in left}
            who = max(left, key=lambda one: (could[one], not self._helpers[one].is_new, -one))
            left.remove(who)
            for stint in hers[who]:
                if places[stint.meeting] > 0 and self._take(stint, part[0]):
                    places[stint.meeting] -= 1

    def in_company(self) -> frozenset[Stint]:
        """Without those who would be alone, or new with nobody seasoned."""
        whole = self._problem.fixed | self._rota
        while alone := self._alone(whole):
            whole -= alone
        return whole - self._problem.fixed

    def _alone(self, whole: frozenset[Stint]) -> set[Stint]:
        led = {one.meeting for one in whole if not self._helpers[one.helper].is_new}
        there = Counter((one.meeting, one.role) for one in whole)
        least = {(one.number, need.role): need.least
                 for one in self._problem.meetings for need in one.needs}  # fmt: skip
        return {
            one for one in whole - self._problem.fixed
            if one.meeting not in led
            or there[one.meeting, one.role] < least[one.meeting, one.role]
        }  # fmt: skip

    def _may_join(self, who: int, group: int) -> bool:
        wanted = self._groups[who] | {group}
        return all(
            len(wanted & groups) <= left
            for groups, left in formulate.group_limits(self._problem, self._helpers[who], wanted)
        )

    def _take(self, stint: Stint, group: int) -> bool:
        who, meeting = stint.helper, self._meetings[stint.meeting]
        most, month = self._helpers[who].a_month, (who, meeting.month)
        if most is not None and self._done[month] >= most:
            return False
        if any(formulate.overlap(meeting, one) for one in self._times[who]):
            return False
        self._done[month] += 1
        self._times[who].append(meeting)
        self._groups[who].add(group)
        self._rota.add(stint)
        return True
