"""What is seen of a child in a session: noted in two taps, hers alone to change."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Facilitation,
    Group,
    GroupState,
    Observation,
    Person,
    PersonKind,
    Place,
)
from services.attendance import AttendanceCode
from services.children import observations
from services.children.child_prompts import band_on, prompts
from services.children.child_steps import strand_labels
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import record_locks
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from tests.make import make_group, make_person, make_place, session_of

HELP, NAMING = "asking_for_help", "naming_feelings"


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group for parents and children, which began last week."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


@pytest.fixture
def place(db: Session, amina: Actor, kite: Group) -> Place:
    """Robin's place in it."""
    robin = make_person(db, amina, "Robin", kind=PersonKind.CHILD)
    place = make_place(db, amina, kite, robin)
    place.joined_on = kite.starts_on
    db.flush()
    return place


@pytest.fixture
def session(db: Session, kite: Group, place: Place) -> str:
    """Its first session, which Robin was expected at."""
    return session_of(db, kite).ref


def mark(db: Session, actor: Actor, session: str, place: Place, code: AttendanceCode) -> None:
    marking.mark(db, actor, session, [NewMark(tap="t", place_ref=place.ref, code=code)])


def test_a_strand_and_a_step_are_all_it_takes(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    observations.note(db, ben, session, place.ref, HELP, 2)

    (robin,) = observations.of_session(db, ben, session)
    seen = robin.own(HELP)
    assert seen is not None
    assert (seen.step, seen.words, seen.by) == (2, "", None)
    assert robin.own(NAMING) is None


def test_not_seen_is_an_answer_of_its_own(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    observations.note(db, ben, session, place.ref, HELP, None)

    (robin,) = observations.of_session(db, ben, session)
    assert [(one.strand, one.step) for one in robin.notes] == [(HELP, None)]


def test_another_tap_changes_her_note_and_the_same_tap_changes_nothing(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    for step in (1, 3, 3):
        observations.note(db, ben, session, place.ref, HELP, step)

    assert db.scalars(select(Observation.step)).all() == [3]
    noted = select(AuditEntry).where(AuditEntry.action == "observation.noted")
    assert len(db.scalars(noted).all()) == 2


def test_each_facilitator_keeps_a_note_of_her_own(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, place: Place, session: str
) -> None:
    group = db.get_one(Group, place.group_id)
    db.add(Facilitation(group_id=group.id, account_id=chloe.account_id))
    db.flush()
    observations.note(db, ben, session, place.ref, HELP, 1)
    observations.note(db, chloe, session, place.ref, HELP, 4)

    (robin,) = observations.of_session(db, ben, session)
    assert [(one.by, one.step) for one in robin.notes] == [(None, 1), ("Chloe", 4)]


def test_a_few_words_are_kept_as_they_are_typed_and_are_encrypted(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    observations.note(db, ben, session, place.ref, HELP, 2)
    first = observations.save_words(db, ben, session, place.ref, HELP, "Asked for", version=0)
    observations.save_words(db, ben, session, place.ref, HELP, "Asked for glue", version=first)

    (robin,) = observations.of_session(db, ben, session)
    assert robin.notes[0].words == "Asked for glue"
    assert "glue" not in str(db.execute(text("SELECT words FROM observations")).scalar_one())


def test_words_of_an_older_window_do_not_replace_newer_ones(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    observations.note(db, ben, session, place.ref, HELP, 2)
    observations.save_words(db, ben, session, place.ref, HELP, "New", version=0)

    with pytest.raises(ConflictError) as stale:
        observations.save_words(db, ben, session, place.ref, HELP, "Old", version=0)

    assert stale.value.theirs == "New"


def test_words_need_something_seen_first_and_stay_few(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    with pytest.raises(ConflictError, match="first what you saw"):
        observations.save_words(db, ben, session, place.ref, HELP, "Hello", version=0)
    with pytest.raises(InvalidInputError, match="few words"):
        observations.save_words(db, ben, session, place.ref, HELP, "x" * 501, version=0)


def test_a_note_can_be_taken_back_once_and_for_all(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    observations.note(db, ben, session, place.ref, HELP, 2)
    observations.take_back(db, ben, session, place.ref, HELP)
    observations.take_back(db, ben, session, place.ref, HELP)

    assert db.scalar(select(Observation)) is None


@pytest.mark.parametrize(("strand", "step"), [("shouting", 1), (HELP, 5), (HELP, -1)])
def test_what_no_button_offers_is_refused(
    db: Session, ben: Actor, place: Place, session: str, strand: str, step: int
) -> None:
    with pytest.raises(InvalidInputError, match="Choose one"):
        observations.note(db, ben, session, place.ref, strand, step)


def test_nothing_is_seen_of_a_child_who_was_not_there(
    db: Session, ben: Actor, place: Place, session: str
) -> None:
    mark(db, ben, session, place, AttendanceCode.NOT_BROUGHT)

    (robin,) = observations.of_session(db, ben, session)
    assert not robin.was_there
    with pytest.raises(ConflictError, match="not there by the register"):
        observations.note(db, ben, session, place.ref, HELP, 1)


def test_nothing_is_seen_in_a_session_to_come_or_a_group_that_is_closed(
    db: Session, ben: Actor, kite: Group, place: Place, session: str
) -> None:
    later = session_of(db, kite, 9).ref
    with pytest.raises(ConflictError, match="not begun"):
        observations.note(db, ben, later, place.ref, HELP, 1)
    kite.state = GroupState.CLOSED
    with pytest.raises(ConflictError, match="closed"):
        observations.note(db, ben, session, place.ref, HELP, 1)


def test_adults_are_not_observed(
    db: Session, amina: Actor, ben: Actor, kite: Group, session: str
) -> None:
    dana = make_place(db, amina, kite, make_person(db, amina))
    dana.joined_on = kite.starts_on
    db.flush()

    assert dana.ref not in {one.place_ref for one in observations.of_session(db, ben, session)}
    with pytest.raises(NotFoundError):
        observations.note(db, ben, session, dana.ref, HELP, 1)


def test_a_stranger_finds_neither_session_nor_child(
    db: Session, chloe: Actor, place: Place, session: str
) -> None:
    with pytest.raises(NotFoundError):
        observations.of_session(db, chloe, session)
    with pytest.raises(NotFoundError):
        observations.note(db, chloe, session, place.ref, HELP, 1)


def test_roles_without_groups_of_their_own_are_refused(
    db: Session, amina: Actor, leila: Actor, vik: Actor, session: str
) -> None:
    for outsider in (amina, leila, vik):
        with pytest.raises(NotPermittedError):
            observations.of_session(db, outsider, session)


def test_whoever_is_kept_out_of_a_childs_record_sees_nothing_of_it(
    db: Session, amina: Actor, ben: Actor, place: Place, session: str
) -> None:
    child = db.get_one(Person, place.person_id)
    record_locks.keep_out(db, amina, child.ref, ben.ref, reason="They are related.")

    assert observations.of_session(db, ben, session) == ()


def test_every_band_has_a_prompt_for_every_strand_in_words_of_its_own() -> None:
    for band in prompts().bands:
        assert list(band.prompts) == list(strand_labels())
        assert len(set(band.prompts.values())) == len(band.prompts)
    said = [text for band in prompts().bands for text in band.prompts.values()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2018-09-17", "5-7"),
        ("2018-09-16", "8-11"),
        ("2014-09-17", "8-11"),
        ("2014-09-16", "12-16"),
        ("2026-09-16", "5-7"),
        ("2005-01-01", "12-16"),
    ],
)
def test_a_child_is_in_the_band_of_its_age_on_the_day(born: str, band: str) -> None:
    assert band_on(date.fromisoformat(born), date(2026, 9, 16)) == band


def test_without_a_date_of_birth_the_age_is_unknown_and_not_guessed() -> None:
    assert band_on(None, date(2026, 9, 16)) == "unknown"
