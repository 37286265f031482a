"""Everybody can read the screens: contrast in both themes, charts without relying on hue."""

import re
import tomllib
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from tests.code.colour import SIGHT, contrast, difference, faded, luminance
from ui import theme_message

ROOT = Path(__file__).resolve().parents[2]
TEXT = 4.5  # WCAG 2.2, 1.4.3
CONTROL = 3.0  # WCAG 2.2, 1.4.11
CAPTION = 0.6  # the share of the text colour in which Streamlit writes captions
PALETTE = ("red", "orange", "yellow", "blue", "green", "violet", "gray")
THEMES = ("light", "dark")

Theme = dict[str, Any]


def theme(name: str) -> Theme:
    """The settings of a theme."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    return dict(settings["theme"][name])


def grounds(colours: Theme) -> list[str]:
    """Every colour something may be painted on: page, fields and sidebar."""
    sides = (colours, colours["sidebar"])
    names = ("backgroundColor", "secondaryBackgroundColor")
    return [side[name] for side in sides for name in names]


@pytest.mark.parametrize("name", THEMES)
def test_text_and_links_are_readable_on_every_ground(name: str) -> None:
    colours = theme(name)
    for ground in grounds(colours):
        assert contrast(colours["textColor"], ground) >= 7
        assert contrast(colours["linkColor"], ground) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_captions_are_readable_on_the_page_and_in_the_sidebar(name: str) -> None:
    colours = theme(name)
    for ground in (colours["backgroundColor"], colours["sidebar"]["backgroundColor"]):
        assert contrast(faded(colours["textColor"], CAPTION, ground), ground) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_white_is_readable_on_the_main_button(name: str) -> None:
    assert contrast("#ffffff", theme(name)["primaryColor"]) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_controls_stand_out_from_every_ground(name: str) -> None:
    colours = theme(name)
    for ground in grounds(colours):
        assert contrast(colours["primaryColor"], ground) >= CONTROL
    assert contrast(colours["borderColor"], colours["backgroundColor"]) >= CONTROL
    assert contrast(colours["borderColor"], colours["secondaryBackgroundColor"]) >= CONTROL
    sidebar = colours["sidebar"]
    assert contrast(sidebar["borderColor"], sidebar["backgroundColor"]) >= CONTROL
    assert contrast(sidebar["borderColor"], sidebar["secondaryBackgroundColor"]) >= CONTROL


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("share", [0.1, 0.2])  # of the main colour, the second under the pointer
def test_what_is_chosen_is_readable(name: str, share: float) -> None:
    sheet = (ROOT / "ui" / "assets" / "alongside.css").read_text()
    (both,) = re.findall(r"  color: light-dark\((#\w{6}), (#\w{6})\)", sheet)
    colours = theme(name)
    ground = faded(colours["primaryColor"], share, colours["backgroundColor"])
    assert contrast(both[THEMES.index(name)], ground) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_parts_on_a_phone_have_the_border_of_every_other_control(name: str) -> None:
    sheet = (ROOT / "ui" / "assets" / "alongside.css").read_text()
    (both,) = re.findall(r"solid light-dark\((#\w{6}), (#\w{6})\)", sheet)
    assert both[THEMES.index(name)] == theme(name)["borderColor"]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("hue", PALETTE)
def test_coloured_text_is_readable_on_its_own_ground_and_on_the_page(name: str, hue: str) -> None:
    colours = theme(name)
    text = colours[f"{hue}TextColor"]
    assert contrast(text, colours[f"{hue}BackgroundColor"]) >= TEXT
    assert contrast(text, colours["backgroundColor"]) >= TEXT
    assert contrast(colours[f"{hue}Color"], colours["backgroundColor"]) >= CONTROL


@pytest.mark.parametrize("name", THEMES)
def test_code_and_table_headers_are_readable(name: str) -> None:
    colours = theme(name)
    assert contrast(colours["codeTextColor"], colours["codeBackgroundColor"]) >= TEXT
    header = colours["dataframeHeaderBackgroundColor"]
    assert contrast(faded(colours["textColor"], 0.7, header), header) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_chart_marks_stand_out_from_the_page(name: str) -> None:
    colours = theme(name)
    for mark in colours["chartCategoricalColors"]:
        assert contrast(mark, colours["backgroundColor"]) >= CONTROL


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("sight", "least"), [(kind, 7 if kind == "grey" else 20) for kind in SIGHT]
)
def test_chart_colours_are_told_apart_by_everybody(name: str, sight: str, least: float) -> None:
    marks = theme(name)["chartCategoricalColors"]
    nearest = min(difference(one, other, sight) for one, other in combinations(marks, 2))
    assert nearest >= least


@pytest.mark.parametrize("name", THEMES)
def test_a_sequence_of_colours_only_ever_moves_away_from_the_page(name: str) -> None:
    colours = theme(name)
    steps = [luminance(step) for step in colours["chartSequentialColors"]]
    assert len(steps) == 10
    falling = all(one > other for one, other in pairwise(steps))
    rising = all(one < other for one, other in pairwise(steps))
    assert falling if name == "light" else rising


@pytest.mark.parametrize("name", THEMES)
def test_a_scale_with_a_middle_is_strongest_at_its_ends(name: str) -> None:
    colours = theme(name)
    page = colours["backgroundColor"]
    strength = [contrast(step, page) for step in colours["chartDivergingColors"]]
    assert len(strength) == 10
    assert all(one > other for one, other in pairwise(strength[:5]))
    assert all(one < other for one, other in pairwise(strength[5:]))


def test_contrast_counts_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


def test_red_and_green_of_one_brightness_look_alike_without_red_cones() -> None:
    red, olive = "#a03020", "#4d4400"
    assert difference(red, olive, "usual") > 45
    assert difference(red, olive, "protanopia") < 15


def sent(fill: Callable[[CustomThemeConfig, str], None]) -> CustomThemeConfig:
    """What a browser is told of the theme, its parts filled in Streamlit's order."""
    whole = CustomThemeConfig()
    parts = {
        "theme": whole,
        "theme.light": whole.light,
        "theme.dark": whole.dark,
        "theme.light.sidebar": whole.light.sidebar,
        "theme.dark.sidebar": whole.dark.sidebar,
    }
    for section, part in parts.items():
        fill(part, section)
    return whole


def test_what_is_put_together_once_says_what_streamlit_says_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_streamlit = app_session._populate_theme_msg
    each_time = sent(by_streamlit)
    monkeypatch.setattr(app_session, "_populate_theme_msg", by_streamlit)
    theme_message.put_together_once()
    once = app_session._populate_theme_msg
    assert once is not by_streamlit
    assert sent(once) == each_time == sent(once)
    assert each_time.dark.primary_color == theme("dark")["primaryColor"]
    assert each_time.light.sidebar.border_color == theme("light")["sidebar"]["borderColor"]


def test_settings_that_were_read_anew_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    theme_message.put_together_once()
    before = sent(app_session._populate_theme_msg)
    said = {"paddingTop": "3rem"}
    monkeypatch.setattr(config, "get_options_for_section", lambda _section: said)
    config._on_config_parsed.send()
    after = sent(app_session._populate_theme_msg)
    monkeypatch.undo()
    config._on_config_parsed.send()
    assert (before.padding_top, after.padding_top) == ("", "3rem")


def test_every_widget_the_sheet_names_by_its_key_has_that_key() -> None:
    sheet = (ROOT / "ui" / "assets" / "alongside.css").read_text()
    keys = re.findall(r"\.st-key-(\w+)", sheet)
    ours = "".join(file.read_text() for file in (ROOT / "ui").rglob("*.py"))

    assert keys
    assert [key for key in keys if f'key="{key}"' not in ours] == []
