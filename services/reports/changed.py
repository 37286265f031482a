"""Change from start to end: whom a report counts, and its section on each measure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from models import Group, MeasureForm, Place, Point, Respondent
from services import clock
from services.disclosure.tables import TOTAL, Population
from services.measures.measure_counts import STEPS
from services.measures.measure_definition import Measure
from services.measures.measure_library import measures
from services.measures.measure_sums import versioned
from services.outcomes.outcome_change import Pairs, change, movements, names, rule_in_words
from services.outcomes.outcomes import parts_of, title_of
from services.releases import Counts
from services.reports.parts import (
    NOT_CAUSED,
    TITLES,
    Asked,
    Says,
    Section,
    Wanted,
    labels,
    shares_chart,
)
from services.reports.score_bands import band_of, bands


def measured(db: Session, first: date, last: date) -> list[str]:
    """The measures with somebody's end form in the period and a start form, the most first.

    Each version of a measure stands by itself, as on the outcomes page (`versioned`).
    """
    pairs = _pairs(first, last).subquery()
    columns = (pairs.c.measure, pairs.c.respondent, pairs.c.measure_version)
    query = select(*columns, func.count()).group_by(*columns)
    found = [
        (count, versioned(f"{name}:{who.value}", version), name)
        for name, who, version, count in db.execute(query)
    ]
    # The Steps give no verdicts (domain §2.6) and have a section of their own.
    known = measures().keys() - {STEPS}
    return [key for _, key, name in sorted(found, reverse=True) if name in known]


def changes(db: Session, key: str, first: date, last: date) -> Population:
    """People with a start and an end form of one measure, by the day of the end form."""
    form, respondent, version = parts_of(key)
    words, known = names(form), bands(form)
    rows = []
    for day, *_, programme, before, after in db.execute(
        _pairs(first, last, (form.key, respondent, version))
    ):
        pair = round(before * 100), round(after * 100)
        (moved,) = movements([(*pair, 1)], form)
        within = [band_of(score / 100, known) for score in pair]
        rows.append((day, 1, clock.quarter(day), programme, words[moved.verdict], *within, *pair))
    columns = [
        "day", "count", "quarter", "programme", "verdict", "from_band", "to_band", "start", "end",
    ]  # fmt: skip
    values = labels(
        db, first, last,
        verdict=tuple(words.values()),
        from_band=tuple(known),
        to_band=tuple(known),
    )  # fmt: skip
    return Population(pd.DataFrame(rows, columns=columns), values)


def outcomes(db: Session, asked: Asked) -> Section:
    """Every measure that somebody has at the start and at the end."""
    tables = tuple(verdicts(asked, key) for key in measured(db, asked.first, asked.last))
    return Section(
        "outcomes",
        TITLES["outcomes"],
        "People whose end form falls in the period and who have a start form of the same version "
        "of the measure too. Versions are never thrown together.",
        tables,
        (NOT_CAUSED,) if tables else ("Nobody has a start and an end form yet.",),
    )


def verdicts(asked: Asked, key: str) -> Wanted:
    """How many changed clearly on one measure, and by how much on average."""
    form, *_ = parts_of(key)
    title = title_of(key)
    return Wanted(
        title,
        asked.table(f"change:{key}", "verdict"),
        "From start to end",
        says=_mean(form),
        draws=shares_chart(title),
        about=f"{rule_in_words(form)} {NOT_CAUSED}",
    )


def counted_pairs(units: pd.DataFrame) -> Pairs:
    """How many had this score at the start and that one at the end."""
    pairs = units.groupby(["start", "end"])["count"].sum().reset_index()
    return [
        (int(start), int(end), int(n)) for start, end, n in pairs.itertuples(index=False, name=None)
    ]


def _pairs(
    first: date, last: date, of: tuple[str, Respondent, int] | None = None
) -> Select[*tuple[Any, ...]]:
    """Start and end of the same people, by the day of the end form; of one measure or of all."""
    start, end = aliased(MeasureForm), aliased(MeasureForm)
    same = (end.measure, end.respondent, end.measure_version)
    query = (
        select(
            end.taken_on, *same, Group.programme, start.total.label("before"),
            end.total.label("after"),
        )
        .join(
            start,
            (start.place_id == end.place_id)
            & (start.measure == end.measure)
            & (start.measure_version == end.measure_version)
            & (start.respondent == end.respondent),
        )
        .join(Place, Place.id == end.place_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            end.taken_on.between(first, last),
            end.point == Point.END,
            start.point == Point.START,
            end.total.is_not(None),
            start.total.is_not(None),
        )
    )  # fmt: skip
    if of is not None:
        query = query.where(*(column == value for column, value in zip(same, of, strict=True)))
    return query


def _mean(form: Measure) -> Says:
    def says(counts: Counts, people: Population) -> Sequence[str]:
        if counts.get((TOTAL,)) is None:
            return (rule_in_words(form),)
        found = change(counted_pairs(people.units), form)
        return (rule_in_words(form), *([f"Change: {found.words}."] if found else []))

    return says
