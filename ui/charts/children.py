"""Charts of the Talking and Feelings Steps: three views side by side, never averaged.

Four strands stand beneath each other in one chart, in bands of one axis, and not in charts of
their own: so they take the width there is, and the page puts two such charts side by side.
"""

from collections.abc import Callable

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import (
    POINTS,
    QUIET,
    SMALL,
    VIEW_COLOURS,
    VIEW_DASHES,
    VIEW_SHAPES,
    VIEWS,
)

STEPS = ("Not yet", "A lot of help", "Some help", "Mostly unaided", "Unaided, anywhere")
BANDS = 4
_BAND = 7  # steps from one band to the next: 0 to 4, and room for the strand's name
_STEP_HEIGHT = 24
_ROWS = len(VIEWS) + 1  # of a band in `strand_moves`: the strand's name and the views
_ROW_HEIGHT = 24
_LEFT = 76  # pixels a strand's name may begin before the plot, over the words of the axis
_HAS_VIEW = "isValid(datum.view)"


@built_once
def strand_paths() -> Drawing:
    """Four strands' median steps over time in three views.

    Columns: strand, counts ("n = 9 to 24"), order, view, point, median (0 to 4), label,
    view_label and label_at (name of the line and where it stands, empty but for the last point
    of each line). A strand nobody rated has one row without a view, and its label says so.
    """
    return _paths("median", alt.Tooltip("label:N", title="Median and children"))


@built_once
def child_path() -> Drawing:
    """One child's step in four strands over time in three views.

    Columns: strand, counts, order, view, point, step (0 to 4), label (the step in
    words), view_label and label_at as in `strand_paths`.
    """
    return _paths("step", alt.Tooltip("label:N", title="Step"))


@built_once
def strand_moves() -> Drawing:
    """The share of children a step or more higher at the end than at the start, by view.

    Columns: strand, order, view, share, low, high (0 to 1), counted ("9 of 11"), label.
    """
    names = ", ".join(f"'{view}'" for view in VIEWS)
    base = alt.Chart(height=BANDS * _ROWS * _ROW_HEIGHT).transform_calculate(
        title_at=f"{_ROWS} * (datum.order % {BANDS})",
        reason_at="datum.title_at + 1",
        row=f"datum.title_at + 1 + indexof([{names}], datum.view)",
    )
    rated = base.transform_filter(_HAS_VIEW)
    interval = rated.mark_rule(size=2).encode(_share("low"), _row("row"), _colour(), x2="high:Q")
    middle = rated.mark_point(size=70, filled=True, opacity=1).encode(
        _share("share"),
        _row("row"),
        _colour(),
        _shape(),
        tooltip=[
            alt.Tooltip("strand:N", title="Strand"),
            alt.Tooltip("view:N", title="View"),
            alt.Tooltip("label:N", title="Moved up"),
        ],
    )
    counted = rated.mark_text(align="left", dx=6, fontSize=SMALL, color=QUIET).encode(
        _row("row"), x=alt.value("width"), text="counted:N"
    )
    return alt.layer(interval, middle, counted, *_strand_words(base, _row), data=NO_DATA)


def _paths(value: str, tooltip: alt.Tooltip) -> Drawing:
    base = alt.Chart(height=BANDS * _BAND * _STEP_HEIGHT).transform_calculate(
        bottom=f"-{_BAND} * (datum.order % {BANDS})",
        title_at="datum.bottom + 5.5",
        counts_at="datum.bottom + 4.85",
        reason_at="datum.bottom + 2",
        level=f"datum.bottom + datum.{value}",
        name_at="datum.bottom + datum.label_at",
    )
    rated = base.transform_filter(_HAS_VIEW)
    point = alt.X("point:N").title(None).sort(POINTS).axis(labelAngle=0, orient="top")
    aside = alt.XOffset("view:N").sort(VIEWS)
    lines = rated.mark_line(size=2).encode(
        point, aside, _level("level"), _colour(), _dash(), detail="strand:N"
    )
    marks = rated.mark_point(size=70, filled=True, opacity=1).encode(
        point,
        aside,
        _level("level"),
        _colour(),
        _shape(),
        tooltip=[
            alt.Tooltip("strand:N", title="Strand"),
            alt.Tooltip("view:N", title="View"),
            alt.Tooltip("point:N", title="When"),
            tooltip,
        ],
    )
    ends = rated.transform_filter("isValid(datum.label_at)")
    names = ends.mark_text(align="left", dx=6, fontSize=SMALL).encode(
        _level("name_at"), _colour(), x=alt.value("width"), text="view_label:N"
    )
    counts = base.transform_aggregate(
        counts_at="min(counts_at)", groupby=["strand", "counts"]
    ).mark_text(align="left", dx=-_LEFT, fontSize=SMALL, color=QUIET)
    counts = counts.encode(_level("counts_at"), x=alt.value(0), text="counts:N")
    words = _strand_words(base, _level)
    return alt.layer(lines, marks, names, counts, *words, data=NO_DATA)


def _level(column: str) -> alt.Y:
    """The one axis of all bands: a step's words at the same height in each."""
    steps = [step - _BAND * band for band in range(BANDS) for step in range(len(STEPS))]
    words = ", ".join(f"'{step}'" for step in STEPS)
    # The remainder of a negative number is negative in a browser.
    expression = f"[{words}][(datum.value + {BANDS * _BAND}) % {_BAND}]"
    axis = alt.Axis(values=steps, labelExpr=expression, labelLimit=0, labelOverlap=False)
    lowest = -_BAND * (BANDS - 1) - 0.3
    return alt.Y(f"{column}:Q").title(None).axis(axis).scale(domain=[lowest, 5.9], nice=False)


def _row(column: str) -> alt.Y:
    """The one axis of all bands in `strand_moves`: a line for each view."""
    words = ", ".join(f"'{view}'" for view in VIEWS)
    axis = alt.Axis(
        values=[n for n in range(BANDS * _ROWS) if n % _ROWS],
        labelExpr=f"['', {words}][datum.value % {_ROWS}]",
        labelLimit=0,
        labelOverlap=False,
        grid=False,
    )
    scale = alt.Scale(domain=[BANDS * _ROWS - 0.5, -0.5], nice=False)
    return alt.Y(f"{column}:Q").title(None).axis(axis).scale(scale)


def _strand_words(base: alt.Chart, y: Callable[[str], alt.Y]) -> tuple[alt.Chart, alt.Chart]:
    """Each strand's name over its band, and why there is nothing to draw in it, if so."""
    name = base.transform_aggregate(title_at="min(title_at)", groupby=["strand"])
    why = base.transform_filter(f"!{_HAS_VIEW}")
    return (
        name.mark_text(align="left", dx=-_LEFT, fontWeight=600).encode(
            y("title_at"), x=alt.value(0), text="strand:N"
        ),
        why.mark_text(align="left", dx=6).encode(y("reason_at"), x=alt.value(0), text="label:N"),
    )


def _share(column: str) -> alt.X:
    axis = alt.Axis(format=".0%", tickCount=5)
    return alt.X(f"{column}:Q").title(None).axis(axis).scale(domain=[0, 1])


def _colour() -> alt.Color:
    return alt.Color("view:N").scale(domain=VIEWS, range=VIEW_COLOURS).legend(None)


def _shape() -> alt.Shape:
    return alt.Shape("view:N").scale(domain=VIEWS, range=VIEW_SHAPES).legend(None)


def _dash() -> alt.StrokeDash:
    return alt.StrokeDash("view:N").scale(domain=VIEWS, range=VIEW_DASHES).legend(None)
