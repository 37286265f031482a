"""Charts as pictures: the colours, the words beneath, and every form there is."""

import pandas as pd
import pytest

from ui import charts
from ui.charts import Form
from ui.charts.pictures import PALETTE

FRAME = pd.DataFrame(
    {
        "order": [0, 1],
        "what": ["Clear improvement", "About the same"],
        "share": [0.6, 0.4],
        "low": [0.4, 0.2],
        "high": [0.8, 0.6],
        "label": ["12 of 20, 60%", "8 of 20, 40%"],
    }
)


@pytest.mark.parametrize(
    ("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_a_chart_is_drawn_in_every_form(form: Form, begins: bytes) -> None:
    assert charts.picture(charts.report_shares(), FRAME, form).startswith(begins)


def test_the_words_stand_beneath_and_the_colours_are_ours() -> None:
    drawn = charts.picture(
        charts.report_shares(), FRAME, "svg", footer=("What is counted", "n = 20")
    ).decode()

    assert "What is counted" in drawn
    assert "12 of 20, 60%" in drawn
    assert PALETTE["blue"] in drawn
    assert '"blue"' not in drawn


def test_a_picture_is_read_aloud_by_what_is_to_be_seen() -> None:
    drawn = charts.picture(charts.report_shares(), FRAME, "svg", alt="12 of 20 <clearly> better")

    assert b"><title>12 of 20 &lt;clearly&gt; better</title>" in drawn


def test_the_specification_itself_stays_without_data() -> None:
    charts.picture(charts.report_shares(), FRAME, "svg")
    assert "data" not in charts.report_shares()
