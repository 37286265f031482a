"""Two linked groups on screen: made together, shown beside one another, changed both or one."""

from datetime import date, datetime, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import Group, PersonKind
from services.db import reading, transaction
from services.groups.pairs import changing
from services.groups.schedules import changing as one_half
from services.groups.schedules import clashes
from services.groups.schedules.parts import Move
from services.people import people
from services.people.people import PersonDraft
from services.places import places
from services.programmes import programmes
from tests.conftest import Clock
from tests.make import make_group, make_pair, make_person, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, press, unfold

FIRST = date(2026, 9, 22)
BOTH, ONE = "Yes, change both halves", "No, this half only"


@pytest.fixture
def boats(somebody: Somebody) -> tuple[Group, Group]:
    """Ten Tuesdays from next week on: Ben has the parents, Chloe the children."""
    amina, ben, chloe = somebody("amina"), somebody("ben"), somebody("chloe")
    with transaction() as db:
        return make_pair(db, amina, ben, chloe)


@pytest.fixture
def family(somebody: Somebody, boats: tuple[Group, Group]) -> str:
    """Dana and her child Sam; Sam has a place among the children. Dana's reference."""
    amina = somebody("amina")
    with transaction() as db:
        mother = PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro")
        child = PersonDraft(kind=PersonKind.CHILD, first_name="Sam", last_name="Okoro")
        dana, sam = people.add_family(db, amina, [mother, child])
        places.enrol(db, amina, group_ref=boats[1].ref, person_ref=sam)
    return dana


def texts(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.warning, *page.info]
    return "\n".join(str(one.value) for one in shown)


# --- Making ----------------------------------------------------------------------------------


def test_a_coordinator_makes_both_groups_and_sees_when_they_are_together(
    open_page: OpenPage, somebody: Somebody
) -> None:
    somebody("ben"), somebody("chloe")
    page = unfold(open_page("groups", "amina"), "new_group")
    page.selectbox("new_group_programme").select("side_by_side").run()
    page.text_input("new_group_name").input("Big boats")
    page.text_input("new_pair_name").input("Small boats")
    page.multiselect("new_group_facilitators").select("Ben")
    page.multiselect("new_pair_facilitators").select("Chloe")
    page.button("new_group_look").click().run()
    assert page.table[0].value["Parents and children"].iloc[0] == "Together"
    assert page.table[0].value["Parents and children"].iloc[1] == "Together, apart, together again"
    page.button("new_group_make").click().run()
    assert page.title[0].value == "Big boats"
    assert "Big boats and Small boats are ready" in page.toast[0].value


def test_what_is_missing_in_the_childrens_half_stands_at_its_field(
    open_page: OpenPage, somebody: Somebody
) -> None:
    somebody("ben")
    page = unfold(open_page("groups", "amina"), "new_group")
    page.selectbox("new_group_programme").select("side_by_side").run()
    page.text_input("new_group_name").input("Big boats")
    page.multiselect("new_group_facilitators").select("Ben")
    page.button("new_group_make").click().run()
    said = [one.value for one in page.error]
    assert "Choose a code name of 2 to 60 letters, safe to say aloud." in said
    assert "Choose who will facilitate; the first one leads." in said
    assert page.text_input("new_group_name").value == "Big boats"


def test_a_programme_for_parents_and_children_may_run_as_one_group(
    open_page: OpenPage, somebody: Somebody
) -> None:
    somebody("ben")
    page = unfold(open_page("groups", "amina"), "new_group")
    page.selectbox("new_group_programme").select("side_by_side").run()
    page.toggle("new_group_pair").set_value(False).run()
    page.text_input("new_group_name").input("All boats")
    page.multiselect("new_group_facilitators").select("Ben")
    page.button("new_group_make").click().run()
    assert page.title[0].value == "All boats"


# --- Beside one another ----------------------------------------------------------------------


def test_each_half_names_the_other_and_whose_family_is_missing(
    open_page: OpenPage, somebody: Somebody, boats: tuple[Group, Group], family: str
) -> None:
    page = open_page("groups", "amina", group=boats[0].ref)
    assert "together" in page.dataframe[0].value["shape"].iloc[0].lower()
    page = unfold(page, f"family_{boats[0].ref}")
    page.selectbox(f"form_person_{boats[0].ref}_family_0").select(
        "Dana Okoro (family of Sam Okoro)"
    )
    page = press(page, "Give a place here")
    assert "has a place" in page.toast[0].value
    amina = somebody("amina")
    with reading() as db:
        assert places.in_group(db, amina, boats[0].ref)["person_ref"].tolist() == [family]


def test_a_facilitator_of_one_half_is_told_the_other_but_led_nowhere(
    open_page: OpenPage, boats: tuple[Group, Group], family: str
) -> None:
    page = open_page("groups", "ben", group=boats[0].ref)
    assert "Children's half: Small boats, 1 of 6 places taken. A colleague runs it." in texts(page)
    assert "Sam" not in texts(page)


@pytest.mark.parametrize("who", ["vik", "erin", "ada"])
def test_whoever_sees_no_groups_sees_no_pair(
    open_page: OpenPage, boats: tuple[Group, Group], who: str
) -> None:
    with pytest.raises(ValueError, match="groups"):
        open_page("groups", who, group=boats[0].ref)


def test_a_stranger_cannot_open_either_half(
    open_page: OpenPage, somebody: Somebody, boats: tuple[Group, Group]
) -> None:
    page = open_page("groups", "chloe", group=boats[0].ref)
    assert "Big boats" not in texts(page)


def test_a_register_shows_how_far_the_other_half_is(
    open_page: OpenPage,
    boats: tuple[Group, Group],
    family: str,
    time_stands_still: Clock,
) -> None:
    with reading() as db:
        session = session_of(db, boats[0], 1)
        time_stands_still.moment = session.starts_at + timedelta(minutes=10)
    page = open_page("register", "ben", session=session.ref)
    assert "Parents and children: together" in texts(page)
    assert "Children's half, Small boats, session 1: 0 of 1 marked." in texts(page)
    assert "This register: nobody expected." in texts(page)
    assert "Sam" not in texts(page)


# --- Changing --------------------------------------------------------------------------------


def choose_move(page: AppTest, group: Group) -> AppTest:
    with reading() as db:
        one = session_of(db, group, 2)
    day = one.local_start
    page = asked_to(page, group.ref, "schedule")
    page.selectbox(f"form_schedule_kind_{group.ref}_0").select("Move one session").run()
    named = f"2: {day:%a} {day.day} {day:%b %Y}, 10am, {one.topic}"
    page.selectbox(f"form_move_which_{group.ref}_0").select(named).run()
    key = f"form_move_day_{one.ref}_{group.ref}_0"
    return page.date_input(key).set_value(date(2026, 9, 30)).run()


def test_two_groups_there_are_already_are_linked_after_a_look(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        mothers, _children = (
            make_group(
                db, amina, [ben], programme="side_by_side", code_name=name, first_day=FIRST,
                capacity=6,
            )
            for name in ("Mothers", "Children")
        )  # fmt: skip
    page = asked_to(open_page("groups", "amina", group=mothers.ref), mothers.ref, "link")
    page.selectbox(f"form_link_other_{mothers.ref}_0").select("Children").run()
    assert not [one for one in page.button if one.label == "Link these two groups"]
    page.radio(f"form_link_side_{mothers.ref}_0").set_value("parents").run()
    assert "Ben" in texts(page)
    page = press(page, "Link these two groups")
    assert [error.value for error in page.error] == [clashes.NEEDED]
    page.text_input(f"form_despite_{mothers.ref}_link_0").input("She has help.")
    page = press(page, "Link these two groups")
    assert not page.exception
    assert [one for one in page.button if "Children's half" in one.label]

    page = asked_to(page, mothers.ref, "unlink")
    page.text_input(f"form_despite_{mothers.ref}_unlink_1").input("She has help.")
    page = press(page, "Undo the link")
    assert not page.exception
    assert not [one for one in page.button if "Children's half" in one.label]


def test_nothing_is_moved_before_it_is_said_whether_the_other_half_moves_too(
    open_page: OpenPage, boats: tuple[Group, Group]
) -> None:
    page = choose_move(open_page("groups", "amina", group=boats[0].ref), boats[0])
    assert not [one for one in page.button if one.label == "Make this change"]
    page.radio(f"form_other_half_{boats[0].ref}_0").set_value(BOTH).run()
    assert [one.value for one in page.subheader if one.value.startswith("And in")]
    page = press(page, "Make this change")
    with reading() as db:
        moved = [session_of(db, group, 2).local_start for group in boats]
    assert [one.date() for one in moved] == [date(2026, 9, 30)] * 2


def test_one_half_alone_moves_and_the_page_says_they_are_out_of_step(
    open_page: OpenPage, boats: tuple[Group, Group]
) -> None:
    page = choose_move(open_page("groups", "amina", group=boats[0].ref), boats[0])
    page.radio(f"form_other_half_{boats[0].ref}_0").set_value(ONE).run()
    page = press(page, "Make this change")
    assert "The two halves do not meet at the same times: Tue 29 Sep, Wed 30 Sep." in texts(page)
    with reading() as db:
        assert session_of(db, boats[1], 2).local_start.date() == date(2026, 9, 29)


def test_a_change_of_the_other_half_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, boats: tuple[Group, Group]
) -> None:
    page = choose_move(open_page("groups", "amina", group=boats[0].ref), boats[0])
    page.radio(f"form_other_half_{boats[0].ref}_0").set_value(BOTH).run()
    zora = somebody("zora")
    with transaction() as db:
        late = datetime.combine(date(2026, 11, 25), time(10))
        move = Move(session_of(db, boats[1], 9).ref, late)
        seen = one_half.preview(db, zora, boats[1].ref, move).version
        changing.apply(db, zora, boats[1].ref, move, version=seen)
    page = press(page, "Make this change")
    assert "was changed while you had it open" in page.error[0].value
    with reading() as db:
        assert session_of(db, boats[0], 2).local_start.date() == date(2026, 9, 29)


def test_a_cancelled_session_is_held_after_all_in_both_halves(
    open_page: OpenPage, boats: tuple[Group, Group]
) -> None:
    ref = boats[0].ref
    page = asked_to(open_page("groups", "amina", group=ref), ref, "schedule")
    page.selectbox(f"form_schedule_kind_{ref}_0").select("Hold a cancelled session after all").run()
    assert "No session of this group was cancelled." in texts(page)


def test_each_half_says_that_the_other_keeps_its_own_venue(
    open_page: OpenPage, boats: tuple[Group, Group]
) -> None:
    ref = boats[0].ref
    page = asked_to(open_page("groups", "amina", group=ref), ref, "where")
    assert f"{boats[1].code_name}, the other half, keeps its own name, venue" in texts(page)
    page.text_input(f"form_venue_{ref}_0").input("Weaver Hall")
    page = press(page, "Change this")
    assert "Venue, for staff only: Weaver Hall" in [one.value for one in page.text]
    page = open_page("groups", "amina", group=boats[1].ref)
    assert "Weaver Hall" not in str([one.value for one in page.text])


# --- What a group asks for -------------------------------------------------------------------


def test_below_the_minimum_is_said_with_the_days_left_and_can_be_changed(
    open_page: OpenPage, somebody: Somebody, boats: tuple[Group, Group]
) -> None:
    ref = boats[1].ref
    page = open_page("groups", "amina", group=ref)
    assert "3 below the minimum of 3, starts in 6 days" in texts(page)
    assert "For children aged 7 to 11 on the first day." in texts(page)
    page = asked_to(page, ref, "needs")
    page.number_input(f"form_needs_minimum_{ref}_0").set_value(2)
    page.number_input(f"form_needs_age_max_{ref}_0").set_value(5)
    page = press(page, "Change this")
    assert "The oldest is younger than the youngest" in page.error[0].value
    page.number_input(f"form_needs_age_max_{ref}_0").set_value(12)
    page = press(page, "Change this")
    assert "2 below the minimum of 2" in texts(page)
    assert "For children aged 7 to 12 on the first day." in texts(page)


def test_a_place_at_the_time_of_another_group_asks_why(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        craft = make_group(db, amina, [ben], first_day=FIRST)
        walk = make_group(db, amina, [ben], code_name="Tuesday walk", first_day=FIRST)
        dana = make_person(db, amina)
        places.enrol(db, amina, group_ref=craft.ref, person_ref=dana.ref)
    page = asked_to(open_page("groups", "amina", group=walk.ref), walk.ref, "give")
    page.text_input(f"form_give_search_{walk.ref}_0").input("Okoro").run()
    page.radio[0].set_value("Dana Okoro")
    page = press(page, "Give a place")
    assert "has a place in another group that meets at the same time" in texts(page)
    page.radio[0].set_value("Dana Okoro")
    page.text_input(f"form_fit_{walk.ref}_0").input("She comes to one of the two")
    page = press(page, "Give a place")
    assert "has a place" in page.toast[0].value


def test_the_nation_of_the_settings_is_what_a_new_group_starts_from(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("settings", "ada")
    (nations,) = [one for one in page.selectbox if one.label == "Bank holidays of"]
    nations.select("Scotland")
    press(page, "Save")
    somebody("ben")
    page = unfold(open_page("groups", "amina"), "new_group")
    assert page.selectbox("new_group_region").value == "Scotland"


def test_a_programme_keeps_how_its_halves_meet_when_something_else_changes(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("programmes", "amina", programme="side_by_side")
    assert "Saying goodbye and what comes next\\: together" in texts(page)
    page = unfold(page, "programme_side_by_side")
    next(one for one in page.number_input if one.label == "Minutes a session").set_value(90)
    apart = next(one for one in page.multiselect if one.label == "Sessions in which they are apart")
    apart.set_value([2])
    press(page, "Make a new version")
    with reading() as db:
        found = programmes.find(db, "side_by_side")
    assert found is not None
    assert (found.version, found.minutes) == (2, 90)
    assert found.shapes[:3] == ("together", "apart", "in_turns")
    assert found.shapes[-1] == "together"


def test_a_session_is_not_together_and_apart_at_once(open_page: OpenPage) -> None:
    page = open_page("programmes", "amina", programme="side_by_side")
    page = unfold(page, "programme_side_by_side")
    apart = next(one for one in page.multiselect if one.label == "Sessions in which they are apart")
    apart.set_value([1])
    press(page, "Make a new version")
    assert "Choose each session in one list only" in page.error[0].value
