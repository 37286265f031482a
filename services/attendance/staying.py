"""How long people stay in groups, why places end early, and how long the way in takes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from services.attendance import CODES, AttendanceCode
from services.errors import NotPermittedError
from services.permissions import Actor, Permission
from services.places.leaving_reasons import leaving_reasons
from services.statistics import kaplan_meier, still_there
from services.tallies.shares import SHOWN_INSIDE_FROM, sees_small_numbers, share
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals

NOT_SAID = "Nobody said why"
_MOST_COUNTED = 12
_HALF = 0.5 + 1e-12  # shares are products: a half may come out a hair above it
ABSENT = {
    AttendanceCode.CATCH_UP: "Away, and caught up later",
    AttendanceCode.APOLOGIES: "Told us before",
    AttendanceCode.DID_NOT_ATTEND: "No word from them",
    AttendanceCode.NOT_BROUGHT: "The child was not brought",
}
_CURVE = ["session", "share", "low", "high", "left", "at_risk", "label", "at_risk_label"]
_REASONS = ["what", "order", "people", "of", "label"]


@dataclass(frozen=True, slots=True)
class Staying:
    """Of `started` places `left` ended early; `median` sessions, None while more than half stay.

    `curve`: session, share, low, high (0 to 1), left, at_risk, label, at_risk_label (empty where
    it would crowd); empty below five people, and it ends where fewer than five are followed.
    `never_came` enrolled and have come to no session so far: they are in no curve.
    """

    started: int
    left: int
    never_came: int
    median: int | None
    curve: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why places ended early, and how people who were expected were away; what, order, people, of,
    label each."""

    leaving: pd.DataFrame
    absence: pd.DataFrame


@dataclass(frozen=True, slots=True)
class FirstSession:
    """Days from referral to first session of the `n` who have come to one, over all programmes."""

    n: int
    median: float | None
    ninetieth: float | None


def staying(db: Session, actor: Actor, *, programme: str | None = None) -> Staying:
    """The share still in the group after so many sessions, in one programme or all.

    From starting, which is the first session attended, by the sessions somebody was expected at.
    Who is there still, has completed or moved to another group counts as long as she was followed.
    """
    actor.require(Permission.READ_OUTCOMES)
    _for_the_house(actor)
    stays = totals(db, actor, Kind.STAY, "key", "first", programme=programme)
    places = dict(totals(db, actor, Kind.PLACE, "key", programme=programme))
    started = sum(people for *_, people in stays)
    never_came = max(0, places.get("enrolled", 0) - started)
    left = sum(people for key, _sessions, people in stays if key == "left")
    if started < SHOWN_INSIDE_FROM:
        return Staying(started, left, never_came, None, pd.DataFrame(columns=_CURVE))
    followed = [(sessions, key == "left", people) for key, sessions, people in stays]
    curve = curve_of(followed, SHOWN_INSIDE_FROM)
    half = curve[curve["share"] <= _HALF]["session"]
    return Staying(started, left, never_came, None if half.empty else int(half.iloc[0]), curve)


def reasons(db: Session, actor: Actor, *, programme: str | None = None) -> Reasons:
    """Reasons for leaving early, the most frequent first, and the ways of being away."""
    actor.require(Permission.READ_OUTCOMES)
    _for_the_house(actor)
    words = leaving_reasons()
    why: Counter[str] = Counter()
    for key, people in totals(db, actor, Kind.LEFT, "key", programme=programme):
        why[words.get(key, NOT_SAID)] += people
    marks: Counter[str] = Counter()
    for letter, times in totals(db, actor, Kind.MARK, "key", programme=programme):
        marks[letter] += times
    expected = sum(times for letter, times in marks.items() if CODES[letter].expected)
    away = {words: marks[code.value] for code, words in ABSENT.items() if marks[code.value]}
    return Reasons(
        leaving=_counted(dict(why.most_common()), why.total()), absence=_counted(away, expected)
    )


def first_session(db: Session, actor: Actor) -> FirstSession:
    """How long people waited from referral to first session: half and nine in ten."""
    actor.require(Permission.READ_OUTCOMES)
    _for_the_house(actor)
    counted = totals(db, actor, Kind.WAIT, "first", key="first_session")
    n = sum(people for _days, people in counted)
    return FirstSession(n, _within(counted, n, 0.5), _within(counted, n, 0.9))


def _for_the_house(actor: Actor) -> None:
    """What is shown may rest on few people."""
    if not sees_small_numbers(actor):
        raise NotPermittedError("see how long people stay")


def _within(counted: list[tuple[int, int]], n: int, part: float) -> float | None:
    """The percentile of counted days, as `services.statistics.percentile` has it."""
    if not n:
        return None
    place = part * (n - 1)
    below = int(place)
    first, second = (_value_at(counted, min(at, n - 1)) for at in (below, below + 1))
    return first + (second - first) * (place - below)


def _value_at(counted: list[tuple[int, int]], position: int) -> int:
    passed = 0
    for days, people in counted:
        passed += people
        if position < passed:
            return days
    raise ValueError("There are fewer than that.")


def _counted(counts: dict[str, int], of: int) -> pd.DataFrame:
    rows = [
        (what, order, number, of, share(number, of).words)
        for order, (what, number) in enumerate(counts.items())
    ]
    return pd.DataFrame(rows, columns=_REASONS)


def curve_of(followed: Sequence[tuple[int, bool, int]], least: int) -> pd.DataFrame:
    """The curve of sessions, whether they left then, and how many people each stands for.

    It ends where fewer than `least` have been followed so far.
    """
    times, gone, people = (list(column) for column in zip(*followed, strict=True))
    found = kaplan_meier(times, gone, people=people)
    there = [one for one in times if still_there(times, one, people) >= least]
    last = int(max(there, default=0))
    every = -(-(last + 1) // _MOST_COUNTED)
    rows = []
    for session in range(last + 1):
        step = found.at(session)
        kept, low, high = (step.share, step.low, step.high) if step else (1.0, 1.0, 1.0)
        left = step.left if step is not None and step.time == session else 0
        at_risk = still_there(times, session, people)
        sure = "" if low is None or step is None else f" ({low:.0%} to {high:.0%})"
        label = f"{kept:.0%}{sure}, {at_risk:,} followed so far"
        counted = f"{at_risk:,}" if session % every == 0 else ""
        rows.append((session, kept, low, high, left, at_risk, label, counted))
    return pd.DataFrame(rows, columns=_CURVE)
