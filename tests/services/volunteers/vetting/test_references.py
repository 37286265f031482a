"""References and the right to volunteer: asked for, decided on, and by whom."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Volunteer
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor
from services.volunteers.vetting import referees, rights, view
from services.volunteers.vetting.referees import Step
from tests.services.volunteers.vetting.checks import TODAY, TOMORROW, problems, referee

# --- References --------------------------------------------------------------------------


def test_a_referee_is_asked_reminded_answers_and_is_decided_on_by_somebody(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    for version, step in enumerate((Step.ASKED, Step.CHASED, Step.RECEIVED), 1):
        referees.note(db, amina, ref, step, version=version)
    referees.decide(db, amina, ref, is_enough=True, reason="Knows her well.", version=4)

    (one,) = view.checks_of(db, amina, maya.ref).referees
    assert (one.asked_on, one.chased_on, one.received_on) == (TODAY, TODAY, TODAY)
    assert (one.is_enough, one.decided_by, one.reason) == (True, "Amina", "Knows her well.")
    referees.decide(db, amina, ref, is_enough=True, reason="Knows her from two jobs.", version=5)
    assert view.checks_of(db, amina, maya.ref).referees[0].reason == "Knows her from two jobs."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 101),
        ("contact", ""),
        ("known_years", 1),
        ("known_years", 81),
        ("is_related", True),
    ],
)
def test_a_referee_who_cannot_be_one_is_refused(
    db: Session, amina: Actor, maya: Volunteer, field: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        referees.add(db, amina, maya.ref, referee(**{field: value}))
    assert problems(refused) == [field]
    assert view.checks_of(db, amina, maya.ref).referees == ()


def test_two_referees_come_from_two_parts_of_her_life(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    first = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError) as refused:
        referees.add(db, amina, maya.ref, referee(name="Robin Example"))
    assert problems(refused) == ["context"]

    for version, step in enumerate((Step.ASKED, Step.RECEIVED), 1):
        referees.note(db, amina, first, step, version=version)
    referees.decide(db, amina, first, is_enough=False, reason="Too short.", version=3)
    referees.add(db, amina, maya.ref, referee(name="Robin Example"))


def test_a_reference_that_was_not_enough_does_not_come_back_beside_another_from_there(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    refs = []
    for name, enough in (("Pat", False), ("Robin", True)):
        ref = referees.add(db, amina, maya.ref, referee(name=name))
        for version, step in enumerate((Step.ASKED, Step.RECEIVED), 1):
            referees.note(db, amina, ref, step, version=version)
        referees.decide(db, amina, ref, is_enough=enough, reason="Read.", version=3)
        refs.append(ref)

    with pytest.raises(InvalidInputError, match="part of her life"):
        referees.decide(db, amina, refs[0], is_enough=True, reason="After all.", version=4)


@pytest.mark.parametrize("step", [Step.CHASED, Step.RECEIVED])
def test_nobody_is_reminded_and_nothing_comes_before_it_was_asked(
    db: Session, amina: Actor, maya: Volunteer, step: Step
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError) as refused:
        referees.note(db, amina, ref, step, version=1)
    assert problems(refused) == ["step"]


def test_a_reference_that_has_not_come_is_not_decided_on(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError, match="has come"):
        referees.decide(db, amina, ref, is_enough=True, reason="Yes.", version=1)


def test_who_was_slower_with_a_reference_is_told(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    referees.note(db, amina, ref, Step.ASKED, version=1)
    with pytest.raises(ConflictError, match="Somebody else changed this"):
        referees.note(db, amina, ref, Step.CHASED, version=1)


# --- Right to volunteer ------------------------------------------------------------------


def test_who_saw_her_right_to_volunteer_and_until_when_is_kept(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    rights.see(db, amina, maya.ref, seen_on=TODAY, valid_until=date(2027, 3, 1))
    (one,) = view.checks_of(db, amina, maya.ref).rights
    assert (one.seen_on, one.seen_by, one.valid_until) == (TODAY, "Amina", date(2027, 3, 1))


@pytest.mark.parametrize(
    ("seen_on", "valid_until", "field"),
    [
        (TOMORROW, None, "seen_on"),
        (date(1990, 1, 1), None, "seen_on"),
        (TODAY, TODAY, "valid_until"),
        (TODAY, date(2020, 1, 1), "valid_until"),
        (TODAY, date(9999, 12, 31), "valid_until"),
    ],
)
def test_days_that_cannot_be_are_refused(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    seen_on: date,
    valid_until: date | None,
    field: str,
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rights.see(db, amina, maya.ref, seen_on=seen_on, valid_until=valid_until)
    assert problems(refused) == [field]
