"""An answer about immediate risk, through the real screens: on the form, and on Today."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Concern, MeasureForm, Point, Respondent, RiskAction
from services.db import reading, transaction
from services.measures import handovers
from services.measures.immediate_risk import actions
from services.measures.measures import MeasureDraft
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, press

FORM = "CORE-10, own answers, start"
HEADING = "Answers that need action today (1)"


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Her place in Ben's group."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], code_name="Craft")
        return make_place(db, amina, group, make_person(db, amina, "Dana")).ref


@pytest.fixture
def waiting(somebody: Somebody, dana: str) -> None:
    """An answer of hers that nobody has acted on."""
    draft = MeasureDraft(
        measure="core10", respondent=Respondent.SELF, point=Point.START,
        taken_on=date(2026, 9, 16), answers={6: 2},
    )  # fmt: skip
    ben = somebody("ben")
    with transaction() as db:
        actions.open_action(db, ben, dana, draft)


def key(place: str, field: str) -> str:
    return f"measure_{place}_core10_self_start_{field}"


def fill(page: AppTest, place: str, risk: str) -> None:
    for number in range(1, 11):
        page.radio(key(place, f"item_{number}")).set_value(risk if number == 6 else "1")


def headings(page: AppTest) -> list[str]:
    return [header.value for header in page.header]


def test_without_its_words_a_form_is_not_offered_on_a_tablet(
    open_page: OpenPage, dana: str
) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(FORM).run()
    assert "On a tablet, one question a screen" not in [box.label for box in page.expander]


def test_answers_from_a_tablet_are_put_into_the_form_to_be_looked_at(
    open_page: OpenPage, somebody: Somebody, dana: str, licensed: Callable[..., None]
) -> None:
    licensed("core10")
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(FORM).run()
    page.session_state[f"folded_{key(dana, 'tablet')}"] = True
    page = page.run().button(key(dana, "hand_over")).click().run()
    address = next(one.value for one in page.code if "/m/" in one.value).rpartition("/")[2]
    with transaction() as db:
        handovers.give(db, address, dict.fromkeys(range(1, 11), 1.0) | {6: 0.0, 9: None})

    page = page.button(key(dana, "come")).click().run().button(key(dana, "put_in")).click().run()

    assert page.radio(key(dana, "item_1")).value == "1"
    assert page.radio(key(dana, "item_9")).value == "blank"
    press(page, "Save")
    with reading() as db:
        assert (
            db.scalars(select(MeasureForm)).one().total == 13
        )  # two of the nine count the other way


def test_the_form_asks_what_was_done_before_it_is_kept(open_page: OpenPage, dana: str) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(FORM).run()
    assert not page.warning

    fill(page, dana, "2")
    press(page, "Save")

    assert not page.exception
    assert page.warning[0].value.startswith("**Before they leave:**")
    assert page.radio(key(dana, "item_6")).value == "2"
    with reading() as db:
        assert db.scalars(select(MeasureForm)).all() == []
        assert len(db.scalars(select(RiskAction)).all()) == 1

    press(page, "Save")
    assert "Say who was told. It must be somebody today." in [e.value for e in page.error]

    page.radio(key(dana, "safe_now")).set_value("no")
    page.text_area(key(dana, "told")).set_value("Her GP")
    page.text_area(key(dana, "what_was_done")).set_value("We rang together.")
    page.radio(key(dana, "raise_concern")).set_value("yes")
    press(page, "Save")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(MeasureForm.measure)).all() == ["core10"]
        assert db.scalars(select(RiskAction)).one().done_at is not None
        assert db.scalars(select(Concern)).one().safe_now == "no"


@pytest.mark.usefixtures("waiting")
def test_whoever_comes_back_to_the_form_is_asked_again(open_page: OpenPage, dana: str) -> None:
    page = open_page("measures", "ben")
    page.selectbox[2].set_value(FORM).run()
    assert page.warning[0].value.startswith("**Before they leave:**")

    fill(page, dana, "0")
    press(page, "Save")
    assert [error.value for error in page.error] == [
        "An answer that asked for action today does not stand above. Give it again, or say why."
    ]
    page.text_area(key(dana, "mistake")).set_value("One row too far down.")
    press(page, "Save")

    with reading() as db:
        assert db.scalars(select(MeasureForm.measure)).all() == ["core10"]


@pytest.mark.usefixtures("waiting")
def test_today_shows_her_facilitator_whose_form_it_is(open_page: OpenPage) -> None:
    page = open_page("today", "ben")

    assert HEADING in headings(page)
    shown = next(frame.value for frame in page.dataframe if "form" in frame.value)
    assert list(shown["name"]) == ["Dana Okoro"]
    assert not {"answers", "safe_now"} & set(shown.columns)


@pytest.mark.usefixtures("waiting")
def test_today_shows_the_lead_where_it_stands_still_without_a_name(open_page: OpenPage) -> None:
    page = open_page("today", "leila")

    assert HEADING in headings(page)
    assert "Dana" not in "".join(frame.value.to_string() for frame in page.dataframe)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("username", ["chloe", "amina"])
def test_nobody_else_sees_that_something_waits(open_page: OpenPage, username: str) -> None:
    page = open_page("today", username)

    assert not page.exception
    assert HEADING not in headings(page)


def test_nothing_stands_on_today_while_nothing_waits(open_page: OpenPage, dana: str) -> None:
    assert HEADING not in headings(open_page("today", "ben"))
