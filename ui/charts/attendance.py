"""Charts of attendance."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import MAIN, OTHER, QUIET, SMALL


@built_once
def attendance_by_session() -> Drawing:
    """Live rate by session with its 95% interval, content covered, and the number expected.

    Columns: session, live, low, high, content (0 to 1), attended, covered, expected, label,
    expected_label (empty where it would crowd).
    """
    session = (
        alt.X("session:O")
        .title("Session (the number above each: people expected)")
        .axis(labelAngle=0)
    )
    tooltip = [
        alt.Tooltip("session:Q", title="Session"),
        alt.Tooltip("label:N", title="Live"),
        alt.Tooltip("content:Q", title="Content covered", format=".0%"),
        alt.Tooltip("expected:Q", title="People expected", format=","),
    ]
    base = alt.Chart(height=320)
    band = base.mark_area(opacity=0.25).encode(
        session, _share("low"), y2="high:Q", color=alt.value(MAIN)
    )
    live = base.mark_line(point={"size": 60, "shape": "circle"}).encode(
        session, _share("live"), color=alt.value(MAIN), tooltip=tooltip
    )
    content = base.mark_line(strokeDash=[6, 3], point={"size": 50, "shape": "square"}).encode(
        session, _share("content"), color=alt.value(OTHER), tooltip=tooltip
    )
    last = base.transform_joinaggregate(last="max(session)").transform_filter(
        "datum.session === datum.last"
    )
    names = [
        last.mark_text(align="right", dy=dy, fontWeight=600).encode(
            session, _share(column), text=alt.value(name), color=alt.value(colour)
        )
        for column, name, colour, dy in (
            ("low", "Live", MAIN, 12),
            ("content", "Content covered", OTHER, -12),
        )
    ]
    expected = base.mark_text(fontSize=SMALL, dy=-8, color=QUIET).encode(
        session, y=alt.datum(0), text="expected_label:N"
    )
    return alt.layer(band, content, live, *names, expected, data=NO_DATA)


def _share(column: str) -> alt.Y:
    return alt.Y(f"{column}:Q").title(None).axis(format=".0%").scale(domain=[0, 1])
