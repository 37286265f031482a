"""An import of people comes in whole, is taken back whole, and is an administrator's."""

import gc
import re
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, ColumnMatch, ImportedRecord, PersonKind, SafeNow
from services import clock
from services.concerns import concerns
from services.concerns.concern_draft import ConcernDraft
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.imports import checking, importing, matching, reading, spreadsheets, undoing
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import State
from services.people import people
from services.permissions import Actor
from tests.make import make_group, make_place
from tests.services.imports.participants import (
    DANA,
    IVY,
    bring_in,
    everybody,
    planned,
    snapshot,
    states,
)
from tests.spreadsheets import Rows, as_csv, as_excel

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


NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
PEOPLE = st.lists(
    st.tuples(NAMES, NAMES, st.dates(date(1930, 1, 1), date(2005, 12, 31))),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[2],
)


# --- What is put in comes out again ------------------------------------------------------


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
