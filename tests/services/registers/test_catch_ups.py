"""Catch-ups: the content of a missed session covered later, in every sum and never over a live
attendance."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    CatchUpWay,
    Group,
    GroupState,
    Mark,
    Person,
    Place,
    PlaceState,
    SessionState,
)
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import timeline
from services.permissions import Actor
from services.places import places
from services.registers import catch_ups, marking
from services.registers.catch_ups import CatchUpDraft
from services.registers.marking import NewMark
from services.tallies import recount, tallies
from services.tallies.tallies import Kind
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group with sessions on 8 and 15 September, and more to come."""
    return make_group(db, amina, [ben])


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    """Dana's place from the first day on."""
    place = make_place(db, amina, craft, make_person(db, amina))
    place.joined_on = date(2026, 9, 8)
    db.flush()
    return place


def mark(db: Session, actor: Actor, place: Place, number: int, code: Code | None) -> None:
    group = db.get_one(Group, place.group_id)
    new = NewMark(tap=f"{place.ref}{number}{code}", place_ref=place.ref, code=code, version=99)
    (taken,) = marking.mark(db, actor, session_of(db, group, number).ref, [new])
    assert taken.saved, taken


def catch_up(db: Session, actor: Actor, place: Place, number: int = 1, **more: object) -> str:
    group = db.get_one(Group, place.group_id)
    values = {
        "place_ref": place.ref,
        "session_ref": session_of(db, group, number).ref,
        "done_on": TODAY,
        "way": CatchUpWay.PHONE,
        "done_by_ref": actor.ref,
    }
    return catch_ups.record(db, actor, CatchUpDraft(**{**values, **more}))  # type: ignore[arg-type]


def code_of(db: Session, place: Place, number: int = 1) -> str | None:
    held = session_of(db, db.get_one(Group, place.group_id), number)
    query = select(Mark.code).where(Mark.place_id == place.id, Mark.session_id == held.id)
    return db.scalar(query)


def test_a_catch_up_covers_the_content_and_is_no_live_attendance(
    db: Session, ben: Actor, dana: Place
) -> None:
    mark(db, ben, dana, 1, Code.APOLOGIES)

    catch_up(db, ben, dana)

    assert code_of(db, dana) == "C"
    assert (dana.attended, dana.covered, dana.state) == (0, 1, PlaceState.ACCEPTED)
    counts = tallies.counts(db, Kind.MARK).set_index("key")["count"].to_dict()
    assert counts == {"C": 1}
    assert recount.differences(db) == []


@pytest.mark.parametrize("before", [None, Code.APOLOGIES, Code.DID_NOT_ATTEND, Code.NOT_EXPECTED])
def test_taken_back_the_mark_from_before_is_there_again(
    db: Session, ben: Actor, dana: Place, before: Code | None
) -> None:
    if before is not None:
        mark(db, ben, dana, 1, before)
    ref = catch_up(db, ben, dana)

    catch_ups.take_back(db, ben, ref, version=1)

    assert code_of(db, dana) == before
    assert (dana.attended, dana.covered) == (0, 0)
    assert catch_ups.in_group(db, ben, db.get_one(Group, dana.group_id).ref).empty
    assert recount.differences(db) == []


def test_once_taken_back_it_can_be_recorded_anew_and_not_be_taken_back_twice(
    db: Session, ben: Actor, dana: Place
) -> None:
    ref = catch_up(db, ben, dana)
    catch_ups.take_back(db, ben, ref, version=1)

    with pytest.raises(ConflictError, match="took this catch-up back"):
        catch_ups.take_back(db, ben, ref, version=1)
    assert len(catch_ups.to_catch_up(db, ben, dana.ref)) == 2
    catch_up(db, ben, dana)
    assert dana.covered == 1


@pytest.mark.parametrize("code", [Code.ATTENDED, Code.LATE, Code.LEFT_EARLY, Code.ONLINE])
def test_a_live_attendance_is_never_overwritten(
    db: Session, ben: Actor, dana: Place, code: Code
) -> None:
    mark(db, ben, dana, 1, code)

    with pytest.raises(ConflictError, match=f"{code.label.lower()}.*correct the register"):
        catch_up(db, ben, dana)
    assert code_of(db, dana) == code


def test_she_turns_out_to_have_been_there_and_taking_the_catch_up_back_leaves_that(
    db: Session, ben: Actor, dana: Place
) -> None:
    ref = catch_up(db, ben, dana)
    mark(db, ben, dana, 1, Code.ATTENDED)

    catch_ups.take_back(db, ben, ref, version=1)

    assert code_of(db, dana) == "P"
    assert recount.differences(db) == []


def test_a_second_catch_up_for_one_session_is_refused(db: Session, ben: Actor, dana: Place) -> None:
    catch_up(db, ben, dana)

    with pytest.raises(ConflictError, match="recorded already"):
        catch_up(db, ben, dana)


def test_a_session_that_has_not_been_or_was_cancelled_has_nothing_to_catch_up_on(
    db: Session, ben: Actor, dana: Place, craft: Group
) -> None:
    with pytest.raises(InvalidInputError, match="has not been yet"):
        catch_up(db, ben, dana, 3)
    session_of(db, craft, 2).state = SessionState.CANCELLED
    db.flush()
    with pytest.raises(ConflictError, match="was cancelled"):
        catch_up(db, ben, dana, 2)


def test_a_register_that_is_finished_takes_a_catch_up_all_the_same(
    db: Session, ben: Actor, dana: Place, craft: Group
) -> None:
    held = session_of(db, craft)
    held.state, held.finished_at = SessionState.HELD, held.ends_at
    db.flush()

    catch_up(db, ben, dana)

    assert dana.covered == 1


def test_a_late_joiner_catches_up_on_sessions_before_she_came(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    late = make_place(db, amina, craft, make_person(db, amina, "Eve", "Eves"))

    catch_up(db, ben, late, 1)

    assert late.covered == 1
    assert recount.differences(db) == []


def test_nobody_catches_up_on_a_session_after_she_left(
    db: Session, amina: Actor, ben: Actor, dana: Place
) -> None:
    places.leave(db, amina, dana.ref, on=date(2026, 9, 10), reason="", version=dana.version)

    with pytest.raises(ConflictError, match="had left"):
        catch_up(db, ben, dana, 2)
    (only,) = catch_ups.to_catch_up(db, ben, dana.ref).values()
    assert only.startswith("1:")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("done_on", date(2026, 9, 17)),
        ("done_on", date(2026, 9, 7)),
        ("minutes", 0),
        ("minutes", 601),
        ("note", "x" * 501),
        ("done_by_ref", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    db: Session, ben: Actor, dana: Place, field: str, value: object
) -> None:
    with pytest.raises(InvalidInputError):
        catch_up(db, ben, dana, **{field: value})
    assert dana.covered == 0


def test_a_catch_up_after_the_end_completes_a_place_and_taking_it_back_undoes_that(
    db: Session, ben: Actor, dana: Place, craft: Group
) -> None:
    mark(db, ben, dana, 2, Code.ATTENDED)
    craft.state, craft.sessions_to_complete = GroupState.FINISHED, 2
    db.flush()

    ref = catch_up(db, ben, dana)
    assert dana.state is PlaceState.COMPLETED
    catch_ups.take_back(db, ben, ref, version=1)

    assert dana.state is PlaceState.STARTED
    tallied = tallies.counts(db, Kind.PLACE).set_index("key")["count"].to_dict()
    assert "completed" not in tallied


def test_the_list_says_who_when_how_and_with_whom_and_the_note_is_for_facilitators(
    db: Session, amina: Actor, ben: Actor, dana: Place, craft: Group
) -> None:
    catch_up(db, ben, dana, minutes=30, note=" Went well ")

    (row,) = catch_ups.in_group(db, ben, craft.ref).to_dict("records")
    assert (row["name"], row["session"], row["on"]) == ("Dana Okoro", 1, TODAY)
    assert (row["way"], row["by"], row["minutes"], row["note"]) == (
        "phone", "Ben", 30, "Went well",
    )  # fmt: skip
    assert catch_ups.in_group(db, amina, craft.ref)["note"].tolist() == [""]
    person = db.get_one(Person, dana.person_id).ref
    assert catch_ups.of_person(db, ben, person)["session"].tolist() == [1]


def test_the_note_is_encrypted_and_not_in_the_audit_log(
    db: Session, ben: Actor, dana: Place
) -> None:
    catch_up(db, ben, dana, note="Went well")

    assert "Went" not in db.execute(text("SELECT note FROM catch_ups")).scalar_one()
    assert "Went" not in "".join(db.scalars(select(AuditEntry.details)))


def test_it_stands_on_the_timeline_until_it_is_taken_back(
    db: Session, ben: Actor, dana: Place
) -> None:
    person = db.get_one(Person, dana.person_id).ref
    ref = catch_up(db, ben, dana)
    assert "catch_up" in timeline.events(db, ben, person)["kind"].tolist()

    catch_ups.take_back(db, ben, ref, version=1)

    assert "catch_up" not in timeline.events(db, ben, person)["kind"].tolist()


def test_only_sessions_she_missed_are_offered_to_catch_up_on(
    db: Session, ben: Actor, dana: Place
) -> None:
    assert [words[:2] for words in catch_ups.to_catch_up(db, ben, dana.ref).values()] == [
        "2:",
        "1:",
    ]

    mark(db, ben, dana, 2, Code.ATTENDED)
    catch_up(db, ben, dana, 1)

    assert catch_ups.to_catch_up(db, ben, dana.ref) == {}


# --- Who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_a_facilitator_records_and_takes_back(
    db: Session, ben: Actor, dana: Place, who: str, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(who)
    ref = catch_up(db, ben, dana)

    acts: tuple[Callable[[], object], ...] = (
        lambda: catch_up(db, other, dana),
        lambda: catch_ups.take_back(db, other, ref, version=1),
        lambda: catch_ups.to_catch_up(db, other, dana.ref),
    )
    for act in acts:
        with pytest.raises(NotPermittedError):
            act()


def test_a_facilitator_of_another_group_finds_nothing(
    db: Session, ben: Actor, chloe: Actor, dana: Place, craft: Group
) -> None:
    ref = catch_up(db, ben, dana)

    assert catch_ups.in_group(db, chloe, craft.ref).empty
    for act in (
        lambda: catch_up(db, chloe, dana),
        lambda: catch_ups.take_back(db, chloe, ref, version=1),
        lambda: catch_ups.to_catch_up(db, chloe, dana.ref),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_whoever_waits_has_nothing_to_catch_up_on(db: Session, ben: Actor, dana: Place) -> None:
    dana.state = PlaceState.WAITING
    db.flush()

    with pytest.raises(NotFoundError):
        catch_up(db, ben, dana)
