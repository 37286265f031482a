"""How a measure's scores go over the weeks: a mixed model of every form there is (domain §3.3).

It is fitted from sums kept as forms are saved, so that its cost follows the number of different
weeks forms were taken in, and never the number of forms.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from sqlalchemy.orm import Session

from services.measures.measure_library import measures
from services.measures.measure_sums import PATH_SUMS, WEEK_SUMS, weeks_of
from services.permissions import Actor, Permission
from services.statistics import GrowthModel, PathSums, allow_for_cohorts, growth_from_sums
from services.tallies.shares import MEANS_FROM, SHOWN_INSIDE_FROM
from services.tallies.tallies import Kind
from services.tallies.tally_totals import by_cohort, several
from services.unchanged import while_unchanged

FEWEST = 20
FEW = (
    f"Fewer than {FEWEST} people have a form, so no curve over the weeks is shown: the change "
    "between start and end above is what can be said."
)
# The slope rests on those with two forms alone: of one or two it would be what they scored.
FEW_MOVE = (
    f"Fewer than {SHOWN_INSIDE_FROM} people have forms in two weeks or more, so no curve is shown: "
    "it would draw what a few of them scored."
)
NOT_FITTED = "No curve over the weeks could be fitted: what can be said stands above."
STRAIGHT = (
    "The line is straight by assumption. It takes in everybody with a form at the start, in the "
    "middle or at the end, also those with one alone: right if whether a form is missing depends "
    "only on scores seen."
)
COHORTS = (
    "The band allows for cohorts: people of one programme whose groups began in the same quarter "
    "may move together."
)
FEW_COHORTS = (
    "There are fewer than five cohorts, so the band takes people as if they came one by one: where "
    "groups differ it is too narrow."
)
_STEPS = 24
_HUNDREDTHS = {
    "score": 1e2, "moment": 1e2, "score_squared": 1e4, "score_by_moment": 1e4,
    "moment_squared": 1e4, "squares": 1e4,
}  # fmt: skip
_COLUMNS = ["kind", "week", "score", "low", "high", "people", "label", "least", "most"]
_Rows = tuple[tuple[int, int, int], ...]
# What leaving out a cohort asks of it; the squares are asked of everybody together alone.
_OF_COHORTS = ("people", "score", "moment")
_CohortRows = tuple[tuple[str, str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """`curve` is empty, and `words` says why, where no model can be had.

    curve: kind ("line", "seen"), week, score, low, high (95%; NA for what was seen), people, label;
    and, the same in every row, least and most: the ends of the measure, NA where it has none.
    """

    curve: pd.DataFrame
    model: GrowthModel | None
    words: str
    notes: tuple[str, ...]


@while_unchanged
def growth(
    db: Session, actor: Actor, key: str, *, programme: str | None = None, period: str | None = None
) -> Growth:
    """The curve of one measure as one respondent answered it."""
    actor.require(Permission.READ_OUTCOMES)
    kinds = (Kind.PATH, Kind.WEEK)
    found = several(db, actor, kinds, [key], programme=programme, period=period)
    paths, weeks = (tuple(row[1:] for row in found[kind]) for kind in kinds)
    first_sums = [PATH_SUMS.index(name) for name in _OF_COHORTS]
    cohorts = by_cohort(db, actor, Kind.PATH, key, first_sums, programme=programme, period=period)
    return growth_of(key, paths, tuple(cohorts), weeks)


@lru_cache(maxsize=64)
def growth_of(key: str, paths: _Rows, cohorts: _CohortRows, weeks: _Rows) -> Growth:
    """The curve of a measure's kept sums; `cohorts` are a programme's groups of one quarter.

    Remembered, since the same sums come back with every click until a form is saved."""
    sums = _path_sums(paths)
    if sum(path.people for path in sums) < FEWEST:
        return Growth(pd.DataFrame(columns=_COLUMNS), None, FEW, ())
    moving = sum(path.people for path in sums if len(set(path.weeks)) > 1)
    if 0 < moving < SHOWN_INSIDE_FROM:
        return Growth(pd.DataFrame(columns=_COLUMNS), None, FEW_MOVE, ())
    try:
        model = growth_from_sums(sums)
    except ValueError as why:
        return Growth(pd.DataFrame(columns=_COLUMNS), None, f"{NOT_FITTED} {why}", ())
    allowed = allow_for_cohorts(model, _by_cohort(cohorts))
    model = allowed or model
    seen = list(_seen(weeks))
    # As far as the last mean that stands beside it: one beyond the end of the line is a riddle.
    last = max([_last_week(sums), *(row[1] for row in seen)])
    form = measures().get(key.split(":", maxsplit=1)[0])
    ends = (form.range.low, form.range.high) if form and form.range else (None, None)
    rows = [(*row, *ends) for row in (*_line(model, last), *seen)]
    numbers = dict.fromkeys(("low", "high", "least", "most"), "Float64")
    curve = pd.DataFrame(rows, columns=_COLUMNS).astype(numbers)
    notes = (STRAIGHT, COHORTS if allowed else FEW_COHORTS, f"Fitted: {model.method}.")
    return Growth(curve, model, _words(model), notes)


def added_up(rows: _CohortRows) -> _Rows:
    """The sums of everybody, from those by programme and quarter."""
    added: Counter[tuple[int, int]] = Counter()
    for _programme, _period, path, number, value in rows:
        added[path, number] += value
    return tuple((*at, value) for at, value in sorted(added.items()))


def _by_cohort(rows: _CohortRows) -> list[list[PathSums]]:
    kept: defaultdict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for programme, period, *sums in rows:
        kept[programme, period].append((sums[0], sums[1], sums[2]))
    return [_path_sums(tuple(cohort)) for cohort in kept.values()]


def _path_sums(rows: _Rows) -> list[PathSums]:
    kept: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for path, number, value in rows:
        kept[path][PATH_SUMS[number]] = value
    return [
        PathSums(
            weeks=tuple(map(float, weeks_of(path))),
            people=found.get("people", 0),
            **{name: found.get(name, 0) / scale for name, scale in _HUNDREDTHS.items()},
        )
        for path, found in kept.items()
    ]


def _last_week(sums: list[PathSums]) -> float:
    """How far the curve is drawn: up to where ten or more forms lie still, if anywhere they do."""
    forms: Counter[float] = Counter()
    for path in sums:
        forms.update(dict.fromkeys(path.weeks, path.people))
    there = 0
    for week in sorted(forms, reverse=True):
        there += forms[week]
        if there >= MEANS_FROM and week:
            return week
    return max(forms)


def _line(model: GrowthModel, last: float) -> Iterable[tuple[object, ...]]:
    for step in range(_STEPS + 1):
        week = last * step / _STEPS
        score, low, high = model.at(week)
        label = f"week {week:.1f}: {score:.1f} ({low:.1f} to {high:.1f})"
        yield ("line", week, score, low, high, model.people, label)


def _seen(rows: _Rows) -> Iterable[tuple[str, float, float, None, None, int, str]]:
    """The mean of the scores of neighbouring weeks, once ten or more have one."""
    kept: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for week, number, value in rows:
        kept[week][WEEK_SUMS[number]] = value
    people = weeks = score = 0
    for week in sorted(kept):
        n = kept[week].get("people", 0)
        people, weeks, score = people + n, weeks + n * week, score + kept[week].get("score", 0)
        if people >= MEANS_FROM:
            mean = score / people / 100
            label = f"mean of {people:,}: {mean:.1f}"
            yield ("seen", weeks / people, mean, None, None, people, label)
            people = weeks = score = 0


def _words(model: GrowthModel) -> str:
    low, high = (model.slope + side * model.quantile * model.slope_se for side in (-1, 1))
    return (
        f"Scores move by {model.slope:+z.2f} points a week "
        f"(95% interval {low:+z.2f} to {high:+z.2f}), from {model.intercept:.1f} at the first "
        f"form; {model.people:,} people, {model.scores:,} forms."
    )
