"""The page of how people found the groups: for leads and evaluators, from three answers on."""

from collections import Counter

import pytest

from services import feedback, themes
from services.db import transaction
from services.feedback import quoting, results, tagging
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from tests.make import make_group, session_of
from tests.pages.conftest import OpenPage, Somebody

MARKUP = "**not bold** <b>x</b>"
WHERE = ("steps_forward", "2026-Q3")


@pytest.fixture
def answered(somebody: Somebody) -> None:
    """Three who answered, with words that have a theme and may be quoted."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        held = session_of(db, make_group(db, amina, [ben]), 2).ref
        token = feedback.open_link(db, ben, held).path.removeprefix("/f/")
        for who in range(3):
            given: dict[str, str | int | list[int] | None] = {
                "felt_safe": 4, "one_change": MARKUP, "may_quote": 1,
            }  # fmt: skip
            feedback.submit(db, token, f"number-of-the-form-{who:04d}", given)
        results.results(db, ben, held)
        texts = tagging.texts(db, ben, held)
        theme = themes.listing(db, ben)[0].ref
        chosen = {one.handle: [theme] for one in texts}
        tagging.tag(db, ben, held, chosen, seen={one.handle: () for one in texts})
        quoting.choose(db, ben, held, texts[0].handle, MARKUP)


@pytest.mark.usefixtures("answered")
def test_a_lead_sees_answers_themes_and_quotes(open_page: OpenPage) -> None:
    page = open_page("experience", "leila")
    assert not page.exception
    # Of one quarter there is no line to draw: its share stands in words.
    assert len(page.get("vega_lite_chart")) == 1
    assert "2026-Q3: 3 of 3, 100% (44% to 100%)" in page.markdown[1].value
    assert f"“{MARKUP}”" in [text.value for text in page.text]
    assert any("3 of 3 texts have a theme" in text.value for text in page.caption)
    page.selectbox("experience_programme").select("open_door").run()
    assert not page.exception
    assert page.info[0].value.startswith("There are too few answers")
    assert page.text == []


def test_without_answers_the_page_says_when_figures_appear(open_page: OpenPage) -> None:
    page = open_page("experience", "leila")
    assert not page.exception
    assert page.info[0].value.startswith("Nothing to show yet")


@pytest.mark.usefixtures("answered")
def test_an_evaluator_sees_no_small_number_and_no_word(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("experience", "vik")
    assert not page.exception
    assert page.info[0].value.startswith("Figures that rest on fewer than 10")
    with transaction() as db:
        more: Counter[Cell] = Counter({Cell(Kind.FEEDBACK, *WHERE, "felt_safe", 1): 20})
        tallies.add(db, more)
    page = open_page("experience", "vik")
    assert not page.exception
    assert page.get("vega_lite_chart") == []
    assert page.text == []


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "erin", "maya"])
def test_others_have_no_such_page(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="experience"):
        open_page("experience", who)
