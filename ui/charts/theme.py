"""How every chart looks. Colours are named or reckoned in the browser, for light and for dark."""

from typing import Any

# Streamlit's names for the palette in .streamlit/config.toml; each reads as text on its ground.
GOOD, EVEN, BAD = "green", "gray", "orange"
MAIN, OTHER = "blue", "orange"
VIEWS = ("Child", "Parent or carer", "Practitioner")
VIEW_COLOURS = ("blue", "orange", "violet")
# Told apart without colour as well: by shape, by dashes and by the name beside the line.
VIEW_SHAPES = ("circle", "square", "triangle-up")
VIEW_DASHES = ([1, 0], [6, 3], [2, 2])
VIEW_SIGNS = ("●", "■", "▲")  # the same shapes as letters, before a name
POINTS = ("Start", "Middle", "End", "Follow-up")

SMALL, TEXT = 11, 13

# Words take the theme's own text colours. Streamlit's for axes are too faint on a light ground,
# and a chart cannot name them: so it looks at the ground it stands on.
ON_LIGHT, ON_DARK = ("#191512", "#59524a"), ("#f1ece5", "#c4bcb1")
INK, QUIET = (
    {"expr": f"luminance(background) > 0.5 ? '{light}' : '{dark}'"}
    for light, dark in zip(ON_LIGHT, ON_DARK, strict=True)
)

# Words written on a mark, and the line between two marks: as readable there as the mark is on its
# ground.
ON_MARK = {"expr": f"luminance(background) > 0.5 ? '#ffffff' : '{ON_LIGHT[0]}'"}

# Drawn first, so that words on a line or a band keep a gap around them.
GAP: dict[str, Any] = {
    "stroke": {"expr": "background"}, "strokeWidth": 3, "strokeJoin": "round",
}  # fmt: skip

CONFIG: dict[str, Any] = {
    "view": {"stroke": None},  # no frame: the axes are enough
    # A screen reader hears the chart's words and finds the table behind it: not each mark, nor
    # marks without a name, or parts that happen to be empty.
    "mark": {"aria": False},
    # As Streamlit has it, so that a picture looks like the screen.
    "axis": {
        "domain": False,
        "ticks": False,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "titlePadding": 10,
        "labelFontSize": SMALL,
        "titleFontSize": TEXT,
        "labelColor": QUIET,
        "titleColor": QUIET,
    },
    # A name stands under its own mark, the first too: only the ends of a scale are moved inwards.
    "axisDiscrete": {"labelFlush": False},
    "legend": {
        "orient": "bottom",
        "direction": "horizontal",
        "title": None,
        # On a phone beneath each other: side by side the last would be cut off.
        "columns": {"expr": "width < 330 ? 1 : 0"},
        "labelFontSize": SMALL,
        "labelColor": QUIET,
    },
    "text": {"fontSize": TEXT, "color": INK},
    "rule": {"color": INK},
}
