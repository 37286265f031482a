"""Bringing participants in: what is new, what changes, what is left out, and taking it back."""

import gc
import re
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    ColumnMatch,
    ContactRoute,
    Family,
    Import,
    ImportedRecord,
    Person,
    PersonKind,
    RecordLock,
    Route,
    RouteAnswer,
    SafeNow,
)
from services import clock
from services.concerns import concerns
from services.concerns.concern_draft import ConcernDraft
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.imports import checking, importing, matching, reading, spreadsheets, undoing
from services.imports.checking import Checked
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import Plan, State
from services.people import people
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.spreadsheets import Rows, as_csv, as_excel

HEADINGS = ["Ref", "First name", "Last name", "DOB", "Mobile", "Email", "Family"]
DANA = ["NC-1", "Dana", "Okoro", "3/6/1988", "07700 900123", "dana@example.org", "F1"]
IVY = ["NC-2", "Ivy", "Okoro", "1 May 2016", "", "", "F1"]


def checked(*rows: list[object], headings: list[str] = HEADINGS) -> Checked:
    sheet = reading.read("list.csv", as_csv([headings, *rows]))  # type: ignore[list-item]
    return checking.check(PARTICIPANTS, sheet, matching.guess(PARTICIPANTS, sheet.headings))


def planned(db: Session, actor: Actor, *rows: list[object], headings: list[str] = HEADINGS) -> Plan:
    return importing.plan(db, actor, checked(*rows, headings=headings))


def bring_in(db: Session, actor: Actor, *rows: list[object], headings: list[str] = HEADINGS) -> str:
    return importing.apply(db, actor, planned(db, actor, *rows, headings=headings))


def states(plan: Plan) -> list[str]:
    return [row.state.value for row in plan.rows]


def why(plan: Plan, number: int = 0) -> str:
    return " ".join(plan.rows[number].problems.values())


def everybody(db: Session) -> list[Person]:
    return list(db.scalars(select(Person).order_by(Person.id)))


def snapshot(db: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything an import may touch, as it is read."""
    db.expire_all()
    return {
        model.__tablename__: [
            tuple(
                getattr(one, column.name)
                for column in model.__table__.columns
                if column.name != "version"
            )
            for one in db.scalars(select(model).order_by(model.id))
        ]
        for model in (Family, Person, ContactRoute)
    }


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


# --- All or nothing ----------------------------------------------------------------------


def test_a_record_changed_since_the_comparison_stops_the_import(
    db: Session, ada: Actor, amina: Actor
) -> None:
    bring_in(db, ada, DANA)
    plan = planned(db, ada, ["NC-1", "Dana", "Hale", "", "", "", ""])
    everybody(db)[0].language = "Polish"
    db.flush()

    with pytest.raises(ConflictError, match="Compare it once more"):
        importing.apply(db, ada, plan)


def test_progress_goes_up_to_the_end(db: Session, ada: Actor) -> None:
    shares: list[float] = []
    importing.apply(db, ada, planned(db, ada, DANA, IVY), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_how_columns_were_matched_is_remembered_without_their_headings(
    db: Session, ada: Actor
) -> None:
    sheet = reading.read("list.csv", as_csv([["Dana", "Okoro", "Shoes"], ["Ivy", "Lind", "x"]]))
    match = {"Dana": "first_name", "Okoro": "last_name", "Shoes": None}
    rows = checking.check(PARTICIPANTS, sheet, match)
    for row in rows.rows:
        row.problems.clear()
        row.values["kind"] = PersonKind.ADULT
    importing.apply(db, ada, importing.plan(db, ada, rows))

    assert matching.suggest(db, ada, PARTICIPANTS, sheet.headings) == match
    assert not {"Dana", "dana"} & set(db.scalars(select(ColumnMatch.heading)))


def test_the_audit_says_how_many_and_never_who(db: Session, ada: Actor) -> None:
    ref = bring_in(db, ada, DANA, IVY)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "import.applied")).one()
    assert entry.subject == f"import:{ref}"
    assert '"added": 2' in entry.details
    assert "Dana" not in entry.details
    assert db.scalar(select(func.count()).select_from(ImportedRecord)) == 5


# --- Taking it back ----------------------------------------------------------------------


def test_an_import_that_was_undone_leaves_everything_as_it_was(
    db: Session, ada: Actor, amina: Actor
) -> None:
    bring_in(db, ada, DANA)
    before = snapshot(db)
    ref = bring_in(db, ada, ["NC-1", "Dana", "Hale", "", "07700 900124", "", "F1"], IVY)
    assert snapshot(db) != before

    undoing.undo(db, ada, ref)

    assert snapshot(db) == before
    assert len(people.directory(db, amina, search="okoro")) == 1
    assert people.directory(db, amina, search="hale").empty
    assert states(planned(db, ada, IVY)) == ["new"]


@pytest.mark.parametrize("used", ["a place", "a concern", "a change", "a later import"])
def test_an_import_that_has_been_used_since_cannot_be_undone(
    db: Session, ada: Actor, amina: Actor, ben: Actor, used: str
) -> None:
    ref = bring_in(db, ada, DANA)
    (dana,) = everybody(db)
    if used == "a place":
        make_place(db, amina, make_group(db, amina, [ben]), dana)
    elif used == "a concern":
        worry = ConcernDraft(
            person_ref=dana.ref, noticed_on=clock.today(), noticed_time=time(9), facts="A call.",
            safe_now=SafeNow.UNKNOWN,
        )  # fmt: skip
        concerns.raise_concern(db, amina, worry)
    elif used == "a change":
        dana.language = "Polish"
        db.flush()
    else:
        bring_in(db, ada, ["NC-1", "Dana", "Hale", "", "", "", ""])
    before = snapshot(db)

    # Of a concern she is not told that there is one.
    reasons = {"a place": "places in groups (1)", "a concern": "other records (1)"}
    with pytest.raises(ConflictError, match=re.escape(f": {reasons.get(used, 'changes (1)')}.")):
        undoing.undo(db, ada, ref)
    assert snapshot(db) == before


def test_undoing_twice_or_what_never_was_is_refused(db: Session, ada: Actor) -> None:
    ref = bring_in(db, ada, DANA)
    undoing.undo(db, ada, ref)
    with pytest.raises(ConflictError, match="already"):
        undoing.undo(db, ada, ref)
    with pytest.raises(NotFoundError):
        undoing.undo(db, ada, "unknown")


# --- Who may -----------------------------------------------------------------------------


def test_nobody_but_an_administrator_brings_anything_in(
    db: Session, ada: Actor, amina: Actor, leila: Actor
) -> None:
    ref = bring_in(db, ada, DANA)
    plan = planned(db, ada, IVY)
    for actor in (amina, leila):
        for refused in (
            lambda a: importing.plan(db, a, plan.checked),
            lambda a: importing.apply(db, a, plan),
            lambda a: importing.history(db, a),
            lambda a: importing.summary(db, a, ref),
            lambda a: undoing.undo(db, a, ref),
            lambda a: spreadsheets.failed_rows(db, a, plan, excel=True),
        ):
            with pytest.raises(NotPermittedError):
                refused(actor)


def test_imports_are_listed_newest_first_and_nothing_before_the_first(
    db: Session, ada: Actor
) -> None:
    assert importing.history(db, ada).empty
    bring_in(db, ada, DANA)
    bring_in(db, ada, IVY)
    frame = importing.history(db, ada)
    assert frame["added"].tolist() == [1, 1]
    assert frame["number"].is_monotonic_decreasing
    assert len(importing.history(db, ada, before=int(frame["number"].iloc[0]))) == 1


# --- What is put in comes out again -------------------------------------------------------

NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
PEOPLE = st.lists(
    st.tuples(NAMES, NAMES, st.dates(date(1930, 1, 1), date(2005, 12, 31))),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[2],
)


@given(PEOPLE)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_is_put_in_comes_out_and_is_known_again(
    database: str, listed: list[tuple[str, str, date]]
) -> None:
    from models import Role
    from services import db as application_db
    from tests.make import make_actor

    with (
        application_db.engine().connect() as connection,
        Session(connection, join_transaction_mode="create_savepoint") as db,
    ):
        ada = make_actor(db, "ada", Role.ADMINISTRATOR)
        rows: Rows = [
            ["First name", "Last name", "DOB"],
            *([f, s, f"{b:%d/%m/%Y}"] for f, s, b in listed),
        ]
        for content in (as_csv(rows), as_excel(rows)):
            sheet = reading.read("list", content)
            match = matching.guess(PARTICIPANTS, sheet.headings)
            plan = importing.plan(db, ada, checking.check(PARTICIPANTS, sheet, match))
            assert not plan.count(State.FAILED)
            if plan.count(State.NEW):
                importing.apply(db, ada, plan)
            else:
                assert plan.count(State.UNCHANGED) == len(listed)
        kept = {(one.first_name, one.last_name, one.date_of_birth) for one in everybody(db)}
        assert len(kept) == len(listed)
        assert {one[2] for one in kept} == {one[2] for one in listed}


def test_the_template_is_understood_column_by_column() -> None:
    sheet = reading.read("participants.xlsx", spreadsheets.template(PARTICIPANTS))
    match = matching.guess(PARTICIPANTS, sheet.headings)
    assert list(match.values()) == [field.key for field in PARTICIPANTS.fields]
    assert checking.check(PARTICIPANTS, sheet, match).good


def test_nothing_is_guessed_from_headings_that_are_only_somewhat_alike() -> None:
    guessed = matching.guess(
        PARTICIPANTS, ["Frist name", "Date of referral", "E mail", "Family name"]
    )
    assert list(guessed.values()) == ["first_name", None, "email", "last_name"]


def test_the_collector_is_off_during_an_import_and_on_again_whatever_comes_of_it(
    db: Session, ada: Actor
) -> None:
    seen: list[bool] = []
    plan = planned(db, ada, DANA)
    importing.apply(db, ada, plan, progress=lambda _share: seen.append(gc.isenabled()))
    assert seen
    assert not any(seen)
    with pytest.raises(ConflictError):
        importing.apply(db, ada, plan)
    assert gc.isenabled()
