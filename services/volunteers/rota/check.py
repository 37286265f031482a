"""Whether a rota keeps every rule: plain reckoning that knows nothing of how it was made.

What was fixed before is not held against a rota: only what it adds.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from services.volunteers.rota.problem import Commitment, Helper, Meeting, Need, Problem, Rule, Stint


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken, where and by whom."""

    rule: str
    meeting: int
    helper: int | None = None


def broken(problem: Problem, rota: Collection[Stint]) -> list[Broken]:
    """Every rule a whole rota breaks; `rota` has what was fixed and what was added."""
    rules = Rules(problem)
    found = [Broken(Rule.FIXED, one.meeting, one.helper) for one in problem.fixed - set(rota)]
    found += [Broken(Rule.NEED, one.meeting, None) for one in _too_many(rules, rota)]
    everybody = Counter(rota)
    for stint, times in everybody.items():
        others = (everybody - Counter([stint])).keys()
        if stint not in problem.fixed:
            about_her = rules.about_her(stint, others) if times == 1 else [Rule.BUSY]
            found += [Broken(rule, stint.meeting, stint.helper) for rule in about_her]
    return found + list(_company(rules, rota))


def stops(problem: Problem, rota: Collection[Stint], stint: Stint) -> str | None:
    """The first rule about her that keeps a volunteer from one more stint; None if none does."""
    return next(iter(Rules(problem).about_her(stint, rota)), None)


class Rules:
    """A problem's facts by their numbers, and the rules about one volunteer."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.meetings = {one.number: one for one in problem.meetings}
        self.helpers = {one.number: one for one in problem.helpers}

    def need(self, stint: Stint) -> Need | None:
        """What the session asks for of that role."""
        needs = self.meetings[stint.meeting].needs
        return next((need for need in needs if need.role == stint.role), None)

    def about_her(self, stint: Stint, others: Collection[Stint]) -> Iterator[str]:
        """The rules that speak against one volunteer's stint beside all the others."""
        helper, meeting = self.helpers[stint.helper], self.meetings[stint.meeting]
        ruled_out = self.problem.ruled_out.get((helper.number, meeting.group, stint.role))
        if ruled_out is not None:
            yield ruled_out
        if stint.role not in helper.roles:
            yield Rule.ROLE
        if meeting.number not in helper.free_for:
            yield Rule.AWAY
        hers = [self.meetings[one.meeting] for one in others if one.helper == helper.number]
        if any(_at_once(meeting, other) for other in hers):
            yield Rule.BUSY
        if self._is_full(helper, meeting, hers):
            yield Rule.MONTH
        if self._has_too_many_groups(helper, meeting, others):
            yield Rule.GROUPS

    def _is_full(self, helper: Helper, meeting: Meeting, hers: list[Meeting]) -> bool:
        if helper.a_month is None:
            return False
        return sum(one.month == meeting.month for one in hers) >= helper.a_month

    def _has_too_many_groups(
        self, helper: Helper, meeting: Meeting, others: Collection[Stint]
    ) -> bool:
        """Whether taking this group on gives her too many on any day it counts."""
        first, last = self.problem.terms[meeting.group]
        own = {(one.group, one.first, one.last) for one in self._committed(helper)}
        added = {meeting.group} | {
            self.meetings[one.meeting].group
            for one in others
            if one.helper == helper.number and one not in self.problem.fixed
        }
        spans = own | {(group, *self.problem.terms[group]) for group in added}
        days = {begins for _group, begins, _ends in spans if begins >= first} | {first}
        for day in days:
            if not first <= day < last + helper.pause:
                continue
            if meeting.group in _held(own, helper, day):
                continue  # it counted on that day already
            if len(_held(spans, helper, day)) > helper.groups_at_once:
                return True
        return False

    def _committed(self, helper: Helper) -> list[Commitment]:
        return [one for one in self.problem.commitments if one.helper == helper.number]


def _held(spans: Collection[tuple[int, date, date]], helper: Helper, day: date) -> set[int]:
    return {group for group, first, last in spans if first <= day < last + helper.pause}


def _too_many(rules: Rules, rota: Collection[Stint]) -> Iterator[Stint]:
    """Stints nobody asked for, and those beyond what was."""
    counted: Counter[tuple[int, str]] = Counter()
    for stint in sorted(rota, key=lambda one: (one not in rules.problem.fixed, one)):
        counted[stint.meeting, stint.role] += 1
        need = rules.need(stint)
        if stint in rules.problem.fixed:
            continue
        if need is None or counted[stint.meeting, stint.role] > need.count:
            yield stint


def _company(rules: Rules, rota: Collection[Stint]) -> Iterator[Broken]:
    """Nobody alone where two are needed, and somebody seasoned beside whoever is new."""
    fixed = rules.problem.fixed
    for number, meeting in rules.meetings.items():
        here = [one for one in rota if one.meeting == number]
        added = [one for one in here if one not in fixed]
        for need in meeting.needs:
            there = sum(one.role == need.role for one in here)
            if there < need.least and any(one.role == need.role for one in added):
                yield Broken(Rule.ALONE, number)
        new = [one for one in added if rules.helpers[one.helper].is_new]
        if new and all(rules.helpers[one.helper].is_new for one in here):
            yield from (Broken(Rule.NEW, number, one.helper) for one in new)


def _at_once(one: Meeting, other: Meeting) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
