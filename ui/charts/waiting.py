"""The chart of waiting times."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import MAIN, SMALL


@built_once
def waiting_times() -> Drawing:
    """Median and 90th percentile of days by quarter, one clock.

    Columns: quarter, median, ninetieth (days), label ("12 of 15" it rests on).
    """
    quarter = alt.X("quarter:O").title(None).axis(labelAngle=0)
    tooltip = [
        alt.Tooltip("quarter:N", title="Referred in"),
        alt.Tooltip("median:Q", title="Half within (days)", format=".1f"),
        alt.Tooltip("ninetieth:Q", title="Nine in ten within (days)", format=".1f"),
        alt.Tooltip("label:N", title="Referrals it rests on"),
    ]
    base = alt.Chart(height=240)
    days = alt.Y("median:Q").title("Days").scale(domainMin=0)
    span = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
        quarter, days, y2="ninetieth:Q", color=alt.value(MAIN)
    )
    half = base.mark_point(shape="circle", size=90, filled=True, opacity=1).encode(
        quarter, days, color=alt.value(MAIN), tooltip=tooltip
    )
    most = base.mark_tick(thickness=3, size=22).encode(
        quarter, alt.Y("ninetieth:Q"), color=alt.value(MAIN), tooltip=tooltip
    )
    rests_on = base.mark_text(fontSize=SMALL, dy=-10).encode(
        quarter, alt.Y("ninetieth:Q"), text="label:N"
    )
    return alt.layer(span, half, most, rests_on, data=NO_DATA)
