"""Charts of the volunteer workforce: the way in, leaving and staying, cover, hours, support."""

from typing import Any

import altair as alt

from ui.charts.apart import DASHED, EDGE, FAINT, FULL, LIGHTER, told_apart
from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.survival import survival
from ui.charts.theme import BAD, EVEN, GOOD, INK, MAIN, ON_MARK, SMALL, VIEW_COLOURS

BECAME = ("Went on", "There still", "Stepped back", "Moved on")
COVER = ("Covered", "Asked", "Open")
_BECAME_LOOKS = ((GOOD, FULL), (MAIN, LIGHTER), (EVEN, DASHED), (BAD, FAINT))
_COVER_LOOKS = ((GOOD, FULL), (VIEW_COLOURS[-1], DASHED), (BAD, FAINT))
_TALL_ENOUGH = 0.1  # of the longest bar
_LETTERS = 36  # of a name in one line
_ROW = {"step": 34}  # pixels a line of a chart whose height follows its lines
_SAID_ROW = 54  # pixels: two lines of words, and a bar beneath them


@built_once
def pipeline_flow() -> Drawing:
    """What became of each stage that was entered: said over a bar of its parts, in their order.

    Columns: stage, order, what (one of `BECAME`), place, people, label.
    """
    tooltip = [
        alt.Tooltip("stage:N", title="Stage"),
        alt.Tooltip("what:N", title="What became of it"),
        alt.Tooltip("label:N", title="Times"),
    ]
    stage = alt.Y("stage:O").title(None).sort(field="order", op="min").axis(None)
    base = alt.Chart(height={"step": _SAID_ROW}).transform_calculate(
        known="isValid(datum.people) ? datum.people : 0"
    )
    bars = (
        base.transform_filter("datum.known > 0")
        .mark_bar(stroke=INK, strokeWidth=EDGE, size=14, yOffset=16)
        .encode(
            alt.X("known:Q").title("Times entered").stack("zero").axis(tickMinStep=1),
            stage,
            **told_apart("what", BECAME, _BECAME_LOOKS, has_key=False),
            order="place:O",
            tooltip=tooltip,
        )
    )
    # Its parts by name in one row a stage; none of nobody, and a hidden one with its star.
    parts = base.transform_calculate(
        said="datum.label === '0' ? '' : datum.label + ' ' + lower(datum.what)"
    ).transform_pivot("what", groupby=["stage", "order"], value="said", op="max")
    joined = " + ', ' + ".join(f"(datum['{what}'] || '')" for what in BECAME)
    said = parts.transform_calculate(
        words=f"replace(replace({joined}, regexp('(, )+', 'g'), ', '), regexp('^, |, $', 'g'), '')"
    )
    left: dict[str, Any] = {"align": "left", "fontSize": SMALL, "dx": 3}
    names = said.mark_text(**left, fontWeight=600, dy=-13).encode(
        stage, x=alt.value(0), text="stage:N"
    )
    words = said.mark_text(**left, dy=1).encode(stage, x=alt.value(0), text="words:N")
    return alt.layer(bars, names, words, data=NO_DATA)


@built_once
def time_in_stage() -> Drawing:
    """Median and 90th percentile of days in each stage, of those who went on.

    Columns: stage, order, median, ninetieth (days), label ("12 of 15" it rests on).
    """
    tooltip = [
        alt.Tooltip("stage:N", title="Stage"),
        alt.Tooltip("median:Q", title="Half within (days)", format=".0f"),
        alt.Tooltip("ninetieth:Q", title="Nine in ten within (days)", format=".0f"),
        alt.Tooltip("label:N", title="Went on, of those who entered"),
    ]
    base = alt.Chart(height=_ROW)
    days, stage = alt.X("median:Q").title("Days").scale(domainMin=0), _line("stage", "order")
    span = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
        days, stage, x2="ninetieth:Q", color=alt.value(MAIN)
    )
    half = base.mark_point(shape="circle", size=90, filled=True, opacity=1).encode(
        days, stage, color=alt.value(MAIN), tooltip=tooltip
    )
    most = base.mark_tick(thickness=3, size=18).encode(
        alt.X("ninetieth:Q"), stage, color=alt.value(MAIN), tooltip=tooltip
    )
    rests_on = base.mark_text(fontSize=SMALL, align="left", dx=8).encode(
        alt.X("ninetieth:Q"), stage, text="label:N"
    )
    nothing = base.transform_filter("!isValid(datum.median)")
    unknown = nothing.mark_text(fontSize=SMALL, align="left", dx=6).encode(
        x=alt.value(0), y=stage, text="label:N"
    )
    return alt.layer(span, half, most, rests_on, unknown, data=NO_DATA)


@built_once
def people_leaving() -> Drawing:
    """How many moved on, by where they were or by why, the number written beside each bar.

    Columns: what, order, people, label ("*" where the number is hidden).
    """
    base = alt.Chart(height=_ROW).transform_calculate(
        shown="isValid(datum.people) ? datum.people : 0"
    )
    tooltip = [alt.Tooltip("what:N", title="What"), alt.Tooltip("label:N", title="Volunteers")]
    people = alt.X("shown:Q").title("Volunteers").axis(tickMinStep=1)
    bars = base.mark_bar().encode(
        people, _line("what", "order"), color=alt.value(MAIN), tooltip=tooltip
    )
    counts = base.mark_text(align="left", dx=6, fontSize=SMALL).encode(
        people, _line("what", "order"), text="label:N"
    )
    return alt.layer(bars, counts, data=NO_DATA)


@built_once
def cover_ahead() -> Drawing:
    """What the sessions of each week need, as covered, asked and open, with its numbers.

    Columns: week, order, part (one of `COVER`), place, people, needed, label.
    """
    week = alt.X("week:O").title("Week from").axis(labelAngle=0).sort(field="order", op="min")
    tooltip = [
        alt.Tooltip("week:N", title="Week from"),
        alt.Tooltip("part:N", title="Stands"),
        alt.Tooltip("label:N", title="Places"),
    ]
    people = alt.Y("people:Q").title("Places needed").stack("zero").axis(tickMinStep=1)
    base = (
        alt.Chart(height=280)
        .transform_joinaggregate(most="max(needed)")
        .transform_calculate(
            written=f"datum.people >= {_TALL_ENOUGH} * datum.most ? datum.people : ''"
        )
    )
    bars = (
        base.transform_filter("datum.people > 0")
        .mark_bar(stroke=INK, strokeWidth=EDGE)
        .encode(
            week,
            people,
            **told_apart("part", COVER, _COVER_LOOKS, len(COVER)),
            order="place:O",
            tooltip=tooltip,
        )
    )
    counts = base.mark_text(fontSize=SMALL, dy=11).encode(
        week,
        people,
        text="written:N",
        color=_on_part("part", COVER),
        order="place:O",
        detail="part:N",
    )
    return alt.layer(bars, counts, data=NO_DATA)


@built_once
def hours_by_month() -> Drawing:
    """Hours given with groups by month, with how many volunteers gave them.

    Columns: month, order, hours, label ("24 hours of 6").
    """
    month = alt.X("month:O").title(None).axis(labelAngle=-40).sort(field="order", op="min")
    base = alt.Chart(height=260)
    bars = base.mark_bar().encode(
        month,
        alt.Y("hours:Q").title("Hours"),
        color=alt.value(MAIN),
        tooltip=[
            alt.Tooltip("month:N", title="Month"),
            alt.Tooltip("label:N", title="Hours, and of how many volunteers"),
        ],
    )
    counts = base.transform_filter("datum.hours > 0").mark_text(dy=-8, fontSize=SMALL)
    written = counts.encode(month, alt.Y("hours:Q"), text=alt.Text("hours:Q", format=",.0f"))
    return alt.layer(bars, written, data=NO_DATA)


@built_once
def share_kept() -> Drawing:
    """The share of volunteers for whom each thing is in date or in time, with its 95% interval.

    Columns: what, order, count, of, share, low, high (0 to 1), label ("4 of 6, 67% (30% to 90%)").
    """
    base = alt.Chart(height=_ROW).transform_calculate(
        rests_on="isValid(datum.of) ? datum.count + ' of ' + datum.of : '*'"
    )
    what = _line("what", "order")
    axis = alt.Axis(format=".0%", tickCount=5)
    where = alt.X("share:Q").title(None).axis(axis).scale(domain=[0, 1])
    interval = base.mark_rule(size=2).encode(
        alt.X("low:Q").title(None).axis(axis).scale(domain=[0, 1]),
        what,
        x2="high:Q",
        color=alt.value(MAIN),
    )
    middle = base.mark_point(size=80, filled=True, opacity=1, shape="circle").encode(
        where,
        what,
        color=alt.value(MAIN),
        tooltip=[
            alt.Tooltip("what:N", title="What"),
            alt.Tooltip("label:N", title="Volunteers"),
        ],
    )
    people = base.mark_text(fontSize=SMALL, align="right", baseline="bottom", dy=-5).encode(
        x=alt.value("width"), y=what, text="rests_on:N"
    )
    return alt.layer(interval, middle, people, data=NO_DATA)


@built_once
def weight_over_time() -> Drawing:
    """How heavy it felt to those who answered, by four weeks, with how many that were.

    Columns: period, order, heaviness (1 to 5), label ("of 7").
    """
    period = alt.X("period:O").title("Four weeks from").axis(labelAngle=0)
    period = period.sort(field="order", op="min")
    words = "datum.value === 1 ? '1 light' : datum.value === 5 ? '5 heavy' : datum.label"
    heavy = (
        alt.Y("heaviness:Q")
        .title(None)
        .scale(domain=[1, 5])
        .axis(values=[1, 2, 3, 4, 5], labelExpr=words, labelFlush=False)
    )
    base = alt.Chart(height=220)
    line = base.mark_line(point={"size": 70, "shape": "circle"}).encode(
        period,
        heavy,
        color=alt.value(MAIN),
        tooltip=[
            alt.Tooltip("period:N", title="Four weeks from"),
            alt.Tooltip("heaviness:Q", title="How heavy", format=".1f"),
            alt.Tooltip("label:N", title="Volunteers"),
        ],
    )
    counts = base.mark_text(fontSize=SMALL, dy=-14).encode(period, heavy, text="label:N")
    return alt.layer(line, counts, data=NO_DATA)


@built_once
def staying() -> Drawing:
    """The Kaplan-Meier curve of those who stay, its 95% interval, and the numbers beneath it.

    Columns: month, share, low, high (0 to 1), label, at_risk_label (empty where it would crowd).
    """
    month = alt.X("month:Q").title("Months since she became active")
    month = month.axis(values=list(range(0, 61, 6)), grid=False).scale(domainMin=0, nice=False)
    return survival(month, alt.Tooltip("month:Q", title="Months", format=".1f"), "With us still")


def _on_part(field: str, names: tuple[str, ...]) -> Any:
    """Words on the full part as readable as those on the others."""
    is_full = f"datum.{field} === '{names[0]}'"
    return alt.condition(is_full, alt.value(ON_MARK), alt.value(INK))


def _line(name: str, order: str) -> alt.Y:
    """A line for each name, which a long one fills in two."""
    first = f"lastindexof(slice(datum.label, 0, {_LETTERS}), ' ')"
    in_two = f"[slice(datum.label, 0, {first}), slice(datum.label, {first} + 1)]"
    words = f"length(datum.label) > {_LETTERS} ? {in_two} : datum.label"
    return (
        alt.Y(f"{name}:O")
        .title(None)
        .sort(field=order, op="min")
        .axis(labelExpr=words, labelLimit=170, labelOverlap=False, labelFlush=False)
    )
