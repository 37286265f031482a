"""The workforce on screen: every part for who may see it, in words where there is nothing yet."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import CheckIn, Stage, new_ref
from services import clock
from services.db import transaction
from tests.make import make_group, make_volunteer
from tests.pages.conftest import OpenPage, Somebody, charts
from tests.services.volunteers.coming import came, stayed

TODAY = date(2026, 9, 16)
PARTS = ("way_in", "staying", "cover", "support", "standards")
every_part = pytest.mark.parametrize("part", PARTS)


@pytest.fixture
def workforce(somebody: Somebody) -> None:
    """Six active volunteers who answered, one who left, one on the way; a group to come."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        for number in range(6):
            one = stayed(db, amina, 200 + 40 * number)
            said = CheckIn(
                ref=new_ref(), volunteer_id=one.id, at=clock.now() - timedelta(days=3),
                heaviness=2, account_id=amina.account_id,
            )  # fmt: skip
            db.add(said)
        stayed(db, amina, 400, 100)
        came(db, amina, [(Stage.INTEREST, 40), (Stage.CONVERSATION, 12)])
        came(db, amina, [(Stage.INTEREST, 30), (Stage.STEPPED_BACK, 12)])
        make_group(db, amina, [ben], first_day=date(2026, 9, 22))


def opened(open_page: OpenPage, username: str, part: str) -> AppTest:
    page = open_page("workforce", username)
    control = page.segmented_control(key="workforce_part")
    return page if control.value == part else control.set_value(part).run()


def words(page: AppTest) -> str:
    kinds = (page.caption, page.info, page.markdown, page.header, page.title)
    return "\n".join(one.value for kind in kinds for one in kind)


@pytest.mark.parametrize("username", ["ben", "ada", "vik", "erin"])
def test_nobody_else_has_it_in_her_menu_or_sees_anything_of_it(
    open_page: OpenPage, username: str
) -> None:
    with pytest.raises(ValueError, match="workforce"):
        open_page("workforce", username)


@pytest.mark.parametrize("username", ["amina", "leila"])
@every_part
def test_without_a_volunteer_each_part_says_so_and_draws_nothing(
    open_page: OpenPage, username: str, part: str
) -> None:
    page = opened(open_page, username, part)

    assert not page.exception
    assert charts(page) == 0
    said = words(page)
    assert page.info or "Nothing to count yet" in said


@pytest.mark.parametrize("username", ["amina", "leila"])
@pytest.mark.parametrize(
    ("part", "drawn"), [("way_in", 2), ("staying", 3), ("cover", 1), ("support", 3)]
)
def test_each_part_draws_its_charts_with_a_denominator_and_a_table_behind_each(
    open_page: OpenPage, workforce: None, username: str, part: str, drawn: int
) -> None:
    page = opened(open_page, username, part)

    assert not page.exception
    assert charts(page) == drawn
    tables = [one for one in page.expander if one.label == "The same as a table"]
    assert len(tables) == drawn
    assert any(letter.isdigit() for caption in page.caption for letter in caption.value)
    assert "Rowe" not in words(page)


def test_every_chart_says_what_it_shows_in_words(open_page: OpenPage, workforce: None) -> None:
    for part in PARTS[:-1]:
        page = opened(open_page, "amina", part)
        assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))


def test_a_lead_is_told_that_small_numbers_are_hidden(open_page: OpenPage, workforce: None) -> None:
    assert "fewer than 5 volunteers" in words(opened(open_page, "leila", "way_in"))
    assert "fewer than 5 volunteers" not in words(opened(open_page, "amina", "way_in"))


def test_where_a_lead_may_see_none_of_it_she_is_told_so_without_an_empty_chart(
    open_page: OpenPage, somebody: Somebody
) -> None:
    with transaction() as db:
        stayed(db, somebody("amina"), 200)
    page = opened(open_page, "leila", "support")

    assert words(page).count("None of it can be shown") == 2
    assert charts(page) == 0


def test_a_table_behind_a_chart_opens(open_page: OpenPage, workforce: None) -> None:
    page = opened(open_page, "amina", "staying")
    tables = ("table_what_label_where", "table_what_label_why", "reasons_by_place")
    for key in tables:
        page.session_state[f"folded_{key}"] = True
    page = page.run()

    assert not page.exception
    assert len(page.dataframe) == len(tables)


def test_the_standards_stand_with_what_is_missing_and_the_sheet(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        make_volunteer(db, amina, stage=Stage.ACTIVE)

    page = opened(open_page, "amina", "standards")

    assert [one.value for one in page.header] == [
        "Vision", "Planning", "Inclusion", "Recruiting and welcoming", "Supporting",
        "Valuing and developing",
    ]  # fmt: skip
    assert "0 of 1 volunteers with groups have a named supervisor" in words(page)
    assert "1 without" in words(page)
    assert len(page.get("download_button")) == 1


def test_an_address_with_a_part_there_is_not_opens_the_first(open_page: OpenPage) -> None:
    page = open_page("workforce", "amina", workforce_part="nothing")

    assert not page.exception
    assert page.segmented_control(key="workforce_part").value == "way_in"
