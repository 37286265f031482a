"""The curve of those who stay, however it is counted."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing
from ui.charts.theme import MAIN, QUIET, SMALL


def survival(along: alt.X, when: alt.Tooltip, still: str) -> Drawing:
    """A Kaplan-Meier curve with its interval, and how many are followed beneath it.

    Columns besides those of `along` and `when`: share, low, high (0 to 1), label, at_risk_label
    (empty where it would crowd). `still` is what the label says of those who stay.
    """
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], labelFlush=False)
    scale = alt.Scale(domain=[-0.12, 1], nice=False)
    base = alt.Chart(height=320)
    band = base.mark_area(opacity=0.25, interpolate="step-after").encode(
        along,
        alt.Y("low:Q").title(None).axis(axis).scale(scale),
        y2="high:Q",
        color=alt.value(MAIN),
    )
    share = alt.Y("share:Q").title(None).axis(axis).scale(scale)
    curve = base.mark_line(strokeWidth=2, interpolate="step-after").encode(
        along, share, color=alt.value(MAIN)
    )
    points = base.mark_point(size=30, filled=True, opacity=1, shape="circle").encode(
        along,
        share,
        color=alt.value(MAIN),
        tooltip=[when, alt.Tooltip("label:N", title=still)],
    )
    followed = base.mark_text(fontSize=SMALL, color=QUIET).encode(
        along, y=alt.datum(-0.07), text="at_risk_label:N"
    )
    return alt.layer(band, curve, points, followed, data=NO_DATA)
