"""Places on the group's page: offers and their answers, how many seats there are."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Group, Person, Place
from services.attendance import AttendanceCode
from services.db import reading, transaction
from services.places import offers, places
from services.registers import marking
from services.registers.marking import NewMark
from services.waits import Kind
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, looked_at, on_offer, press, waiting

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(somebody: Somebody) -> str:
    """A group of Ben's for one: Ada has the seat, Bea and Cleo wait. Its reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY, capacity=1)
        for name in ("Ada", "Bea", "Cleo"):
            make_place(db, amina, group, make_person(db, amina, name, f"{name}son"))
        return group.ref


@pytest.fixture
def offered(somebody: Somebody, craft: str) -> str:
    """The same once Ada has left: the seat is offered to Bea."""
    amina = somebody("amina")
    with transaction() as db:
        first = place_of(db, "Ada")
        places.leave(db, amina, first.ref, on=TODAY, reason="", version=first.version)
    return craft


def place_of(db, first_name: str) -> Place:  # type: ignore[no-untyped-def]
    people = {person.id: person.first_name for person in db.scalars(select(Person))}
    return next(p for p in db.scalars(select(Place)) if people[p.person_id] == first_name)


def state_of(first_name: str) -> str:
    with reading() as db:
        return place_of(db, first_name).state.value


def table(page: AppTest, column: str) -> dict[str, str]:
    frame = next(t.value for t in page.dataframe if column in t.value and "name" in t.value)
    return dict(zip(frame["name"], frame[column], strict=True))


def test_the_table_says_until_when_a_seat_is_held(open_page: OpenPage, offered: str) -> None:
    page = open_page("groups", "ben", group=offered)

    assert table(page, "state") == {
        "Ada Adason": "Left early",
        "Bea Beason": "Offered a seat until Wed 23 Sep",
        "Cleo Cleoson": "Waiting",
    }


def test_an_offer_nobody_answered_has_passed_on_when_the_page_is_opened(
    open_page: OpenPage, offered: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)

    page = open_page("groups", "amina", group=offered)

    said = table(page, "state")
    assert said["Bea Beason"] == "Waiting: no answer to an offer by Wed 23 Sep"
    assert said["Cleo Cleoson"].startswith("Offered a seat until")


def test_a_yes_and_a_no_are_recorded(open_page: OpenPage, offered: str) -> None:
    key = f"{offered}_answer"
    page = open_page("groups", "amina", group=offered)
    page.selectbox(f"form_place_{key}_0").select("Bea Beason")
    page.radio(f"form_says_{key}_0").set_value("No")
    page.text_input(f"form_reason_{key}_0").input("Works on Wednesdays")
    press(page, "Record her answer")
    assert (state_of("Bea"), state_of("Cleo")) == ("declined", "offered")

    page.selectbox(f"form_place_{key}_1").select("Cleo Cleoson")
    page.radio(f"form_says_{key}_1").set_value("Yes")
    press(page, "Record her answer")

    assert not page.exception
    assert state_of("Cleo") == "accepted"


def test_an_answer_nobody_chose_is_asked_for(open_page: OpenPage, offered: str) -> None:
    page = open_page("groups", "amina", group=offered)
    page.selectbox(f"form_place_{offered}_answer_0").select("Bea Beason")

    press(page, "Record her answer")

    assert "what she says" in page.error[0].value


def test_an_answer_from_an_old_screen_is_shown_as_one(
    open_page: OpenPage, somebody: Somebody, offered: str
) -> None:
    key = f"{offered}_answer"
    page = open_page("groups", "amina", group=offered)
    page.selectbox(f"form_place_{key}_0").select("Bea Beason")
    page.radio(f"form_says_{key}_0").set_value("Yes")
    amina = somebody("amina")
    with transaction() as db:
        place = place_of(db, "Bea")
        offers.decline(db, amina, place.ref, version=place.version)

    press(page, "Record her answer")

    assert state_of("Bea") == "declined"


def test_more_places_offer_a_seat_to_the_next(open_page: OpenPage, craft: str) -> None:
    page = asked_to(open_page("groups", "leila", group=craft), craft, "capacity")
    page.number_input(f"form_capacity_number_{craft}_0").set_value(2)

    press(page, "Change the number")

    assert "Offered to those who wait: 1" in page.toast[0].value
    assert state_of("Bea") == "offered"


def test_fewer_places_than_are_taken_are_refused_in_one_sentence(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        group = db.scalars(select(Group)).one()
        places.change_capacity(db, amina, craft, 2, version=group.version)
    page = asked_to(open_page("groups", "amina", group=craft), craft, "capacity")
    page.number_input(f"form_capacity_number_{craft}_0").set_value(1)

    press(page, "Change the number")

    assert "2 are taken or offered" in page.error[0].value


def test_after_the_cut_off_week_a_place_asks_for_a_reason_and_then_is_given(
    open_page: OpenPage, somebody: Somebody, time_stands_still: Clock
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY).ref
        make_person(db, amina, "Rosa", "Finch")
    time_stands_still.go_on(days=15)
    page = asked_to(open_page("groups", "amina", group=group), group, "give")
    page.text_input(f"form_give_search_{group}_0").input("ros").run()
    page.radio[0].set_value(page.radio[0].options[0])

    press(page, "Give a place")
    assert "closed after week 2" in page.warning[-1].value
    page.text_input(f"form_late_{group}_0").input("She moved here from our other house.")
    press(page, "Give a place")

    assert state_of("Rosa") == "accepted"


def test_a_coordinator_sees_on_today_which_offers_wait_for_an_answer(
    open_page: OpenPage, offered: str, time_stands_still: Clock
) -> None:
    page = open_page("today", "amina")
    assert waiting(page) == ["Offers to be answered (1)"]

    time_stands_still.go_on(days=8)
    page = looked_at(open_page("today", "amina"), Kind.OFFERS)

    shown = next(t.value for t in page.dataframe if "until" in t.value)
    assert shown["name"].tolist() == ["Cleo Cleoson"]


@pytest.mark.parametrize("username", ["ben", "leila"])
def test_whoever_gives_no_places_is_offered_no_form_for_them(
    open_page: OpenPage, offered: str, username: str
) -> None:
    page = open_page("groups", username, group=offered)

    labels = {button.label for button in page.button}
    assert not labels & {"Record her answer", "Do this", "End the place", "Give a place"}
    assert not {"Record an answer to an offer", "Give a place", "End a place early"} & set(
        on_offer(page)
    )


@pytest.mark.parametrize("username", ["chloe", "ada", "vik", "erin"])
def test_a_stranger_sees_nobody_of_the_group(
    open_page: OpenPage, offered: str, username: str
) -> None:
    try:
        page = open_page("groups", username, group=offered)
    except ValueError:  # not in her menu
        return

    assert "could not be found" in page.error[0].value
    assert not page.dataframe


# --- Leaving and moving ----------------------------------------------------------------------


def test_a_place_ends_with_a_reason_from_the_list(open_page: OpenPage, craft: str) -> None:
    page = asked_to(open_page("groups", "amina", group=craft), craft, "end")
    page.selectbox(f"form_place_{craft}_0").select("Ada Adason")
    page.selectbox(f"form_because_{craft}_0").select("Childcare")

    press(page, "End the place")

    assert table(page, "state")["Ada Adason"] == "Left early: childcare"


def test_somebody_moves_to_another_group_and_both_pages_say_so(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    amina, chloe = somebody("amina"), somebody("chloe")
    with transaction() as db:
        choir = make_group(db, amina, [chloe], code_name="Choir", first_day=TODAY).ref
    key = f"{craft}_move"
    page = asked_to(open_page("groups", "amina", group=craft), craft, "move")
    page.selectbox(f"form_place_{key}_0").select("Ada Adason")
    press(page, "Move her")
    assert "Choose the group" in page.error[0].value

    page.selectbox(f"form_to_group_{key}_0").select("Choir")
    press(page, "Move her")

    assert not page.exception
    assert table(page, "state")["Ada Adason"] == "Moved to Choir"
    there = open_page("groups", "amina", group=choir)
    assert table(there, "state") == {"Ada Adason": "Has a place, moved from Tuesday craft"}


def test_with_no_other_group_there_is_nowhere_to_move(open_page: OpenPage, craft: str) -> None:
    page = asked_to(open_page("groups", "amina", group=craft), craft, "move")

    assert "no other open group" in page.info[-1].value


# --- Who can still complete, and how far people have come --------------------------------------


def with_absences(somebody: Somebody, codes: str) -> tuple[str, str]:
    """A group of Ben's with Dana in it from the first day on; the group and her place."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        place = make_place(db, amina, group, make_person(db, amina))
        place.joined_on = date(2026, 9, 8)
        db.flush()
        for number, code in enumerate(codes, 1):
            new = NewMark(tap=f"{number}", place_ref=place.ref, code=AttendanceCode(code))
            marking.mark(db, ben, session_of(db, group, number).ref, [new])
        return group.ref, place.ref


def test_a_facilitator_reads_who_can_miss_no_more(open_page: OpenPage, somebody: Somebody) -> None:
    group, _place = with_absences(somebody, "DDA")

    page = open_page("groups", "ben", group=group)

    assert "1 person can miss no more sessions" in page.warning[0].value
    assert table(page, "completing") == {"Dana Okoro": "Can miss no more"}


def test_whoever_cannot_complete_by_coming_alone_is_named_while_it_can_be_helped(
    open_page: OpenPage, somebody: Somebody
) -> None:
    group, _place = with_absences(somebody, "DDAAA")

    page = open_page("groups", "ben", group=group)

    assert "1 person can complete only with catch-ups" in page.warning[0].value
    assert table(page, "completing") == {"Dana Okoro": "Only with 2 catch-ups"}
    (shown,) = [one for one in page.dataframe if "completing" in one.value]
    # The sentence sends her to this column, so a phone must show it.
    assert list(shown.value).index("completing") == list(shown.value).index("name") + 1


def test_where_nobody_is_behind_nothing_warns(open_page: OpenPage, somebody: Somebody) -> None:
    group, _place = with_absences(somebody, "PP")

    page = open_page("groups", "ben", group=group)

    assert not page.warning
    assert table(page, "completing") == {"Dana Okoro": "Can miss 3 more"}


def test_one_person_stands_with_rates_and_every_rule(
    open_page: OpenPage, somebody: Somebody
) -> None:
    group, place = with_absences(somebody, "PD")
    page = asked_to(open_page("groups", "ben", group=group), group, "one")

    page.selectbox(f"one_place_{group}").set_value(place).run()

    assert not page.exception
    live = next(metric for metric in page.metric if metric.label == "Live: 1 of 2")
    assert live.value == "50%"
    rules = next(t.value for t in page.dataframe if "rule" in t.value)
    assert rules["reached"].tolist() == ["1 of 9", "0 of 1", "1 of 2"]


@pytest.mark.parametrize("username", ["amina", "ben", "leila"])
def test_a_groups_figures_say_of_whom(
    open_page: OpenPage, somebody: Somebody, username: str
) -> None:
    group, _place = with_absences(somebody, "PP")

    page = open_page("groups", username, group=group)

    said = next(text.value for text in page.markdown if "Started:" in text.value)
    assert "Started: 1 of 1 enrolled, 100%" in said
    assert "0 of 1 who started, 0%" in said


def test_without_anybody_enrolled_there_are_no_figures(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben]).ref

    page = open_page("groups", "ben", group=group)

    assert "How far people have come" not in [header.value for header in page.header]


def test_the_attendance_page_says_started_engaged_and_completed_of_whom(
    open_page: OpenPage, somebody: Somebody
) -> None:
    with_absences(somebody, "PP")

    page = open_page("attendance", "leila")
    steps = next(t.value for t in page.dataframe if "step" in t.value)
    assert steps["step"].tolist() == ["Started", "Engaged", "Completed"]
    assert steps["started"].tolist()[0] == ""

    assert not [t for t in open_page("attendance", "vik").dataframe if "step" in t.value]
