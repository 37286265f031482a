"""Charts of attendance."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.survival import survival
from ui.charts.theme import BAD, EVEN, GOOD, MAIN, ON_MARK, OTHER, QUIET, SMALL

# What the services call them; a test compares.
STEADY = "within the limits"
MARKS = ("There", "Caught up", "Told us before", "Away", "Not counted", "Not marked")
HELD = ("Held", "Cancelled by the service")


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
    # Beside the ends of their lines; content is never below live, so no name lies on the other.
    names = [
        last.mark_text(align="left", dx=6, dy=dy, fontWeight=600).encode(
            _share(column), x=alt.value("width"), text=alt.value(name), color=alt.value(colour)
        )
        for column, name, colour, dy in (
            ("live", "Live", MAIN, 7),
            ("content", "Content", OTHER, -7),
        )
    ]
    expected = base.mark_text(fontSize=SMALL, dy=-8, color=QUIET).encode(
        session, y=alt.datum(0), text="expected_label:N"
    )
    return alt.layer(band, content, live, *names, expected, data=NO_DATA)


def _share(column: str) -> alt.Y:
    return alt.Y(f"{column}:Q").title(None).axis(format=".0%").scale(domain=[0, 1])


@built_once
def attendance_by_month() -> Drawing:
    """One rate by month: its limits as a band, the average as a line, what stands out by shape.

    Columns: month, order, share, centre, low, high (0 to 1), count, expected, signal, label.
    """
    # By its number, so that a summer without sessions leaves its room.
    name = "timeFormat(datetime(floor(datum.value / 12), datum.value % 12, 1), '%b %Y')"
    month = (
        alt.X("order:Q")
        .title("Month (the number above each: people expected)")
        .scale(zero=False, nice=False, padding=20)
    )
    month = month.axis(labelAngle=-40, labelExpr=name, tickMinStep=1, grid=False)
    tooltip = [
        alt.Tooltip("month:N", title="Month"),
        alt.Tooltip("label:N", title="Of those expected"),
        alt.Tooltip("low:Q", title="Limits from", format=".0%"),
        alt.Tooltip("high:Q", title="Limits to", format=".0%"),
        alt.Tooltip("signal:N", title="It is"),
    ]
    base = alt.Chart(height=280)
    band = base.mark_area(opacity=0.18, interpolate="step").encode(
        month, _share("low"), y2="high:Q", color=alt.value(MAIN)
    )
    centre = base.mark_line(strokeDash=[2, 3], interpolate="step", color=QUIET).encode(
        month, _share("centre")
    )
    line = base.mark_line(opacity=0.6).encode(month, _share("share"), color=alt.value(MAIN))
    steady, stands_out = (
        base.transform_filter(f"datum.signal {sign} '{STEADY}'")
        .mark_point(filled=True, opacity=1, shape=shape, size=size)
        .encode(month, _share("share"), color=alt.value(colour), tooltip=tooltip)
        for sign, shape, size, colour in (
            ("===", "circle", 50, MAIN),
            ("!==", "diamond", 170, OTHER),
        )
    )
    expected = base.mark_text(fontSize=SMALL, dy=-8, color=QUIET).encode(
        month, y=alt.datum(0), text=alt.Text("expected:Q", format=".3~s")
    )
    return alt.layer(band, centre, line, steady, stands_out, expected, data=NO_DATA)


@built_once
def staying_in_group() -> Drawing:
    """The Kaplan-Meier curve of those who stay by session, its interval, and how many are followed.

    Columns: session, share, low, high (0 to 1), label, at_risk_label (empty where it would crowd).
    """
    session = (
        alt.X("session:Q")
        .title("Sessions (above each: people followed)")
        .axis(format="d", tickMinStep=1, grid=False)
        .scale(domainMin=0, nice=False)
    )
    return survival(session, alt.Tooltip("session:Q", title="After session", format="d"),
                    "In the group still")  # fmt: skip


@built_once
def counted_reasons() -> Drawing:
    """How often each thing was said, its number and share written beside the bar.

    Columns: what, order, people, of, label.
    """
    what = (
        alt.Y("what:O").title(None).sort(field="order", op="min")
        .axis(labelLimit=190, labelOverlap=False, labelFlush=False)
    )  # fmt: skip
    base = alt.Chart(height=alt.Step(34))
    tooltip = [alt.Tooltip("what:N", title="What"), alt.Tooltip("label:N", title="How many")]
    people = alt.X("people:Q").title("How often").axis(tickMinStep=1, tickCount=5)
    people = people.scale(domainMin=0)
    bars = base.mark_bar().encode(people, what, color=alt.value(MAIN), tooltip=tooltip)
    counts = base.mark_text(align="left", dx=6, fontSize=SMALL).encode(
        people, what, text=alt.Text("people:Q", format=",")
    )
    return alt.layer(bars, counts, data=NO_DATA)


@built_once
def people_by_session() -> Drawing:
    """Every mark of one group: a letter a cell, so that colour only helps.

    Columns: person, order, session, code, what (one of `group_marks.WHAT`), label.
    """
    person = (
        alt.Y("person:O").title(None).sort(field="order", op="min")
        .axis(labelLimit=130, labelOverlap=False, labelFlush=False)
    )  # fmt: skip
    session = alt.X("session:O").title("Session").axis(labelAngle=0, orient="top")
    tooltip = [
        alt.Tooltip("person:N", title="Who"),
        alt.Tooltip("session:Q", title="Session"),
        alt.Tooltip("label:N", title="Mark"),
    ]
    base = alt.Chart(height=alt.Step(26))
    cells = base.mark_rect(opacity=0.3, stroke="gray", strokeWidth=0.5).encode(
        session,
        person,
        color=alt.Color("what:N")
        .scale(domain=list(MARKS), range=[GOOD, MAIN, "yellow", BAD, EVEN, "violet"])
        .legend(None),  # what each letter says stands beneath
        tooltip=tooltip,
    )
    letters = base.mark_text(fontSize=SMALL, fontWeight=600).encode(
        session, person, text="code:N", tooltip=tooltip
    )
    return alt.layer(cells, letters, data=NO_DATA)


@built_once
def cohorts_by_session() -> Drawing:
    """Live attendance by quarter of start and session: the share written in each cell.

    Columns: quarter, session (a number, or several in words), order, share (0 to 1, or none),
    percent ("*" where hidden), label.
    """
    quarter = alt.Y("quarter:O").title("Groups that began in").axis(labelOverlap=False)
    session = alt.X("session:O").title("Session (in each cell: per cent there)")
    session = session.axis(labelAngle=0, orient="top").sort(field="order", op="min")
    tooltip = [
        alt.Tooltip("quarter:N", title="Began in"),
        alt.Tooltip("session:N", title="Session"),
        alt.Tooltip("label:N", title="There, of those expected"),
    ]
    base = alt.Chart(height=alt.Step(30))
    # Paler where fewer came; never so dark that the words on it cannot be read.
    cells = base.mark_rect(stroke="gray", strokeWidth=0.5).encode(
        session,
        quarter,
        color=alt.value(MAIN),
        opacity=alt.Opacity("share:Q").legend(None).scale(domain=[0.3, 1], range=[0, 0.45],
                                                           clamp=True),
        tooltip=tooltip,
    )  # fmt: skip
    # Without its sign, so that twelve of them fit a phone.
    shares = (
        base.transform_calculate(written="replace(datum.percent, '%', '')")
        .mark_text(fontSize=10)
        .encode(session, quarter, text="written:N", tooltip=tooltip)
    )
    return alt.layer(cells, shares, data=NO_DATA)


@built_once
def sessions_by_month() -> Drawing:
    """Sessions held and cancelled by the service, month by month, the cancelled ones numbered.

    Columns: month, order, held, cancelled, label.
    """
    month = alt.X("month:O").title("Month (with a number on top: cancelled)")
    month = month.axis(labelAngle=-40).sort(field="order", op="min")
    tooltip = [alt.Tooltip("month:N", title="Month"), alt.Tooltip("label:N", title="Held")]
    base = alt.Chart(height=240)
    bars = (
        base.transform_fold(["held", "cancelled"], as_=["key", "sessions"])
        .transform_calculate(what=f"datum.key === 'held' ? '{HELD[0]}' : '{HELD[1]}'")
        .mark_bar(stroke=ON_MARK, strokeWidth=1)
        .encode(
            month,
            alt.Y("sessions:Q").title("Sessions").axis(tickMinStep=1),
            color=alt.Color("what:N").scale(domain=list(HELD), range=[MAIN, BAD]).legend(None),
            order=alt.Order("key:N", sort="descending"),
            tooltip=tooltip,
        )
    )
    counts = (
        base.transform_calculate(both="datum.held + datum.cancelled")
        .transform_filter("datum.cancelled > 0")
        .mark_text(dy=-8, fontSize=SMALL, fontWeight=600)
        .encode(month, alt.Y("both:Q"), text="cancelled:Q")
    )
    return alt.layer(bars, counts, data=NO_DATA)
