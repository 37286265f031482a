"""Setting somebody's own goals, through the real screen."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Goal, MeasureForm, Outcome, Place, Point, Respondent
from services import clock
from services.db import reading, transaction
from services.measures import goals
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, press

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


def test_a_goal_is_set_in_her_own_words(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, dana)
    assert any(info.value.startswith("No goal is set yet") for info in page.info)

    page.text_area[0].set_value("Sleep *through*")
    press(page, "Keep the goal")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(Goal.words)).all() == ["Sleep *through*"]
    assert "1. Sleep \\*through\\*" in [asked.label for asked in page.radio]


def test_an_empty_goal_is_asked_for_at_its_field(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, dana)

    press(page, "Keep the goal")

    assert [error.value for error in page.error] == ["Write the goal down in her own words."]


def test_a_goal_changed_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = opened(open_page, dana)
    ben = somebody("ben")
    with transaction() as db:
        goals.keep(db, ben, dana, 1, "Theirs")

    page.text_area[0].set_value("Mine")
    press(page, "Keep the goal")

    assert page.error[0].value.startswith("A colleague has changed this goal")
    with reading() as db:
        assert db.scalars(select(Goal.words)).all() == ["Theirs"]


def test_her_goals_can_be_kept_for_her_own_file(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        place = db.scalars(select(Place).where(Place.ref == dana)).one()
        db.add(
            MeasureForm(
                place_id=place.id, measure="gbo", measure_version=1, respondent=Respondent.SELF,
                point=Point.START, outcome=Outcome.ANSWERED, taken_on=clock.today(),
                answers={"1": 3.0}, total=3.0, recorded_by_id=ben.account_id,
                recorded_at=clock.now(),
            )
        )  # fmt: skip
    page = opened(open_page, dana)
    page.session_state["folded_table_words_point_rating"] = True
    page.run()

    next(one for one in page.button if one.label.startswith("Make the picture")).click().run()

    assert not page.exception
    offered = [one.label for one in page.get("download_button")]
    assert offered[-4:] == ["PNG", "SVG", "PDF", "CSV"]
