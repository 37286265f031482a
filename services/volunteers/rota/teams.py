"""What each few people could cover of a role of a group together.

A team is weighed whole, not in fractions of people, so that what is proven with them lies close to
what can be done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from services.volunteers.rota import formulate
from services.volunteers.rota.formulate import Part
from services.volunteers.rota.problem import Problem

_MOST = 20_000  # teams weighed for one role of a group; larger ones are thought to cover everything

People = tuple[int, ...]
Month = tuple[int, int]


@dataclass
class Role:
    """A role of a group: the places still open, and who is free for which."""

    open: dict[int, int]
    short: dict[int, int]  # so many are needed before anybody counts
    months: dict[int, Month]
    free: dict[int, set[int]] = field(default_factory=dict)
    room: dict[tuple[int, Month], int] = field(default_factory=dict)
    by_month: dict[Month, list[int]] = field(default_factory=dict)
    known: dict[tuple[int, Month], tuple[int, tuple[int, ...]]] = field(default_factory=dict)

    def covers(self, people: People) -> int:
        """No fewer than these can cover together."""
        here = {
            one: places
            for one, places in self.open.items()
            if sum(one in self.free[who] for who in people) >= self.short[one]
        }
        return self.reaches(people, here)

    def reaches(self, people: People, places: Mapping[int, int]) -> int:
        """How many places can be given out, nobody having more in a month than she wishes."""
        return sum(
            _given_out(
                tuple((one, places[one]) for one in meetings if one in places),
                tuple(sorted(self.hers(who, month) for who in people)),
            )
            for month, meetings in self.by_month.items()
        )

    def hers(self, who: int, month: Month) -> tuple[int, tuple[int, ...]]:
        """How many sessions she may take in a month, of which."""
        if (who, month) not in self.known:
            free = tuple(one for one in self.by_month[month] if one in self.free[who])
            self.known[who, month] = min(self.room[who, month], len(free)), free
        return self.known[who, month]


@lru_cache(maxsize=100_000)
def _given_out(
    places: tuple[tuple[int, int], ...], people: tuple[tuple[int, tuple[int, ...]], ...]
) -> int:
    """How many places can be filled by people who have so much room and are free for some.

    Most months of most teams look alike, so few of them are really reckoned.
    """
    room = [limit for limit, _free in people]
    given: dict[int, list[int]] = {meeting: [] for meeting, _many in places}

    def take(meeting: int, seen: set[int]) -> bool:
        for who, (_limit, free) in enumerate(people):
            if meeting not in free or who in given[meeting] or who in seen:
                continue
            if room[who] > 0:
                room[who] -= 1
                given[meeting].append(who)
                return True
            seen.add(who)
            for other in [one for one in given if who in given[one]]:
                if take(other, seen):
                    given[other].remove(who)
                    given[meeting].append(who)
                    return True
        return False

    return sum(take(meeting, set()) for meeting, many in places for _ in range(many))


def roles(problem: Problem) -> Iterator[tuple[Part, Role]]:
    helpers = {one.number: one for one in problem.helpers}
    done = formulate.done_by_month(problem)
    led = formulate.led(problem)
    for part, hers in formulate.parts(problem).items():
        asked = {one: pair for one, pair in formulate.wanted(problem, part).items() if pair[1] > 0}
        role = Role(
            {one.number: places for one, (_need, places) in asked.items()},
            {one.number: need.least - need.count + places for one, (need, places) in asked.items()},
            {one.number: one.month for one in asked},
        )
        for one in asked:
            role.by_month.setdefault(one.month, []).append(one.number)
        # Somebody new alone at a session would have nobody seasoned beside her.
        alone = {one.number for one in asked if sum(need.count for need in one.needs) == 1} - led
        for who, stints in hers.items():
            free = {one.meeting for one in stints} & role.open.keys()
            role.free[who] = free - alone if helpers[who].is_new else free
            most = helpers[who].a_month
            for month in set(role.months.values()):
                left = len(problem.meetings) if most is None else most - done[who, month]
                role.room[who, month] = max(left, 0)
        yield part, role


def teams(role: Role) -> list[tuple[People, int]]:
    """Every team of which nobody could be spared, and what it covers."""
    every = sum(role.open.values())
    reached: dict[People, int] = {(): 0}
    level: list[People] = [()]
    found: list[tuple[People, int]] = []
    weighed = 0
    while level:
        larger = [(*team, who) for team in level for who in role.free if not team or who > team[-1]]
        weighed += len(larger)
        if weighed > _MOST:
            return found + [(team, every) for team in level]
        level = []
        for team in larger:
            sessions = role.reaches(team, role.open)
            without = [reached.get(one) for one in combinations(team, len(team) - 1)]
            if any(one is None or one >= sessions for one in without):
                continue  # somebody can be spared, or could before
            found.append((team, role.covers(team)))
            if sessions < every:
                reached[team] = sessions
                level.append(team)
    return [(team, sessions) for team, sessions in found if sessions]
