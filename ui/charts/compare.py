"""Charts that compare: a funnel, and shares drawn towards the whole."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import MAIN, OTHER, QUIET, SMALL

PLACES = ("within", "edge below", "edge above", "below", "above")
_SHAPES = ["circle", "triangle-down", "triangle-up", "diamond", "diamond"]
_ROW = alt.Step(30)
_FAR = "datum.place === 'above' || datum.place === 'below'"


@built_once
def funnel() -> Drawing:
    """Units by their size and share, within limits that narrow as size grows.

    Rows of two sorts. Limits: size, limit ("95%" or "99.8%"), line (its name, on the last row
    alone), low, high, centre. Units: size, share, place (one of `PLACES`), unit, written (its name
    where it is to stand beside it), label, says.
    """
    size = alt.X("size:Q").title("How many it rests on").axis(format="~s", grid=False)
    size = size.scale(domainMin=0, nice=False)
    base = alt.Chart(height=360)
    limits = base.transform_filter("isValid(datum.limit)")
    units = base.transform_filter("isValid(datum.unit)")
    lines = [
        limits.mark_line(strokeWidth=1.5).encode(
            size,
            _share(edge),
            color=alt.value(QUIET),
            strokeDash=alt.StrokeDash("limit:N")
            .legend(None)
            .scale(domain=["95%", "99.8%"], range=[[6, 3], [1, 0]]),
        )
        for edge in ("low", "high")
    ]
    names = limits.mark_text(align="right", dy=-6, fontSize=SMALL, color=QUIET).encode(
        size, _share("high"), text="line:N"
    )
    centre = limits.mark_line(strokeDash=[2, 3]).encode(
        size, _share("centre"), color=alt.value(MAIN)
    )
    tooltip = [
        alt.Tooltip("unit:N", title="Which"),
        alt.Tooltip("label:N", title="As counted"),
        alt.Tooltip("says:N", title="It is"),
    ]
    points = units.mark_point(filled=True, opacity=0.9).encode(
        size,
        _share("share"),
        shape=alt.Shape("place:N").legend(None).scale(domain=list(PLACES), range=_SHAPES),
        size=alt.condition(_FAR, alt.value(170), alt.value(70)),
        color=alt.condition(_FAR, alt.value(OTHER), alt.value(MAIN)),
        tooltip=tooltip,
    )
    written = units.mark_text(align="left", dx=8, fontSize=SMALL, limit=130).encode(
        size, _share("share"), text="written:N"
    )
    return alt.layer(*lines, centre, names, points, written, data=NO_DATA)


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

    whole = base.mark_tick(thickness=1, size=30).encode(at("centre"), unit, color=alt.value(QUIET))
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


def _share(column: str) -> alt.Y:
    return alt.Y(f"{column}:Q").title(None).axis(format=".0%").scale(domain=[0, 1])
