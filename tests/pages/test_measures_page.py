"""Recording a measure through the real screen: from paper, and what is said once it is saved."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import MeasureForm, Point, Respondent
from services import clock
from services.db import reading, transaction
from services.measures import measures
from services.measures.measures import MeasureDraft
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, press

ROSENBERG = "Rosenberg, own answers, start"


@pytest.fixture
def two(somebody: Somebody) -> list[str]:
    """The places of Dana and Fern in Ben's group."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        made = [
            make_place(db, amina, group, make_person(db, amina, who)) for who in ("Dana", "Fern")
        ]
        return [place.ref for place in made]


def key(place: str, field: str, measure: str = "rosenberg") -> str:
    return f"measure_{place}_{measure}_self_start_{field}"


def asked(page: AppTest) -> list[str]:
    """The items on the screen, as they are numbered there."""
    return [radio.label for radio in page.radio if radio.label[0].isdigit()]


def test_a_form_with_two_printings_is_not_asked_about_before_hers_is_chosen(
    open_page: OpenPage, two: list[str]
) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(ROSENBERG).run()
    assert asked(page) == []

    page.radio(key(two[0], "printing")).set_value("alternative").run()
    assert asked(page)[0] == "1. Worth"
    assert any("Items 3, 5, 8, 9 and 10 are turned round" in note.value for note in page.caption)
    page.text_input(key(two[0], "typed")).set_value("3303033000").run()
    press(page, "Save")

    with reading() as db:
        form = db.scalars(select(MeasureForm)).one()
        assert (form.total, (form.answers or {})["10"]) == (30, 3)
    page.selectbox[1].set_value(two[1]).run()
    page.selectbox[2].set_value(ROSENBERG).run()
    assert page.radio(key(two[1], "printing")).value == "alternative"


def test_what_a_form_comes_to_is_said_where_she_is_and_whose_form_it_is_now(
    open_page: OpenPage, two: list[str]
) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value("CORE-10, own answers, start").run()
    page.text_input(key(two[0], "typed", "core10")).set_value("1111101111").run()
    press(page, "Save")

    assert not page.exception
    assert page.toast[0].value.startswith("Saved. **Dana Okoro**: 13 on a scale")
    assert page.success[0].value.startswith("**Dana Okoro** · CORE-10, own answers, start: 13 on")
    assert "Dana Okoro: SWEMWBS, own answers, start" in [note.value for note in page.caption]


def test_what_is_known_of_the_form_stands_beneath_it(open_page: OpenPage, two: list[str]) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value("CORE-10, own answers, start").run()
    page.session_state["folded_about_core10"] = True
    page.run()

    text = "\n".join(one.value for one in page.markdown)
    assert "- Licence: CC BY" in text
    assert "Copyright CORE System Trust" in text.replace("\\", "")


def test_coordinators_read_about_every_measure_where_programmes_choose_them(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("programmes", "amina")
    page.session_state["folded_measures_known"] = True
    page = page.run()
    page.selectbox("measure_about").set_value("swemwbs").run()

    assert not page.exception
    assert any("converted by the published table" in one.value for one in page.markdown)


def test_a_form_dated_tomorrow_opens_to_be_corrected(
    open_page: OpenPage, two: list[str], somebody: Somebody
) -> None:
    ben = somebody("ben")
    answers: dict[int, float | None] = dict.fromkeys(range(1, 11), 1.0) | {6: 0.0}
    draft = MeasureDraft(
        measure="core10", respondent=Respondent.SELF, point=Point.START, answers=answers,
        taken_on=clock.today(),
    )  # fmt: skip
    with transaction() as db:
        measures.record(db, ben, two[0], draft)
        db.scalars(select(MeasureForm)).one().taken_on = clock.today() + timedelta(days=1)

    page = open_page("measures", "ben")
    page.selectbox[2].set_value("CORE-10, own answers, start").run()

    assert not page.error
    assert page.date_input[0].value == clock.today() + timedelta(days=1)
    press(page, "Save")
    assert "future" in page.error[0].value
