"""Changing a schedule and keeping rooms, through the real shell."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import CrossingKind, Group, GroupState, Person, Room, SessionState
from services.db import reading, transaction
from services.groups import groups, rooms
from services.groups.schedules import changing
from services.groups.schedules.parts import Add, Cancel, Change, Move
from services.permissions import Actor
from services.placing import placing
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, on_offer, press
from tests.services.placing.test_crossings import keep

FIRST = date(2026, 9, 22)


@pytest.fixture
def craft(somebody: Somebody) -> Group:
    """Twelve Tuesdays of Ben's from next week on, with Dana in it."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=FIRST)
        make_place(db, amina, group, make_person(db, amina))
        return group


@pytest.fixture
def unfolded(open_page: OpenPage, craft: Group) -> AppTest:
    """The group's page as Amina sees it, with the schedule unfolded."""
    return unfold(open_page("groups", "amina", group=craft.ref), craft)


def unfold(page: AppTest, group: Group) -> AppTest:
    return asked_to(page, group.ref, "schedule")


def choose(page: AppTest, group: Group, field: str, value: str) -> AppTest:
    return page.selectbox(f"form_{field}_{group.ref}_0").select(value).run()


def confirm(page: AppTest) -> AppTest:
    (button,) = [one for one in page.button if one.label == "Make this change"]
    return button.click().run()


def named(group: Group, number: int) -> str:
    """A session as the list of choices writes it."""
    with reading() as db:
        one = session_of(db, group, number)
        day = one.local_start
        return f"{number}: {day:%a} {day.day} {day:%b %Y}, 10am, {one.topic}"


def ref_of(group: Group, number: int) -> str:
    with reading() as db:
        return session_of(db, group, number).ref


def make(actor: Actor, group: Group, wanted: Change) -> None:
    """A change made by a colleague meanwhile."""
    with transaction() as db:
        seen = changing.preview(db, actor, group.ref, wanted).version
        changing.apply(db, actor, group.ref, wanted, version=seen)


def shown(page: AppTest) -> list[list[str]]:
    return [list(row) for row in page.table[0].value.to_numpy()]


def test_a_session_is_moved_after_a_look_at_what_changes(unfolded: AppTest, craft: Group) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Move one session")
    page = choose(page, craft, "move_which", named(craft, 2))
    assert not page.error  # all is as it was

    ref = ref_of(craft, 2)
    page.date_input(f"form_move_day_{ref}_{craft.ref}_0").set_value(date(2026, 9, 30)).run()
    page.time_input(f"form_move_time_{ref}_{craft.ref}_0").set_value(time(13, 30)).run()

    assert shown(page) == [
        ["2", "Tue 29 Sep 2026, 10am to 12pm", "Wed 30 Sep 2026, 1:30pm to 3:30pm"]
    ]
    assert "1 participant with a place; facilitators: Ben" in page.markdown[-1].value
    confirm(page)
    with reading() as db:
        assert session_of(db, craft, 2).local_start.hour == 13
    assert page.toast[0].value.startswith("The schedule is changed")


def test_a_cancelled_session_shows_the_new_end_and_why(
    unfolded: AppTest, craft: Group, somebody: Somebody
) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Cancel a session")
    page = choose(page, craft, "cancel_which", named(craft, 11))
    assert any("Once everything is filled in" in one.value for one in page.caption)
    page.text_input(f"form_cancel_reason_{craft.ref}_0").input("The boiler broke").run()

    assert [row[0] for row in shown(page)] == ["11", "12, now 11", "New: 12"]
    assert shown(page)[0][2] == "Cancelled"
    assert "instead of" in page.markdown[-2].value
    page = confirm(page)
    assert "The boiler broke" in page.dataframe[0].value["reason"].tolist()


def test_two_topics_are_swapped(unfolded: AppTest, craft: Group) -> None:
    with reading() as db:
        topics = session_of(db, craft, 2).topic, session_of(db, craft, 3).topic
    page = choose(unfolded, craft, "schedule_kind", "Swap two topics")
    page = choose(page, craft, "swap_one", named(craft, 2))
    page = choose(page, craft, "swap_other", named(craft, 3))

    confirm(page)

    with reading() as db:
        assert (session_of(db, craft, 3).topic, session_of(db, craft, 2).topic) == topics


def test_a_rolling_group_goes_through_its_topics_again(
    open_page: OpenPage, somebody: Somebody
) -> None:
    with transaction() as db:
        group = make_group(
            db, somebody("amina"), [somebody("ben")], programme="open_door", first_day=FIRST
        )
    page = unfold(open_page("groups", "amina", group=group.ref), group)
    page = choose(page, group, "schedule_kind", "Go through all its topics again")
    assert [row[0] for row in shown(page)] == [f"New: {number}" for number in range(12, 23)]

    page = confirm(page)

    with reading() as db:
        assert session_of(db, group, 22).topic == session_of(db, group, 11).topic


def test_a_closed_group_is_not_offered_another_round(unfolded: AppTest, craft: Group) -> None:
    kind = unfolded.selectbox(f"form_schedule_kind_{craft.ref}_0")
    assert "Go through all its topics again" not in kind.options


def test_all_to_come_move_to_another_weekday(unfolded: AppTest, craft: Group) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Move a session and all to come")
    page = choose(page, craft, "all_which", named(craft, 3))
    ref = ref_of(craft, 3)
    page.button_group(f"form_all_weekdays_{craft.ref}_0").set_value([3]).run()
    page.date_input(f"form_all_day_{ref}_{craft.ref}_0").set_value(date(2026, 10, 8)).run()

    assert len(shown(page)) == 10
    confirm(page)
    with reading() as db:
        assert session_of(db, craft, 12).local_start.weekday() == 3


def test_an_extra_session_ends_after_it_begins(unfolded: AppTest, craft: Group) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Add an extra session")
    ref = craft.ref
    page.date_input(f"form_add_day_{ref}_0").set_value(date(2026, 9, 26)).run()
    page.text_input(f"form_add_topic_{ref}_0").input("A walk together").run()
    page.time_input(f"form_add_end_{ref}_0").set_value(time(9)).run()
    assert "must end 1 to 600 minutes after it starts" in page.error[0].value

    page.time_input(f"form_add_end_{ref}_0").set_value(time(11)).run()
    confirm(page)

    with reading() as db:
        assert session_of(db, craft, 2).topic == "A walk together"


def test_a_break_that_ends_before_it_begins_is_refused(unfolded: AppTest, craft: Group) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Put in a break")
    page.date_input(f"form_break_first_{craft.ref}_0").set_value(date(2026, 10, 26)).run()
    page.date_input(f"form_break_last_{craft.ref}_0").set_value(date(2026, 10, 20)).run()
    assert "ends before it begins" in page.error[0].value

    page.date_input(f"form_break_last_{craft.ref}_0").set_value(date(2026, 10, 30)).run()
    assert [row[0] for row in shown(page)][-1] == "6, now 12"
    confirm(page)

    with reading() as db:
        assert session_of(db, craft, 12).local_start.date() == FIRST + timedelta(weeks=12)


def test_a_room_is_chosen_for_all_sessions(
    somebody: Somebody, open_page: OpenPage, craft: Group
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        rooms.add(db, amina, "Blue *room*")
    page = unfold(open_page("groups", "amina", group=craft.ref), craft)
    page = choose(page, craft, "schedule_kind", "Choose a room")
    page = choose(page, craft, "room_which", "Blue *room*")

    assert shown(page)[0][2].endswith(r"Blue \*room\*")
    page = confirm(page)

    assert set(page.dataframe[0].value["room"]) == {"Blue *room*"}


def test_a_room_that_is_refused_is_refused_before_there_is_anything_to_confirm(
    open_page: OpenPage, somebody: Somebody, craft: Group
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        rooms.add(db, amina, "Blue room", "NR2 4")
        dana = db.scalars(select(Person)).one()
        keep(db, amina, dana, CrossingKind.AVOIDS, "NR2 4")
    page = unfold(open_page("groups", "amina", group=craft.ref), craft)
    page = choose(page, craft, "schedule_kind", "Choose a room")

    page = choose(page, craft, "room_which", "Blue room")

    assert placing.NOT_THERE in page.error[0].value
    assert "Make this change" not in [one.label for one in page.button]


def test_without_rooms_it_says_where_to_add_them(unfolded: AppTest, craft: Group) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Choose a room")

    assert "Add them under Rooms" in page.info[-1].value


def test_a_clash_is_shown_and_needs_a_reason(
    somebody: Somebody, open_page: OpenPage, craft: Group
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        day = date(2026, 9, 30)
        make_group(db, amina, [ben], code_name="Wednesday walk", first_day=day)
    page = unfold(open_page("groups", "leila", group=craft.ref), craft)
    page = choose(page, craft, "schedule_kind", "Move one session")
    page = choose(page, craft, "move_which", named(craft, 2))
    page.date_input(f"form_move_day_{ref_of(craft, 2)}_{craft.ref}_0").set_value(day).run()
    assert "Ben facilitates Wednesday walk at that time on Wed 30 Sep 2026" in page.warning[0].value

    page = confirm(page)
    assert "Write why this is right all the same" in page.error[0].value
    page.text_input(f"form_despite_{craft.ref}_0").input("Chloe takes the walk")
    confirm(page)

    with reading() as db:
        assert session_of(db, craft, 2).despite == "Chloe takes the walk"


def test_a_schedule_changed_meanwhile_is_shown_anew_and_not_changed_unseen(
    unfolded: AppTest, craft: Group, somebody: Somebody
) -> None:
    page = choose(unfolded, craft, "schedule_kind", "Swap two topics")
    page = choose(page, craft, "swap_one", named(craft, 2))
    page = choose(page, craft, "swap_other", named(craft, 3))
    after_the_last = datetime.combine(FIRST + timedelta(weeks=12), time(10))
    make(somebody("leila"), craft, Add(after_the_last, 60, "Outing"))
    with reading() as db:
        topic = session_of(db, craft, 2).topic

    page = confirm(page)

    assert "was changed while you had it open" in page.error[0].value
    with reading() as db:
        assert session_of(db, craft, 2).topic == topic
    confirm(page)
    with reading() as db:
        assert session_of(db, craft, 3).topic == topic


def test_held_and_cancelled_sessions_are_not_offered(
    somebody: Somebody, open_page: OpenPage, craft: Group
) -> None:
    with transaction() as db:
        session_of(db, craft, 1).state = SessionState.HELD
    make(somebody("amina"), craft, Cancel(ref_of(craft, 2), "Snow", keeps_length=False))
    page = unfold(open_page("groups", "amina", group=craft.ref), craft)
    page = choose(page, craft, "schedule_kind", "Move one session")

    assert len(page.selectbox(f"form_move_which_{craft.ref}_0").options) == 10


def test_a_moved_session_says_so_in_the_list(
    somebody: Somebody, open_page: OpenPage, craft: Group
) -> None:
    next_day = datetime.combine(FIRST + timedelta(days=8), time(10))
    make(somebody("amina"), craft, Move(ref_of(craft, 2), next_day))

    page = open_page("groups", "ben", group=craft.ref)

    assert page.dataframe[0].value["state"].tolist()[:3] == ["Planned", "Moved", "Planned"]


def test_a_group_that_ended_says_so_before_anything_is_filled_in(
    somebody: Somebody, open_page: OpenPage, craft: Group
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        groups.change_state(db, amina, craft.ref, GroupState.CLOSED, version=1)
        kettles = make_group(db, amina, [ben], programme="open_door")
        groups.change_state(db, amina, kettles.ref, GroupState.FINISHED, version=1)

    for group, said in ((craft, "stays as it was."), (kettles, "make a new group")):
        page = unfold(open_page("groups", "amina", group=group.ref), group)
        assert said in page.info[-1].value
        assert not [one for one in page.selectbox if "schedule_kind" in str(one.key)]


def test_a_facilitator_sees_the_sessions_and_no_way_to_change_them(
    open_page: OpenPage, craft: Group
) -> None:
    page = open_page("groups", "ben", group=craft.ref)
    assert "Change the schedule" not in on_offer(page)

    assert page.dataframe[0].value["number"].tolist() == list(range(1, 13))


def test_rooms_are_added_with_their_part_of_town_and_renamed(
    open_page: OpenPage, craft: Group
) -> None:
    page = open_page("groups", "leila")
    page.session_state["folded_rooms"] = True
    page.run()
    page.text_input("form_name_new_room_0").input("Blue room")
    page.text_input("form_area_new_room_0").input("mill")
    page = press(page, "Add the room")
    assert "first part of its postcode" in page.error[0].value

    page.text_input("form_area_new_room_0").input("nr2 4")
    page = press(page, "Add the room")
    room = page.dataframe[-1].value.iloc[0]
    assert (room["name"], room["area"]) == ("Blue room", "NR2 4")

    with reading() as db:
        ref = db.scalars(select(Room.ref).where(Room.name == "Blue room")).one()
    page.session_state["rooms_chosen"] = ref
    page.run()
    page.text_input(f"form_name_{ref}_1").input("Green room")
    page.text_input(f"form_area_{ref}_1").input("")
    page = press(page, "Save this room")
    renamed = page.dataframe[-1].value.iloc[0]
    assert (renamed["name"], renamed["area"] or None) == ("Green room", None)


def test_a_room_needs_a_name(open_page: OpenPage, craft: Group) -> None:
    page = open_page("groups", "leila")
    page.session_state["folded_rooms"] = True

    page = press(page.run(), "Add the room")

    assert page.error[0].value == "Enter a name of up to 60 letters, safe to say aloud."


def test_a_group_that_clashes_is_made_for_a_reason(
    open_page: OpenPage, somebody: Somebody, craft: Group
) -> None:
    page = open_page("groups", "amina")
    page.session_state["folded_new_group"] = True
    page.run()
    page.selectbox("new_group_programme").select("steps_forward").run()
    page.text_input("new_group_name").input("Tuesday kitchen")
    page.multiselect("new_group_facilitators").select("Ben")
    page.date_input("new_group_first").set_value(FIRST)
    page.button_group("new_group_weekdays").set_value([1])
    page.button("new_group_make").click().run()
    assert "Ben facilitates Tuesday craft" in page.warning[0].value

    page.text_input("new_group_despite").input("A colleague takes over")
    page.button("new_group_make").click().run()

    assert page.title[0].value == "Tuesday kitchen"
