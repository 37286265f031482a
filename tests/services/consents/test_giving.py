"""Who may give consent at which age, and who judges where a child gives it."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Basis, Person, PersonKind, Purpose
from services.consents import consent_view, consents
from services.consents.consent_draft import MAX_TEXT, decides_alone
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.services.consents.asking import (
    CHILD,
    FIFTEEN,
    SIXTEEN,
    TODAY,
    YESTERDAY,
    by_carer,
    by_herself,
    child_of,
    faults,
    judged,
    stands,
)


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
