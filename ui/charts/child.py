"""Charts of one child, and of a parent beside it: paths over time and from point to point."""

from functools import partial

import altair as alt

from ui.charts.bands import (
    BAND,
    BANDS,
    STEP_HEIGHT,
    colour,
    dash,
    level,
    line_names,
    shape,
    strand_words,
)
from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import INK, MAIN, POINTS, QUIET, SMALL, VIEWS

_APART = 0.28  # of a step: lines that coincide stand beside each other
_PARENT_HEIGHT = 220


@built_once
def child_over_time() -> Drawing:
    """One child's steps in four strands by date, with notes from sessions and events.

    Columns: kind (form, note, event, edge, none), strand, counts, order, view, on (the day in
    words), at (milliseconds), point, step, label, label_at, line. A line joins the forms of one
    view in one group, so that one form alone is a mark and no line. The chart is read aloud as a
    whole: a half without notes or events would have parts without a name.
    """
    return _over_time(BANDS)


@built_once
def child_over_time_whole() -> Drawing:
    """All eight strands beneath each other, for paper.

    Columns: kind, strand, counts, order, view, on, at, point, step, label, label_at, line.
    """
    return _over_time(2 * BANDS)


def _over_time(bands: int) -> Drawing:
    views = ", ".join(f"'{view}'" for view in VIEWS)
    height = partial(level, bands=bands)
    base = alt.Chart(height=bands * BAND * STEP_HEIGHT).transform_calculate(
        bottom=f"-{BAND} * (datum.order % {bands})",
        title_at="datum.bottom + 5.5",
        reason_at="datum.bottom + 2",
        level=f"datum.bottom + datum.step"
        f" + (datum.view ? {_APART} * (indexof([{views}], datum.view) - 1) : 0)",
        name_at="datum.bottom + datum.label_at",
    )
    forms = base.transform_filter("datum.kind === 'form'")
    notes = base.transform_filter("datum.kind === 'note'")
    events = base.transform_filter("datum.kind === 'event'")
    lines = forms.mark_line(size=2).encode(
        _day(), height("level"), colour(), dash(), detail=["strand:N", "line:N"]
    )
    marks = forms.mark_point(size=45, filled=True, opacity=1).encode(
        _day(), height("level"), colour(), shape(), tooltip=_tooltip("Step")
    )
    noted = notes.mark_point(shape="diamond", size=60, filled=False, color=INK).encode(
        _day(), height("level"), tooltip=_tooltip("What")
    )
    names = line_names(forms, height("name_at"))
    happened = alt.Tooltip("point:N", title="What happened")
    rules = events.mark_rule(strokeDash=[1, 4], color=QUIET).encode(_day(), tooltip=[happened])
    numbers = events.mark_text(dy=12, fontSize=SMALL, fontWeight=600).encode(
        _day(), text="label:N", y=alt.value("height")
    )
    edges = base.transform_filter("datum.kind === 'edge'").mark_rule(opacity=0).encode(_day())
    named = base.transform_filter("isValid(datum.strand) && datum.kind !== 'note'")
    words = strand_words(named, height)
    return alt.layer(rules, edges, lines, marks, noted, names, numbers, *words, data=NO_DATA)


@built_once
def whole_path() -> Drawing:
    """A child's mean of all the strands from point to point, in three views.

    Columns: view, point, total (0 to 4), label, label_at (where the name of the line stands,
    empty but for its last point).
    """
    base = alt.Chart(height=_PARENT_HEIGHT)
    total = alt.Y("total:Q").title("Mean step, 0 to 4").scale(domain=[0, 4])
    aside = alt.XOffset("view:N").sort(VIEWS)
    tooltip = [
        alt.Tooltip("view:N", title="View"),
        alt.Tooltip("point:N", title="When"),
        alt.Tooltip("label:N", title="Mean step"),
    ]
    lines = base.mark_line(size=2).encode(_point(), total, aside, colour(), dash())
    marks = base.mark_point(size=70, filled=True, opacity=1).encode(
        _point(), total, aside, colour(), shape(), tooltip=tooltip
    )
    name_at = alt.Y("label_at:Q").title("Mean step, 0 to 4").scale(domain=[0, 4])
    return alt.layer(lines, marks, line_names(base, name_at), data=NO_DATA)


@built_once
def parent_path() -> Drawing:
    """A parent's own measure from point to point.

    Columns: point, total, label, low and high (the ends of the measure, the same in every row).
    """
    base = alt.Chart(height=_PARENT_HEIGHT)
    total = alt.Y("total:Q").title("Score").scale(zero=False, nice=False)
    tooltip = [alt.Tooltip("point:N", title="When"), alt.Tooltip("label:N", title="Score")]
    main = alt.value(MAIN)
    line = base.mark_line(size=2).encode(_point(), total, color=main)
    marks = base.mark_point(size=70, filled=True, opacity=1).encode(
        _point(), total, color=main, tooltip=tooltip
    )
    words = base.mark_text(dy=-14, fontSize=SMALL).encode(_point(), total, text="label:N")
    # The whole of the measure stands on the axis, so that a small change looks small.
    ends = (base.mark_rule(opacity=0).encode(y=alt.Y(f"{end}:Q")) for end in ("low", "high"))
    return alt.layer(*ends, line, marks, words, data=NO_DATA)


def _day() -> alt.X:
    axis = alt.Axis(format="%d %b %y", orient="top", tickCount=4, grid=False, labelOverlap=True)
    return alt.X("at:T").title(None).axis(axis).scale(type="utc", nice=False, padding=14)


def _point() -> alt.X:
    return alt.X("point:N").title(None).sort(POINTS).scale(domain=POINTS).axis(labelAngle=0)


def _tooltip(title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("strand:N", title="Strand"),
        alt.Tooltip("view:N", title="View"),
        alt.Tooltip("on:N", title="When"),
        alt.Tooltip("label:N", title=title),
    ]
