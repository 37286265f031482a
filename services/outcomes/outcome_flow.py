"""The way from being referred to having both forms: who is in the figures, and who was lost why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from models import ReferralState
from services.measures.measure_counts import REASONS
from services.measures.measure_words import OUTCOMES
from services.permissions import Actor, Permission
from services.referrals.referral_states import ON_THE_WAY
from services.tallies.shares import share
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals

COLUMNS = ["step", "people", "of", "share", "low", "high", "label", "lost"]
_S = ReferralState
# Why a referral came to no place, as it is said.
_ENDINGS = {
    _S.NOT_NOW: "not now",
    _S.NOT_SUITABLE: "not right for them",
    _S.DECLINED: "said no",
    _S.NO_SAFE_CONTACT: "no safe way to reach them",
}


@dataclass(frozen=True, slots=True)
class Referred:
    """How many were referred, then spoken with, then offered a place, and where the others are."""

    people: int
    spoken_with: int
    offered: int
    not_spoken: str
    not_offered: str


@dataclass(frozen=True, slots=True)
class Forms:
    """How many have the form at the start, and at both ends; and why others have none."""

    start: int
    both: int
    no_start: str
    no_end: str


def referred(db: Session, actor: Actor, *, period: str | None) -> Referred:
    """Everybody referred, to whichever programme, in the months of a period or ever.

    Each referral once: who was referred twice counts twice.
    """
    actor.require(Permission.READ_OUTCOMES)
    rows = totals(db, actor, Kind.REFERRED, "key", "first", "second", period=period)
    not_spoken: Counter[ReferralState] = Counter()
    not_offered: Counter[ReferralState] = Counter()
    for state, spoken, offered, n in rows:
        not_spoken[_S(state)] += n * (1 - spoken)
        not_offered[_S(state)] += n * (spoken - offered)
    return Referred(
        people=sum(n for *_, n in rows),
        spoken_with=sum(n for _, spoken, _, n in rows if spoken),
        offered=sum(n for _, _, offered, n in rows if offered),
        not_spoken=_where(not_spoken),
        not_offered=_where(not_offered),
    )


def flow(came: Referred | None, reached: Mapping[str, int], forms: Forms) -> pd.DataFrame:
    """One row a step, each saying of whom it is a share (domain §3.4), in the order people take.

    `came` is None for one programme alone, since a referral names none. Columns: step, people,
    of, share, low, high (95% Wilson), label, lost (who did not come so far, and why).
    """
    enrolled, started = reached.get("enrolled", 0), reached.get("started", 0)
    completed, left = reached.get("completed", 0), reached.get("left_early", 0)
    rows: list[tuple[object, ...]] = []
    if came is not None and came.people:
        rows += [
            _first("Referred", came.people, "referred"),
            _step("Spoken with", came.spoken_with, came.people, "referred", came.not_spoken),
            _step(
                "Offered a place", came.offered, came.spoken_with, "spoken with", came.not_offered
            ),
        ]
    if enrolled or forms.start:
        not_completed = _words([(left, "left early"), (started - completed - left, "other")])
        never = f"{enrolled - started:,} have not come" if enrolled > started else ""
        rows += [
            _first("Enrolled", enrolled, "enrolled"),
            _step("Started", started, enrolled, "enrolled", never),
            _step("Completed", completed, started, "who started", not_completed),
            _step("Start form", forms.start, enrolled, "enrolled", forms.no_start),
            _step("Start and end form", forms.both, started, "who started", forms.no_end),
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def why_not_given(rows: Sequence[tuple[int, int, int]], point: int) -> str:
    """The recorded reasons for forms not filled in at a point: (point, reason, how many) rows."""
    counted: Counter[int] = Counter()
    for at, reason, people in rows:
        if at == point:
            counted[reason] += people
    return _words([(n, OUTCOMES[REASONS[reason]].lower()) for reason, n in counted.most_common()])


def _first(step: str, people: int, words: str) -> tuple[object, ...]:
    return (step, people, None, None, None, None, f"{people:,} {words}", "")


def _step(step: str, people: int, of: int, of_words: str, lost: str) -> tuple[object, ...]:
    part = share(people, of)
    label = f"{step}: {part.words_of(of_words)}"
    return (step, people, of, part.share, part.low, part.high, label, lost)


def _where(states: Mapping[ReferralState, int]) -> str:
    """Where those stand who did not come so far."""
    waiting = sum(n for state, n in states.items() if state in ON_THE_WAY)
    ended = [(states.get(state, 0), words) for state, words in _ENDINGS.items()]
    other = sum(states.values()) - waiting - sum(n for n, _ in ended)
    return _words([(waiting, "on the way still"), *ended, (other, "other")])


def _words(parts: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{n:,} {words}" for n, words in parts if n > 0)
