"""The facilitator's feedback page: the code to show, and answers from three on."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import FeedbackAnswer, Group, Person, Route, SessionState
from services import feedback
from services.db import transaction
from tests.conftest import Clock
from tests.make import make_contact, make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, press

MARKUP = "![x](http://example.org/x.png) <b>**not bold**</b>"


@pytest.fixture
def held(somebody: Somebody) -> str:
    """Yesterday's session of Ben's group."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        return session_of(db, make_group(db, amina, [ben]), 2).ref


@pytest.fixture
def token(somebody: Somebody, held: str) -> str:
    ben = somebody("ben")
    with transaction() as db:
        return feedback.open_link(db, ben, held).path.removeprefix("/f/")


def send(token: str, people: int, **answers: str | int) -> None:
    for who in range(people):
        with transaction() as db:
            feedback.submit(db, token, f"number-of-the-form-{who:04d}", answers or {"pace": 2})


def images(page: AppTest) -> list[str]:
    return [url for image in page.image for url in image.value]


def test_without_groups_the_page_says_when_sessions_appear(open_page: OpenPage) -> None:
    page = open_page("feedback", "ben")
    assert not page.exception
    assert page.info[0].value.startswith("No sessions yet.")


def test_her_sessions_are_listed_to_choose_from(open_page: OpenPage, token: str) -> None:
    send(token, 1)
    page = open_page("feedback", "ben")
    assert not page.exception
    assert page.dataframe[0].value[["session", "forms"]].values.tolist() == [
        ["3 of 12", 0],
        ["2 of 12", 1],
        ["1 of 12", 0],
    ]


def test_a_session_shows_its_code_and_address(open_page: OpenPage, held: str) -> None:
    page = open_page("feedback", "ben", session=held)
    assert not page.exception
    (image,) = images(page)
    # Inside the page, not in a file others could open.
    assert image.startswith("data:image/svg+xml;base64,")
    assert "/f/" in page.code[0].value
    assert any("until the end of Tuesday 22 September 2026" in text.value for text in page.markdown)
    assert page.info[0].value == "Nobody has answered yet."


def test_the_same_code_is_shown_at_each_look(open_page: OpenPage, held: str) -> None:
    page = open_page("feedback", "ben", session=held)
    address = page.code[0].value
    page.button("feedback_again").click().run()
    assert page.code[0].value == address


def test_who_answers_after_a_look_waits_and_the_page_says_so(
    open_page: OpenPage, held: str, token: str
) -> None:
    send(token, 3, one_change="Longer breaks")
    page = open_page("feedback", "ben", session=held)
    send(token, 4, one_change="A window")
    page.button("feedback_again").click().run()
    assert "A window" not in [text.value for text in page.text]
    assert any(info.value.startswith("1 of them waits to be shown") for info in page.info)


def test_below_three_answers_only_their_number_is_shown(
    open_page: OpenPage, held: str, token: str
) -> None:
    send(token, 2, one_change="Longer breaks")
    page = open_page("feedback", "ben", session=held)
    assert page.info[0].value.startswith("2 people have answered. Answers show once 3 people have")
    assert not page.table
    assert "Longer" not in str(page)


def test_from_three_answers_on_they_are_shown_as_plain_text(
    open_page: OpenPage, held: str, token: str
) -> None:
    send(token, 3, felt_safe=4, one_change=MARKUP)
    page = open_page("feedback", "ben", session=held)
    assert not page.exception
    assert page.table[0].value.values.tolist()[-2:] == [["Very safe", 3], ["Not today", 0]]
    assert [text.value for text in page.text] == [MARKUP] * 3
    assert not any(MARKUP in text.value for text in page.markdown)


def test_when_the_days_are_over_only_the_answers_remain(
    open_page: OpenPage, held: str, token: str, time_stands_still: Clock
) -> None:
    send(token, 3)
    time_stands_still.go_on(days=30)
    page = open_page("feedback", "ben", session=held)
    assert page.info[0].value == "The form was open until the end of Tuesday 22 September 2026."
    assert images(page) == []
    assert page.table


def test_a_cancelled_session_says_so(open_page: OpenPage, somebody: Somebody) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        cancelled = session_of(db, make_group(db, amina, [ben]), 2)
        cancelled.state = SessionState.CANCELLED
        ref = cancelled.ref
    page = open_page("feedback", "ben", session=ref)
    assert not page.exception
    assert page.info[0].value.startswith("This session was cancelled")


@pytest.mark.parametrize("query", ["chloe", "nonsense"])
def test_a_session_that_is_not_hers_is_not_found(
    open_page: OpenPage, held: str, query: str
) -> None:
    ref = held if query == "chloe" else "'; DROP TABLE groups"
    page = open_page("feedback", "chloe", session=ref)
    assert not page.exception
    assert "could not be found" in page.error[0].value
    assert images(page) == []
    assert "Tuesday craft" not in str(page)


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_the_page_is_in_no_other_roles_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("feedback", who)


# --- Words that may mean danger ----------------------------------------------------------------

DANGER = "He has a knife **and** <b>waits</b>"


def test_words_that_may_mean_danger_are_on_todays_page_until_they_are_read(
    open_page: OpenPage, held: str, token: str
) -> None:
    send(token, 1, felt_safe=1, one_change=DANGER)
    today = open_page("today", "ben")
    # A link is cut where a phone ends, so for whom and since when stand under it.
    assert "Tuesday craft, session 2" in [link.proto.label for link in today.get("page_link")]
    assert any(one.value.startswith("For Ben, since ") for one in today.caption)

    page = open_page("feedback", "ben", session=held)
    assert DANGER in [text.value for text in page.text]
    assert not page.table
    next(one for one in page.button if one.label == "I have read this").click().run()

    assert not page.exception
    assert DANGER not in [text.value for text in page.text]
    assert not open_page("today", "ben").get("page_link")


@pytest.mark.parametrize("who", ["amina", "leila", "chloe"])
def test_nobody_else_hears_of_them_on_todays_page(
    open_page: OpenPage, token: str, who: str
) -> None:
    send(token, 1, one_change=DANGER)
    page = open_page("today", who)
    assert not page.exception
    assert "may mean danger" not in str(page)


# --- From paper ------------------------------------------------------------------------------


def paper_page(open_page: OpenPage, held: str) -> AppTest:
    page = open_page("feedback", "ben", session=held)
    page.session_state["folded_feedback_paper"] = True
    return page.run()


def kept(held: str) -> int:
    with transaction() as db:
        return len(db.scalars(select(FeedbackAnswer.id)).all())


def test_a_form_from_paper_is_kept_and_the_next_one_is_empty(
    open_page: OpenPage, held: str
) -> None:
    page = paper_page(open_page, held)
    page.pills(f"form_pace_{held}_0").select(2)
    page.text_area(f"form_one_change_{held}_0").set_value("More tea")
    next(one for one in page.button if one.label == "Keep this form").click().run()

    assert not page.exception
    assert "is kept" in page.toast[0].value
    assert kept(held) == 1
    assert page.text_area(f"form_one_change_{held}_1").value == ""


def test_an_empty_or_too_long_form_from_paper_says_so_and_keeps_what_was_typed(
    open_page: OpenPage, held: str
) -> None:
    page = paper_page(open_page, held)
    next(one for one in page.button if one.label == "Keep this form").click().run()
    assert "at least one answer" in page.error[0].value

    page.text_area(f"form_one_change_{held}_0").set_value("x" * 501)
    next(one for one in page.button if one.label == "Keep this form").click().run()
    assert "there is room for 500" in page.error[0].value
    assert page.text_area(f"form_one_change_{held}_0").value == "x" * 501
    assert kept(held) == 0


def test_what_came_up_is_noted_and_answered(open_page: OpenPage, held: str) -> None:
    page = open_page("feedback", "ben", session=held)
    page.session_state["folded_feedback_replies"] = True
    page.run()
    page.text_input("form_theme_new_0").set_value("Breaks")
    next(one for one in page.button if one.label == "Note it").click().run()
    assert page.error[0].value == "Write a few words."
    assert page.text_input("form_theme_new_0").value == "Breaks"

    page.text_area("form_said_new_0").set_value(MARKUP)
    next(one for one in page.button if one.label == "Note it").click().run()

    assert not page.exception
    answer = next(one for one in page.text_area if one.label == "What we did")
    answer.set_value("A longer break")
    next(one for one in page.button if one.label == "Save what we did").click().run()
    assert not page.error
    assert next(one for one in page.text_area if one.label == "What we did").value == (
        "A longer break"
    )


# --- Themes and quotes -----------------------------------------------------------------------


def themes_page(open_page: OpenPage, held: str) -> AppTest:
    page = open_page("feedback", "ben", session=held)
    page.session_state["folded_feedback_themes"] = True
    return page.run()


def test_words_are_put_to_a_theme_and_quoted_and_taken_back(
    open_page: OpenPage, held: str, token: str
) -> None:
    send(token, 3, one_change=MARKUP, may_quote=1)
    page = themes_page(open_page, held)
    assert not page.exception
    box = next(one for one in page.pills if one.label == "Themes of text 1")
    box.select("Pace")
    press(page, "Save the themes")
    assert page.toast[0].value == "The themes are saved."

    texts = next(one for one in page.selectbox if one.label == "Words to quote")
    texts.select_index(0).run()
    next(one for one in page.text_area if one.label == "As it will be quoted").set_value("Mine")
    press(page, "Add to the quotes")
    assert "Quote what stands there" in page.error[0].value
    next(one for one in page.text_area if one.label == "As it will be quoted").set_value(MARKUP)
    press(page, "Add to the quotes")
    assert not page.error
    assert f"“{MARKUP}”" in [text.value for text in page.text]
    press(page, "She does not want this quoted")
    assert f"“{MARKUP}”" not in [text.value for text in page.text]


def test_nobody_is_quoted_who_did_not_say_yes(open_page: OpenPage, held: str, token: str) -> None:
    send(token, 3, one_change="More tea")
    page = themes_page(open_page, held)
    assert any("Nobody said yes" in text.value for text in page.caption)


def test_an_address_for_one_person_by_a_safe_route_alone(
    open_page: OpenPage, somebody: Somebody, held: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        group = db.scalars(select(Group)).one()
        dana = make_person(db, amina)
        make_place(db, amina, group, dana)
        ref = dana.ref
    page = open_page("feedback", "ben", session=held)
    page.session_state["folded_feedback_invite"] = True
    page.run()
    page.selectbox(f"invite_who_{held}").select(ref).run()
    press(page, "Make an address")
    assert page.error
    with transaction() as db:
        make_contact(db, amina, db.scalars(select(Person)).one(), Route.TEXT)
    press(page, "Make an address")
    assert not page.error
    assert not page.exception
    assert "07700 900111" in [code.value for code in page.code]
    assert "/f/" in page.code[-1].value


def test_a_lead_finds_on_today_where_words_lie_unread_and_not_the_words(
    open_page: OpenPage, token: str, time_stands_still: Clock
) -> None:
    header = "Words that may mean danger, and nobody has read them"
    send(token, 1, one_change="I am scared to go home")
    assert header not in [one.value for one in open_page("today", "leila").header]
    time_stands_still.go_on(days=1)

    page = open_page("today", "leila")

    assert header in [one.value for one in page.header]
    assert page.dataframe[0].value["facilitators"].tolist() == ["Ben"]
    assert "scared" not in str([one.value for one in (*page.markdown, *page.dataframe)])
    assert header not in [one.value for one in open_page("today", "amina").header]
