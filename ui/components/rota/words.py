"""What is said about the rota: roles, answers, and why a session stays open."""

import math
from collections import defaultdict
from collections.abc import Iterable

from services.volunteers.rota.listing import Covered, SessionCover
from services.volunteers.rota.search import Progress
from services.volunteers.rota.solve import Filled
from services.volunteers.rota.terms import Gap
from ui.components.volunteer.words import ROLES
from ui.components.words import literal

_ANSWERS = {"offered": "asked, no answer yet", "accepted": "said yes"}
_STEPS = {
    "cover": "Covering as many sessions as can be: {best} so far, no more than {bound}.",
    "faces": "Keeping the same faces with each group: {best} new ones so far.",
    "shares": "Sharing the load and honouring wishes.",
}
# Why nobody: so many volunteers, and what keeps them. Of the group's people nothing is said.
REASONS = {
    "busy": "there or elsewhere then",
    "role": "not in that role",
    "away": "not free",
    "month": "has enough that month",
    "groups": "at the limit of groups",
    "alone": "would be alone",
    "new": "new, nobody seasoned there",
    "conflict": "not the right group",
    "weigh": "to be weighed first",
    "untried": "not tried in time",
    "supervision": "support overdue",
    "stage": "not active",
}
_NOT_READY = "not ready yet"


def people(one: SessionCover) -> str:
    """Who covers a session, in a cell of a table: each role once."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for who in one.people:
        names[who.role].append(f"{who.name}{_in_brackets(who)}")
    return "; ".join(f"{ROLES[role]}: {', '.join(theirs)}" for role, theirs in names.items())


def answer(who: Covered) -> str:
    """How somebody's part stands."""
    if who.takes_over:
        return "asked to take over"
    return "asks for a swap" if who.asks_relief else _ANSWERS[who.state]


def part_names(people: Iterable[Covered]) -> dict[str, str]:
    """By the reference of each part, whose it is and which."""
    return {who.ref: f"{who.name}, {ROLES[who.role].lower()}" for who in people}


def missing(one: SessionCover) -> str:
    """What is open still, in a cell of a table."""
    there = {who.role for who in one.people}
    return ", ".join(
        f"{_counted(role, count)}{', a second person' if one.is_alone and role in there else ''}"
        for role, count in one.missing
    )


def sought(one: SessionCover) -> str:
    """Whom somebody is still to be found for, in a cell of a table: what is open, and who asks for
    a swap."""
    swaps = [f"{ROLES[who.role]} (swap)" for who in one.people if who.asks_relief]
    return ", ".join(part for part in (missing(one), *swaps) if part)


def reasons(gap: Gap) -> str:
    """Why nobody was found: how many volunteers each rule keeps from it."""
    if not gap.reasons:
        return "There is nobody active yet."
    return "; ".join(f"{count} {_reason(rule)}" for rule, count in gap.reasons)


def look_again(who: Covered) -> str:
    """What has come to speak against somebody in the rota, and nothing of the group's people."""
    do = "Swap the shift, or let her" if who.state == "accepted" else "Let her"
    return (
        f"Look again: {literal(who.name)} would not be asked today ({_reason(who.against or '')}). "
        f"{do} go and ask somebody else."
    )


def role_missing(gap: Gap) -> str:
    """The role of a gap, with how many are missing."""
    return _counted(gap.role, gap.missing)


def going(progress: Progress) -> str:
    """What is being worked at, and how far it has come."""
    return _STEPS[progress.step].format(best=progress.best, bound=progress.bound)


def proven(filled: Filled) -> str:
    """How good a filled term is, as far as it is proven."""
    if filled.gap == 0:
        told = f"{filled.covered} places covered; no rota could cover more."
    else:
        share = 100 - math.ceil(filled.gap)
        told = (
            f"{filled.covered} places covered, at least {share} % of what any rota could: none "
            f"covers more than {filled.at_most}."
        )
    return told + (" None needs fewer changes of face." if filled.is_best else "")


def _in_brackets(who: Covered) -> str:
    if who.takes_over:
        return " (asked to take over)"
    if who.asks_relief:
        return " (asks for a swap)"
    return " (asked)" if who.state == "offered" else ""


def _reason(rule: str) -> str:
    return REASONS.get(rule, _NOT_READY)


def _counted(role: str, count: int) -> str:
    return ROLES[role] if count == 1 else f"{ROLES[role]} ({count})"
