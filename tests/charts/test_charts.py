"""Charts, by what their specifications say: the fields they draw, the scales, the words."""

import copy
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.attendance import attendance_months
from services.children import child_steps
from services.measures.measure_words import POINTS, VIEWS
from services.outcomes import comparing_figures
from services.outcomes.outcome_change import DIRECTIONS, VERDICTS
from services.permissions import Actor
from services.registers import group_marks
from services.volunteers.support import weeks
from services.volunteers.workforce import ahead, flow
from tests.charts.frames import Frames, every_frame
from tests.code.colour import contrast
from tests.code.source import ROOT
from ui import charts
from ui.charts import attendance, compare, funnel_names, theme
from ui.charts.bands import STEPS

SETTINGS = ROOT / ".streamlit" / "config.toml"
NAMED_COLOURS = {"red", "orange", "yellow", "green", "blue", "violet", "gray"}


@pytest.fixture
def frames(db: Session, leila: Actor, amina: Actor) -> Frames:
    return every_frame(db, leila, amina)


every_chart = pytest.mark.parametrize("chart", charts.CHARTS, ids=lambda chart: chart.__name__)
Chart = Callable[[], charts.Spec]


@every_chart
def test_every_field_a_chart_names_is_a_column_of_its_frame(chart: Chart, frames: Frames) -> None:
    frame = frames[chart.__name__]

    assert not frame.empty
    assert fields(chart()) - made(chart()) <= set(frame.columns)


@every_chart
def test_the_docstring_names_the_columns(chart: Chart) -> None:
    doc = chart.__doc__ or ""
    if "same columns" in doc:
        doc += charts.outcome_change.__doc__ or ""
    needed = fields(chart()) - made(chart())

    assert "Columns" in doc or "same columns" in doc
    assert {name for name in needed if not re.search(rf"\b{name}\b", doc)} == set()


@every_chart
def test_a_chart_is_built_once_and_without_data(chart: Chart) -> None:
    spec = chart()

    assert chart() is spec
    assert not {key for part in parts(spec) for key in part} & {"data", "datasets"}


@every_chart
def test_colours_come_from_the_theme_and_never_stand_alone(chart: Chart) -> None:
    for layer in chart()["layer"]:
        colour = layer["encoding"].get("color", {})
        used = [colour["value"]] if "value" in colour else colour.get("scale", {}).get("range", ())
        assert {one for one in used if isinstance(one, str)} <= NAMED_COLOURS
        if colour.get("field") == "view" and layer["mark"]["type"] in {"point", "line"}:
            assert {"shape", "strokeDash"} & set(layer["encoding"])


@pytest.mark.parametrize("chart", [charts.cover_ahead, charts.pipeline_flow, charts.weeks_carried])
def test_parts_of_a_bar_are_told_apart_without_colour(chart: Chart) -> None:
    bars = chart()["layer"][0]["encoding"]
    looks = [bars[channel]["scale"]["range"] for channel in ("fillOpacity", "strokeDash")]

    assert len(set(looks[0])) == len(looks[0]) == len(bars["color"]["scale"]["range"])
    assert [1, 0] in looks[1]
    assert [4, 3] in looks[1]


@pytest.mark.parametrize(("mode", "at"), [("light", 0), ("dark", 1)])
def test_words_and_marks_can_be_read_on_either_ground(mode: str, at: int) -> None:
    colours = tomllib.loads(SETTINGS.read_text())["theme"][mode]
    ground = colours["backgroundColor"]
    words = (theme.ON_LIGHT, theme.ON_DARK)[at]

    assert words == (colours["textColor"], colours["grayTextColor"])
    named = {theme.GOOD, theme.BAD, theme.MAIN, theme.OTHER, *theme.VIEW_COLOURS}
    for colour in (*words, *(colours[f"{name}Color"] for name in named)):
        assert contrast(colour, ground) >= 4.5


@every_chart
def test_titles_are_sentences_and_not_field_names(chart: Chart) -> None:
    titles = [part["title"] for part in parts(chart()) if isinstance(part.get("title"), str)]

    assert all(title[0].isupper() and "_" not in title for title in titles)
    assert not [title for title in titles if " " in title and title.istitle()]


@every_chart
def test_a_chart_that_is_pointed_at_says_how_many(chart: Chart, frames: Frames) -> None:
    tooltips = [part["tooltip"] for part in parts(chart()) if "tooltip" in part]

    assert tooltips
    named = {entry["field"] for tooltip in tooltips for entry in tooltip}
    assert named & {"people", "label", "expected"}


@pytest.mark.parametrize("chart", [charts.outcome_change, charts.score_change])
def test_each_verdict_is_named_above_its_bars_and_needs_no_key(chart: Chart) -> None:
    keyed = [
        channel
        for part in parts(chart())
        for name in ("color", "opacity")
        if (channel := part.get(name, {})) and isinstance(channel, dict) and "field" in channel
    ]
    named = [part["dx"] for part in parts(chart()) if part.get("lineBreak")]

    assert keyed
    assert all(channel["legend"] is None for channel in keyed)
    assert named == [-6, 0, 6]  # the outer two away from each other where nobody is between


@pytest.mark.parametrize(
    "chart",
    [charts.start_against_end, charts.score_against_end, charts.sessions_by_month,
     charts.pipeline_flow],
)  # fmt: skip
def test_what_is_named_beside_its_marks_needs_no_key(chart: Chart) -> None:
    keys = [
        channel["legend"]
        for part in parts(chart())
        for name in ("color", "shape", "fillOpacity", "strokeDash")
        if isinstance(channel := part.get(name), dict) and "field" in channel
    ]

    assert keys
    assert set(keys) == {None}


def test_each_view_is_named_with_the_shape_of_its_marks() -> None:
    named = [part for part in parts(charts.child_over_time()) if part.get("as") == "named"]

    assert all(sign in str(named) for sign in theme.VIEW_SIGNS)


def test_the_funnel_sets_a_name_on_each_side_there_is() -> None:
    assert compare.SIDES.keys() == set(funnel_names.SIDES)


def test_the_limits_of_the_funnel_are_named_beside_the_ends_of_their_lines() -> None:
    """At 390 pixels the lines are six pixels apart: their names lay on each other, then on the
    centre."""
    outer, inner = (
        part["mark"]
        for part in parts(charts.funnel())
        if part.get("encoding", {}).get("text", {}).get("field") == "line"
    )

    assert (outer["align"], inner["align"]) == ("left", "left")
    assert outer["dx"] > 0 < inner["dx"]
    assert outer["dy"] < 0 < inner["dy"]


def test_the_first_name_of_an_axis_stands_under_its_own_mark() -> None:
    assert charts.answers_over_time()["config"]["axisDiscrete"] == {"labelFlush": False}


def test_attendance_always_runs_from_none_to_all() -> None:
    domains = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in charts.attendance_by_session()["layer"]
        if "field" in layer["encoding"].get("y", {})
    ]

    assert domains
    assert all(domain == [0, 1] for domain in domains)


def test_each_share_of_volunteers_says_of_how_many() -> None:
    chart = charts.share_kept()

    assert [layer["encoding"]["text"]["field"] for layer in chart["layer"]
            if "text" in layer["encoding"]] == ["rests_on"]  # fmt: skip
    assert "datum.of" in str(chart)


def test_shares_of_volunteers_run_from_none_to_all() -> None:
    domains = {
        tuple(layer["encoding"]["x"]["scale"]["domain"])
        for layer in charts.share_kept()["layer"]
        if "scale" in layer["encoding"].get("x", {})
    }
    (curve,) = {
        tuple(layer["encoding"]["y"]["scale"]["domain"])
        for layer in charts.staying()["layer"]
        if "scale" in layer["encoding"].get("y", {})
    }

    assert domains == {(0, 1)}
    assert curve[1] == 1
    assert curve[0] < 0  # the numbers at risk stand beneath the curve, never on it


def test_how_heavy_it_feels_runs_over_the_whole_scale_in_words() -> None:
    (axis,) = {
        layer["encoding"]["y"]["axis"]["labelExpr"] for layer in charts.weight_over_time()["layer"]
    }
    (domain,) = {
        tuple(layer["encoding"]["y"]["scale"]["domain"])
        for layer in charts.weight_over_time()["layer"]
    }

    assert domain == (1, 5)
    assert "light" in axis
    assert "heavy" in axis


def test_the_share_that_moved_up_runs_from_none_to_all() -> None:
    domains = {
        tuple(layer["encoding"]["x"]["scale"]["domain"])
        for layer in charts.strand_moves()["layer"]
        if "field" in layer["encoding"].get("x", {})
    }

    assert domains == {(0, 1)}


@pytest.mark.parametrize("chart", [charts.strand_paths, charts.child_path])
def test_every_band_of_strands_has_the_five_steps_in_words(chart: Chart) -> None:
    axes = [part["axis"] for part in parts(chart()) if "labelExpr" in (part.get("axis") or {})]
    words = re.findall(r"'([^']+)'", axes[0]["labelExpr"])

    assert words == list(STEPS)
    assert len(words) == len(child_steps.step_words())
    assert len(axes[0]["values"]) == charts.BANDS * len(words)


def test_charts_and_services_use_the_same_words() -> None:
    assert tuple(VIEWS.values()) == theme.VIEWS
    assert tuple(POINTS.values()) == theme.POINTS
    assert weeks.PARTS == charts.CARRIED
    assert flow.OUTCOMES == charts.BECAME
    assert ahead.PARTS == charts.COVER
    assert attendance.MARKS == group_marks.WHAT
    assert attendance_months.SIGNALS[None] == attendance.STEADY
    assert set(compare.PLACES) == set(comparing_figures.WORDS)
    for chart, words in ((charts.outcome_change, VERDICTS), (charts.score_change, DIRECTIONS)):
        domain = chart()["layer"][0]["encoding"]["color"]["scale"]["domain"]
        assert sorted(domain) == sorted(words.values())


@pytest.mark.parametrize("chart", charts.CHARTS)
def test_a_screen_reader_hears_the_words_of_a_chart_and_no_mark_without_a_name(
    frames: Frames, chart: Chart
) -> None:
    """A part that happens to be empty was announced as a picture without a name."""
    drawn = charts.picture(chart(), frames[chart.__name__], "svg").decode()
    marks = re.findall(r'<g [^>]*class="mark-\w+ role-mark[^>]*>', drawn)

    assert marks
    assert not [mark for mark in marks if 'aria-hidden="true"' not in mark]


def test_showing_a_chart_leaves_its_specification_as_it_was(frames: Frames) -> None:
    import streamlit as st

    before = copy.deepcopy(charts.outcome_flow())
    st.vega_lite_chart(frames["outcome_flow"], charts.outcome_flow())

    assert charts.outcome_flow() == before


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a specification."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def fields(spec: charts.Spec) -> set[str]:
    """Every column a specification reads: in encodings, transforms and expressions."""
    named: set[str] = set()
    for part in parts(spec):
        if isinstance(part.get("field"), str):
            named.add(part["field"])
        named |= set(part.get("groupby", []))
        named |= set(part.get("fold", []))
        for key in ("calculate", "filter"):
            named |= set(re.findall(r"datum\.(\w+)", str(part.get(key, ""))))
    return named


def made(spec: charts.Spec) -> set[str]:
    """The columns a specification works out for itself."""
    found = [part["as"] for part in parts(spec) if "as" in part]
    return {name for one in found for name in ([one] if isinstance(one, str) else one)}
