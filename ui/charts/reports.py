"""The chart of reports: shares of people with their intervals."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import MAIN, SMALL


@built_once
def report_shares() -> Drawing:
    """A share by answer, with its 95% interval and how many it rests on.

    Columns: order, what, share, low, high (0 to 1), label.
    """
    what = alt.Y("what:N").title(None).sort(field="order").axis(labelLimit=260, ticks=False)
    share = alt.X("share:Q").title(None).axis(format=".0%", tickCount=5).scale(domain=[0, 1])
    tooltip = [alt.Tooltip("what:N", title="Answer"), alt.Tooltip("label:N", title="People")]
    base = alt.Chart(height=alt.Step(44))
    bars = base.mark_bar(height=12).encode(share, what, color=alt.value(MAIN), tooltip=tooltip)
    interval = base.mark_rule(strokeWidth=2).encode(alt.X("low:Q"), what, x2="high:Q")
    words = base.mark_text(align="left", baseline="bottom", dx=3, dy=-8, fontSize=SMALL).encode(
        what, x=alt.datum(0), text="label:N"
    )
    return alt.layer(bars, interval, words, data=NO_DATA)
