"""How people found the groups: their answers over time, how many answered, and what they wrote of.

From kept counts alone. Fewer than three answers say nothing to anybody, and an outsider sees a
breakdown only where no part of it is small (domain §3.6).
"""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackTheme
from services.attendance import AttendanceCode
from services.feedback.counting import ANY_THEME
from services.feedback.results import SHOWN_FROM
from services.forms import stored
from services.forms.definition import Kind as Asked
from services.forms.definition import Question
from services.forms.words import spoken
from services.permissions import Actor, Permission
from services.tallies.shares import (
    SHOWN_OUTSIDE_FROM,
    Share,
    is_large_enough,
    sees_small_numbers,
    share,
)
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals
from services.unchanged import while_unchanged

NOTHING_YET = (
    f"Nothing to show yet: figures appear once {SHOWN_FROM} people have answered the same question."
)
TOO_FEW = (
    "There are too few answers to be shown without picking somebody out. Choose all programmes, "
    "or come back when more have come in."
)
HOW_COUNTED = (
    "By the quarter in which a group began. Forms are of all who came to a session, whether or not "
    "they were asked; who answered may not be like who did not."
)
_ORDERED: tuple[Asked, ...] = ("scale", "faces")
_CAME = [code.value for code in AttendanceCode if code.attended]


@dataclass(frozen=True, slots=True)
class SamePeople:
    """First and last answer of people who gave both under a code of their own."""

    people: int
    higher: int
    same: int
    lower: int

    @property
    def words(self) -> str:
        """As people read it."""
        return (
            f"{self.people:,} people answered this more than once under a code of their own. "
            f"At last {self.higher:,} answered higher than at first, {self.same:,} the same and "
            f"{self.lower:,} lower. Who makes a code may not be like who does not."
        )


@dataclass(frozen=True, slots=True)
class Experience:
    """One question over time; a frame is empty where nothing may be shown.

    `quarters`: quarter, share, low, high, label (n), answered (in words), forms (in words).
    `themes`: theme, texts, share, label.
    """

    question: str
    good: str
    forms: Share | None
    quarters: pd.DataFrame
    left_out: int
    same_people: SamePeople | None
    themes: pd.DataFrame
    written: int
    themed: int

    @property
    def in_words(self) -> str:
        """The chart as a sentence for whoever does not see it."""
        parts = [f"{row.quarter}: {row.answered}" for row in self.quarters.itertuples()]
        return f"{self.question} Share who chose {self.good}. {'; '.join(parts)}."

    @property
    def themes_in_words(self) -> str:
        """The themes as a sentence."""
        parts = [f"{row.theme}, {row.label}" for row in self.themes.itertuples()]
        return f"What people wrote about: {'; '.join(parts)}."


@while_unchanged
def questions(db: Session, actor: Actor) -> dict[str, str]:
    """The questions on a scale that enough people have answered: key to words."""
    actor.require(Permission.READ_OUTCOMES)
    answered: defaultdict[str, int] = defaultdict(int)
    for key, count in totals(db, actor, Kind.FEEDBACK, "key"):
        answered[key] += count
    return {
        key: f"{spoken(one.text)} ({form})"
        for key, (one, form) in _asked(db, actor).items()
        if answered[key] >= _least(actor)
    }


@while_unchanged
def of_question(db: Session, actor: Actor, key: str, *, programme: str | None = None) -> Experience:
    """How one question was answered, and beside it how many answered and what they wrote of."""
    actor.require(Permission.READ_OUTCOMES)
    question, _form = _asked(db, actor)[key]
    good = question.good
    given = _given(db, actor, programme)
    quarters, left_out = _quarters(actor, _answers(db, actor, key, programme), good, given)
    written, themed, themes = _themes(db, actor, programme)
    return Experience(
        question=spoken(question.text),
        good=" or ".join(f"“{label}”" for label in good.values()),
        forms=_response(actor, given),
        quarters=quarters,
        left_out=left_out,
        same_people=_same_people(db, actor, key, programme),
        themes=themes,
        written=written,
        themed=themed,
    )


@while_unchanged
def _asked(db: Session, _actor: Actor) -> dict[str, tuple[Question, str]]:
    """Every question on a scale, with the form that asks it."""
    return {
        one.key: (one, spoken(form.title))
        for form in stored.newest(db).values()
        for one in form.questions
        if one.kind in _ORDERED
    }


@while_unchanged
def _answers(
    db: Session, actor: Actor, key: str, programme: str | None
) -> list[tuple[str, int, int]]:
    """Quarter, answer and how many gave it: apart from marks, which change all day."""
    return totals(db, actor, Kind.FEEDBACK, "period", "first", key=key, programme=programme)


def _quarters(
    actor: Actor,
    found: list[tuple[str, int, int]],
    good: dict[int, str],
    given: dict[str, tuple[int, int]],
) -> tuple[pd.DataFrame, int]:
    answers: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for period, value, count in found:
        answers[period][1] += count
        answers[period][0] += count if value in good else 0
    rows: list[tuple[str, float | None, float | None, float | None, str, str, str]] = []
    for period, (chose, of) in sorted(answers.items()):
        one = share(chose, of)
        if _may_see(actor, chose, of):
            forms, came = given.get(period, (0, 0))
            has_forms = forms > 0 and _may_see(actor, forms, came)
            said = share(forms, came).words_of("who came") if has_forms else ""
            rows.append((period, one.share, one.low, one.high, f"n = {of:,}", one.words, said))
        elif not sees_small_numbers(actor):
            rows.clear()
            break
    columns = ["quarter", "share", "low", "high", "label", "answered", "forms"]
    return pd.DataFrame(rows, columns=columns), len(answers) - len(rows)


@while_unchanged
def _same_people(db: Session, actor: Actor, key: str, programme: str | None) -> SamePeople | None:
    found = totals(db, actor, Kind.FEEDBACK_PAIR, "first", "second", key=key, programme=programme)
    went = [0, 0, 0]
    for first, last, count in found:
        went[(last > first) - (last < first) + 1] += count
    lower, same, higher = went
    fewest = sum(went) if sees_small_numbers(actor) else min(went)
    return SamePeople(sum(went), higher, same, lower) if fewest >= _least(actor) else None


def _given(db: Session, actor: Actor, programme: str | None) -> dict[str, tuple[int, int]]:
    """By quarter how many forms were given in, and how often anybody came to a session."""
    forms = dict(totals(db, actor, Kind.FORM, "period", programme=programme))
    # Marks by the month are the same ones as those by the session, in fewer rows.
    came = dict(totals(db, actor, Kind.MONTH, "period", keys=_CAME, programme=programme))
    return {period: (forms.get(period, 0), came.get(period, 0)) for period in {*forms, *came}}


def _response(actor: Actor, given: dict[str, tuple[int, int]]) -> Share | None:
    forms = sum(forms for forms, _came in given.values())
    came = sum(came for _forms, came in given.values())
    return share(forms, came) if came and _may_see(actor, forms, came) else None


@while_unchanged
def _themes(db: Session, actor: Actor, programme: str | None) -> tuple[int, int, pd.DataFrame]:
    """How many texts there are, how many have a theme, and each theme with its texts."""
    texts = {
        one.key
        for form in stored.newest(db).values()
        for one in form.questions
        if one.kind == "text"
    }
    answers = totals(db, actor, Kind.FEEDBACK, "key", programme=programme)
    written = sum(count for key, count in answers if key in texts)
    counted = dict(totals(db, actor, Kind.THEME, "key", programme=programme))
    themed = counted.pop(ANY_THEME, 0)
    names = dict(db.execute(select(FeedbackTheme.ref, FeedbackTheme.label)).all())
    rows = sorted(
        (
            (names[ref], count, count / themed, f"{count:,} of {themed:,}")
            for ref, count in counted.items()
            if count >= _least(actor)
        ),
        key=lambda row: (-row[1], row[0]),
    )
    return written, themed, pd.DataFrame(rows, columns=["theme", "texts", "share", "label"])


def _may_see(actor: Actor, count: int, of: int) -> bool:
    """Three answers or more; for an outsider neither who chose nor who did not may be few."""
    return of >= SHOWN_FROM if sees_small_numbers(actor) else is_large_enough(count, of)


def _least(actor: Actor) -> int:
    return SHOWN_FROM if sees_small_numbers(actor) else SHOWN_OUTSIDE_FROM
