"""What people said in feedback: whom a report counts, its section, and charts taken out."""

from collections import Counter
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackTheme, Tally
from services.disclosure.tables import TOTAL, Population
from services.feedback.counting import ANY_THEME
from services.forms import stored
from services.forms.definition import Question
from services.forms.words import spoken
from services.releases import Counts
from services.reports.parts import (
    TITLES,
    Asked,
    Chart,
    Draws,
    Section,
    Wanted,
    begins,
    counted,
    kept_counts,
    labels,
    rows_of,
    shares_chart,
)
from services.tallies.shares import MEANS_FROM, share
from services.tallies.tallies import Kind

_OF_WHOM = "Of those who answered; who answered may not be like who did not."


def answers(db: Session, key: str, first: date, last: date) -> Population:
    """Answers to one question, from kept counts: by the quarter the group began."""
    words = _questions(db)[key].labels
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.FEEDBACK, first, last, Tally.key == key):
        if row.first in words:
            where = begins(row.period), row.period, row.programme
            found[*where, words[row.first]] += row.count
    return counted(found, labels(db, first, last, answer=tuple(words.values())))


def themes(db: Session, first: date, last: date) -> Population:
    """Themes of people's own words, each text once for each theme it is about."""
    names = dict(db.execute(select(FeedbackTheme.ref, FeedbackTheme.label)).all())
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.THEME, first, last, Tally.key != ANY_THEME):
        where = begins(row.period), row.period, row.programme
        found[*where, names[row.key]] += row.count
    return counted(found, labels(db, first, last, theme=tuple(sorted(names.values()))))


def experience(db: Session, asked: Asked) -> Section:
    """Every question with answers to choose from."""
    return Section(
        "experience",
        TITLES["experience"],
        "Answers given after sessions of groups that began in quarters lying whole in the period, "
        "without a name. Shares are of those who answered.",
        tuple(
            Wanted(
                spoken(one.text),
                asked.table(f"feedback:{key}", "answer"),
                "Answer",
                draws=shares_chart(spoken(one.text)),
            )
            for key, one in _questions(db).items()
        ),
    )


def over_time(db: Session, asked: Asked, key: str) -> Wanted | None:
    """The share who chose one of the better answers, by the quarter in which groups began."""
    question = _questions(db).get(key)
    if question is None:
        return None
    good = tuple(question.good.values())
    chosen = " or ".join(f"“{words}”" for words in good)
    return Wanted(
        spoken(question.text),
        asked.table(f"feedback:{key}", "quarter", "answer"),
        "Groups that began in",
        draws=_quarters_chart(spoken(question.text), good),
        about=f"Share who chose {chosen}, with its 95% interval. {_OF_WHOM}",
    )


def written_about(asked: Asked) -> Wanted:
    """How many texts are about each theme."""
    return Wanted(
        "What people wrote about",
        asked.table("themes", "theme"),
        "Theme",
        share=False,
        draws=_themes_chart,
        about="A text may have more than one theme. Which were read, and how, is the judgement of "
        "those who read them.",
    )


def _questions(db: Session) -> dict[str, Question]:
    return {
        one.key: one for form in stored.newest(db).values() for one in form.questions if one.labels
    }


def _quarters_chart(title: str, good: tuple[str, ...]) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        rows = []
        for quarter in rows_of(counts):
            chose, of = [counts[quarter, words] for words in good], counts[quarter, TOTAL]
            if of is not None and of >= MEANS_FROM and None not in chose:
                one = share(sum(filter(None, chose)), of)
                rows.append((quarter, one.share, one.low, one.high, f"n = {of:,}", one.words, ""))
        if not rows:
            return None
        columns = ["quarter", "share", "low", "high", "label", "answered", "forms"]
        frame = pd.DataFrame(rows, columns=columns)
        said = "; ".join(f"{row.quarter}: {row.answered}" for row in frame.itertuples())
        return Chart("answers_over_time", frame, f"{title} {said}.")

    return draws


def _themes_chart(counts: Counts, _: Population) -> Chart | None:
    shown = [(n, cell[0]) for cell, n in counts.items() if cell != (TOTAL,) and n]
    if not shown:
        return None
    rows = [(theme, n, None, f"{n:,}") for n, theme in sorted(shown, key=lambda one: -one[0])]
    frame = pd.DataFrame(rows, columns=["theme", "texts", "share", "label"])
    said = ", ".join(f"{theme} {label}" for theme, *_, label in rows)
    return Chart("themes_written_about", frame, f"What people wrote about: {said}.")
