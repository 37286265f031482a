"""The programmes on screen: the list, one of them, and a new version of it."""

import pytest
from streamlit.testing.v1 import AppTest

from services.db import reading, transaction
from services.programmes import programmes
from tests.pages.conftest import OpenPage, Somebody, press

KEY = "steps_forward"


def opened(open_page: OpenPage, username: str = "amina") -> AppTest:
    page = open_page("programmes", username, programme=KEY)
    page.session_state[f"folded_programme_{KEY}"] = True
    return page.run()


def current() -> tuple[int, int]:
    with reading() as db:
        found = programmes.newest(db)[KEY]
    return found.version, found.minutes


def test_the_list_names_every_programme(open_page: OpenPage) -> None:
    page = open_page("programmes", "ben")

    assert not page.exception
    listed = page.dataframe[0].value.set_index("title")
    assert listed.loc["Pattern Changing", "sessions"] == 14
    assert listed.loc["Freedom Programme", "kind"] == "Rolling: join in any week"


@pytest.mark.parametrize(("who", "may"), [("amina", True), ("leila", True), ("ben", False)])
def test_who_may_changes_it_and_the_others_read(open_page: OpenPage, who: str, may: bool) -> None:
    page = opened(open_page, who)

    assert not page.exception
    assert page.title[0].value == "Steps Forward"
    assert any("12 sessions of 120 minutes" in one.value for one in page.markdown)
    assert ("Make a new version" in [one.label for one in page.button]) == may


@pytest.mark.parametrize("who", ["ada", "vik", "erin"])
def test_it_is_in_nobody_elses_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("programmes", who)


def test_a_change_makes_a_new_version(open_page: OpenPage) -> None:
    page = opened(open_page)
    next(one for one in page.number_input if one.label == "Minutes a session").set_value(90)

    press(page, "Make a new version")

    assert not page.exception
    assert "version 2 now" in page.toast[0].value
    assert current() == (2, 90)


def test_the_numbers_of_one_thing_follow_one_another_on_a_phone(open_page: OpenPage) -> None:
    asked = [one.label for one in opened(open_page).number_input]
    assert asked.index("Oldest, if there is a limit") == asked.index("Youngest") + 1


def test_a_topic_too_few_is_said_and_what_was_typed_stays(open_page: OpenPage) -> None:
    page = opened(open_page)
    topics = next(one for one in page.text_area if one.label.startswith("Topics"))
    topics.set_value("One\nTwo")

    press(page, "Make a new version")

    assert "Write 12 different topics" in page.error[0].value
    assert next(one for one in page.text_area if one.label.startswith("Topics")).value == "One\nTwo"
    assert current() == (1, 120)


def test_whoever_was_slower_is_told(open_page: OpenPage, somebody: Somebody) -> None:
    page = opened(open_page)
    leila = somebody("leila")
    with transaction() as db:
        draft = programmes.newest(db)[KEY].model_dump(exclude={"key", "version"})
        programmes.change(db, leila, KEY, draft | {"minutes": 100}, version=1)
    next(one for one in page.number_input if one.label == "Minutes a session").set_value(90)

    press(page, "Make a new version")

    assert "made version 2" in page.error[0].value
    assert current() == (2, 100)


def test_one_of_their_own_is_added_and_opened(open_page: OpenPage) -> None:
    page = open_page("programmes", "leila")
    page.session_state["folded_new_programme"] = True
    page.run()
    next(one for one in page.text_input if one.label == "Title").set_value("Harbour Lights")
    next(one for one in page.number_input if one.label == "Sessions").set_value(2)
    next(one for one in page.text_area if one.label.startswith("Topics")).set_value("One\nTwo")

    press(page, "Add the programme")

    assert not page.error
    with reading() as db:
        assert programmes.offered(db)["harbour_lights"].sessions == 2


def test_it_is_no_longer_offered_and_offered_again(open_page: OpenPage) -> None:
    page = opened(open_page)
    press(page, "Stop offering it for new groups")
    with reading() as db:
        assert KEY not in programmes.offered(db)

    press(page, "Offer it for new groups again")
    with reading() as db:
        assert KEY in programmes.offered(db)


def test_an_address_of_nothing_says_so_and_shows_the_list(open_page: OpenPage) -> None:
    page = open_page("programmes", "amina", programme="nothing")
    assert "could not be found" in page.error[0].value
    assert not page.dataframe[0].value.empty
