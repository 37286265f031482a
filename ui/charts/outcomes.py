"""Charts of adults' and children's outcomes."""

from typing import Any, Literal

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import BAD, EVEN, GOOD, INK, MAIN, SMALL

VERDICTS = ("Clear worsening", "About the same", "Clear improvement")
DIRECTIONS = ("Worse score", "Same score", "Better score")
_NAME: dict[str, Any] = {"lineHeight": SMALL + 2, "fontSize": SMALL, "fontWeight": 600}
_SIDES: tuple[tuple[Literal["left", "center", "right"], str, int], ...] = (
    ("right", "last", -6),
    ("center", "middle", 0),
    ("left", "first", 6),
)
_LEAST_BARS = 6  # of room on either side of no change
_ROW = 44  # pixels: a line of words and the bar beneath it


@built_once
def outcome_flow() -> Drawing:
    """The way from enrolling to both forms, one bar a step, in the order of the rows.

    Columns: step, people, of, share, low, high (0 to 1), label (the sentence over the bar).
    """
    step = alt.Y("step:N").sort(None).axis(None)
    base = alt.Chart(height=alt.Step(_ROW))
    bars = base.mark_bar(size=14, yOffset=8, cornerRadiusEnd=2).encode(
        alt.X("people:Q").axis(None).scale(domainMin=0),
        step,
        color=alt.value(MAIN),
        tooltip=[
            alt.Tooltip("step:N", title="Step"),
            alt.Tooltip("people:Q", title="People", format=","),
            alt.Tooltip("of:Q", title="Of", format=","),
            alt.Tooltip("share:Q", title="Share", format=".0%"),
            alt.Tooltip("low:Q", title="From", format=".0%"),
            alt.Tooltip("high:Q", title="To", format=".0%"),
        ],
    )
    words = base.mark_text(align="left", baseline="bottom", dy=-2).encode(
        step, x=alt.value(0), text="label:N"
    )
    return alt.layer(bars, words, data=NO_DATA)


@built_once
def outcome_change() -> Drawing:
    """How many people changed by how much, with the mean change and its 95% interval on top.

    Columns: gain_from, gain_to (points, right is better), people, verdict, label; and, the same
    in every row or empty, mean, ci_low, ci_high, mean_label.
    """
    return _change(VERDICTS)


@built_once
def score_change() -> Drawing:
    """The same, with the same columns, for a measure that has no rule for a clear change."""
    return _change(DIRECTIONS)


def _change(verdicts: tuple[str, ...]) -> Drawing:
    base = alt.Chart(height=300)
    signed = "datum.value ? format(datum.value, '+~f') : '0'"
    axis = alt.Axis(labelExpr=signed, grid=False, tickCount=9, tickMinStep=1)
    bars = base.mark_bar(binSpacing=2).encode(
        alt.X("gain_from:Q")
        .bin("binned")
        .axis(axis)
        .title("Points: worse to the left, better to the right"),
        alt.X2("gain_to"),
        alt.Y("people:Q").title("People").axis(tickMinStep=1).stack("zero"),
        alt.Color("verdict:N").scale(domain=verdicts, range=[BAD, EVEN, GOOD]).legend(None),
        # Pale where no change is clear: the two others lie on either side of it.
        alt.Opacity("verdict:N")
        .scale(type="ordinal", domain=verdicts, range=[1, 0.6, 1])
        .legend(None),
        tooltip=[
            alt.Tooltip("verdict:N", title="Change"),
            alt.Tooltip("gain_from:Q", title="From", format="+.1f"),
            alt.Tooltip("gain_to:Q", title="To", format="+.1f"),
            alt.Tooltip("label:N", title="How many"),
        ],
    )
    # Never less of the axis than a few bars: where all changed alike, one would fill the chart.
    reach = f"{_LEAST_BARS} * (datum.gain_to - datum.gain_from)"
    ends = [
        base.transform_calculate(end=f"{side} * {reach}").mark_point(opacity=0).encode(x="end:Q")
        for side in (-1, 1)
    ]
    none = base.mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(0))
    mean = base.transform_filter("isValid(datum.mean)").transform_aggregate(
        bars="count()", groupby=["mean", "ci_low", "ci_high", "mean_label"]
    )
    above = alt.value(-52)
    interval = mean.mark_rule(size=3).encode(x="ci_low:Q", x2="ci_high:Q", y=above)
    middle = mean.mark_point(shape="diamond", size=90, filled=True, opacity=1, color=INK).encode(
        x="mean:Q", y=above
    )
    words = mean.mark_text(dy=-14).encode(x="mean:Q", y=above, text="mean_label:N")
    names = _names(base, verdicts)
    return alt.layer(bars, none, interval, middle, words, *names, *ends, data=NO_DATA)


def _names(base: alt.Chart, verdicts: tuple[str, ...]) -> list[alt.Chart]:
    """Each verdict and its n above its own bars, the outer two away from the one between."""
    named = base.transform_aggregate(
        n="sum(people)", first="min(gain_from)", last="max(gain_to)", groupby=["verdict"]
    ).transform_calculate(
        middle="(datum.first + datum.last) / 2",
        name="replace(datum.verdict, ' ', '/') + '/n ' + format(datum.n, ',')",
    )
    return [
        named.transform_filter(f"datum.verdict === '{verdict}'")
        .mark_text(align=align, dx=dx, dy=-34, lineBreak="/", **_NAME)
        .encode(x=f"{at}:Q", y=alt.value(0), text="name:N")
        for verdict, (align, at, dx) in zip(verdicts, _SIDES, strict=True)
    ]
