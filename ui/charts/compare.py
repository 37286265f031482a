"""Charts that compare: a funnel, and shares drawn towards the whole."""

from typing import Any

import altair as alt
import pandas as pd

from ui.charts.built import NO_DATA, Drawing, Spec, built_once
from ui.charts.funnel_names import named
from ui.charts.theme import GAP, MAIN, OTHER, QUIET, SMALL

PLACES = ("within", "edge below", "edge above", "below", "above")
_SHAPES = ["circle", "triangle-down", "triangle-up", "diamond", "diamond"]
_ROW = alt.Step(30)
# Where a name stands: how it is set, and how far from its point.
SIDES: dict[str, dict[str, Any]] = {
    "above": {"dy": -13},
    "below": {"dy": 14},
    "right": {"align": "left", "dx": 10},
    "left": {"align": "right", "dx": -10},
}
_ROOMY, _ASKED_ABOUT = "width > 440", "datum.place !== 'within'"
_LONGEST = 190  # pixels of a name
_FAR = "datum.place === 'above' || datum.place === 'below'"


@built_once
def funnel() -> Drawing:
    """Units by their size and share, within limits that narrow as size grows.

    Columns of two sorts of rows. Limits: size, limit ("95%" or "99.8%"), line (its name, on the
    last row alone), low, high, centre. Units: size, share, place (one of `PLACES`), unit, written
    (its name), side (where that stands, one of `SIDES`, or empty: from `named`), label, says.
    """
    size = alt.X("size:Q").title("How many it rests on").axis(format="~s", grid=False)
    size = size.scale(domainMin=0, nice=False)
    base = alt.Chart(height=360)
    limits = base.transform_filter("isValid(datum.limit)")
    units = base.transform_filter("isValid(datum.unit)")
    lines = [
        limits.mark_line(strokeWidth=1.5, color=QUIET).encode(
            size,
            _share(edge),
            strokeDash=alt.StrokeDash("limit:N")
            .legend(None)
            .scale(domain=["95%", "99.8%"], range=[[6, 3], [1, 0]]),
        )
        for edge in ("low", "high")
    ]
    # Beside the ends of their lines, away from each other: on a phone the lines lie closer than
    # the words, and beneath the inner one lies the centre.
    names = [
        limits.transform_filter(f"datum.limit === '{limit}'")
        .mark_text(align="left", dx=4, dy=dy, fontSize=SMALL, color=QUIET)
        .encode(size, _share("high"), text="line:N")
        for limit, dy in (("99.8%", -4), ("95%", 5))
    ]
    centre = limits.mark_line(strokeDash=[2, 3]).encode(
        size, _share("centre"), color=alt.value(MAIN)
    )
    tooltip = [
        alt.Tooltip("unit:N", title="Which"),
        alt.Tooltip("label:N", title="As counted"),
        alt.Tooltip("says:N", title="It is"),
    ]
    shape = alt.Shape("place:N").legend(None).scale(domain=list(PLACES), range=_SHAPES)
    points = [
        units.transform_filter(which)
        .mark_point(filled=True, opacity=0.9, size=area)
        .encode(size, _share("share"), shape=shape, color=alt.value(colour), tooltip=tooltip)
        for which, area, colour in ((f"!({_FAR})", 70, MAIN), (_FAR, 170, OTHER))
    ]
    # Each first as a gap in the lines behind it. Where there is no room for all, those that chance
    # would not give.
    written = [
        units.transform_filter(f"datum.side === '{side}' && ({_ROOMY} || {_ASKED_ABOUT})")
        .mark_text(fontSize=SMALL, limit=_LONGEST, **where, **gap)
        .encode(size, _share("share"), text="written:N")
        for gap in (GAP, {})
        for side, where in SIDES.items()
    ]
    return alt.layer(*lines, centre, *names, *points, *written, data=NO_DATA)


@built_once
def shrunk_shares() -> Drawing:
    """Each unit as counted (hollow) and drawn towards the whole (filled, with its interval).

    Columns: unit, order, share, shrunk, shrunk_low, shrunk_high (0 to 1), label, shrunk_label,
    centre.
    """
    unit = (
        alt.Y("unit:O").title(None).sort(field="order", op="min")
        .axis(labelLimit=140, labelOverlap=False, labelFlush=False)
    )  # fmt: skip
    axis = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(height=_ROW)
    tooltip = [
        alt.Tooltip("unit:N", title="Which"),
        alt.Tooltip("label:N", title="As counted"),
        alt.Tooltip("shrunk_label:N", title="Allowing for its size"),
    ]

    def at(column: str) -> alt.X:
        return alt.X(f"{column}:Q").title(None).axis(axis).scale(domain=[0, 1])

    whole = base.mark_tick(thickness=1, size=30, color=QUIET).encode(at("centre"), unit)
    interval = base.mark_rule(size=2).encode(
        at("shrunk_low"), unit, x2="shrunk_high:Q", color=alt.value(MAIN)
    )
    drawn = base.mark_point(size=80, filled=True, opacity=1, shape="circle").encode(
        at("shrunk"), unit, color=alt.value(MAIN), tooltip=tooltip
    )
    counted = base.mark_point(size=70, filled=False, shape="diamond", strokeWidth=1.5).encode(
        at("share"), unit, color=alt.value(OTHER), tooltip=tooltip
    )
    return alt.layer(whole, interval, drawn, counted, data=NO_DATA)


def ready(spec: Spec, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as a chart draws them, whoever asks: in a funnel with the sides of names."""
    return named(frame) if spec is funnel() else frame


def _share(column: str) -> alt.Y:
    return alt.Y(f"{column}:Q").title(None).axis(format=".0%").scale(domain=[0, 1])
