"""Consents: who may give them, recording, withdrawing, and what stands at any moment."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Agency,
    AuditEntry,
    Basis,
    Consent,
    Kinship,
    Person,
    PersonKind,
    Purpose,
    RecordLock,
    Relation,
)
from services import clock
from services.consents import consent_view, consents
from services.consents.consent_draft import MAX_TEXT, decides_alone
from services.consents.consents import ConsentDraft, consented, holds
from services.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place

TODAY = date(2026, 9, 16)
YESTERDAY = TODAY - timedelta(days=1)
FIFTEEN, SIXTEEN = date(2010, 9, 17), date(2010, 9, 16)  # tomorrow she is 16; today she is
CHILD = PersonKind.CHILD


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    """A mother."""
    return make_person(db, amina, "Rosa", "Marsh")


@pytest.fixture
def june(db: Session, amina: Actor, rosa: Person) -> Person:
    """Rosa's daughter, for whom she is responsible; tomorrow she is 16."""
    return child_of(db, amina, rosa, born=FIFTEEN)


@pytest.fixture
def police(db: Session) -> Agency:
    return make_agency(db, "Riverside Police")


def make_agency(db: Session, name: str) -> Agency:
    agency = Agency(name=name, kind="police")
    db.add(agency)
    db.flush()
    return agency


def child_of(
    db: Session, actor: Actor, parent: Person, *, born: date | None, responsible: bool = True
) -> Person:
    child = make_person(db, actor, "June", "Marsh", kind=CHILD, date_of_birth=born)
    kinship = Kinship(
        person_id=parent.id,
        relative_id=child.id,
        relation=Relation.MOTHER,
        has_responsibility=responsible,
    )
    db.add(kinship)
    db.flush()
    return child


def by_herself(purpose: Purpose = Purpose.TAKE_PART, **more: object) -> ConsentDraft:
    values: dict[str, object] = {"basis": Basis.SELF, "given_on": TODAY}
    return ConsentDraft(purpose=purpose, **(values | more))  # type: ignore[arg-type]


def by_carer(carer: Person, **more: object) -> ConsentDraft:
    return by_herself(basis=Basis.RESPONSIBILITY, given_by_ref=carer.ref, **more)


def judged(judge: Actor, **more: object) -> ConsentDraft:
    values: dict[str, object] = {
        "basis": Basis.GILLICK,
        "judged_by_ref": judge.ref,
        "judged_on": TODAY,
        "judgement": "She told me what it is for and that she can stop.",
    }
    return by_herself(**(values | more))  # type: ignore[arg-type]


def stands(db: Session, person: Person, purpose: Purpose = Purpose.TAKE_PART) -> bool:
    return person.id in holds(db, [person.id], purpose)


def faults(db: Session, actor: Actor, person: Person, draft: ConsentDraft) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        consents.record(db, actor, person.ref, draft)
    return list(refused.value.problems)


def last_entry(db: Session) -> AuditEntry:
    return db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


# --- Who may give it ---------------------------------------------------------------------


def test_an_adult_gives_it_herself_and_it_stands(db: Session, amina: Actor, rosa: Person) -> None:
    ref = consents.record(db, amina, rosa.ref, by_herself())

    assert stands(db, rosa)
    row = consent_view.history(db, amina, rosa.ref).iloc[0]
    assert (row["consent"], row["state"], row["basis"]) == (ref, "given", "self")
    assert (row["given_on"], row["recorded_by"]) == (TODAY, "Amina")


def test_at_sixteen_she_decides_and_nobody_else(db: Session, amina: Actor, rosa: Person) -> None:
    june = child_of(db, amina, rosa, born=SIXTEEN)

    assert faults(db, amina, june, by_carer(rosa)) == ["basis"]
    assert faults(db, amina, june, judged(amina)) == ["basis"]

    consents.record(db, amina, june.ref, by_herself())
    assert stands(db, june)


@pytest.mark.parametrize("born", [FIFTEEN, date(2020, 1, 1), None])
def test_under_sixteen_or_of_unknown_age_a_child_does_not_decide_alone(
    db: Session, amina: Actor, rosa: Person, born: date | None
) -> None:
    june = child_of(db, amina, rosa, born=born)

    assert faults(db, amina, june, by_herself()) == ["basis"]

    consents.record(db, amina, june.ref, by_carer(rosa))
    assert stands(db, june)


def test_an_adult_of_unknown_age_decides_alone(db: Session, amina: Actor, rosa: Person) -> None:
    assert rosa.date_of_birth is None
    assert faults(db, amina, rosa, judged(amina)) == ["basis"]


def test_it_is_her_age_on_the_day_that_counts(db: Session, amina: Actor, rosa: Person) -> None:
    june = child_of(db, amina, rosa, born=SIXTEEN)

    assert faults(db, amina, june, by_herself(given_on=YESTERDAY)) == ["basis"]

    consents.record(db, amina, june.ref, by_carer(rosa, given_on=YESTERDAY))
    assert stands(db, june)


def test_a_judgement_keeps_who_when_and_why_for_this_purpose_alone(
    db: Session, amina: Actor, ben: Actor, june: Person
) -> None:
    consents.record(db, amina, june.ref, judged(ben, judged_on=YESTERDAY))

    row = consent_view.history(db, amina, june.ref).iloc[0]
    assert (row["judged_by"], row["judged_on"]) == ("Ben", YESTERDAY)
    assert row["judgement"].startswith("She told me")
    assert not stands(db, june, Purpose.QUOTE)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"judged_by_ref": None}, "judged_by"),
        ({"judged_by_ref": "nobody"}, "judged_by"),
        ({"judged_on": None}, "judged_on"),
        ({"judged_on": TODAY + timedelta(days=1)}, "judged_on"),
        ({"judgement": "  "}, "judgement"),
        ({"judgement": "x" * (MAX_TEXT + 1)}, "judgement"),
    ],
)
def test_a_judgement_without_who_when_or_why_is_refused(
    db: Session, amina: Actor, june: Person, change: dict[str, object], field: str
) -> None:
    assert faults(db, amina, june, judged(amina, **change)) == [field]


def test_a_judge_is_a_colleague_who_may_and_whose_account_is_open(
    db: Session, amina: Actor, leila: Actor, june: Person
) -> None:
    assert faults(db, amina, june, judged(leila)) == ["judged_by"]


def test_only_somebody_with_parental_responsibility_for_her_gives_it(
    db: Session, amina: Actor, rosa: Person
) -> None:
    june = child_of(db, amina, rosa, born=FIFTEEN, responsible=False)
    stranger = make_person(db, amina, "Ines", "Vale")

    for draft in (by_carer(rosa), by_carer(stranger), by_carer(june), by_carer(Person(ref="no"))):
        assert faults(db, amina, june, draft) == ["given_by"]
    assert faults(db, amina, june, by_herself(basis=Basis.RESPONSIBILITY)) == ["given_by"]


def test_a_facilitator_names_only_a_carer_she_may_see(
    db: Session, amina: Actor, ben: Actor, rosa: Person, june: Person
) -> None:
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, june)
    assert consent_view.asking(db, ben, june.ref).carers == {}
    assert faults(db, ben, june, by_carer(rosa)) == ["given_by"]

    consents.record(db, amina, june.ref, by_carer(rosa))

    assert consent_view.history(db, amina, june.ref)["given_by"].tolist() == ["Rosa Marsh"]
    assert consent_view.history(db, ben, june.ref)["given_by"].tolist() == [None]


@given(
    born=st.none() | st.dates(date(1930, 1, 1), TODAY),
    kind=st.sampled_from(PersonKind),
    on=st.dates(date(2021, 9, 17), TODAY),
)
@example(born=date(2008, 2, 29), kind=CHILD, on=date(2024, 2, 28))
@example(born=date(2008, 2, 29), kind=CHILD, on=date(2024, 2, 29))
def test_she_decides_from_her_sixteenth_birthday_on(
    born: date | None, kind: PersonKind, on: date
) -> None:
    if born is None:
        expected = kind is PersonKind.ADULT
    else:
        expected = (on.year - born.year, on.month, on.day) >= (16, born.month, born.day)

    assert decides_alone(born, kind, on=on) is expected


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    age=st.none() | st.integers(0, 40),
    days=st.integers(-2, 2),
    kind=st.sampled_from(PersonKind),
    basis=st.sampled_from(Basis),
    ago=st.integers(0, 800),
)
def test_at_every_age_it_is_given_by_who_decides_and_by_nobody_else(
    db: Session, amina: Actor, rosa: Person, age: int | None, days: int, kind: PersonKind,
    basis: Basis, ago: int,
) -> None:  # fmt: skip
    given_on = TODAY - timedelta(days=ago)
    born = None
    if age is not None:
        born = min(given_on - relativedelta(years=age) + timedelta(days=days), given_on)
    with db.begin_nested() as undone:
        june = child_of(db, amina, rosa, born=born)
        june.kind = kind
        draft = {
            Basis.SELF: by_herself(given_on=given_on),
            Basis.RESPONSIBILITY: by_carer(rosa, given_on=given_on),
            Basis.GILLICK: judged(amina, given_on=given_on, judged_on=given_on),
        }[basis]
        if decides_alone(born, kind, on=given_on) == (basis is Basis.SELF):
            consents.record(db, amina, june.ref, draft)
            assert stands(db, june)
        else:
            assert faults(db, amina, june, draft) == ["basis"]
            assert not stands(db, june)
        undone.rollback()
    db.expire_all()


# --- What it is for ----------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.SHARE])
def test_each_purpose_is_asked_for_on_its_own(
    db: Session, amina: Actor, rosa: Person, purpose: Purpose
) -> None:
    consents.record(db, amina, rosa.ref, by_herself(purpose))

    others = [one for one in Purpose if one not in (purpose, Purpose.SHARE)]
    assert stands(db, rosa, purpose)
    assert not any(stands(db, rosa, other) for other in others)


def test_sharing_is_consented_to_agency_by_agency(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    council = make_agency(db, "Harbour Council")
    consents.record(db, amina, rosa.ref, by_herself(Purpose.SHARE, agency_ref=police.ref))

    assert holds(db, [rosa.id], Purpose.SHARE, agency_id=police.id) == {rosa.id}
    assert holds(db, [rosa.id], Purpose.SHARE, agency_id=council.id) == frozenset()


def test_an_agency_that_is_missing_unknown_or_closed_is_refused(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    police.is_active = False
    db.flush()

    for agency_ref in (None, "nothing", police.ref):
        draft = by_herself(Purpose.SHARE, agency_ref=agency_ref)
        assert faults(db, amina, rosa, draft) == ["agency"]


def test_asking_about_sharing_without_an_agency_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="agency"):
        consented(Purpose.SHARE)
    with pytest.raises(ValueError, match="agency"):
        consented(Purpose.QUOTE, agency_id=1)


def test_the_clause_finds_those_and_only_those_whose_consent_stands(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ines, maya = make_person(db, amina, "Ines"), make_person(db, amina, "Maya")
    for person in (rosa, ines):
        consents.record(db, amina, person.ref, by_herself(Purpose.QUOTE))
    consents.withdraw(db, amina, _refs(db, amina, ines)[0], on=TODAY, version=1)

    found = db.scalars(select(Person.id).where(consented(Purpose.QUOTE))).all()

    assert found == [rosa.id]
    assert holds(db, [rosa.id, ines.id, maya.id], Purpose.QUOTE) == {rosa.id}
    assert holds(db, [], Purpose.QUOTE) == frozenset()


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
    assert _refs(db, amina, rosa) == [second, first]


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


# --- What is shown -----------------------------------------------------------------------


def test_every_purpose_is_a_row_given_withdrawn_or_not_asked(
    db: Session, amina: Actor, rosa: Person, police: Agency
) -> None:
    consents.record(db, amina, rosa.ref, by_herself())
    photo = consents.record(db, amina, rosa.ref, by_herself(Purpose.PHOTO))
    consents.withdraw(db, amina, photo, on=TODAY, version=1)
    for agency in (police, make_agency(db, "Harbour Council")):
        draft = by_herself(Purpose.SHARE, agency_ref=agency.ref)
        consents.record(db, amina, rosa.ref, draft)

    rows = consent_view.by_purpose(consent_view.history(db, amina, rosa.ref))

    assert list(zip(rows["purpose"], rows["agency"], rows["state"], strict=True)) == [
        ("take_part", None, "given"),
        ("share", "Harbour Council", "given"),
        ("share", "Riverside Police", "given"),
        ("evaluation", None, "not_asked"),
        ("quote", None, "not_asked"),
        ("photo", None, "withdrawn"),
        ("contact_after", None, "not_asked"),
        ("volunteer_approach", None, "not_asked"),
    ]


def test_of_somebody_never_asked_every_row_says_so(db: Session, amina: Actor, rosa: Person) -> None:
    rows = consent_view.by_purpose(consent_view.history(db, amina, rosa.ref))

    assert set(rows["state"]) == {"not_asked"}
    assert len(rows) == len(Purpose)


def test_at_sixteen_what_her_carer_agreed_to_is_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person, time_stands_still: Clock
) -> None:
    consents.record(db, amina, june.ref, by_carer(rosa))
    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == [None]

    time_stands_still.go_on(days=1)

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == ["now_16"]
    assert stands(db, june)


def test_what_somebody_agreed_to_who_is_responsible_no_more_is_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    sister = child_of(db, amina, rosa, born=FIFTEEN)
    for child in (june, sister):
        consents.record(db, amina, child.ref, by_carer(rosa))
    kinship = db.scalars(select(Kinship).where(Kinship.relative_id == june.id)).one()
    kinship.has_responsibility = False
    db.flush()

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == ["not_responsible"]
    assert consent_view.history(db, amina, sister.ref)["ask_again"].tolist() == [None]


def test_what_was_taken_back_is_not_to_be_asked_again(
    db: Session, amina: Actor, rosa: Person, june: Person, time_stands_still: Clock
) -> None:
    ref = consents.record(db, amina, june.ref, by_carer(rosa))
    consents.withdraw(db, amina, ref, on=TODAY, version=1)

    time_stands_still.go_on(days=1)

    assert consent_view.history(db, amina, june.ref)["ask_again"].tolist() == [None]


def test_a_form_offers_what_can_be_on_the_days_one_may_record(
    db: Session, amina: Actor, ben: Actor, leila: Actor, rosa: Person, june: Person, police: Agency
) -> None:
    almost = consent_view.asking(db, amina, june.ref)
    lately = consent_view.asking(db, amina, child_of(db, amina, rosa, born=SIXTEEN).ref)

    assert (almost.bases, almost.is_under_age) == ((Basis.GILLICK, Basis.RESPONSIBILITY), True)
    assert (lately.bases, lately.is_under_age) == (tuple(Basis), False)
    assert consent_view.asking(db, amina, rosa.ref).bases == (Basis.SELF,)
    assert almost.carers == {rosa.ref: "Rosa Marsh"}
    assert almost.judges == {amina.ref: "Amina", ben.ref: "Ben"}
    assert almost.agencies == {police.ref: "Riverside Police"}


def test_who_has_a_place_and_has_not_agreed_to_take_part_is_to_be_asked(
    db: Session, amina: Actor, ben: Actor, rosa: Person
) -> None:
    group = make_group(db, amina, [ben])
    ines = make_person(db, amina, "Ines")
    assert not consent_view.to_ask(db, amina, rosa.ref)
    for person in (rosa, ines):
        make_place(db, amina, group, person)
    ref = consents.record(db, ben, ines.ref, by_herself())

    assert consent_view.to_ask_in_group(db, ben, group.ref) == {rosa.ref}
    assert consent_view.to_ask(db, ben, rosa.ref)
    assert not consent_view.to_ask(db, ben, ines.ref)

    consents.withdraw(db, ben, ref, on=TODAY, version=1)

    assert consent_view.to_ask_in_group(db, ben, group.ref) == {rosa.ref, ines.ref}


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


# --- Who may -----------------------------------------------------------------------------


def test_a_stranger_a_locked_out_colleague_and_a_wrong_reference_find_nobody(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, rosa: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), rosa)
    make_group(db, amina, [chloe], code_name="Friday walk")
    ref = consents.record(db, ben, rosa.ref, by_herself())
    lock = RecordLock(
        person_id=rosa.id,
        account_id=ben.account_id,
        reason="He knows her brother.",
        locked_by_id=amina.account_id,
        locked_at=clock.now(),
    )
    db.add(lock)
    db.flush()

    for actor in (chloe, ben):
        with pytest.raises(NotFoundError):
            consents.record(db, actor, rosa.ref, by_herself(Purpose.QUOTE))
        with pytest.raises(NotFoundError):
            consents.withdraw(db, actor, ref, on=TODAY, version=1)
        with pytest.raises(NotFoundError):
            consent_view.history(db, actor, rosa.ref)
        with pytest.raises(NotFoundError):
            consent_view.asking(db, actor, rosa.ref)
        assert not consent_view.to_ask(db, actor, rosa.ref)
    with pytest.raises(NotFoundError):
        consents.withdraw(db, amina, "nothing", on=TODAY, version=1)


def test_who_may_not_record_consents_sees_none(
    db: Session, leila: Actor, vik: Actor, ada: Actor, erin: Actor, rosa: Person
) -> None:
    for actor in (leila, vik, ada, erin):
        with pytest.raises(NotPermittedError):
            consents.record(db, actor, rosa.ref, by_herself())
        with pytest.raises(NotPermittedError):
            consents.withdraw(db, actor, "nothing", on=TODAY, version=1)
        with pytest.raises(NotPermittedError):
            consent_view.history(db, actor, rosa.ref)
        with pytest.raises(NotPermittedError):
            consent_view.to_ask_in_group(db, actor, "nothing")


@pytest.mark.parametrize("given_on", [TODAY + timedelta(days=1), date(2021, 9, 15)])
def test_a_day_to_come_or_long_ago_is_refused(
    db: Session, amina: Actor, rosa: Person, given_on: date
) -> None:
    assert faults(db, amina, rosa, by_herself(given_on=given_on)) == ["given_on"]


def test_a_day_before_she_was_born_is_refused(db: Session, amina: Actor, rosa: Person) -> None:
    june = child_of(db, amina, rosa, born=TODAY)

    assert faults(db, amina, june, by_carer(rosa, given_on=YESTERDAY)) == ["given_on"]


def test_the_log_says_for_what_and_how_and_never_why(
    db: Session, amina: Actor, june: Person
) -> None:
    ref = consents.record(db, amina, june.ref, judged(amina))
    recorded = last_entry(db)
    consents.withdraw(db, amina, ref, on=TODAY, reason="A private matter", version=1)
    withdrawn = last_entry(db)

    assert (recorded.action, recorded.subject) == ("consent.recorded", f"person:{june.ref}")
    assert json.loads(recorded.details) == {
        "basis": "gillick", "consent": ref, "purpose": "take_part",
    }  # fmt: skip
    assert withdrawn.action == "consent.withdrawn"
    assert json.loads(withdrawn.details) == {"consent": ref, "purpose": "take_part"}


def test_the_whole_page_of_one_person_costs_a_few_queries(
    db: Session, amina: Actor, rosa: Person, count_queries: object
) -> None:
    previous = None
    for _again in range(5):
        previous = consents.record(db, amina, rosa.ref, by_herself(after=previous))
        consents.withdraw(db, amina, previous, on=TODAY, version=1)

    with count_queries() as statements:  # type: ignore[operator]
        consent_view.history(db, amina, rosa.ref)
        consent_view.asking(db, amina, rosa.ref)

    assert len(statements) <= 6


def test_consents_are_counted_by_nobody_twice_when_a_carer_has_several_children(
    db: Session, amina: Actor, rosa: Person
) -> None:
    """Her responsibility for one child says nothing about another."""
    june = child_of(db, amina, rosa, born=FIFTEEN)
    draft = PersonDraft(kind=CHILD, first_name="Oli", last_name="Marsh", date_of_birth=FIFTEEN)
    oli = people.add_family(db, amina, [draft])[0]

    consents.record(db, amina, june.ref, by_carer(rosa))

    with pytest.raises(InvalidInputError):
        consents.record(db, amina, oli, by_carer(rosa))
    assert db.scalar(select(func.count()).select_from(Consent)) == 1


def _refs(db: Session, actor: Actor, person: Person) -> list[str]:
    return consent_view.history(db, actor, person.ref)["consent"].tolist()
