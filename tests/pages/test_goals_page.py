"""Setting somebody's own goals, through the real screen."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Goal
from services.db import reading, transaction
from services.measures import goals
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody

FORM = "Goals, own answers, start"


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Her place in Ben's group."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        return make_place(db, amina, group, make_person(db, amina, "Dana")).ref


def opened(open_page: OpenPage, dana: str) -> AppTest:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(FORM).run()
    page.session_state[f"folded_goals_{dana}"] = True
    return page.run()


def press(page: AppTest) -> None:
    next(button for button in page.button if button.label == "Keep the goal").click().run()


def test_a_goal_is_set_in_her_own_words(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, dana)
    assert any(info.value.startswith("No goal is set yet") for info in page.info)

    page.text_area[0].set_value("Sleep *through*")
    press(page)

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(Goal.words)).all() == ["Sleep *through*"]
    assert "1. Sleep \\*through\\*" in [text.value for text in page.markdown]


def test_an_empty_goal_is_asked_for_at_its_field(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, dana)

    press(page)

    assert [error.value for error in page.error] == ["Write the goal down in her own words."]


def test_a_goal_changed_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = opened(open_page, dana)
    ben = somebody("ben")
    with transaction() as db:
        goals.keep(db, ben, dana, 1, "Theirs")

    page.text_area[0].set_value("Mine")
    press(page)

    assert page.error[0].value.startswith("A colleague has changed this goal")
    with reading() as db:
        assert db.scalars(select(Goal.words)).all() == ["Theirs"]
