"""Consents taken back and refused: the last word counts, and at most one stands."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Agency, AuditEntry, Basis, Consent, Person, Purpose
from services import clock
from services.consents import consent_view, consents
from services.consents.consents import ConsentDraft, holds
from services.errors import AppError, ConflictError, InvalidInputError
from services.permissions import Actor
from tests.make import make_group, make_place
from tests.services.consents.asking import TODAY, YESTERDAY, by_herself, faults, refs, stands

# --- Withdrawing -------------------------------------------------------------------------


def test_a_withdrawal_counts_at_once_even_when_it_was_said_earlier(
    db: Session, amina: Actor, rosa: Person
) -> None:
    given_on = TODAY - timedelta(days=30)
    ref = consents.record(db, amina, rosa.ref, by_herself(given_on=given_on))
    assert stands(db, rosa)

    consents.withdraw(db, amina, ref, on=YESTERDAY, reason=" She moved ", version=1)

    assert not stands(db, rosa)
    row = consent_view.history(db, amina, rosa.ref).iloc[0]
    assert (row["state"], row["withdrawn_on"], row["reason"]) == (
        "withdrawn", YESTERDAY, "She moved",
    )  # fmt: skip


def test_no_reason_is_needed(db: Session, amina: Actor, rosa: Person) -> None:
    ref = consents.record(db, amina, rosa.ref, by_herself())

    consents.withdraw(db, amina, ref, on=TODAY, version=1)

    assert consent_view.history(db, amina, rosa.ref)["reason"].tolist() == [None]


@pytest.mark.parametrize("on", [TODAY - timedelta(days=2), TODAY + timedelta(days=1)])
def test_a_withdrawal_before_the_consent_or_to_come_is_refused(
    db: Session, amina: Actor, rosa: Person, on: date
) -> None:
    ref = consents.record(db, amina, rosa.ref, by_herself(given_on=YESTERDAY))

    with pytest.raises(InvalidInputError) as refused:
        consents.withdraw(db, amina, ref, on=on, version=1)

    assert list(refused.value.problems) == ["withdrawn_on"]
    assert stands(db, rosa)


def test_what_was_withdrawn_meanwhile_is_said_to_a_stale_form(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = consents.record(db, amina, rosa.ref, by_herself())
    consents.withdraw(db, amina, ref, on=TODAY, version=1)

    for version in (1, 2):
        with pytest.raises(ConflictError, match="meanwhile"):
            consents.withdraw(db, amina, ref, on=TODAY, version=version)


def test_she_may_agree_again_and_both_times_are_kept(
    db: Session, amina: Actor, rosa: Person
) -> None:
    first = consents.record(db, amina, rosa.ref, by_herself(given_on=YESTERDAY))
    consents.withdraw(db, amina, first, on=TODAY, version=1)

    second = consents.record(db, amina, rosa.ref, by_herself(after=first))

    assert stands(db, rosa)
    assert refs(db, amina, rosa) == [second, first]


def test_a_consent_found_late_does_not_undo_a_withdrawal_after_it(
    db: Session, amina: Actor, rosa: Person
) -> None:
    first = consents.record(db, amina, rosa.ref, by_herself(given_on=YESTERDAY))
    consents.withdraw(db, amina, first, on=TODAY, version=1)

    assert faults(db, amina, rosa, by_herself(given_on=YESTERDAY, after=first)) == ["given_on"]
    assert not stands(db, rosa)


def test_who_has_not_seen_the_withdrawal_is_shown_it_first(
    db: Session, amina: Actor, rosa: Person
) -> None:
    first = consents.record(db, amina, rosa.ref, by_herself())
    consents.withdraw(db, amina, first, on=TODAY, version=1)

    with pytest.raises(ConflictError, match="while you had the page open"):
        consents.record(db, amina, rosa.ref, by_herself())


def test_it_is_not_given_twice(db: Session, amina: Actor, rosa: Person) -> None:
    first = consents.record(db, amina, rosa.ref, by_herself())

    with pytest.raises(ConflictError, match="stands already"):
        consents.record(db, amina, rosa.ref, by_herself(after=first))


def test_the_database_itself_holds_one_standing_consent_a_purpose_and_agency(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    consents.record(db, amina, rosa.ref, by_herself())
    consents.record(db, amina, rosa.ref, by_herself(Purpose.SHARE, agency_ref=police.ref))

    for purpose, agency_id in ((Purpose.TAKE_PART, None), (Purpose.SHARE, police.id)):
        twin = insert(Consent).values(
            person_id=rosa.id,
            purpose=purpose,
            agency_id=agency_id,
            basis=Basis.SELF,
            given_on=TODAY,
            recorded_by_id=amina.account_id,
            recorded_at=clock.now(),
            version=1,
        )
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(twin)


_STEP = st.tuples(
    st.sampled_from(["record", "withdraw"]),
    st.sampled_from([Purpose.TAKE_PART, Purpose.QUOTE, Purpose.SHARE]),
    st.integers(0, 4),  # days ago
    st.booleans(),  # whether she looked at the list before
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(_STEP, max_size=14))
def test_whatever_is_recorded_and_withdrawn_at_most_one_stands_and_the_last_word_counts(
    db: Session, amina: Actor, rosa: Person, police: Agency,
    steps: list[tuple[str, Purpose, int, bool]],
) -> None:  # fmt: skip
    with db.begin_nested() as undone:
        given_now: dict[Purpose, bool] = {}
        for act, purpose, ago, looked in steps:
            on, agency = TODAY - timedelta(days=ago), purpose is Purpose.SHARE
            latest = _latest(db, rosa, purpose)
            try:
                if act == "record":
                    draft = by_herself(
                        purpose,
                        given_on=on,
                        agency_ref=police.ref if agency else None,
                        after=latest.ref if latest and looked else None,
                    )
                    consents.record(db, amina, rosa.ref, draft)
                elif latest:
                    version = latest.version if looked else 0
                    consents.withdraw(db, amina, latest.ref, on=on, version=version)
                else:
                    continue
            except AppError:
                continue
            given_now[purpose] = act == "record"
        _holds_what_was_said_last(db, rosa, police, given_now)
        undone.rollback()
    db.expire_all()


def _holds_what_was_said_last(
    db: Session, person: Person, agency: Agency, given_now: dict[Purpose, bool]
) -> None:
    for purpose in (Purpose.TAKE_PART, Purpose.QUOTE, Purpose.SHARE):
        rows = list(
            db.scalars(
                select(Consent)
                .where(Consent.person_id == person.id, Consent.purpose == purpose)
                .order_by(Consent.id)
            )
        )
        agency_id = agency.id if purpose is Purpose.SHARE else None
        standing = [row for row in rows if row.withdrawn_on is None]
        assert len(standing) <= 1
        assert bool(standing) is given_now.get(purpose, False)
        assert bool(holds(db, [person.id], purpose, agency_id=agency_id)) is bool(standing)
        for before, after in pairwise(rows):
            assert before.withdrawn_on is not None
            assert before.withdrawn_on <= after.given_on


def _latest(db: Session, person: Person, purpose: Purpose) -> Consent | None:
    query = select(Consent).where(Consent.person_id == person.id, Consent.purpose == purpose)
    return db.scalar(query.order_by(Consent.id.desc()).limit(1))


# --- A no --------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.SHARE])
def test_a_no_is_kept_and_never_stands(
    db: Session, ben: Actor, amina: Actor, rosa: Person, purpose: Purpose
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), rosa)

    consents.record(db, ben, rosa.ref, by_herself(purpose, is_refusal=True))

    assert not holds(db, [rosa.id], purpose)
    (row,) = consent_view.history(db, ben, rosa.ref).to_dict("records")
    assert (row["state"], row["given_on"], row["recorded_by"]) == ("refused", TODAY, "Ben")
    assert db.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == (
        "consent.refused"
    )


def test_who_said_no_is_not_asked_again_and_her_place_is_spoken_of(
    db: Session, ben: Actor, amina: Actor, rosa: Person
) -> None:
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, rosa)
    assert not consent_view.said_no(db, ben, rosa.ref)
    consents.record(db, ben, rosa.ref, by_herself(Purpose.PHOTO, is_refusal=True))
    assert not consent_view.said_no(db, ben, rosa.ref), "of photographs, not of taking part"
    assert consent_view.to_ask(db, ben, rosa.ref)

    no = consents.record(db, ben, rosa.ref, by_herself(is_refusal=True))

    assert consent_view.said_no(db, ben, rosa.ref)
    assert not consent_view.to_ask(db, ben, rosa.ref)
    assert consent_view.to_ask_in_group(db, ben, group.ref) == frozenset()

    consents.record(db, ben, rosa.ref, by_herself(after=no))

    assert not consent_view.said_no(db, ben, rosa.ref)
    assert holds(db, [rosa.id], Purpose.TAKE_PART)


def test_a_child_of_any_age_may_say_no_herself_and_no_judgement_is_asked(
    db: Session, amina: Actor, june: Person
) -> None:
    consents.record(db, amina, june.ref, by_herself(is_refusal=True))
    judged = ConsentDraft(
        purpose=Purpose.PHOTO, basis=Basis.GILLICK, given_on=TODAY, is_refusal=True
    )

    assert faults(db, amina, june, judged) == ["basis"]


def test_a_no_does_not_stand_beside_a_yes(db: Session, amina: Actor, rosa: Person) -> None:
    yes = consents.record(db, amina, rosa.ref, by_herself())
    with pytest.raises(ConflictError, match="Withdraw it first"):
        consents.record(db, amina, rosa.ref, by_herself(after=yes, is_refusal=True))


def test_a_yes_cannot_reach_back_behind_a_no(db: Session, amina: Actor, rosa: Person) -> None:
    no = consents.record(db, amina, rosa.ref, by_herself(is_refusal=True))
    with pytest.raises(InvalidInputError, match="she said no on 16/09/2026"):
        consents.record(db, amina, rosa.ref, by_herself(after=no, given_on=YESTERDAY))


def test_the_database_itself_holds_no_refusal_that_stands(
    db: Session, amina: Actor, rosa: Person
) -> None:
    consents.record(db, amina, rosa.ref, by_herself())
    with pytest.raises(IntegrityError, match="refusal_never_stood"), db.begin_nested():
        db.execute(update(Consent).values(is_refusal=True))
