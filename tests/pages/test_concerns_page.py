"""Concerns on screen: raising one, reading back one's own, deciding, and who sees none of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import Concern, EntryKind, Person, SafeNow
from services.concerns import concern_decisions, concerns
from services.concerns.concern_draft import ConcernDraft
from services.db import reading, transaction
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, field, press

EARLIER = {"noticed_on": NOW.date(), "noticed_time": NOW.time()}


@pytest.fixture
def dana(somebody: Somebody) -> tuple[str, str]:
    """A participant in a group of Ben's: her reference and the group's."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina, "Dana", "Okoro")
        group = make_group(db, amina, [ben], first_day=date(2026, 9, 8))
        make_place(db, amina, group, person)
        return person.ref, group.ref


@pytest.fixture
def raised(somebody: Somebody) -> Callable[..., str]:
    """`raised("ben")`: a concern of Ben's, in words; its reference."""

    def made(username: str, **more: Any) -> str:
        actor = somebody(username)
        values = {"about": "A man", "facts": "He waited.", "safe_now": SafeNow.NO, **EARLIER}
        with transaction() as db:
            return concerns.raise_concern(db, actor, ConcernDraft(**(values | more)))

    return made


def test_a_facilitator_raises_a_concern_from_a_participants_page(
    open_page: OpenPage, dana: tuple[str, str]
) -> None:
    page = open_page("concerns", "ben", participant=dana[0])
    assert "About **Dana Okoro**" in [one.value for one in page.markdown]

    field(page, "text_area", "What you saw").input("She held her arm.")
    field(page, "radio", "Is everybody safe").set_value("unknown")
    press(page, "Raise the concern")

    assert not page.exception
    assert page.query_params.keys() == {"concern"}
    with reading() as db:
        kept = db.scalars(select(Concern)).one()
        assert kept.facts == "She held her arm."
        assert db.scalars(select(Person.ref).where(Person.id == kept.person_id)).one() == dana[0]
    assert "She held her arm." in [one.value for one in page.text]


def test_a_tick_on_a_concern_makes_a_review_of_her_risk_due(
    open_page: OpenPage, dana: tuple[str, str]
) -> None:
    page = open_page("concerns", "ben", participant=dana[0])
    field(page, "text_area", "What you saw").input("He waited outside.")
    field(page, "radio", "Is everybody safe").set_value("yes")
    field(page, "checkbox", "Something happened to her").check()
    press(page, "Raise the concern")

    assert "Risk to review (1)" in [one.value for one in open_page("today", "ben").header]
    hers = open_page("participants", "ben", participant=dana[0], part="risk")
    assert hers.error[0].value.startswith("**Review her risk now.**")
    told = [one.value for one in hers.text]
    assert any("Ask your manager what it was" in line for line in told)
    assert not any("He waited" in line for line in told)

    assert [one.value for one in page.info][1:] == [
        "Something happened to her: her risk is due for review."
    ]
    field(page, "text_area", "Why").input("The wrong tick.")
    press(page, "Take it back")
    assert [one.value for one in page.info][1:] == []
    assert "The wrong tick." in [one.value for one in page.text]
    assert "Risk to review (1)" not in [one.value for one in open_page("today", "ben").header]


def test_from_a_group_she_chooses_among_those_in_it(
    open_page: OpenPage, dana: tuple[str, str]
) -> None:
    page = open_page("concerns", "ben", group=dana[1])

    chosen = field(page, "selectbox", "About whom in this group")
    assert chosen.options == ["Dana Okoro"]


def test_she_finds_a_participant_by_name(open_page: OpenPage, dana: tuple[str, str]) -> None:
    page = open_page("concerns", "ben")
    field(page, "text_input", "About whom: find").input("oko").run()

    assert field(page, "selectbox", "Which one").options == ["Dana Okoro"]


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("concerns", "leila")
    field(page, "text_area", "What you think").input("I may be wrong.")
    press(page, "Raise the concern")

    errors = [one.value for one in page.error]
    assert len(errors) == 3
    assert field(page, "text_area", "What you think").value == "I may be wrong."


def test_a_participant_of_somebody_else_cannot_be_chosen_by_her_address(
    open_page: OpenPage, dana: tuple[str, str]
) -> None:
    page = open_page("concerns", "chloe", participant=dana[0])

    assert "Dana" not in str([one.value for one in page.markdown])
    assert not [one for one in page.button if one.label == "Raise the concern"]


def test_who_raised_it_sees_only_whether_a_decision_was_made(
    open_page: OpenPage, raised: Callable[..., str], somebody: Somebody
) -> None:
    ref, leila = raised("ben"), somebody("leila")
    with transaction() as db:
        concern_decisions.add(db, leila, ref, EntryKind.DECISION, "Call her.", entries_seen=0)

    page = open_page("concerns", "ben", concern=ref)

    assert "A decision was made on Wednesday 16 September 2026." in [o.value for o in page.info]
    shown = [one.value for one in page.text]
    assert "He waited." in shown
    assert "Call her." not in shown
    assert not [one for one in page.button if one.label == "Add it"]


def test_she_corrects_her_own(open_page: OpenPage, raised: Callable[..., str]) -> None:
    page = open_page("concerns", "ben", concern=raised("ben"))
    field(page, "text_area", "What is right").input("He drove past.")
    press(page, "Add the correction")

    assert "He drove past." in [one.value for one in page.text]


@pytest.mark.parametrize("username", ["amina", "chloe", "ada"])
def test_a_concern_of_somebody_else_reads_like_one_that_is_not_there(
    open_page: OpenPage, raised: Callable[..., str], username: str
) -> None:
    page = open_page("concerns", username, concern=raised("ben"))

    assert "could not be found" in page.error[0].value
    assert not page.text


def test_the_lead_decides_and_closes(
    open_page: OpenPage, raised: Callable[..., str], somebody: Somebody
) -> None:
    page = open_page("concerns", "leila", concern=raised("ben"))
    assert "due by the end of today" in page.info[0].value

    field(page, "text_area", "In words").input("Her worker calls today.")
    press(page, "Add it")
    assert "A decision was made" in page.info[0].value
    field(page, "selectbox", "What you add").set_value("closed")
    field(page, "text_area", "In words").input("She is safe.")
    press(page, "Add it")

    assert page.info[0].value == "This concern is closed."
    assert not [one for one in page.button if one.label == "Add it"]


def test_a_stale_page_shows_what_the_other_lead_wrote(
    open_page: OpenPage, raised: Callable[..., str], somebody: Somebody
) -> None:
    ref, leila = raised("ben"), somebody("leila")
    page = open_page("concerns", "leila", concern=ref)
    with transaction() as db:
        concern_decisions.add(db, leila, ref, EntryKind.DECISION, "Call her.", entries_seen=0)

    field(page, "text_area", "In words").input("Wait.")
    press(page, "Add it")

    assert "Somebody added to this concern" in page.error[0].value
    assert "Call her." in [one.value for one in page.text]
    assert field(page, "text_area", "In words").value == "Wait."


def test_the_list_of_a_lead_names_nobody_it_is_about(
    open_page: OpenPage, raised: Callable[..., str], somebody: Somebody, dana: tuple[str, str]
) -> None:
    raised("ben", person_ref=dana[0])

    page = open_page("concerns", "leila")

    shown = page.dataframe[0].value
    assert shown["decision"].tolist() == ["Due today"]
    assert "Dana" not in shown.to_string()


def test_today_chases_the_lead_for_overdue_ones_and_nobody_else(
    open_page: OpenPage,
    raised: Callable[..., str],
    somebody: Somebody,
    time_stands_still: Clock,
) -> None:
    raised("ben")
    time_stands_still.go_on(days=1)

    assert open_page("today", "leila").header[0].value == "Concerns without a decision (1)"
    for username in ("ben", "amina"):
        headers = [one.value for one in open_page("today", username).header]
        assert not [one for one in headers if "Concern" in one]


def test_without_anybody_to_decide_she_is_told_to_tell_a_manager(
    open_page: OpenPage, raised: Callable[..., str]
) -> None:
    page = open_page("concerns", "ben", concern=raised("ben"))

    assert "Nobody who decides on concerns can open this one" in page.error[0].value


@pytest.mark.parametrize("username", ["vik", "erin", "maya"])
def test_who_sees_no_participant_raises_one_in_words_and_is_offered_nobody(
    open_page: OpenPage, username: str
) -> None:
    page = open_page("concerns", username)

    assert field(page, "text_input", "About whom").label == "About whom"
    assert not [one for one in page.text_input if "find" in one.label]


def test_an_empty_list_says_what_to_do_next(open_page: OpenPage) -> None:
    assert "Raise one below" in open_page("concerns", "leila").info[0].value
    assert "None yet." in open_page("concerns", "ada").info[0].value
