"""The chart of what the last weeks of a volunteer held."""

import altair as alt

from ui.charts.apart import DASHED, EDGE, FULL, LIGHTER, told_apart
from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import INK, MAIN, OTHER, SMALL, VIEW_COLOURS

FULL_WEEK = 8
CARRIED = ("Sessions", "Something hard", "Her own answer")
_LOOKS = ((MAIN, LIGHTER), (OTHER, FULL), (VIEW_COLOURS[-1], DASHED))


@built_once
def weeks_carried() -> Drawing:
    """What each week held, stacked by what it was, as it counts today.

    Columns: week (its first day in few letters), order, part, place (of the part in the stack),
    counts, label ("2 sessions"), above (the letters over the bar, empty but once a week), total.
    """
    week = alt.X("week:O").title("Week from").axis(labelAngle=0).sort(field="order", op="min")
    tooltip = [
        alt.Tooltip("week:N", title="Week from"),
        alt.Tooltip("part:N", title="What"),
        alt.Tooltip("label:N", title="How much"),
    ]
    base = alt.Chart(height=220)
    bars = (
        base.transform_filter("datum.counts > 0")
        .mark_bar(stroke=INK, strokeWidth=EDGE)
        .encode(
            week,
            # No numbers at the axis: it is the shape that speaks, and nothing here is a score.
            alt.Y("counts:Q").title(None).axis(None),
            **told_apart("part", CARRIED, _LOOKS),
            order="place:O",
            tooltip=tooltip,
        )
    )
    above = base.mark_text(dy=-8, fontSize=SMALL).encode(week, alt.Y("total:Q"), text="above:N")
    # A single calm session must not fill the chart: its height is measured against a full week.
    full = base.mark_point(opacity=0).encode(y=alt.datum(FULL_WEEK))
    return alt.layer(bars, above, full, data=NO_DATA)
