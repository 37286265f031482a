"""Risk on a participant's page: the level in words, reviewing it, and who does not see it."""

import pytest
from streamlit.testing.v1 import AppTest

from models import RiskLevel
from services.concerns import happenings, incidents, risk
from services.concerns.incidents import IncidentDraft
from services.concerns.risk import RiskDraft, next_review
from services.db import reading, transaction
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, field

TODAY = NOW.date()


@pytest.fixture
def dana(somebody: Somebody) -> str:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina)
        make_place(db, amina, make_group(db, amina, [ben]), person)
        return person.ref


def opened(open_page: OpenPage, ref: str) -> AppTest:
    page = open_page("participants", "ben", participant=ref)
    return page.button_group("part").set_value("risk").run()


def test_her_facilitator_makes_the_first_review(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    page = opened(open_page, dana)
    assert any("No review yet" in one.value for one in page.info)

    field(page, "number_input", "DASH").set_value(11).run()
    assert field(page, "selectbox", "Level").options == ["Medium risk", "High risk"]
    (keep,) = [one for one in page.button if one.label == "Keep this review"]
    keep.click().run()

    assert "**Medium risk**" in [one.value for one in page.warning]
    with reading() as db:
        reviews = risk.of_person(db, somebody("ben"), dana)
        assert reviews["review_on"].tolist() == [next_review(TODAY)]


def test_a_level_above_the_score_asks_why(open_page: OpenPage, dana: str) -> None:
    page = opened(open_page, dana)
    field(page, "number_input", "DASH").set_value(3).run()
    field(page, "selectbox", "Level").set_value("high")
    (keep,) = [one for one in page.button if one.label == "Keep this review"]
    keep.click().run()

    assert page.error[0].value == "Say why the level is higher than the score."


@pytest.mark.parametrize("score", [25, -1])
def test_a_score_nobody_can_have_is_said_and_stays_typed(
    open_page: OpenPage, dana: str, score: int
) -> None:
    page = opened(open_page, dana)
    field(page, "number_input", "DASH").set_value(score).run()

    assert page.error[0].value == risk.NO_SCORE
    assert field(page, "number_input", "DASH").value == score
    assert "Keep this review" not in [one.label for one in page.button]

    field(page, "number_input", "DASH").set_value(24).run()
    assert field(page, "selectbox", "Level").options == ["High risk"]


def test_what_was_done_before_stays_to_be_read(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    ben = somebody("ben")
    for score, why, action in ((3, "She fears for her life", "Sent to the MARAC"), (15, "", "")):
        with transaction() as db:
            draft = RiskDraft(
                assessed_on=TODAY, score=score, level=RiskLevel.HIGH, raised_because=why,
                action=action, review_on=next_review(TODAY),
            )  # fmt: skip
            risk.review(db, ben, dana, draft)

    history = opened(open_page, dana).dataframe[0].value

    assert history["score"].tolist() == [15, 3]
    assert history["raised_because"].tolist()[1] == "She fears for her life"
    assert history["action"].tolist()[1] == "Sent to the MARAC"


def test_a_coordinator_has_no_such_part(open_page: OpenPage, dana: str) -> None:
    page = open_page("participants", "amina", participant=dana)

    assert "Risk" not in page.button_group("part").options


def test_today_brings_it_up_when_it_is_due(
    open_page: OpenPage, somebody: Somebody, dana: str, time_stands_still: Clock
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        draft = RiskDraft(
            assessed_on=TODAY, score=15, level=RiskLevel.HIGH, review_on=next_review(TODAY)
        )
        risk.review(db, ben, dana, draft)
    time_stands_still.go_on(days=92)

    assert "Risk to review (1)" in [one.value for one in open_page("today", "ben").header]
    headers = [one.value for one in open_page("today", "amina").header]
    assert not [words for words in headers if words.startswith("Risk")]


def test_what_happened_is_recorded_and_the_review_stands_open_for_it(
    open_page: OpenPage, dana: str
) -> None:
    page = open_page("participants", "ben", participant=dana, part="risk")
    page.session_state[f"folded_incident_{dana}"] = True
    page.run()
    page.text_area(f"form_words_{dana}_0").input("He waited outside")
    next(one for one in page.button if one.label == "Record it").click().run()

    assert page.error[0].value.startswith("**Review her risk now.**")
    assert "He waited outside (Ben)" in page.text[0].value
    assert "Risk to review (1)" in [one.value for one in open_page("today", "ben").header]


def test_what_was_recorded_is_taken_back_and_stays_to_be_read(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        incidents.record(db, ben, dana, IncidentDraft(happened_on=TODAY, words="He waited outside"))
        number = happenings.of_person(db, ben, dana)[0].number
    page = open_page("participants", "ben", participant=dana, part="risk")
    page.session_state[f"folded_incident_wrong_{dana}"] = True
    page.session_state[f"folded_happened_{dana}"] = True
    page.run()
    how = "It did not happen, or not to her"
    page.radio(f"incident_how_{dana}_{number}").set_value(how).run()
    page.text_area(f"form_words_{dana}_{number}_True_0").input("It was somebody else")
    next(one for one in page.button if one.label == "Save").click().run()

    assert not page.error
    kept, taken_back = page.text[0].value.splitlines()
    assert kept.endswith("He waited outside (Ben)")
    assert taken_back.startswith("Taken back: It was somebody else (Ben, ")
