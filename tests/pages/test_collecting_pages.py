"""Who collects a child, on the screens of each role."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from models import PersonKind
from services.attendance import AttendanceCode as Code
from services.db import reading, transaction
from services.registers import marking
from services.registers.collecting import at_session, lists
from services.registers.collecting.lists import CollectorDraft
from services.registers.marking import NewMark
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody

TODAY = date(2026, 9, 16)


@pytest.fixture
def kit(somebody: Somebody) -> tuple[str, str]:
    """A child marked as there today with both halves of a list; her and the session's reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        child = make_person(db, amina, "Kit", "Bell", kind=PersonKind.CHILD)
        place = make_place(db, amina, group, child)
        lists.add(db, ben, child.ref, CollectorDraft(name="Ann *Bell*", agreed_word="bluebell"))
        lists.add(db, ben, child.ref, CollectorDraft(name="Rob Stone", may_collect=False))
        ref = session_of(db, group).ref
        marking.mark(db, ben, ref, [NewMark(tap="1", place_ref=place.ref, code=Code.ATTENDED)])
        return child.ref, ref


def said(page: AppTest) -> str:
    return " ".join(one.value for one in (*page.markdown, *page.caption, *page.info))


def family(open_page: OpenPage, username: str, ref: str) -> AppTest:
    return open_page("participants", username, participant=ref, part="family")


def press(page: AppTest, label: str, number: int = 0) -> AppTest:
    return [button for button in page.button if button.label == label][number].click().run()


def test_a_facilitator_reads_both_halves_and_shows_a_word(
    open_page: OpenPage, kit: tuple[str, str]
) -> None:
    page = family(open_page, "ben", kit[0])
    assert "Ann \\*Bell\\*" in said(page)
    assert "Rob Stone" in said(page)
    assert "bluebell" not in said(page)
    page = press(page, "Show the word")
    assert "bluebell" in said(page)
    assert "bluebell" not in said(page.run())


def test_a_coordinator_learns_only_that_somebody_must_not(
    open_page: OpenPage, kit: tuple[str, str]
) -> None:
    page = family(open_page, "amina", kit[0])
    assert "Ann" in said(page)
    assert "Rob" not in said(page)
    assert "Somebody is noted who must not" in said(page)


def test_somebody_is_added_once_and_a_fault_stands_at_its_field(
    open_page: OpenPage, somebody: Somebody, kit: tuple[str, str]
) -> None:
    ref = kit[0]
    page = family(open_page, "amina", ref)
    page.session_state[f"folded_collector_add_{ref}"] = True
    page.run()
    page = press(page, "Add to the list")
    assert "Enter the name" in page.error[0].value
    page.text_input(f"form_name_collector_{ref}_0").input("Tom Bell")
    press(page, "Add to the list")
    amina = somebody("amina")
    with reading() as db:
        names = [one.name for one in lists.of_child(db, amina, ref).may]
    assert names == ["Ann *Bell*", "Tom Bell"]


def test_somebody_taken_off_meanwhile_is_not_taken_off_twice(
    open_page: OpenPage, somebody: Somebody, kit: tuple[str, str]
) -> None:
    page = family(open_page, "amina", kit[0])
    ben = somebody("ben")
    with transaction() as db:
        one = lists.of_child(db, ben, kit[0]).may[0]
        lists.take_off(db, ben, one.ref, version=one.version)
    page = next(b for b in page.button if b.key == f"collector_{one.ref}").click().run()
    assert not page.exception
    assert "Ann" not in said(page)


def test_who_collected_is_noted_by_one_tap_on_the_register(
    open_page: OpenPage, somebody: Somebody, kit: tuple[str, str]
) -> None:
    ref = kit[1]
    page = open_page("register", "ben", session=ref)
    page.session_state[f"folded_collected_{ref}"] = True
    page.run()
    assert "0 of 1 noted" in said(page)
    (pills,) = [one for one in page.button_group if str(one.key).startswith("collected_")]
    assert pills.options == ["Ann *Bell*"]
    pills.select(pills.options[0]).run()
    ben = somebody("ben")
    with reading() as db:
        assert at_session.of_session(db, ben, ref)[0].chosen is not None


def test_a_stranger_finds_neither_the_child_nor_the_register(
    open_page: OpenPage, kit: tuple[str, str]
) -> None:
    for page in (
        family(open_page, "chloe", kit[0]),
        open_page("register", "chloe", session=kit[1]),
    ):
        assert "Ann" not in said(page)
        assert "Rob" not in said(page)
