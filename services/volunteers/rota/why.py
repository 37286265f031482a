"""Why a need stays open: for each volunteer the rule that keeps her from it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.volunteers.rota.check import Rules
from services.volunteers.rota.problem import Helper, Meeting, Need, Problem, Rule, Stint

UNTRIED = "untried"  # no rule: the filling was ended before it came to this


@dataclass(frozen=True, slots=True)
class Unfilled:
    """What a session still lacks, and how many volunteers each rule keeps from it."""

    meeting: int
    role: str
    missing: int
    reasons: Mapping[str, int]


def unfilled(problem: Problem, rota: Collection[Stint]) -> list[Unfilled]:
    """Every need a rota leaves open, in the order of the sessions."""
    rules = Rules(problem)
    return [
        Unfilled(meeting.number, need.role, missing, _reasons(rules, rota, meeting, need))
        for meeting in problem.meetings
        for need in meeting.needs
        if (missing := need.count - _there(rota, meeting, need)) > 0
    ]


def _reasons(
    rules: Rules, rota: Collection[Stint], meeting: Meeting, need: Need
) -> Mapping[str, int]:
    stopped: dict[int, str | None] = {
        who: next(rules.about_her(Stint(meeting.number, need.role, who), rota), None)
        for who in rules.helpers
    }
    could = [who for who, rule in stopped.items() if rule is None]
    alone = _there(rota, meeting, need) + len(could) < need.least
    led = any(not one.is_new for one in _people(rules, rota, meeting))
    led = led or any(not rules.helpers[who].is_new for who in could)
    for who in could:
        if alone:
            stopped[who] = Rule.ALONE
        elif rules.helpers[who].is_new and not led:
            stopped[who] = Rule.NEW
    return Counter(rule or UNTRIED for rule in stopped.values())


def _people(rules: Rules, rota: Collection[Stint], meeting: Meeting) -> Iterator[Helper]:
    return (rules.helpers[one.helper] for one in rota if one.meeting == meeting.number)


def _there(rota: Collection[Stint], meeting: Meeting, need: Need) -> int:
    return sum(one.meeting == meeting.number and one.role == need.role for one in rota)
