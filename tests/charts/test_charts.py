"""Charts, by what their specifications say: the fields they draw, the scales, the words."""

import copy
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from models import PersonKind, Point, Respondent, Role, Stage
from services import themes
from services.attendance import (
    attendance_months,
    attendance_report,
    cohort_heat,
    sessions_held,
    staying,
)
from services.children import (
    child_over_time,
    child_steps,
    children,
    life_events,
    observations,
    pair_steps,
)
from services.children.life_events import EventDraft
from services.feedback import experience
from services.measures import measures
from services.measures.measure_words import POINTS, VIEWS
from services.measures.measures import MeasureDraft
from services.outcomes import comparing_figures, outcomes
from services.outcomes.outcome_change import DIRECTIONS, VERDICTS
from services.outcomes.outcome_report import Outcomes
from services.outcomes.outcome_waiting import COLUMNS as WAITED
from services.permissions import Actor
from services.referrals import waiting_times
from services.registers import group_marks
from services.tallies import periods, tallies
from services.tallies.tallies import Cell, Kind
from services.volunteers import stages
from services.volunteers.support import weeks
from services.volunteers.support.load import emotional_load, weights
from services.volunteers.workforce import ahead, carried, flow, given, kept, leaving, retention
from tests.code.colour import contrast
from tests.code.source import ROOT
from tests.make import (
    make_actor,
    make_group,
    make_person,
    make_place,
    make_referral,
    make_volunteer,
    session_of,
)
from ui import charts
from ui.charts import attendance, compare, funnel_names, theme
from ui.charts.bands import STEPS

SETTINGS = ROOT / ".streamlit" / "config.toml"
NAMED_COLOURS = {"red", "orange", "yellow", "green", "blue", "violet", "gray"}
Frames = dict[str, pd.DataFrame]


def verdicts_of(report: Outcomes) -> pd.DataFrame:
    """What a report hands over: the verdicts, in their order."""
    found = report.verdicts.rename(columns={"verdict": "what"})
    return found.assign(order=range(len(found)))


@pytest.fixture
def frames(db: Session, leila: Actor, amina: Actor) -> Frames:
    """What the services hand to each chart, under the chart's name."""
    where = ("side_by_side", "2026-Q3")
    counted: Counter[Cell] = Counter(
        {
            Cell(Kind.PLACE, *where, "enrolled"): 20,
            Cell(Kind.PLACE, *where, "started"): 15,
            Cell(Kind.START, *where, "gad7:self", 1000): 14,
            Cell(Kind.PAIR, *where, "gad7:self", 1000, 500): 12,
            Cell(Kind.START, *where, "bpses:parent", 1000): 14,
            Cell(Kind.PAIR, *where, "bpses:parent", 1000, 1200): 12,
            Cell(Kind.MARK, *where, "P", 1): 9,
            Cell(Kind.FEEDBACK, *where, "felt_safe", 4): 6,
            Cell(Kind.FORM, *where, "after_session"): 6,
            Cell(Kind.THEME, *where, "any"): 6,
            Cell(Kind.THEME, *where, themes.listing(db, leila)[0].ref): 4,
            Cell(Kind.MARK, *where, "A", 1): 3,
            Cell(Kind.MONTH, *where, "P", tallies.month(date(2026, 9, 1))): 9,
            Cell(Kind.SESSION, *where, "held", tallies.month(date(2026, 9, 1))): 4,
            Cell(Kind.STAY, *where, "stayed", 3): 9,
            Cell(Kind.STAY, *where, "left", 2): 2,
            Cell(Kind.STRAND, *where, "asking_for_help:self", 0, 1): 6,
            Cell(Kind.STRAND, *where, "asking_for_help:self", 2, 3): 6,
            Cell(Kind.STRAND_PAIR, *where, "asking_for_help:self", 1, 3): 6,
        }
    )
    tallies.add(db, counted)
    anxiety, parenting = (outcomes.report(db, leila, k) for k in ("gad7:self", "bpses:parent"))
    steps = children.overview(db, leila)
    one = pd.DataFrame(
        {
            "point": [Point.START, Point.END],
            "respondent": [Respondent.SELF, Respondent.PARENT],
            "strand": ["asking_for_help", "naming_feelings"],
            "step": pd.array([1, 3], dtype="Int64"),
        }
    )
    make_referral(db, amina, make_person(db, amina))
    voice = experience.of_question(db, leila, "felt_safe")
    workforce = workforce_frames(db, amina)
    return (
        workforce
        | attendance_frames(db, leila)
        | {
            "answers_over_time": voice.quarters,
            "themes_written_about": voice.themes,
            "outcome_flow": anxiety.flow,
            "report_shares": verdicts_of(anxiety),
            "outcome_change": anxiety.spread,
            "score_change": parenting.spread,
            "start_to_end": anxiety.paths,
            "score_start_to_end": parenting.paths,
            "start_against_end": anxiety.paths,
            "score_against_end": parenting.paths,
            "before_and_after": anxiety.before_after,
            "growth_curve": curve("week", "score").assign(least=0, most=21),
            "change_by_dose": curve("dose", "change"),
            "change_beside_wait": pd.DataFrame(
                [("While waiting", 0, 0.4, -0.5, 1.3, "mean +0.4")], columns=WAITED
            ),
            "attendance_by_session": attendance_report.report(db, leila).sessions,
            **dict.fromkeys(("strand_paths", "all_strand_paths"), steps.levels),
            **dict.fromkeys(
                ("strand_moves", "all_strand_moves", "three_parts", "two_parts"), steps.moves
            ),
            **dict.fromkeys(("child_path", "child_path_whole"), child_steps.path(one)),
            **child_frames(db, amina),
            "goal_ratings": pd.DataFrame(
                [("Goal 1", "Sleep through", "Start", 2.0, "2 of 10", "Goal 1", 2.0)],
                columns=["goal", "words", "point", "rating", "label", "name", "name_at"],
            ),
            "waiting_times": waiting_times.by_quarter(db, leila)["contact"],
            "weeks_carried": weeks.table(emotional_load(date(2026, 9, 16), [], [], weights())),
        }
    )


def attendance_frames(db: Session, leila: Actor) -> Frames:
    """The frames of attendance over time, staying and comparing."""
    period = periods.usual()
    held = sessions_held.sessions_held(db, leila, period)
    months = attendance_months.by_month(db, leila, period)
    compared = comparing_figures.compared(
        [comparing_figures.Unit("One", 8, 12, 12), comparing_figures.Unit("Two", 9, 10, 10)]
    )
    assert months.live is not None
    return {
        "attendance_by_month": months.live.months,
        "sessions_by_month": held.months,
        "staying_in_group": staying.staying(db, leila).curve,
        "counted_reasons": staying.reasons(db, leila).absence,
        "cohorts_by_session": cohort_heat.heat(db, leila),
        "people_by_session": pd.DataFrame(
            [("Dana Okoro", 0, 1, "P", "There", "Attended")], columns=group_marks.COLUMNS
        ),
        "funnel": charts.named(compared.layers),
        "shrunk_shares": compared.units.assign(centre=0.8),
    }


def curve(along: str, up: str) -> pd.DataFrame:
    """A fitted line and one mean that was seen, in the shape services give them."""
    rows = [("line", 0.0, 10.0, 8.0, 12.0, 30, "10.0"), ("seen", 0.0, 9.0, None, None, 12, "9.0")]
    return pd.DataFrame(rows, columns=["kind", along, up, "low", "high", "people", "label"])


def child_frames(db: Session, amina: Actor) -> Frames:
    """A child with a form, a note and an event, and what stands beside its parent's path."""
    ben = make_actor(db, "ben", Role.FACILITATOR)
    group = make_group(db, amina, [ben], programme="side_by_side")
    robin = make_person(db, amina, "Robin", kind=PersonKind.CHILD)
    place = make_place(db, amina, group, robin)
    place.joined_on = group.starts_on
    draft = MeasureDraft(
        measure="steps",
        respondent=Respondent.SELF,
        point=Point.START,
        taken_on=group.starts_on,
        answers={1: None, **dict.fromkeys(range(2, 9), 1)},
    )
    measures.record(db, ben, place.ref, draft)
    session = session_of(db, group).ref
    observations.note(db, ben, session, place.ref, "asking_for_help", 2)
    event = EventDraft(happened_on=group.starts_on, kind="court")
    life_events.add(db, ben, robin.ref, event)
    return {
        **dict.fromkeys(
            ("child_over_time", "child_over_time_whole"),
            child_over_time.of_child(db, ben, robin.ref).chart,
        ),
        "whole_path": pair_steps.of_child(db, ben, place.ref).whole,
        "parent_path": pd.DataFrame(
            [("Start", 17.0, "17.00", 7.0, 35.0)],
            columns=["point", "total", "label", "low", "high"],
        ),
    }


def workforce_frames(db: Session, amina: Actor) -> Frames:
    """The frames of the workforce: five volunteers, and one who has left."""
    for name in "ABCDE":
        make_volunteer(db, amina, f"{name}da", stage=Stage.ACTIVE)
    volunteer = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    stages.move(db, amina, volunteer.ref, Stage.MOVED_ON, version=volunteer.version)
    return {
        "pipeline_flow": flow.flow(db, amina).became,
        "time_in_stage": flow.flow(db, amina).times,
        "people_leaving": leaving.leaving(db, amina).why,
        "staying": retention.retention(db, amina).curve,
        "cover_ahead": ahead.ahead(db, amina).weeks,
        "hours_by_month": given.given(db, amina).months,
        "share_kept": kept.support_in_time(db, amina),
        "weight_over_time": carried.carried(db, amina).periods,
    }


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
