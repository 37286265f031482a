"""Bringing groups in: new ones with their sessions, known ones brought up to date, taken back."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Facilitation, Group, GroupSession, GroupState, SessionState
from services import today
from services.errors import ConflictError, NotPermittedError
from services.groups import group_overview, groups
from services.imports import importing, undoing
from services.imports.group_layout import GROUPS
from services.imports.plan import Plan
from services.permissions import Actor
from tests.make import make_actor, make_group, make_person, make_place, session_of
from tests.services.imports.lists import checked, states

HEADINGS = [
    "Code name", "Programme", "First day", "Weekday", "Start time", "Number of sessions",
    "Capacity", "Facilitators", "State",
]  # fmt: skip
CRAFT = ["Tuesday craft", "Steps Forward", "3/11/2026", "", "10:00", "", "10", "ben", ""]
PAST = ["Spring craft", "steps_forward", "7/4/2026", "Tuesday", "1.30pm", "5", "", "Ben", ""]


def planned(db: Session, actor: Actor, *rows: list[str]) -> Plan:
    return importing.plan(db, actor, checked(GROUPS, HEADINGS, rows))


def bring_in(db: Session, actor: Actor, *rows: list[str]) -> str:
    return importing.apply(db, actor, planned(db, actor, *rows))


def changed(row: list[str], **cells: str) -> list[str]:
    places = {heading.split()[0].lower(): n for n, heading in enumerate(HEADINGS)}
    copy = list(row)
    for name, cell in cells.items():
        copy[places[name]] = cell
    return copy


def all_groups(db: Session) -> list[Group]:
    db.expire_all()
    return list(db.scalars(select(Group).order_by(Group.id)))


def test_a_new_group_is_as_if_somebody_had_made_it(
    db: Session, ada: Actor, amina: Actor, ben: Actor
) -> None:
    bring_in(db, ada, CRAFT)
    by_hand = make_group(db, amina, [ben], code_name="By hand", first_day=date(2026, 11, 3))

    brought, made = (group_overview.read(db, ben, one.ref).group for one in all_groups(db))
    assert (brought.code_name, brought.capacity, brought.state) == (
        "Tuesday craft", 10, "recruiting",
    )  # fmt: skip
    for field in ("programme", "starts_on", "ends_on", "to_complete", "facilitators"):
        assert getattr(brought, field) == getattr(made, field)
    columns = ["number", "topic", "starts", "ends", "state"]
    assert (
        groups.sessions(db, ben, brought.ref)[columns].values.tolist()
        == groups.sessions(db, ben, by_hand.ref)[columns].values.tolist()
    )
    assert db.scalars(select(Facilitation.is_lead)).all() == [True, True]


def test_a_group_that_is_over_comes_in_finished_and_asks_nobody_for_a_register(
    db: Session, ada: Actor, ben: Actor
) -> None:
    bring_in(db, ada, PAST)

    (group,) = all_groups(db)
    assert (group.state, group.sessions_offered, group.sessions_to_complete) == (
        GroupState.FINISHED, 5, 4,
    )  # fmt: skip
    sessions = db.scalars(select(GroupSession)).all()
    assert {one.state for one in sessions} == {SessionState.HELD}
    assert None not in {one.finished_at for one in sessions}
    assert f"{sessions[0].local_start}" == "2026-04-07 13:30:00"
    assert today.unfinished_count(db, ben) == 0


def test_a_group_under_way_is_running(db: Session, ada: Actor, ben: Actor) -> None:
    bring_in(
        db, ada, changed(CRAFT, first="8/9/2026"), changed(PAST, first="1/9/2026", state="paused")
    )
    assert [one.state for one in all_groups(db)] == [GroupState.RUNNING, GroupState.PAUSED]


def test_the_same_list_again_changes_nothing(db: Session, ada: Actor, ben: Actor) -> None:
    bring_in(db, ada, CRAFT, PAST)
    assert states(planned(db, ada, CRAFT, PAST)) == ["unchanged", "unchanged"]
    capitals = changed(CRAFT, code="TUESDAY  CRAFT", programme="steps forward")
    assert states(planned(db, ada, capitals)) == ["unchanged"]


def test_capacity_and_more_facilitators_are_taken_from_a_later_list(
    db: Session, ada: Actor, ben: Actor, chloe: Actor
) -> None:
    bring_in(db, ada, CRAFT)
    plan = planned(db, ada, changed(CRAFT, capacity="12", facilitators="Chloe, ben"))
    assert set(plan.rows[0].changes) == {"capacity", "facilitators"}
    importing.apply(db, ada, plan)

    (group,) = all_groups(db)
    assert group.capacity == 12
    assert group_overview.read(db, chloe, group.ref).group.facilitators == ("Ben", "Chloe")


def test_its_days_and_times_stay_and_the_row_says_so(db: Session, ada: Actor, ben: Actor) -> None:
    bring_in(db, ada, CRAFT)
    (row,) = planned(db, ada, changed(CRAFT, start="11:00", state="paused")).rows
    assert (row.state.value, row.note) == (
        "unchanged",
        "Its days, times and state are kept as they are here.",
    )


def test_the_next_run_of_the_same_name_is_another_group(
    db: Session, ada: Actor, ben: Actor
) -> None:
    bring_in(db, ada, CRAFT, changed(CRAFT, first="2/3/2027"))
    assert len(all_groups(db)) == 2


def test_a_first_day_that_is_a_bank_holiday_is_still_the_same_group(
    db: Session, ada: Actor, ben: Actor
) -> None:
    easter = changed(CRAFT, first="29/3/2027")
    bring_in(db, ada, easter)
    assert all_groups(db)[0].starts_on == date(2027, 4, 5)
    assert states(planned(db, ada, easter)) == ["unchanged"]


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ({"code": ""}, "code_name", "no code name"),
        ({"code": "x"}, "code_name", "2 to 60 letters"),
        ({"code": "x" * 61}, "code_name", "2 to 60 letters"),
        ({"code": "=HYPERLINK()"}, "code_name", "begins with"),
        ({"programme": "Knitting"}, "programme", "no programme of this name"),
        ({"first": "31/2/2026"}, "first_day", "no such day"),
        ({"first": "3/11/1985"}, "first_day", "from 2000"),
        ({"first": ""}, "first_day", "no first day"),
        ({"weekday": "Someday"}, "weekdays", "day of the week"),
        ({"start": "ten"}, "start", "Write the time"),
        ({"number": "99"}, "sessions", "from 1 to 12 sessions"),
        ({"number": "0"}, "sessions", "from 1 to 12 sessions"),
        ({"capacity": "0"}, "capacity", "between 1 and 60"),
        ({"capacity": "many"}, "capacity", "whole number"),
        ({"facilitators": ""}, "facilitators", "user name"),
        ({"facilitators": "nobody"}, "facilitators", "no open facilitator account"),
        ({"facilitators": "ben, ada"}, "facilitators", "called “ada”"),
        ({"state": "cancelled"}, "state", "Leave out"),
        ({"state": "finished"}, "state", "still to come"),
    ],
)
def test_a_row_with_a_fault_is_told_where_and_why(
    db: Session, ada: Actor, ben: Actor, cells: dict[str, str], field: str, sentence: str
) -> None:
    (row,) = planned(db, ada, changed(CRAFT, **cells)).rows
    assert sentence in row.problems[field]


def test_a_group_of_this_name_on_other_days_is_for_a_person_to_tell_apart(
    db: Session, ada: Actor, ben: Actor
) -> None:
    bring_in(db, ada, CRAFT)
    assert (
        "runs at the same time"
        in planned(db, ada, changed(CRAFT, first="17/11/2026")).rows[0].problems["code_name"]
    )
    twins = planned(db, ada, PAST, changed(PAST, first="14/4/2026"))
    assert states(twins) == ["new", "failed"]
    assert "Row 2" in twins.rows[1].problems["code_name"]


def test_there_are_no_fewer_places_than_people(
    db: Session, ada: Actor, amina: Actor, ben: Actor
) -> None:
    bring_in(db, ada, CRAFT)
    (group,) = all_groups(db)
    for name in ("Rowe", "Lind"):
        make_place(db, amina, group, make_person(db, amina, last_name=name))
    assert (
        "More people" in planned(db, ada, changed(CRAFT, capacity="1")).rows[0].problems["capacity"]
    )


def test_an_import_is_taken_back_until_a_group_is_used(
    db: Session, ada: Actor, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    bring_in(db, ada, CRAFT)
    second = bring_in(db, ada, changed(CRAFT, capacity="12", facilitators="ben, chloe"), PAST)
    undoing.undo(db, ada, second)
    (group,) = all_groups(db)
    assert group.capacity == 10
    assert len(db.scalars(select(Facilitation)).all()) == 1
    assert len(db.scalars(select(GroupSession)).all()) == group.sessions_offered

    third = bring_in(db, ada, PAST)
    make_place(db, amina, all_groups(db)[0], make_person(db, amina))
    session_of(db, all_groups(db)[1]).topic = "Another"
    db.flush()
    with pytest.raises(ConflictError, match=r"changes \(1\)"):
        undoing.undo(db, ada, third)


def test_nobody_else_brings_groups_in(db: Session, ada: Actor, amina: Actor, ben: Actor) -> None:
    plan = planned(db, ada, CRAFT)
    for actor in (amina, ben):
        with pytest.raises(NotPermittedError):
            importing.apply(db, actor, plan)
    assert all_groups(db) == []


def test_a_closed_account_is_given_no_group(db: Session, ada: Actor, ben: Actor) -> None:
    from models import Account, Role

    gone = make_actor(db, "gone", Role.FACILITATOR)
    db.get_one(Account, gone.account_id).is_active = False
    db.flush()
    assert states(planned(db, ada, changed(CRAFT, facilitators="gone"))) == ["failed"]
