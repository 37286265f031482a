"""Today, groups, registers, participants and administration, through the real shell."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select

from models import CrossingKind, Group, GroupSession, GroupState, Person, Place
from services import audit, organisation
from services.db import reading, transaction
from services.groups import groups
from services.places import places
from services.placing import crossings
from services.placing.conflicts import Party
from services.placing.crossings import NOTHING
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, on_offer, press

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(somebody: Somebody) -> str:
    """A group of Ben's that meets today, with Dana in it; its reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY)
        person = make_person(db, amina, access_needs="Large print", alert="Court on Friday")
        make_place(db, amina, group, person)
        return group.ref


def test_today_shows_the_session_of_the_day(open_page: OpenPage, craft: str) -> None:
    page = open_page("today", "ben")

    assert page.dataframe[0].value["group"].tolist() == ["Tuesday craft"]
    assert page.dataframe[0].value["session"].tolist() == ["1 of 12"]


def test_today_chases_a_register_that_nobody_finished(open_page: OpenPage, craft: str) -> None:
    page = open_page("today", "ben")

    assert page.header[0].value == "Registers to finish (1)"


@pytest.mark.parametrize(
    ("username", "next_step"),
    [("amina", "Make a group under Groups"), ("ben", "Once a coordinator")],
)
def test_a_day_without_any_sessions_says_what_comes_first(
    open_page: OpenPage, username: str, next_step: str
) -> None:
    page = open_page("today", username)
    assert page.info[0].value == "No sessions today."
    assert next_step in page.info[-1].value


@pytest.mark.parametrize(("username", "next_step"), [("amina", "below"), ("ben", "coordinator")])
def test_without_groups_each_role_reads_what_she_can_do(
    open_page: OpenPage, username: str, next_step: str
) -> None:
    assert next_step in open_page("groups", username).info[0].value


def test_the_register_opens_from_its_address(open_page: OpenPage, craft: str) -> None:
    with reading() as db:
        group = db.scalars(select(Group)).one()
        ref = session_of(db, group).ref

    page = open_page("register", "ben", session=ref)

    assert not page.exception
    assert page.title[0].value == "Tuesday craft"


@pytest.mark.parametrize("session", ["nothing", "%00", "<script>", "x" * 3000])
def test_a_register_that_is_not_hers_or_not_there_reads_the_same(
    open_page: OpenPage, craft: str, session: str
) -> None:
    with reading() as db:
        ref = db.scalars(select(GroupSession.ref).limit(1)).one()

    not_hers = open_page("register", "chloe", session=ref).error[0].value
    not_there = open_page("register", "ben", session=session).error[0].value

    assert not_hers == not_there
    assert "could not be found" in not_there


def test_finishing_too_early_names_who_is_missing(open_page: OpenPage, craft: str) -> None:
    with reading() as db:
        ref = session_of(db, db.scalars(select(Group)).one()).ref
    page = open_page("register", "ben", session=ref)

    page.button(f"finish_{ref}").click().run()

    assert "1 still without a mark: Dana Okoro" in page.error[0].value


def test_a_lead_makes_a_group_and_sees_its_dates_first(
    open_page: OpenPage, somebody: Somebody
) -> None:
    somebody("ben")
    page = open_page("groups", "leila")
    page.selectbox("new_group_programme").select("steps_forward").run()
    page.text_input("new_group_name").input("Friday garden")
    page.multiselect("new_group_facilitators").select("Ben")
    page.button("new_group_look").click().run()
    assert len(page.table[0].value) == 12
    page.radio("new_group_interval").set_value(0).run()
    page.text_area("new_group_single").input("31/02/2027")
    page.button("new_group_make").click().run()
    assert "is no day" in page.error[0].value
    page.text_area("new_group_single").input("25/02/2027\n04/03/2027")
    page.button("new_group_look").click().run()
    assert len(page.table[0].value) == 2
    page.radio("new_group_interval").set_value(1).run()

    page.button("new_group_make").click().run()

    assert not page.exception
    with reading() as db:
        assert groups.directory(db, somebody("leila"))["code_name"].tolist() == ["Friday garden"]


def test_a_group_without_a_name_is_refused_and_keeps_what_was_typed(
    open_page: OpenPage, somebody: Somebody
) -> None:
    somebody("ben")
    page = open_page("groups", "leila")

    page.button("new_group_make").click().run()

    assert "code name" in page.error[0].value


def test_a_coordinator_gives_a_place(open_page: OpenPage, somebody: Somebody, craft: str) -> None:
    amina = somebody("amina")
    with transaction() as db:
        make_person(db, amina, "Rosa", "Finch")
    page = asked_to(open_page("groups", "amina", group=craft), craft, "give")
    page.text_input(f"form_give_search_{craft}_0").input("ros").run()
    page.radio[0].set_value(page.radio[0].options[0])

    press(page, "Give a place")

    with reading() as db:
        names = places.in_group(db, amina, craft)["name"].tolist()
    assert sorted(names) == ["Dana Okoro", "Rosa Finch"]


def test_a_place_that_ended_meanwhile_is_shown_and_nobody_elses_ends(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    amina = somebody("amina")
    page = asked_to(open_page("groups", "amina", group=craft), craft, "end")
    page.selectbox(f"form_place_{craft}_0").select("Dana Okoro")
    with transaction() as db:
        place = db.scalars(select(Place)).one()
        places.leave(db, amina, place.ref, on=TODAY, reason="", version=place.version)

    press(page, "End the place")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(Place.state)).one().value == "left_early"


def test_a_state_changed_meanwhile_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    leila = somebody("leila")
    page = asked_to(open_page("groups", "amina", group=craft), craft, "state")
    with transaction() as db:
        group = db.scalars(select(Group)).one()
        groups.change_state(db, leila, craft, GroupState.PAUSED, version=group.version)

    page.selectbox(f"state_of_{craft}").select("Running")
    press(page, "Change")

    assert "Somebody else changed this group" in page.error[0].value
    with reading() as db:
        assert groups.summary(db, leila, craft).state == "paused"


def test_a_facilitator_cannot_give_places(open_page: OpenPage, craft: str) -> None:
    page = open_page("groups", "ben", group=craft)

    assert on_offer(page) == ["See how one person stands", "Catch-up sessions"]


def test_a_coordinator_adds_a_family_and_lands_on_its_page(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("participants", "amina")
    page.text_input("form_first_name_family_0").input("Maya")
    page.text_input("form_last_name_family_0").input("Lind")

    press(page, "Add")

    assert page.title[0].value == "Maya Lind"
    with reading() as db:
        assert db.scalars(select(Person)).one().first_name == "Maya"


def test_a_name_left_empty_is_said_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page("participants", "amina")
    page.text_input("form_first_name_family_0").input("Maya")

    press(page, "Add")

    assert "last name" in page.error[0].value
    assert page.text_input("form_first_name_family_0").value == "Maya"


def test_searching_finds_only_whom_she_may_see(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    with transaction() as db:
        make_person(db, somebody("amina"), "Danielle", "Elsewhere")

    page = open_page("participants", "ben")
    page.text_input("people_search").input("dan").run()

    assert page.dataframe[0].value["name"].tolist() == ["Dana Okoro"]


def test_alerts_stand_on_the_facilitators_view_of_a_person(open_page: OpenPage, craft: str) -> None:
    with reading() as db:
        ref = db.scalars(select(Person.ref)).one()

    assert open_page("participants", "ben", participant=ref).warning[0].value
    assert not open_page("participants", "amina", participant=ref).warning


def test_an_administrator_adds_an_account(open_page: OpenPage) -> None:
    page = open_page("accounts", "ada")
    page.text_input[0].input("Fern Lee")
    page.text_input[1].input("fern.lee")
    page.text_input[2].input("rivers run to seas")

    press(page, "Add")

    assert not page.error
    assert "fern.lee" in page.dataframe[0].value["username"].tolist()


def test_settings_are_saved(open_page: OpenPage, somebody: Somebody) -> None:
    page = open_page("settings", "ada")
    page.text_input[0].input("Harbour House")

    press(page, "Save")

    with reading() as db:
        assert organisation.to_edit(db, somebody("ada")).name == "Harbour House"


def test_a_programme_in_use_offers_no_clearing(open_page: OpenPage) -> None:
    page = open_page("settings", "ada")

    assert "Clear the demonstration" not in [header.value for header in page.header]


def test_the_audit_log_is_shown_newest_first_and_pages_on(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ada = somebody("ada")
    with transaction() as db:
        for number in range(60):
            audit.record(db, ada, "test.happened", f"thing:{number}")

    page = open_page("audit", "ada")
    newest = page.dataframe[0].value["number"].tolist()
    press(page, "Older")
    older = page.dataframe[0].value["number"].tolist()

    assert newest == sorted(newest, reverse=True)
    assert max(older) == min(newest) - 1


def test_the_audit_log_tells_who_did_what_to_one_record(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ada, amina = somebody("ada"), somebody("amina")
    with transaction() as db:
        for actor in (ada, amina, amina):
            audit.record(db, actor, "test.happened", "thing:1")
        audit.record(db, amina, "test.happened", "thing:2")

    page = open_page("audit", "ada")
    by, about = page.text_input
    about.input("thing:1").run()
    assert page.dataframe[0].value["account"].tolist() == ["amina", "amina", "ada"]
    by.input(" Amina ").run()
    assert page.dataframe[0].value["account"].tolist() == ["amina", "amina"]
    about.input("thing:9").run()
    assert not page.dataframe
    assert "Nothing in the log fits" in page.info[0].value


def test_the_audit_log_says_in_words_what_was_looked_at(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ada = somebody("ada")
    with transaction() as db:
        audit.record(db, ada, "test.happened", "thing:1", field="call", safe=True)
        audit.record(db, ada, "test.happened", "thing:2")

    said = open_page("audit", "ada").dataframe[0].value.set_index("subject")["details"]

    assert said["thing:1"] == "field: call, safe: true"
    assert pd.isna(said["thing:2"])


@pytest.mark.parametrize("before", ["-1", "x", "9" * 40])
def test_a_malformed_page_address_does_no_harm(open_page: OpenPage, before: str) -> None:
    assert not open_page("audit", "ada", before=before).exception


def test_a_coordinator_lets_a_group_meet_elsewhere(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    page = asked_to(open_page("groups", "amina", group=craft), craft, "where")
    page.text_input(f"form_venue_{craft}_0").input("Weaver Hall")
    page.text_input(f"form_online_link_{craft}_0").input("meet.example/abc")
    (change,) = [one for one in page.button if one.label == "Change this"]
    page = change.click().run()
    assert page.error[0].value.startswith("Copy the whole link")
    assert page.text_input(f"form_venue_{craft}_0").value == "Weaver Hall"

    page.text_input(f"form_online_link_{craft}_0").input("https://meet.example/abc")
    (change,) = [one for one in page.button if one.label == "Change this"]
    change.click().run()
    page = open_page("groups", "ben", group=craft)
    assert "Venue, for staff only: Weaver Hall" in [one.value for one in page.text]
    assert "Online, for staff only: <https://meet.example/abc>" in [
        one.value for one in page.markdown
    ]


def test_a_venue_where_somebody_must_not_go_is_refused_at_its_field_and_nobody_is_named(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        vera = make_person(db, amina, "Vera", "Quill")
        places.enrol(db, amina, group_ref=craft, person_ref=vera.ref)
        avoids = {CrossingKind.AVOIDS: ("NR3 1",)}
        crossings.keep(db, amina, Party(vera.ref), avoids, seen=NOTHING)
    page = asked_to(open_page("groups", "amina", group=craft), craft, "where")
    page.text_input(f"form_venue_{craft}_0").input("Long Hall, NR3 1XX")
    press(page, "Change this")

    assert [one.value for one in page.error] == [
        "This place is not the right one for this group. Choose another place."
    ]
    assert page.text_input(f"form_venue_{craft}_0").value == "Long Hall, NR3 1XX"
