"""Charts of what people said: one question over time, and what they wrote about."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import MAIN, SMALL


@built_once
def answers_over_time() -> Drawing:
    """The share who chose one of the better answers, with its interval, by quarter.

    Columns: quarter, share, low, high, label (n), answered, forms (both in words).
    """
    quarter = alt.X("quarter:O").title("Groups that began in").axis(labelAngle=0)
    scale = alt.Scale(domain=[0, 1])
    tooltip = [
        alt.Tooltip("quarter:N", title="Groups that began in"),
        alt.Tooltip("answered:N", title="Answered so"),
        alt.Tooltip("label:N", title="Answers"),
        alt.Tooltip("forms:N", title="Forms"),
    ]
    base = alt.Chart(height=260)
    line = base.mark_line(strokeDash=[4, 3]).encode(
        quarter, alt.Y("share:Q", scale=scale), color=alt.value(MAIN)
    )
    interval = base.mark_rule(strokeWidth=2).encode(
        quarter,
        alt.Y("low:Q", scale=scale).title("Share, with 95% interval").axis(format="%"),
        y2="high:Q",
        color=alt.value(MAIN),
        tooltip=tooltip,
    )
    point = base.mark_point(shape="circle", size=80, filled=True, opacity=1).encode(
        quarter, alt.Y("share:Q", scale=scale), color=alt.value(MAIN), tooltip=tooltip
    )
    rests_on = base.mark_text(fontSize=SMALL, baseline="top", dy=6).encode(
        quarter, alt.Y("low:Q", scale=scale), text="label:N"
    )
    return alt.layer(line, interval, point, rests_on, data=NO_DATA)


@built_once
def themes_written_about() -> Drawing:
    """How many texts are about each theme, the most first.

    Columns: theme, texts, share, label ("12 of 40").
    """
    theme = alt.Y("theme:N").title(None).sort(None).axis(labelLimit=150)
    texts = alt.X("texts:Q").title("Texts").axis(tickMinStep=1)
    base = alt.Chart(height={"step": 30})
    bar = base.mark_bar(height=16).encode(
        theme,
        texts,
        color=alt.value(MAIN),
        tooltip=[
            alt.Tooltip("theme:N", title="Theme"),
            alt.Tooltip("label:N", title="Texts, of those with a theme"),
        ],
    )
    count = base.mark_text(fontSize=SMALL, align="left", dx=4).encode(theme, texts, text="label:N")
    return alt.layer(bar, count, data=NO_DATA)
