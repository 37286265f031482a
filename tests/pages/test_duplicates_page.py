"""The screen for records of one person: pairs, side by side, joined, and taken apart again."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Person, PersonMerge
from services.db import reading, transaction
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, press

BORN = date(1987, 3, 2)


@pytest.fixture
def two(somebody: Somebody) -> tuple[str, str]:
    """Two records of one person, and somebody else's; the references of the two."""
    amina = somebody("amina")
    with transaction() as db:
        one = make_person(db, amina, "Ayesha", "Qureshi", date_of_birth=BORN)
        other = make_person(db, amina, "Aisha", "Kureshi", date_of_birth=BORN)
        make_person(db, amina, "Wanda", "Featherlane", date_of_birth=BORN)
        return one.ref, other.ref


def test_the_likely_pairs_are_listed_with_the_reasons(
    open_page: OpenPage, two: tuple[str, str]
) -> None:
    page = open_page("duplicates", "amina")

    (pair,) = page.dataframe[0].value.to_dict("records")
    assert (pair["one"], pair["other"]) == ("Ayesha Qureshi", "Aisha Kureshi")
    assert pair["why"] == "Same date of birth, first name sounds alike, last name sounds alike"
    assert "can be undone" in page.info[0].value


def test_an_empty_list_says_so(open_page: OpenPage) -> None:
    page = open_page("duplicates", "amina")
    assert "No two records look like one person's" in page.success[0].value


def test_two_are_joined_as_chosen_and_taken_apart(
    open_page: OpenPage, two: tuple[str, str]
) -> None:
    page = open_page("duplicates", "amina", one=two[0], other=two[1])
    same = "The same in both: date of birth 2 March 1987."
    assert any(one.value.startswith(same) for one in page.caption)
    next(one for one in page.radio if one.label == "First name").set_value(True)
    press(page, "Join the two records")

    assert not page.exception
    with reading() as db:
        kept, gone = (db.scalars(select(Person).where(Person.ref == ref)).one() for ref in two)
        assert (kept.first_name, kept.last_name) == ("Aisha", "Qureshi")
        assert gone.merged_into_id == kept.id

    history = open_page("duplicates", "amina")
    with reading() as db:
        history.session_state["duplicates_chosen"] = db.scalar(select(PersonMerge.ref))
    press(history.run(), "Undo this")
    with reading() as db:
        assert db.scalar(select(Person.merged_into_id).where(Person.ref == two[1])) is None


def test_what_stands_in_the_way_is_said_in_place_of_the_form(
    open_page: OpenPage, somebody: Somebody, two: tuple[str, str]
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        for ref in two:
            person = db.scalars(select(Person).where(Person.ref == ref)).one()
            make_place(db, amina, group, person)

    page = open_page("duplicates", "amina", one=two[0], other=two[1])

    assert "End one of the two places first" in page.warning[0].value
    assert "Join the two records" not in [one.label for one in page.button]


def test_two_people_are_noted_as_such_and_the_note_is_taken_back(
    open_page: OpenPage, two: tuple[str, str]
) -> None:
    press(open_page("duplicates", "amina", one=two[0], other=two[1]), "No, they are two people")
    page = open_page("duplicates", "amina")
    assert "No two records look like one person's" in page.success[0].value

    page.session_state["folded_told_apart"] = True
    page.session_state["duplicates_noted"] = two
    press(page.run(), "Take the note back")

    assert open_page("duplicates", "amina").dataframe[0].value["other"].tolist() == [
        "Aisha Kureshi"
    ]


def test_the_other_one_can_be_kept_instead(open_page: OpenPage, two: tuple[str, str]) -> None:
    page = press(
        open_page("duplicates", "amina", one=two[0], other=two[1]), "Keep the other one instead"
    )
    assert page.markdown[0].value.startswith("**Aisha Kureshi, ")


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_it_is_in_nobody_elses_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("duplicates", who)


def test_an_address_of_nobody_says_so(open_page: OpenPage, two: tuple[str, str]) -> None:
    page = open_page("duplicates", "amina", one=two[0], other="nobody")
    assert "could not be found" in page.error[0].value


def test_the_list_of_participants_says_why_somebody_was_found(
    open_page: OpenPage, two: tuple[str, str]
) -> None:
    page = open_page("participants", "amina")
    page.text_input(key="people_search").set_value("Aysha").run()

    found = page.dataframe[0].value[["name", "why"]].to_dict("list")
    assert found["why"] == ["sounds like it", "sounds like it"]
    assert set(found["name"]) == {"Ayesha Qureshi", "Aisha Kureshi"}
