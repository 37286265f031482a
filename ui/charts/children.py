"""Charts of the Talking and Feelings Steps: three views side by side, never averaged.

Four strands stand beneath each other in one chart, in bands of one axis, and not in charts of
their own: so they take the width there is, and the page puts two such charts side by side.
"""

from collections.abc import Callable
from functools import partial

import altair as alt

from ui.charts.bands import (
    BAND,
    BANDS,
    HAS_VIEW,
    LEFT,
    STEP_HEIGHT,
    colour,
    dash,
    level,
    line_names,
    shape,
    strand_words,
)
from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import POINTS, QUIET, SMALL, VIEWS

_ROWS = len(VIEWS) + 1  # of a band in `_moves`: the strand's name and the views
_ROW_HEIGHT = 24
_STEP = alt.Tooltip("label:N", title="Step")
_MEDIAN = alt.Tooltip("label:N", title="Median and children")


@built_once
def strand_paths() -> Drawing:
    """Four strands' median steps over time in three views.

    Columns: strand, counts ("n = 9 to 24"), order, view, point, median (0 to 4), label,
    label_at (where the name of the line stands, empty but for its last point). A strand nobody
    rated has one row without a view, and its label says so.
    """
    return _paths("median", _MEDIAN)


@built_once
def all_strand_paths() -> Drawing:
    """All eight strands beneath each other, for paper.

    Columns: strand, counts, order, view, point, median, label, label_at.
    """
    return _paths("median", _MEDIAN, 2 * BANDS)


@built_once
def child_path() -> Drawing:
    """One child's step in four strands over time in three views.

    Columns: strand, counts, order, view, point, step (0 to 4), label (the step in
    words), label_at as in `strand_paths`.
    """
    return _paths("step", _STEP)


@built_once
def child_path_whole() -> Drawing:
    """All eight strands beneath each other, for paper.

    Columns: strand, counts, order, view, point, step, label, label_at.
    """
    return _paths("step", _STEP, 2 * BANDS)


@built_once
def strand_moves() -> Drawing:
    """The share of children a step or more higher at the end than at the start, by view.

    Columns: strand, order, view, share, low, high (0 to 1), counted ("9 of 11"), label.
    """
    return _moves(BANDS)


@built_once
def all_strand_moves() -> Drawing:
    """All eight strands beneath each other, for paper.

    Columns: strand, order, view, share, low, high, counted, label.
    """
    return _moves(2 * BANDS)


@built_once
def three_parts() -> Drawing:
    """The same of one strand in three parts of the children.

    Columns: strand (the part's name), order, view, share, low, high, counted, label.
    """
    return _moves(3)


@built_once
def two_parts() -> Drawing:
    """The same in two parts.

    Columns: strand (the part's name), order, view, share, low, high, counted, label.
    """
    return _moves(2)


def _moves(bands: int) -> Drawing:
    names = ", ".join(f"'{view}'" for view in VIEWS)
    base = alt.Chart(height=bands * _ROWS * _ROW_HEIGHT).transform_calculate(
        title_at=f"{_ROWS} * (datum.order % {bands})",
        reason_at="datum.title_at + 2",
        row=f"datum.title_at + 1 + indexof([{names}], datum.view)",
    )
    row = _row(bands)
    rated = base.transform_filter(HAS_VIEW)
    interval = rated.mark_rule(size=2).encode(_share("low"), row("row"), colour(), x2="high:Q")
    middle = rated.mark_point(size=70, filled=True, opacity=1).encode(
        _share("share"),
        row("row"),
        colour(),
        shape(),
        tooltip=[
            alt.Tooltip("strand:N", title="Strand"),
            alt.Tooltip("view:N", title="View"),
            alt.Tooltip("label:N", title="Moved up"),
        ],
    )
    counted = rated.mark_text(align="left", dx=6, fontSize=SMALL, color=QUIET).encode(
        row("row"), x=alt.value("width"), text="counted:N"
    )
    return alt.layer(interval, middle, counted, *strand_words(base, row), data=NO_DATA)


def _paths(value: str, tooltip: alt.Tooltip, bands: int = BANDS) -> Drawing:
    at = partial(level, bands=bands)
    base = alt.Chart(height=bands * BAND * STEP_HEIGHT).transform_calculate(
        bottom=f"-{BAND} * (datum.order % {bands})",
        title_at="datum.bottom + 5.5",
        counts_at="datum.bottom + 4.85",
        reason_at="datum.bottom + 2",
        level=f"datum.bottom + datum.{value}",
        name_at="datum.bottom + datum.label_at",
    )
    rated = base.transform_filter(HAS_VIEW)
    point = alt.X("point:N").title(None).sort(POINTS).axis(labelAngle=0, orient="top")
    aside = alt.XOffset("view:N").sort(VIEWS)
    lines = rated.mark_line(size=2).encode(
        point, aside, at("level"), colour(), dash(), detail="strand:N"
    )
    marks = rated.mark_point(size=70, filled=True, opacity=1).encode(
        point,
        aside,
        at("level"),
        colour(),
        shape(),
        tooltip=[
            alt.Tooltip("strand:N", title="Strand"),
            alt.Tooltip("view:N", title="View"),
            alt.Tooltip("point:N", title="When"),
            tooltip,
        ],
    )
    names = line_names(rated, at("name_at"))
    counts = base.transform_aggregate(
        counts_at="min(counts_at)", groupby=["strand", "counts"]
    ).mark_text(align="left", dx=-LEFT, fontSize=SMALL, color=QUIET)
    counts = counts.encode(level("counts_at"), x=alt.value(0), text="counts:N")
    words = strand_words(base, at)
    return alt.layer(lines, marks, names, counts, *words, data=NO_DATA)


def _row(bands: int) -> Callable[[str], alt.Y]:
    """The one axis of all bands in `_moves`: a line for each view."""
    words = ", ".join(f"'{view}'" for view in VIEWS)
    axis = alt.Axis(
        values=[n for n in range(bands * _ROWS) if n % _ROWS],
        labelExpr=f"['', {words}][datum.value % {_ROWS}]",
        labelLimit=0,
        labelOverlap=False,
        grid=False,
    )
    scale = alt.Scale(domain=[bands * _ROWS - 0.5, -0.5], nice=False)
    return lambda column: alt.Y(f"{column}:Q").title(None).axis(axis).scale(scale)


def _share(column: str) -> alt.X:
    axis = alt.Axis(format=".0%", tickCount=5)
    return alt.X(f"{column}:Q").title(None).axis(axis).scale(domain=[0, 1])
