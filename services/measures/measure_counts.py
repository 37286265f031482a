"""The counts that recorded measures come to, so that no chart adds up the whole programme."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Protocol, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, MeasureForm, Outcome, Place, Point, Respondent
from services import clock
from services.children.child_prompts import UNKNOWN
from services.measures.measure_library import measure
from services.measures.measure_sums import Measured, measured, path_cells, versioned
from services.outcomes.verdicts_together import together_cells
from services.tallies.tallies import Cell, Kind

STEPS = "steps"
MISSING = -1  # in place of a step, where there is none at the start or at the end
WITH, ALONE = "with", "alone"  # whether a parent or carer takes part beside the child
POINT_NUMBERS = {Point.START: 0, Point.MIDDLE: 1, Point.END: 2, Point.FOLLOW_UP: 3}
REASONS = (Outcome.DECLINED, Outcome.NOT_TODAY, Outcome.NO_TIME, Outcome.NOT_OFFERED)
UNKNOWN_AGE = -1
_ENDS = (Point.START, Point.END)
_ROWS_AT_ONCE = 2_000
_Paths: TypeAlias = dict[str, dict[Point, int]]
_Totals: TypeAlias = dict[str, dict[Point, tuple[int, int, date]]]


class FilledForm(Protocol):
    """As much of a form as counting needs; a `MeasureForm` is one."""

    @property
    def measure(self) -> str: ...
    @property
    def measure_version(self) -> int: ...
    @property
    def respondent(self) -> Respondent: ...
    @property
    def point(self) -> Point: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def taken_on(self) -> date: ...
    @property
    def answers(self) -> Mapping[str, float | None] | None: ...
    @property
    def total(self) -> float | None: ...
    @property
    def age_band(self) -> str | None: ...
    @property
    def with_parent(self) -> bool | None: ...
    @property
    def age_from(self) -> int | None: ...


def cells(programme: str, period: str, forms: Iterable[FilledForm]) -> Counter[Cell]:
    """What all the forms of one place count for, in its group's programme and quarter.

    A form with a total counts at the start (START) and, with the same respondent's of the same
    version at the end, as a pair (PAIR); totals are kept times 100, rounded. Of the Talking and
    Feelings Steps every rated strand counts at its point (STRAND), start and end as a pair
    (STRAND_PAIR), and by the child's age band and whether a parent takes part, also with one of
    the two missing (CHILD). A form not filled in counts for why not (NOT_GIVEN). Pure: several
    places' counts are simply added. What depends on her sessions as well: `measure_sums`.
    """
    kept = list(forms)
    totals = _totals(kept)
    counted = _scores(programme, period, totals)
    counted.update(_ages(programme, period, kept, measured(totals)))
    counted.update(_steps(programme, period, kept))
    counted.update(_not_given(programme, period, kept))
    return counted


def _scores(programme: str, period: str, totals: _Totals) -> Counter[Cell]:
    scores = measured(totals)
    counted = Counter(together_cells(programme, period, scores))
    for key, (start, end) in scores.items():
        counted[Cell(Kind.START, programme, period, key, start or 0)] += 1
        if end is not None:
            counted[Cell(Kind.PAIR, programme, period, key, start or 0, end)] += 1
    for key, at in totals.items():
        counted.update(path_cells(programme, period, key, at))
        versions = [at[point][1] for point in _ENDS if point in at]
        if len(set(versions)) > 1:
            counted[Cell(Kind.NEW_VERSION, programme, period, key, *versions)] += 1
    return counted


def _steps(programme: str, period: str, forms: Sequence[FilledForm]) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    strands = _strand_paths(forms)
    for key, steps in strands.items():
        for point, step in steps.items():
            counted[Cell(Kind.STRAND, programme, period, key, POINT_NUMBERS[point], step)] += 1
    for key, pair in _pairs(strands):
        counted[Cell(Kind.STRAND_PAIR, programme, period, key, *pair)] += 1
    for key, ends in _from_start_to_end(forms, strands):
        counted[Cell(Kind.CHILD, programme, period, key, *ends)] += 1
    return counted


def measured_of(forms: Iterable[FilledForm]) -> dict[str, list[int | None]] | None:
    """What a place keeps of its forms' totals; None where there is nothing."""
    return measured(_totals(forms)) or None


def _ages(
    programme: str, period: str, forms: Iterable[FilledForm], scores: Measured
) -> Iterator[Cell]:
    """How old those with a start form were then, with and without one at the end."""
    for form in forms:
        key = versioned(f"{form.measure}:{form.respondent.value}", form.measure_version)
        if form.point is Point.START and form.total is not None:
            old = UNKNOWN_AGE if form.age_from is None else form.age_from
            yield Cell(Kind.AGE, programme, period, key, old, int(scores[key][1] is not None))


def _not_given(programme: str, period: str, forms: Iterable[FilledForm]) -> Iterator[Cell]:
    for form in forms:
        if form.outcome in REASONS:
            key = f"{form.measure}:{form.respondent.value}"
            why = REASONS.index(form.outcome)
            yield Cell(Kind.NOT_GIVEN, programme, period, key, POINT_NUMBERS[form.point], why)


def rated_strands(form: FilledForm) -> Iterator[tuple[str, int]]:
    """The strands of a Steps form that were seen, with their step; nothing of other forms."""
    if form.measure == STEPS and form.answers:
        strands = _strands()
        for number, step in form.answers.items():
            if step is not None:
                yield strands[number], int(step)


def recount(db: Session, group_id: int | None = None) -> Counter[Cell]:
    """The same counts made again from every form there is: what the kept ones must equal.

    With a group named, from its forms alone.
    """
    query = (
        select(MeasureForm, Group.programme, Group.starts_on)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Group, Group.id == Place.group_id)
        .order_by(MeasureForm.place_id)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    if group_id is not None:
        query = query.where(Place.group_id == group_id)
    rows = db.execute(query)
    counted: Counter[Cell] = Counter()
    for _, of_place in groupby(rows, key=lambda row: row[0].place_id):
        forms, programmes, starts = zip(*of_place, strict=True)
        counted.update(cells(programmes[0], clock.quarter(starts[0]), forms))
    return counted


def measured_by_place(db: Session) -> Iterator[tuple[int, dict[str, list[int | None]]]]:
    """What each place should keep of its forms' totals, where there is anything; by its number."""
    query = (
        select(MeasureForm)
        .where(MeasureForm.total.is_not(None), MeasureForm.point.in_(_ENDS))
        .order_by(MeasureForm.place_id)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    for place, forms in groupby(db.scalars(query), key=lambda form: form.place_id):
        if scores := measured_of(forms):
            yield place, scores


def _totals(forms: Iterable[FilledForm]) -> _Totals:
    """Totals times 100 with their version and day, by what was asked of whom, then by point."""
    found: _Totals = {}
    for form in forms:
        if form.total is not None:
            key = f"{form.measure}:{form.respondent.value}"
            taken = (round(form.total * 100), form.measure_version, form.taken_on)
            found.setdefault(key, {})[form.point] = taken
    return found


def _strand_paths(forms: Iterable[FilledForm]) -> _Paths:
    """Steps by strand and respondent, then by point."""
    found: _Paths = {}
    for form in forms:
        for strand, step in rated_strands(form):
            found.setdefault(f"{strand}:{form.respondent.value}", {})[form.point] = step
    return found


def _pairs(paths: _Paths) -> Iterator[tuple[str, tuple[int, int]]]:
    for key, at in paths.items():
        if Point.START in at and Point.END in at:
            yield key, (at[Point.START], at[Point.END])


def _from_start_to_end(
    forms: Iterable[FilledForm], strands: _Paths
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each strand's ends, of which one may be missing, under the key of what a child counts by."""
    child = _child(forms)
    for key, at in strands.items():
        if Point.START in at or Point.END in at:
            yield f"{key}:{child}", (at.get(Point.START, MISSING), at.get(Point.END, MISSING))


def _child(forms: Iterable[FilledForm]) -> str:
    """What a child's steps count by; the same stands with each of its Steps forms."""
    form = next((one for one in forms if one.age_band is not None), None)
    if form is None:
        return f"{UNKNOWN}:{ALONE}"
    return f"{form.age_band}:{WITH if form.with_parent else ALONE}"


@cache
def _strands() -> dict[str, str]:
    """From an item's number, as answers are kept, to its strand."""
    return {str(item.number): str(item.subscale) for item in measure(STEPS).items}
