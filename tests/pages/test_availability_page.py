"""When a volunteer can come and what she would like, on her record."""

from datetime import date, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import Stage
from services.db import reading, transaction
from services.volunteers.availability import changes, wishes
from services.volunteers.availability.hours import Hours
from services.volunteers.availability.wishes import WishesDraft
from tests.make import make_volunteer
from tests.pages.conftest import OpenPage, Somebody, form_key

TODAY = date(2026, 9, 16)


@pytest.fixture
def maya(somebody: Somebody) -> str:
    """An active volunteer's reference."""
    with transaction() as db:
        return make_volunteer(db, somebody("amina"), stage=Stage.ACTIVE).ref


def _open(open_page: OpenPage, volunteer: str, *unfolded: str) -> AppTest:
    page = open_page("volunteers", "amina", volunteer=volunteer, part="availability")
    for key in unfolded:
        page.session_state[f"folded_{key}_{volunteer}"] = True
    return page.run() if unfolded else page


def _submit(page: AppTest, form: str, ref: str, label: str, turn: int = 0) -> AppTest:
    return page.button(f"FormSubmitter:{form_key(form, ref, turn)}-{label}").click().run()


def _words(page: AppTest) -> str:
    return "\n".join(one.value for one in (*page.markdown, *page.caption, *page.info))


def test_nobody_asked_yet_is_said(open_page: OpenPage, maya: str) -> None:
    page = _open(open_page, maya)
    assert not page.exception
    assert "Until then she may be asked for any time" in _words(page)


def test_hours_are_added_refused_when_they_overlap_and_taken_out(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _open(open_page, maya, "hours")
    _submit(page, "hours", maya, "Add these hours")
    assert page.error[0].value == "Choose at least one weekday."

    page.button_group(form_key("weekdays", maya)).set_value([0, 2])
    _submit(page, "hours", maya, "Add these hours")
    assert "**Monday** from 10am to 12pm" in _words(page)

    page.button_group(form_key("weekdays", maya, 1)).set_value([2])
    page.time_input(form_key("hours_from", maya, 1)).set_value(time(11))
    page.time_input(form_key("hours_until", maya, 1)).set_value(time(0))
    _submit(page, "hours", maya, "Add these hours", 1)
    assert "from 10am to 12pm on Wednesdays are kept already" in page.error[0].value

    page.session_state[f"folded_hours_out_{maya}"] = True
    page.run()
    page.selectbox(form_key("gone", maya, 1)).set_value("0 600 720")
    _submit(page, "hours_out", maya, "Remove them", 1)
    with reading() as db:
        seen = changes.of_volunteer(db, somebody("amina"), maya)
    assert seen.hours == (Hours(2, 600, 720),)


def test_days_away_and_more_hours_are_kept_and_taken_out(open_page: OpenPage, maya: str) -> None:
    page = _open(open_page, maya, "away", "extra")
    page.date_input(form_key("day_first", maya)).set_value(TODAY + timedelta(3))
    page.date_input(form_key("day_last", maya)).set_value(TODAY + timedelta(1))
    _submit(page, "away", maya, "Keep these days away")
    assert page.error[0].value.startswith("Choose a last day from today on")

    page.date_input(form_key("day_last", maya)).set_value(TODAY + timedelta(5))
    _submit(page, "away", maya, "Keep these days away")
    assert page.dataframe[0].value["what"].tolist() == ["Away"]

    page.date_input(form_key("day_on", maya, 1)).set_value(TODAY + timedelta(4))
    _submit(page, "extra", maya, "Add these hours", 1)
    assert "kept as away" in page.error[0].value

    page.date_input(form_key("day_on", maya, 1)).set_value(TODAY + timedelta(6))
    _submit(page, "extra", maya, "Add these hours", 1)
    assert page.dataframe[0].value["what"].tolist() == ["Away", "More hours, from 10am to 12pm"]

    page.session_state[f"folded_exception_out_{maya}"] = True
    page.run()
    page.selectbox(form_key("gone_exception", maya, 2)).select_index(0)
    _submit(page, "exception_out", maya, "Remove it", 2)
    assert len(page.dataframe[0].value) == 1


def test_wishes_are_saved_with_any_language_she_names(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _open(open_page, maya)
    page.button_group(form_key("wished_roles", maya)).set_value(["creche"])
    page.number_input(form_key("most_a_month", maya)).set_value(3)
    page.multiselect(form_key("languages", maya)).set_value(["Polish"])
    page.text_area(form_key("avoids", maya)).input("The *market* square")
    _submit(page, "wishes", maya, "Save her wishes")
    assert not page.error
    with reading() as db:
        kept = wishes.of_volunteer(db, somebody("amina"), maya).kept
    assert (kept.most_a_month, kept.languages, kept.avoids) == (
        3, ["Polish"], "The *market* square",
    )  # fmt: skip


def test_wishes_somebody_else_changed_are_not_overwritten(
    open_page: OpenPage, somebody: Somebody, maya: str
) -> None:
    page = _open(open_page, maya)
    with transaction() as db:
        wishes.save(db, somebody("zora"), maya, WishesDraft(skills="Sewing"), version=0)
    page.text_area(form_key("skills", maya)).input("Singing")
    _submit(page, "wishes", maya, "Save her wishes")
    assert "Somebody else changed these wishes" in page.error[0].value
    assert page.text_area(form_key("skills", maya)).value == "Singing"
    with reading() as db:
        assert wishes.of_volunteer(db, somebody("zora"), maya).kept.skills == "Sewing"


@pytest.mark.parametrize("username", ["ben", "leila", "ada", "vik", "erin"])
def test_no_other_role_opens_it(open_page: OpenPage, maya: str, username: str) -> None:
    with pytest.raises(ValueError, match="volunteers"):
        open_page("volunteers", username, volunteer=maya, part="availability")
