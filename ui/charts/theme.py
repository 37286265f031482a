"""How every chart looks. Colours are named: the screen fills them in, for light and for dark."""

from typing import Any

# Streamlit's names for the palette in .streamlit/config.toml; each reads as text on its ground.
GOOD, EVEN, BAD = "green", "gray", "orange"
MAIN, OTHER, INK, QUIET = "blue", "orange", "gray", "gray"
VIEWS = ("Child", "Parent or carer", "Practitioner")
VIEW_COLOURS = ("blue", "orange", "violet")
# Told apart without colour as well: by shape, by dashes and by the name beside the line.
VIEW_SHAPES = ("circle", "square", "triangle-up")
VIEW_DASHES = ([1, 0], [6, 3], [2, 2])
POINTS = ("Start", "Middle", "End", "Follow-up")

SMALL, TEXT = 11, 13

CONFIG: dict[str, Any] = {
    "axis": {"labelPadding": 6, "titlePadding": 10, "labelFontSize": SMALL, "titleFontSize": TEXT},
    "legend": {
        "orient": "bottom",
        "direction": "horizontal",
        "title": None,
        "labelFontSize": SMALL,
    },
    "text": {"fontSize": TEXT},
}
