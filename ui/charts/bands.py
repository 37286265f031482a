"""What charts of the Steps share: strands in bands of one axis, and three views told apart."""

from collections.abc import Callable

import altair as alt

from ui.charts.theme import (
    SMALL,
    VIEW_COLOURS,
    VIEW_DASHES,
    VIEW_SHAPES,
    VIEW_SIGNS,
    VIEWS,
)

STEPS = ("Not yet", "A lot of help", "Some help", "Mostly unaided", "Unaided, anywhere")
BANDS = 4
BAND = 7  # steps from one band to the next: 0 to 4, and room for the strand's name
STEP_HEIGHT = 24
LEFT = 76  # pixels a strand's name may begin before the plot, over the words of the axis
HAS_VIEW = "isValid(datum.view)"


def level(column: str, bands: int = BANDS) -> alt.Y:
    """The one axis of all bands: a step's words at the same height in each."""
    steps = [step - BAND * band for band in range(bands) for step in range(len(STEPS))]
    words = ", ".join(f"'{step}'" for step in STEPS)
    # The remainder of a negative number is negative in a browser.
    expression = f"[{words}][(datum.value + {bands * BAND}) % {BAND}]"
    axis = alt.Axis(values=steps, labelExpr=expression, labelLimit=0, labelOverlap=False)
    lowest = -BAND * (bands - 1) - 0.3
    return alt.Y(f"{column}:Q").title(None).axis(axis).scale(domain=[lowest, 5.9], nice=False)


def strand_words(base: alt.Chart, y: Callable[[str], alt.Y]) -> tuple[alt.Chart, alt.Chart]:
    """Each strand's name over its band, and why there is nothing to draw in it, if so."""
    name = base.transform_aggregate(title_at="min(title_at)", groupby=["strand"])
    why = base.transform_filter(f"!{HAS_VIEW}")
    return (
        name.mark_text(align="left", dx=-LEFT, fontWeight=600).encode(
            y("title_at"), x=alt.value(0), text="strand:N"
        ),
        why.mark_text(align="left", dx=6).encode(y("reason_at"), x=alt.value(0), text="label:N"),
    )


def line_names(drawn: alt.Chart, y: alt.Y) -> alt.Chart:
    """The view of each line beside its last mark, with the shape of its marks."""
    signs = dict(zip(VIEWS, VIEW_SIGNS, strict=True))
    named: alt.Chart = (
        drawn.transform_filter("isValid(datum.label_at)")
        .transform_calculate(named=f"{signs}[datum.view] + ' ' + datum.view")
        .mark_text(align="left", dx=6, fontSize=SMALL)
        .encode(y, colour(), x=alt.value("width"), text="named:N")
    )
    return named


def colour() -> alt.Color:
    """Each view in a colour of its own."""
    return alt.Color("view:N").scale(domain=VIEWS, range=VIEW_COLOURS).legend(None)


def shape() -> alt.Shape:
    """Each view in a shape of its own, for whoever sees no colours."""
    return alt.Shape("view:N").scale(domain=VIEWS, range=VIEW_SHAPES).legend(None)


def dash() -> alt.StrokeDash:
    """Each view in dashes of its own, likewise."""
    return alt.StrokeDash("view:N").scale(domain=VIEWS, range=VIEW_DASHES).legend(None)
