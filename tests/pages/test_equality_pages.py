"""Asking the equality questions, and reading them in totals."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Characteristic
from services.db import reading, transaction
from services.people import characteristics
from services.people.characteristics import Given
from tests.make import make_person
from tests.pages.conftest import OpenPage, Somebody, press


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Somebody who has been asked nothing yet; her reference."""
    amina = somebody("amina")
    with transaction() as db:
        return make_person(db, amina).ref


def test_what_is_answered_disappears_and_the_rest_stays_open(
    open_page: OpenPage, dana: str
) -> None:
    page = _equality(open_page, dana)

    page.selectbox(f"form_sex_{dana}_0").select("female")
    press(page, "Save")

    assert not page.exception
    assert page.toast[0].value == "Her answers are kept. They are not shown again."
    labels = [box.label for box in page.selectbox]
    assert "What is her sex?" not in labels
    assert "What is her religion or belief?" in labels
    assert "female" not in str(page.main).lower()


def test_nothing_answered_is_said(open_page: OpenPage, dana: str) -> None:
    page = _equality(open_page, dana)

    press(page, "Save")

    assert page.error[0].value.startswith("Nothing is answered yet.")


def test_an_answer_is_changed_without_the_old_one_being_shown(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        characteristics.record(db, amina, dana, {"religion": Given("hindu")})
    page = _equality(open_page, dana)
    page.session_state[f"folded_answers_{dana}"] = True
    page.run()

    page.selectbox(f"form_asked_{dana}_0").select("religion").run()
    again = page.selectbox(f"form_religion_{dana}_again_0")
    assert again.value is None
    again.select("sikh")
    press(page, "Put this in place of her answer")

    with reading() as db:
        assert db.scalars(select(Characteristic.answer)).all() == ["sikh"]


def test_a_lead_reads_totals_and_a_small_number_is_a_star(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        for number in range(12):
            ref = make_person(db, amina).ref
            answer = "white_roma" if number == 0 else "white_irish"
            characteristics.record(db, amina, ref, {"ethnic_group": Given(answer)})

    page = open_page("reach", "leila")

    shown = dict(page.dataframe[0].value[["answer", "people"]].to_numpy())
    assert (shown["White: Roma"], shown["White: Irish"], shown["Total"]) == ("*", "*", "12")
    assert page.caption[0].value.startswith("\\* hidden: fewer than 5 people")


def test_with_nobody_there_the_totals_are_noughts(open_page: OpenPage) -> None:
    page = open_page("reach", "vik")

    assert not page.exception
    assert set(page.dataframe[0].value["people"]) == {"0"}


@pytest.mark.parametrize("stranger", ["amina", "ben", "ada", "erin"])
def test_totals_are_on_nobody_elses_menu(open_page: OpenPage, stranger: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("reach", stranger)


def _equality(open_page: OpenPage, ref: str) -> AppTest:
    page = open_page("participants", "amina", participant=ref)
    return page.button_group("part").set_value("equality").run()
