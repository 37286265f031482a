"""Charts of everybody's scores that may leave: in bands, over the weeks, and by sessions."""

import math
from collections import defaultdict
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from models import Tally
from services.disclosure.tables import TOTAL, Population
from services.measures.measure_definition import Measure
from services.measures.measure_sums import DOSE_SUMS, PATH_SUMS, weeks_of
from services.outcomes.outcome_change import (
    BETTER,
    DIRECTIONS,
    SAME,
    WORSE,
    has_rule,
)
from services.outcomes.outcome_dose import CONTENT, COUNTED, NO_CAUSE, SESSIONS, dose_of
from services.outcomes.outcome_growth import STRAIGHT, added_up, growth_of
from services.outcomes.outcome_pairs import BARS, PATHS
from services.outcomes.outcomes import parts_of, title_of
from services.releases import Counts
from services.reports.parts import (
    NOT_CAUSED,
    Asked,
    Chart,
    Draws,
    Wanted,
    begins,
    kept_counts,
    labels,
)
from services.reports.score_bands import Bands, bands
from services.tallies.shares import MEANS_FROM, share
from services.tallies.tallies import Kind

FORMS = ("One form", "Two forms", "Three forms or more")
DOSES = {"0 to 3": 3, "4 to 7": 7, "8 to 11": 11, "12 to 15": 15, "16 or more": math.inf}
DOSE_KINDS = {"sessions": (Kind.SESSIONS, SESSIONS), "content": (Kind.CONTENT, CONTENT)}


def in_bands(asked: Asked, key: str, name: str) -> Wanted:
    """Everybody's start and end in bands of the scale: as lines or against each other (with the
    chart's name), or before and after."""
    title = f"{title_of(key)}: from start to end in bands"
    return Wanted(
        title,
        asked.table(f"change:{key}", "from_band", "to_band"),
        "At the start, by the end",
        draws=_before_after(key, title) if name == "before_and_after" else _paths(key, title, name),
        about="Scores stand for the middle of their band; a band of few people is not drawn, "
        f"and n counts those that are. {NOT_CAUSED}",
    )


def over_weeks(asked: Asked, key: str) -> Wanted:
    """Scores over the weeks, as a model of every form there is."""
    title = f"{title_of(key)}: over the weeks"
    return Wanted(
        title,
        asked.table(f"grown:{key}", "forms"),
        "Forms of a person",
        draws=_growth_chart(key, title),
        about=STRAIGHT,
    )


def by_dose(asked: Asked, kind: str, key: str) -> Wanted:
    """Change by sessions attended, or by topics covered."""
    called = DOSE_KINDS[kind][1]
    title = f"{title_of(key)}: change by {called.lower()}"
    return Wanted(
        title,
        asked.table(f"{kind}:{key}", "sessions"),
        called,
        draws=_dose_chart(key, called, title),
        about=f"{called}: {COUNTED[called]}. {NO_CAUSE}",
    )


def grown(db: Session, key: str, first: date, last: date) -> Population:
    """People with any form of a measure, by the quarter their group began; with their sums."""
    rows = _sums(db, Kind.PATH, key, first, last)
    known = labels(db, first, last, forms=FORMS)
    found = [
        (begins(quarter), quarter, programme, FORMS[min(len(weeks_of(path)), 3) - 1],
         sums[0], path, *sums)
        for (quarter, programme, path), sums in rows.items()
    ]  # fmt: skip
    columns = ["day", "quarter", "programme", "forms", "count", "path", *range(len(PATH_SUMS))]
    return Population(pd.DataFrame(found, columns=columns), known)


def dosed(db: Session, kind: str, key: str, first: date, last: date) -> Population:
    """People with both forms by sessions, and by the quarter their group began; with their sums."""
    rows = _sums(db, DOSE_KINDS[kind][0], key, first, last)
    known = labels(db, first, last, sessions=tuple(DOSES))
    found = [
        (begins(quarter), quarter, programme,
         next(words for words, most in DOSES.items() if dose <= most), sums[0], dose, *sums)
        for (quarter, programme, dose), sums in rows.items()
    ]  # fmt: skip
    columns = ["day", "quarter", "programme", "sessions", "count", "dose", *range(len(DOSE_SUMS))]
    return Population(pd.DataFrame(found, columns=columns), known)


def _sums(
    db: Session, kind: Kind, key: str, first: date, last: date
) -> dict[tuple[str, str, int], list[int]]:
    """Every kept sum by quarter, programme, and the path or the dose."""
    many = len(PATH_SUMS if kind is Kind.PATH else DOSE_SUMS)
    found: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0] * many)
    for row in kept_counts(db, kind, first, last, Tally.key == key):
        found[row.period, row.programme, row.first][row.second] += row.count
    return {at: sums for at, sums in found.items() if sums[0]}


def _added_up(people: Population, by: str, many: int) -> tuple[tuple[int, int, int], ...]:
    """The sums over all quarters and programmes, as the outcomes page reads them."""
    summed = people.units.groupby(by)[list(range(many))].sum()
    return tuple(
        (int(at), number, int(value))
        for at, *row in summed.itertuples(name=None)
        for number, value in enumerate(row)
    )


def _by_cohort(people: Population) -> tuple[tuple[str, str, int, int, int], ...]:
    """The sums by programme and quarter, likewise."""
    columns = ["programme", "quarter", "path", *range(len(PATH_SUMS))]
    return tuple(
        (programme, quarter, int(path), number, int(value))
        for programme, quarter, path, *sums in people.units[columns].itertuples(
            index=False, name=None
        )
        for number, value in enumerate(sums)
    )


def _growth_chart(key: str, title: str) -> Draws:
    def draws(counts: Counts, people: Population) -> Chart | None:
        if counts.get((TOTAL,)) is None:
            return None
        # No means of single weeks beside the line: of one week few people may have a form.
        cohorts = _by_cohort(people)
        found = growth_of(key, added_up(cohorts), cohorts, ())
        if found.curve.empty:
            return None
        return Chart("growth_curve", found.curve, f"{title}. {found.words}")

    return draws


def _dose_chart(key: str, called: str, title: str) -> Draws:
    form, *_ = parts_of(key)
    sign = -1 if form.direction == "down" else 1

    def draws(counts: Counts, people: Population) -> Chart | None:
        if counts.get((TOTAL,)) is None:
            return None
        found = dose_of(called, _added_up(people, "dose", len(DOSE_SUMS)), sign)
        if found.curve.empty:
            return None
        return Chart("change_by_dose", found.curve, f"{title}. {found.words}")

    return draws


def _paths(key: str, title: str, name: str) -> Draws:
    form, *_ = parts_of(key)
    known = bands(form)

    def draws(counts: Counts, _: Population) -> Chart | None:
        if form.range is None or (name == "score_against_end" and not has_rule(form)):
            return None
        ends = form.range.low, form.range.high
        rows = [
            (_middle(known, before), _middle(known, after), people, way,
             f"{people:,} people, from {before} to {after}", *ends, None, None)
            for (before, after), people in counts.items()
            if TOTAL not in (before, after) and people
            for way in [_way(known, before, after, form)]
        ]  # fmt: skip
        if not rows:
            return None
        frame = pd.DataFrame(rows, columns=PATHS)
        return Chart(name, frame, f"{title}. {'. '.join(frame['label'])}.")

    return draws


def _way(known: Bands, before: str, after: str, form: Measure) -> str:
    """Whether a band is better: never clearly so, since two scores of it may differ by less."""
    gain = (_middle(known, after) - _middle(known, before)) * (
        -1 if form.direction == "down" else 1
    )
    return DIRECTIONS[BETTER if gain > 0 else WORSE if gain < 0 else SAME]


def _before_after(key: str, title: str) -> Draws:
    form, *_ = parts_of(key)
    known = bands(form)

    def draws(counts: Counts, _: Population) -> Chart | None:
        of = counts.get((TOTAL, TOTAL))
        if form.range is None or of is None or of < MEANS_FROM:
            return None
        rows = []
        for when in ("Start", "End"):
            for band, (low, high) in known.items():
                people = counts[(band, TOTAL) if when == "Start" else (TOTAL, band)]
                if people is not None:
                    part = share(people, of)
                    middle = _middle(known, band)
                    rows.append((when, low, high, middle, people, part.share, part.words))
        if not rows:
            return None
        frame = pd.DataFrame(rows, columns=BARS)
        return Chart("before_and_after", frame, f"{title}, at the start and at the end.")

    return draws


def _middle(known: Bands, band: str) -> float:
    low, high = known[band]
    return (low + high) / 2
