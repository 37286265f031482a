"""Bringing participants in: what is new, what changes, who she is, what is left out."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ContactRoute, Family, Import, PersonKind, RecordLock, Route, RouteAnswer
from services import clock
from services.errors import InvalidInputError
from services.imports import checking, importing, matching, reading, spreadsheets
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import Plan
from services.people import people
from services.permissions import Actor
from tests.make import make_person
from tests.services.imports.participants import (
    DANA,
    HEADINGS,
    IVY,
    bring_in,
    checked,
    everybody,
    planned,
    snapshot,
    states,
)


def why(plan: Plan, number: int = 0) -> str:
    return " ".join(plan.rows[number].problems.values())


# --- New people --------------------------------------------------------------------------


def test_new_people_come_in_with_their_family_and_are_found(
    db: Session, ada: Actor, amina: Actor
) -> None:
    bring_in(db, ada, DANA, IVY)

    dana, ivy = everybody(db)
    assert (dana.first_name, dana.last_name, dana.date_of_birth) == (
        "Dana",
        "Okoro",
        date(1988, 6, 3),
    )
    assert (dana.kind, ivy.kind) == (PersonKind.ADULT, PersonKind.CHILD)
    assert dana.family_id == ivy.family_id
    for search in ("oko", "NC-1", "07700 900123"):
        assert dana.ref in people.directory(db, amina, search=search)["ref"].tolist()


def test_numbers_and_addresses_come_in_as_not_safe_to_use(db: Session, ada: Actor) -> None:
    bring_in(db, ada, DANA)

    routes = {route.route: route for route in db.scalars(select(ContactRoute))}
    assert {name: route.answer for name, route in routes.items()} == {
        Route.CALL: RouteAnswer.NO,
        Route.EMAIL: RouteAnswer.NO,
    }
    assert routes[Route.CALL].address == "07700 900123"


def test_whoever_names_no_family_gets_one_to_herself(db: Session, ada: Actor) -> None:
    bring_in(db, ada, [*DANA[:6], ""], [*IVY[:6], ""])
    assert db.scalar(select(func.count()).select_from(Family)) == 2


def test_a_child_who_comes_later_joins_the_family_of_the_list(db: Session, ada: Actor) -> None:
    bring_in(db, ada, DANA)
    bring_in(db, ada, DANA, IVY)

    dana, ivy = everybody(db)
    assert dana.family_id == ivy.family_id


# --- Again -------------------------------------------------------------------------------


def test_whoever_is_new_is_an_adult_or_a_child(db: Session, ada: Actor) -> None:
    assert "adult or a child" in why(planned(db, ada, ["NC-3", "Zofia", "Lind", "", "", "", ""]))


def test_the_same_file_twice_changes_nothing(db: Session, ada: Actor) -> None:
    zofia = ["", "Zofia", "Lind", "1/1/1990", "", "", ""]
    bring_in(db, ada, DANA, IVY, zofia)
    before = snapshot(db)

    again = planned(db, ada, DANA, IVY, zofia)

    assert states(again) == ["unchanged"] * 3
    with pytest.raises(InvalidInputError, match="nothing new"):
        importing.apply(db, ada, again)
    assert snapshot(db) == before
    assert importing.brought_in_before(db, ada, again.checked.sheet.digest)


def test_a_changed_row_changes_only_what_it_says(db: Session, ada: Actor, amina: Actor) -> None:
    bring_in(db, ada, DANA)

    married = ["NC-1", "Dana", "Hale", "", "07700 900124", "", ""]
    plan = planned(db, ada, married)
    importing.apply(db, ada, plan)

    assert set(plan.rows[0].changes) == {"last_name", "phone"}
    db.expire_all()
    (dana,) = everybody(db)
    assert (dana.last_name, dana.date_of_birth, dana.version) == ("Hale", date(1988, 6, 3), 2)
    assert people.directory(db, amina, search="hale")["ref"].tolist() == [dana.ref]
    assert people.directory(db, amina, search="okoro").empty


def test_capitals_and_missing_accents_change_no_name(db: Session, ada: Actor) -> None:
    bring_in(db, ada, ["", "Zoë", "Łęcka", "3/6/1988", "", "", ""])
    assert states(planned(db, ada, ["", "ZOE", "Lecka", "3 June 1988", "", "", ""])) == [
        "unchanged"
    ]


def test_a_number_agreed_with_her_is_never_overwritten(db: Session, ada: Actor) -> None:
    bring_in(db, ada, DANA)
    route = db.scalars(select(ContactRoute).where(ContactRoute.route == Route.CALL)).one()
    route.answer = RouteAnswer.YES
    db.flush()

    plan = planned(db, ada, ["NC-1", "Dana", "Okoro", "", "07700 900999", "", ""])

    assert states(plan) == ["unchanged"]
    assert plan.rows[0].note == "Kept as agreed with her: phone."


# --- Who she is --------------------------------------------------------------------------


def test_she_is_found_by_our_reference_or_by_name_and_date_of_birth(
    db: Session, ada: Actor, amina: Actor
) -> None:
    dana = make_person(db, amina, date_of_birth=date(1988, 6, 3))
    by_name = planned(db, ada, ["NC-9", "dana", "OKORO", "3/6/88", "", "", ""])
    by_code = planned(
        db,
        ada,
        [dana.code.lower(), "Dana", "Hale"],
        headings=["Alongside reference", "First name", "Last name"],
    )
    assert [plan.rows[0].record.id for plan in (by_name, by_code)] == [dana.id, dana.id]
    assert set(by_name.rows[0].changes) == {"earlier_reference"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["", "Dana", "Okoro", "", "", "", ""], "a date of birth is missing"),
        (["NC-7", "Dana", "Okoro", "3/6/1988", "", "", ""], "under another reference"),
        (["NC-1", "Ines", "Rowe", "1/1/1990", "", "", ""], "Check the reference"),
    ],
)
def test_a_row_that_may_be_somebody_else_is_left_out(
    db: Session, ada: Actor, row: list[object], sentence: str
) -> None:
    bring_in(db, ada, DANA)
    plan = planned(db, ada, row)
    assert states(plan) == ["failed"]
    assert sentence in why(plan)


def test_two_records_of_one_name_and_date_are_for_a_person_to_tell_apart(
    db: Session, ada: Actor, amina: Actor
) -> None:
    for _ in range(2):
        make_person(db, amina, date_of_birth=date(1988, 6, 3))
    assert "More than one record" in why(planned(db, ada, ["", *DANA[1:]]))


def test_an_unknown_reference_of_ours_is_left_out(db: Session, ada: Actor) -> None:
    plan = planned(
        db, ada, ["K7M-4XPR", "Dana", "Okoro"], headings=["Code", "First name", "Last name"]
    )
    assert "Nobody here has this reference" in why(plan)


def test_of_joined_records_the_one_that_was_kept_is_found(
    db: Session, ada: Actor, amina: Actor
) -> None:
    kept, gone = (make_person(db, amina, date_of_birth=date(1988, 6, 3)) for _ in range(2))
    gone.merged_into_id = kept.id
    db.flush()
    plan = planned(
        db, ada, [gone.code, "Dana", "Okoro"], headings=["Code", "First name", "Last name"]
    )
    assert plan.rows[0].record.id == kept.id


def test_a_record_she_is_kept_out_of_is_not_there_for_her(
    db: Session, ada: Actor, amina: Actor
) -> None:
    dana = make_person(db, amina, date_of_birth=date(1988, 6, 3))
    db.add(
        RecordLock(
            person_id=dana.id, account_id=ada.account_id, reason="Kin", locked_at=clock.now(),
            locked_by_id=amina.account_id,
        )
    )  # fmt: skip
    db.flush()
    assert states(planned(db, ada, ["", *DANA[1:]])) == ["new"]


# --- Rows that are left out --------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (["", "", "Okoro", "3/6/1988", "", "", ""], "first_name", "no first name"),
        (["", "Dana", "Okoro", "31/2/1988", "", "", ""], "date_of_birth", "no such day"),
        (["", "Dana", "Okoro", "1/1/2030", "", "", ""], "date_of_birth", "in the future"),
        (["", "Dana", "Okoro", "1/1/1901", "", "", ""], "date_of_birth", "too long ago"),
        (["", "x" * 5_000, "Okoro", "3/6/1988", "", "", ""], "first_name", "5,000"),
        (["", "=1+1", "Okoro", "3/6/1988", "", "", ""], "first_name", "begin"),
        (["", "Dana", "Okoro", "3/6/1988", "12", "", ""], "phone", "one phone number"),
        (["", "Dana", "Okoro", "3/6/1988", "", "dana", ""], "email", "one email address"),
    ],
)
def test_a_row_with_a_fault_is_told_where_and_why(
    row: list[object], field: str, sentence: str
) -> None:
    (only,) = checked(row).rows
    assert sentence in only.problems[field]


def test_rows_without_fault_come_in_beside_those_left_out(db: Session, ada: Actor) -> None:
    bring_in(db, ada, DANA, ["", "Ines", "Rowe", "31/2/1990", "", "", ""])
    assert [one.first_name for one in everybody(db)] == ["Dana"]
    assert db.scalars(select(Import)).one().failed == 1


def test_two_rows_about_one_person_are_told_of_each_other(db: Session, ada: Actor) -> None:
    plan = planned(db, ada, DANA, ["NC-9", *DANA[1:]])
    assert states(plan) == ["new", "failed"]
    assert "same as row 2" in why(plan, 1)


def test_columns_without_names_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="Match a column"):
        checked(["1", "2"], headings=["Shoe", "Size"])


@pytest.mark.parametrize("excel", [True, False])
def test_rows_left_out_are_taken_away_with_the_reason_and_come_in_once_put_right(
    db: Session,
    ada: Actor,
    excel: bool,
) -> None:
    rows = [["NC-1", "=Dana", "Okoro", "3/6/1988"], ["NC-2", "+Ivy", "Okoro", "31/2/2015"]]
    plan = planned(db, ada, *rows, headings=HEADINGS[:4])

    content = spreadsheets.failed_rows(db, ada, plan, excel=excel)
    sheet = reading.read("left-out", content)

    assert sheet.headings == (*HEADINGS[:4], "Row", "Why it was not brought in")
    assert [row.cells[:4] for row in sheet.rows] == [tuple(row) for row in rows]
    assert str(sheet.rows[1].cells[5]).startswith("First name: A name cannot begin")
    assert (b"'=Dana" in content) is not excel
    again = checking.check(PARTICIPANTS, sheet, matching.guess(PARTICIPANTS, sheet.headings))
    twice = spreadsheets.failed_rows(db, ada, importing.plan(db, ada, again), excel=excel)
    assert reading.read("left-out", twice).headings == sheet.headings
