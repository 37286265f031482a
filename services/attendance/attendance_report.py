"""Attendance by session, from kept counts of marks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession
from services import today
from services.attendance import CODES
from services.permissions import Actor, Permission
from services.tallies.shares import WITHHELD, Share, is_large_enough, sees_small_numbers, share
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals
from services.unchanged import while_unchanged

MOST_LABELS = 12
NO_MARKS = (
    "No marks have been made yet, so there is no rate to show. Rates appear as facilitators "
    "take their registers."
)
HOW_COUNTED = (
    "Live counts who was there, in the room or online; content adds catch-ups. Both are of the "
    "people expected: sessions the service cancelled and people not expected are left out, and so "
    "is what was told ahead until its session is held."
)
NO_INTERVAL = (
    "Over all sessions the same people are counted many times, so an interval would look surer "
    "than it is; each session by itself has one."
)


@dataclass(frozen=True, slots=True)
class AttendanceReport:
    """Rates from 0 to 1 by session number, and over all of them.

    sessions: session, attended, covered, expected, live, low, high (95% Wilson of live), content,
    label, content_label, expected_label; empty where nobody was expected. `live` and `content`
    are over all sessions; `lowest` and `highest` the range of live over sessions.
    """

    sessions: pd.DataFrame
    live: Share | None
    content: Share | None
    lowest: float | None
    highest: float | None
    unfinished: int
    notes: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """What the chart shows, for whom it is read aloud."""
        return (
            f"Live attendance at {len(self.sessions)} sessions, between {self.lowest:.0%} and "
            f"{self.highest:.0%}, with content covered and the number expected at each."
        )


@while_unchanged
def report(db: Session, actor: Actor, *, programme: str | None = None) -> AttendanceReport:
    """Attendance in one programme or in all, with the registers still to be finished.

    An evaluator sees no programme by itself, and no session where fewer than ten people were
    there or fewer than ten were not.
    """
    actor.require(Permission.READ_OUTCOMES)
    marks = totals(db, actor, Kind.MARK, "key", "first", programme=programme)
    sessions = _by_session(marks)
    shown = sessions
    if not sees_small_numbers(actor):
        shown = [at for at in sessions if is_large_enough(at.live.count, at.live.of)]
        shown = [at for at in shown if is_large_enough(at.content.count, at.content.of)]
    rates = [at.live.share for at in shown if at.live.share is not None]
    expected = sum(at.live.of for at in sessions)
    unfinished = _unfinished(db, programme)
    return AttendanceReport(
        sessions=_frame(shown),
        live=_overall(actor, sum(at.live.count for at in sessions), expected),
        content=_overall(actor, sum(at.content.count for at in sessions), expected),
        lowest=min(rates, default=None),
        highest=max(rates, default=None),
        unfinished=unfinished,
        notes=_notes(actor, is_empty=not sessions, unfinished=unfinished),
    )


@dataclass(frozen=True, slots=True)
class _Attendance:
    """One session number over all groups."""

    session: int
    live: Share
    content: Share


def _by_session(marks: Iterable[tuple[str, int, int]]) -> list[_Attendance]:
    """From counts of (code, session number), those sessions at which anybody was expected."""
    attended: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    expected: Counter[int] = Counter()
    for letter, number, count in marks:
        code = CODES[letter]
        attended[number] += code.attended * count
        covered[number] += code.covers_content * count
        expected[number] += code.expected * count
    return [
        _Attendance(number, share(attended[number], of), share(covered[number], of))
        for number, of in sorted(expected.items())
        if of
    ]


def _frame(sessions: Sequence[_Attendance]) -> pd.DataFrame:
    every = -(-len(sessions) // MOST_LABELS) or 1
    rows = [
        (
            at.session,
            at.live.count,
            at.content.count,
            at.live.of,
            at.live.share,
            at.live.low,
            at.live.high,
            at.content.share,
            at.live.words,
            at.content.words,
            # At most a dozen stand under the chart, so that none overlap.
            compact(at.live.of) if position % every == 0 else "",
        )
        for position, at in enumerate(sessions)
    ]
    columns = [
        "session", "attended", "covered", "expected", "live", "low", "high", "content", "label",
        "content_label", "expected_label",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def compact(number: int) -> str:
    """A count in few characters: 840, 8.4k, 84k, 8.4M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            scaled = number / size
            return f"{scaled:.0f}{letter}" if scaled >= 10 else f"{scaled:.1f}{letter}"  # noqa: PLR2004
    return str(number)


def _overall(actor: Actor, counted: int, expected: int) -> Share | None:
    """The share over all sessions; the interval would be too narrow, so it is not given."""
    if expected == 0 or not (sees_small_numbers(actor) or is_large_enough(counted, expected)):
        return None
    return Share(counted, expected, counted / expected, None, None)


def _unfinished(db: Session, programme: str | None) -> int:
    query = select(func.count()).select_from(GroupSession).where(*today.unfinished())
    if programme is not None:
        query = query.join(Group).where(Group.programme == programme)
    return db.scalar(query) or 0


def _notes(actor: Actor, *, is_empty: bool, unfinished: int) -> tuple[str, ...]:
    waiting = (
        f"{unfinished:,} register{'s are' if unfinished != 1 else ' is'} not finished. Marks still "
        "to be made count neither way, so these rates may move when they are."
    )
    notes = (
        (NO_MARKS, is_empty),
        (HOW_COUNTED, not is_empty),
        (NO_INTERVAL, not is_empty),
        (waiting, unfinished > 0),
        (WITHHELD, not sees_small_numbers(actor)),
    )
    return tuple(sentence for sentence, applies in notes if applies)
