"""Charts of change: everybody's start and end, the spread of scores, weeks, and sessions."""

from typing import Any

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.outcomes import DIRECTIONS, VERDICTS
from ui.charts.theme import BAD, EVEN, GAP, GOOD, INK, MAIN, SMALL

_HEIGHT, _CURVE = 300, 280
_WHEN = ("Start", "End")
_PART = 0.6  # of the room of a verdict, the rest being between it and the next
# Each verdict by the shape of its marks, and the same shape as a letter beside its name.
_SHAPES, _SIGNS = ("triangle-down", "circle", "triangle-up"), ("▼", "●", "▲")
_ROOM = 1.25  # of the longest bar
# One person is as thin in any programme; beyond a hundred nothing grows further.
_PEOPLE: dict[str, Any] = {"type": "sqrt", "domain": [1, 100], "clamp": True}


@built_once
def start_to_end() -> Drawing:
    """A line from start to end for everybody, as wide as the people it stands for.

    Columns: start, end (points), people, verdict, label; low and high, the ends of the scale, the
    same in every row.
    """
    return _slopes(VERDICTS)


@built_once
def score_start_to_end() -> Drawing:
    """The same for a measure that has no rule for a clear change.

    Columns: start, end (points), people, verdict, label, low, high.
    """
    return _slopes(DIRECTIONS)


def _slopes(verdicts: tuple[str, ...]) -> Drawing:
    """Each verdict in a part of its own beside the others, beneath its name: so no line lies on
    another's, and none needs its colour to be told apart."""
    names = ", ".join(f"'{verdict}'" for verdict in verdicts)
    base = alt.Chart(height=_HEIGHT).transform_calculate(
        part=f"indexof([{names}], datum.verdict)",
        to=f"datum.part + {_PART}",
        middle=f"datum.part + {_PART / 2}",
    )
    ends = [part + at for part in range(len(verdicts)) for at in (0, _PART)]
    between = (
        alt.X("part:Q")
        .scale(domain=[-0.1, len(verdicts) - 0.1], nice=False)
        .axis(values=ends, labelExpr="datum.value % 1 ? 'End' : 'Start'", grid=False, ticks=False)
        .title(None)
    )
    # Paler the more there are, so that hundreds do not run into one.
    lines = (
        base.transform_joinaggregate(many="count()")
        .mark_rule(strokeCap="round")
        .encode(
            between,
            alt.X2("to"),
            alt.Y("start:Q").title("Score").scale(zero=False),
            alt.Y2("end"),
            alt.Opacity("many:Q")
            .scale(domain=[30, 300], range=[0.75, 0.3], clamp=True)
            .legend(None),
            alt.StrokeWidth("people:Q").scale(**_PEOPLE, range=[1.5, 12]).legend(None),
            alt.Color("verdict:N").scale(domain=verdicts, range=[BAD, EVEN, GOOD]).legend(None),
            tooltip=[
                alt.Tooltip("label:N", title="People"),
                alt.Tooltip("verdict:N", title="Change"),
            ],
        )
    )
    # In lines: three names beside each other have to fit a phone.
    counted = base.transform_aggregate(n="sum(people)", groupby=["verdict", "middle"])
    named = counted.transform_calculate(
        name="replace(datum.verdict, ' ', '/') + '/n ' + format(datum.n, ',')"
    )
    words = named.mark_text(
        lineBreak="/", lineHeight=SMALL + 2, fontSize=SMALL, fontWeight=600, dy=-34
    ).encode(alt.X("middle:Q"), y=alt.value(0), text="name:N")
    return alt.layer(lines, words, *_scale_ends(base, "y"), data=NO_DATA)


def _scale_ends(
    base: alt.Chart, channel: str, ends: tuple[str, str] = ("low", "high")
) -> list[alt.Chart]:
    """Marks nobody sees, so that the axis shows the whole scale whatever was scored."""
    return [base.mark_point(opacity=0).encode(**{channel: f"{end}:Q"}) for end in ends]


@built_once
def start_against_end() -> Drawing:
    """Where each person's end lies by her start: in the band a change is not clear.

    Columns: start, end (points), people, verdict, label; and, the same in every row or empty:
    low, high (the ends of the scale), points (a clear change), cutoff.
    """
    return _against(VERDICTS)


@built_once
def score_against_end() -> Drawing:
    """The same where no change can be called clear.

    Columns: start, end, people, verdict, label, low, high, points, cutoff.
    """
    return _against(DIRECTIONS)


def _against(verdicts: tuple[str, ...]) -> Drawing:
    """Each verdict is named in its corner, where its marks lie; none needs its colour."""
    base = alt.Chart(height=_HEIGHT)
    x = alt.X("start:Q").title("Score at the start").scale(zero=False)
    y = alt.Y("end:Q").title("Score at the end").scale(zero=False)
    lines = base.transform_filter("isValid(datum.cutoff)").transform_aggregate(groupby=["cutoff"])
    cutoffs = [
        lines.mark_rule(strokeDash=[1, 3], strokeWidth=2, color=MAIN).encode(**{side: "cutoff:Q"})
        for side in ("x", "y")
    ]
    dots = base.mark_point(filled=True, opacity=0.75).encode(
        x,
        y,
        alt.Size("people:Q").scale(**_PEOPLE, range=[60, 700]).legend(None),
        alt.Color("verdict:N").scale(domain=verdicts, range=[BAD, EVEN, GOOD]).legend(None),
        alt.Shape("verdict:N").scale(domain=verdicts, range=_SHAPES).legend(None),
        tooltip=[
            alt.Tooltip("label:N", title="People"),
            alt.Tooltip("verdict:N", title="Change"),
        ],
    )
    scale = [*_scale_ends(base, "x"), *_scale_ends(base, "y")]
    return alt.layer(
        *_no_clear_change(base), *cutoffs, dots, *scale, *_corners(base, verdicts), data=NO_DATA
    )


def _no_clear_change(base: alt.Chart) -> tuple[alt.Chart, alt.Chart]:
    """The band along the whole of the scale, cut off where the scale ends, and its middle."""
    scale = base.transform_aggregate(groupby=["low", "high", "points"])
    corners = scale.transform_filter("isValid(datum.points)").transform_calculate(
        turns="datum.low + datum.points", turns_back="datum.high - datum.points"
    )
    along = corners.transform_fold(["low", "turns", "turns_back", "high"], as_=["which", "at"])
    band = along.transform_calculate(
        above="min(datum.at + datum.points, datum.high)",
        below="max(datum.at - datum.points, datum.low)",
    )
    x, y = alt.X("at:Q").title("Score at the start"), alt.Y("at:Q").title("Score at the end")
    return (
        band.mark_area(opacity=0.18, color=INK).encode(
            x, alt.Y("below:Q").title("Score at the end"), alt.Y2("above")
        ),
        scale.transform_fold(["low", "high"], as_=["which", "at"])
        .mark_line(strokeDash=[4, 3], color=INK, strokeWidth=1)
        .encode(x, y),
    )


def _corners(base: alt.Chart, verdicts: tuple[str, ...]) -> list[alt.Chart]:
    """Each verdict with its sign and its n, in the corner of the plot to which it belongs."""
    named = base.transform_calculate(
        gain="datum.end - datum.start",
        sign=f"{dict(zip(verdicts, _SIGNS, strict=True))}[datum.verdict]",
    ).transform_aggregate(n="sum(people)", most="max(gain)", groupby=["verdict", "sign"])
    words = named.transform_calculate(
        name="datum.sign + ' ' + datum.verdict + '/n ' + format(datum.n, ',')"
    )
    even = f"datum.verdict === '{verdicts[1]}'"
    places: tuple[tuple[str, dict[str, Any], Any, Any], ...] = (
        (f"!({even}) && datum.most > 0", {"dx": 6, "dy": 10}, 0, 0),
        (
            f"!({even}) && datum.most < 0",
            {"align": "right", "dx": -6, "dy": -22},
            "width",
            "height",
        ),
        (even, {"align": "right", "dx": -6, "dy": 10}, "width", 0),
    )
    return [
        words.transform_filter(which)
        .mark_text(lineBreak="/", lineHeight=SMALL + 2, fontSize=SMALL, fontWeight=600,
                   **{"align": "left", **look, **gap})
        .encode(x=alt.value(across), y=alt.value(down), text="name:N")
        for gap in (GAP, {})
        for which, look, across, down in places
    ]  # fmt: skip


@built_once
def before_and_after() -> Drawing:
    """The same people's scores on one axis: at the start upwards from it, at the end downwards.

    Columns: when (Start or End), score_from, score_to, middle, people, share (0 to 1), label.
    """
    base = alt.Chart(height=_HEIGHT).transform_calculate(
        up="datum.when === 'Start' ? datum.share : -datum.share",
        # Room for the names, the same on both sides: what is as long is as many.
        room=f"{_ROOM} * datum.share",
        below=f"-{_ROOM} * datum.share",
    )
    axis = alt.Axis(labelExpr="format(abs(datum.value), '.0%')")
    score = alt.X("score_from:Q").bin("binned").title("Score").axis(grid=False)
    bars = base.mark_bar(binSpacing=2).encode(
        score,
        alt.X2("score_to"),
        alt.Y("up:Q").title("Share of people").axis(axis).stack(None),
        color=alt.Color("when:N").scale(domain=list(_WHEN), range=[EVEN, MAIN]).legend(None),
        tooltip=[
            alt.Tooltip("when:N", title="When"),
            alt.Tooltip("score_from:Q", title="From", format="~g"),
            alt.Tooltip("score_to:Q", title="To, not with it", format="~g"),
            alt.Tooltip("label:N", title="People"),
        ],
    )
    none = base.mark_rule(strokeWidth=1).encode(y=alt.datum(0))
    names = [
        base.transform_filter(f"datum.when === '{when}'")
        .transform_aggregate(n="sum(people)")
        .transform_calculate(name=f"'{when}, n ' + format(datum.n, ',')")
        .mark_text(align="left", fontWeight=600, dx=4, dy=dy)
        .encode(x=alt.value(0), y=alt.value(edge), text="name:N")
        for when, edge, dy in (("Start", 0, 9), ("End", "height", -9))
    ]
    return alt.layer(bars, none, *names, *_scale_ends(base, "y", ("room", "below")), data=NO_DATA)


@built_once
def growth_curve() -> Drawing:
    """The fitted line of scores over the weeks with its band, and the means that were seen.

    Columns: kind (line, seen), week, score, low, high, people, label; and, the same in every row
    or empty, least and most: the whole of the measure stands on the axis.
    """
    ends = _scale_ends(alt.Chart(height=_CURVE), "y", ("least", "most"))
    return _curve("week", "Weeks from the first form", "score", "Score", *ends)


@built_once
def change_by_dose() -> Drawing:
    """The fitted line of change by sessions with its band, no change, and the means that were seen.

    Columns: kind (line, seen), dose, change (points, upwards is better), low, high, people, label.
    """
    none = alt.Chart(height=_CURVE).mark_rule(strokeDash=[2, 3], color=INK).encode(y=alt.datum(0))
    return _curve("dose", "Sessions", "change", "Points better", none)


@built_once
def change_beside_wait() -> Drawing:
    """Mean change while waiting and in the groups, each with its 95% interval.

    Columns: what, order, mean, low, high (points, right is better), label.
    """
    what = alt.Y("what:N").title(None).sort(field="order").axis(labelLimit=200, ticks=False)
    base = alt.Chart(height=alt.Step(56))
    # Where nobody changed the axis is one point, which Vega writes with six digits.
    axis = alt.Axis(grid=False, format="~g")
    gain = alt.X("mean:Q").title("Points better").axis(axis)
    nothing = base.mark_rule(strokeDash=[2, 3], color=INK).encode(x=alt.datum(0))
    interval = base.mark_rule(strokeWidth=2).encode(
        alt.X("low:Q").title("Points better").axis(axis),
        what,
        x2="high:Q",
        color=alt.value(MAIN),
    )
    middle = base.mark_point(filled=True, opacity=1, size=80, shape="diamond").encode(
        gain, what, color=alt.value(MAIN), tooltip=[alt.Tooltip("label:N", title="Change")]
    )
    # Each first as a gap in the line of no change, which runs through it on a phone.
    words = [
        base.mark_text(baseline="bottom", dy=-10, fontSize=SMALL, **gap).encode(
            gain, what, text="label:N"
        )
        for gap in (GAP, {})
    ]
    return alt.layer(nothing, interval, middle, *words, data=NO_DATA)


def _curve(along: str, along_title: str, up: str, up_title: str, *more: alt.Chart) -> Drawing:
    base = alt.Chart(height=_CURVE)
    x = (
        alt.X(f"{along}:Q")
        .title(along_title)
        .scale(nice=False, padding=14)
        .axis(grid=False, tickMinStep=1)
    )
    tooltip = [alt.Tooltip("label:N", title="Here"), alt.Tooltip("people:Q", title="People")]
    fitted = base.transform_filter("datum.kind === 'line'")
    band = fitted.mark_area(opacity=0.2).encode(
        x,
        alt.Y("low:Q").title(up_title).scale(zero=False),
        alt.Y2("high"),
        color=alt.value(MAIN),
    )
    line = fitted.mark_line(strokeWidth=2).encode(
        x,
        alt.Y(f"{up}:Q").title(up_title).scale(zero=False),
        color=alt.value(MAIN),
        tooltip=tooltip,
    )
    seen = base.transform_filter("datum.kind === 'seen'")
    dots = seen.mark_point(shape="diamond", filled=True, size=70, opacity=1, color=INK).encode(
        x, alt.Y(f"{up}:Q").title(up_title), tooltip=tooltip
    )
    words = seen.transform_calculate(n="'n ' + format(datum.people, ',')")
    numbers = words.mark_text(dy=-12, fontSize=SMALL).encode(
        x, alt.Y(f"{up}:Q").title(up_title), text="n:N"
    )
    return alt.layer(band, line, dots, numbers, *more, data=NO_DATA)
