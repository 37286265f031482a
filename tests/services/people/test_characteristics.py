"""Protected characteristics: asked once, kept apart, and read in totals with small ones hidden."""

import inspect
from collections.abc import Mapping

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Characteristic, Person, PersonKind
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import characteristics
from services.people.characteristic_questions import NOT_SAID, OWN_WORDS, question, questions
from services.people.characteristics import NOT_ASKED, Given
from services.permissions import Actor
from tests.make import make_group, make_person, make_place


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


def answers(**given: str) -> Mapping[str, Given]:
    return {key: Given(answer) for key, answer in given.items()}


def open_keys(db: Session, actor: Actor, person: Person) -> list[str]:
    return [one.key for one in characteristics.unasked(db, actor, person.ref)]


def test_the_ethnic_groups_are_the_nineteen_of_the_census_in_order() -> None:
    labels = list(question("ethnic_group").answers.values())

    assert len(labels) == 19
    assert [label.partition(":")[0].split()[0] for label in labels] == [
        *["White"] * 5, *["Mixed"] * 4, *["Asian"] * 5, *["Black,"] * 3, *["Other"] * 2,
    ]  # fmt: skip


def test_every_question_can_be_left_unsaid_and_fits_its_column() -> None:
    for one in questions().questions:
        assert list(one.choices)[-1] == NOT_SAID
        assert all(len(answer) <= 60 for answer in one.choices)
        assert len(one.key) <= 40


def test_what_was_asked_is_never_asked_again_and_never_shown(
    db: Session, amina: Actor, dana: Person
) -> None:
    before = open_keys(db, amina, dana)

    given = answers(religion="none", ethnic_group="white_irish")
    characteristics.record(db, amina, dana.ref, given)

    after = open_keys(db, amina, dana)
    assert [key for key in before if key not in after] == ["ethnic_group", "religion"]
    assert "white_irish" not in str(characteristics.unasked(db, amina, dana.ref)[0].key)


def test_no_function_gives_back_one_persons_answers() -> None:
    public = [
        function
        for name, function in inspect.getmembers(characteristics, inspect.isfunction)
        if function.__module__ == characteristics.__name__ and not name.startswith("_")
    ]
    about_one = [f for f in public if "ref" in inspect.signature(f).parameters]

    returned = {str(inspect.signature(f).return_annotation) for f in about_one}
    assert returned == {"None", "tuple[services.people.characteristic_questions.Question, ...]"}


def test_not_saying_is_an_answer_and_not_asking_is_none(
    db: Session, amina: Actor, leila: Actor, dana: Person
) -> None:
    characteristics.record(db, amina, dana.ref, answers(caring=NOT_SAID))

    assert "caring" not in open_keys(db, amina, dana)
    assert db.scalars(select(Characteristic.answer)).all() == [NOT_SAID]
    assert "religion" in open_keys(db, amina, dana)


def test_her_own_words_are_kept_encrypted_and_not_beside_not_saying(
    db: Session, amina: Actor, dana: Person
) -> None:
    given = {
        "religion": Given(OWN_WORDS, own_words=" Quaker "),
        "caring": Given(NOT_SAID, own_words="for her mother"),
    }
    characteristics.record(db, amina, dana.ref, given)

    rows = db.execute(select(Characteristic.question, Characteristic.own_words)).all()
    assert sorted(rows) == [("caring", None), ("religion", "Quaker")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "answers"),
        ({"religion": Given("jedi")}, "religion"),
        ({"shoe_size": Given("5")}, "shoe_size"),
        ({"sex": Given(OWN_WORDS, "x")}, "sex"),
        ({"religion": Given(OWN_WORDS, " ")}, "religion"),
        ({"religion": Given("none", "x" * 201)}, "religion"),
    ],
)
def test_what_cannot_be_answered_is_refused_at_its_question(
    db: Session, amina: Actor, dana: Person, given: Mapping[str, Given], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        characteristics.record(db, amina, dana.ref, given)

    assert list(refused.value.problems) == [field]
    assert db.scalars(select(Characteristic.id)).all() == []


def test_of_two_who_ask_the_first_answer_stays(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), dana)
    characteristics.record(db, amina, dana.ref, answers(religion="none"))

    with pytest.raises(ConflictError, match="A colleague asked"):
        characteristics.record(db, ben, dana.ref, answers(religion="sikh", sex="female"))

    assert db.scalars(select(Characteristic.answer)).all() == ["none"]


def test_she_may_change_an_answer_she_gave(db: Session, amina: Actor, dana: Person) -> None:
    with pytest.raises(ConflictError, match="not been asked"):
        characteristics.correct(db, amina, dana.ref, "religion", Given("sikh"))
    characteristics.record(db, amina, dana.ref, answers(religion="none"))

    characteristics.correct(db, amina, dana.ref, "religion", Given("sikh"))

    assert db.scalars(select(Characteristic.answer)).all() == ["sikh"]


def test_a_child_is_not_asked_what_is_for_adults(db: Session, amina: Actor) -> None:
    kit = make_person(db, amina, "Kit", kind=PersonKind.CHILD)

    adults_only = {"sexual_orientation", "marital_status", "pregnancy"}
    assert not adults_only & set(open_keys(db, amina, kit))
    with pytest.raises(ConflictError):
        characteristics.record(db, amina, kit.ref, answers(pregnancy="neither"))


def test_somebody_elses_people_are_asked_nothing(db: Session, chloe: Actor, dana: Person) -> None:
    for attempt in (
        lambda: characteristics.unasked(db, chloe, dana.ref),
        lambda: characteristics.record(db, chloe, dana.ref, answers(sex="female")),
        lambda: characteristics.correct(db, chloe, dana.ref, "sex", Given("female")),
    ):
        with pytest.raises(NotFoundError):
            attempt()


@pytest.mark.parametrize("stranger", ["leila", "ada", "vik", "erin"])
def test_other_roles_ask_nobody(
    db: Session, dana: Person, stranger: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: characteristics.unasked(db, actor, dana.ref),
        lambda: characteristics.record(db, actor, dana.ref, answers(sex="female")),
        lambda: characteristics.correct(db, actor, dana.ref, "sex", Given("female")),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_the_log_says_how_many_and_not_which(db: Session, amina: Actor, dana: Person) -> None:
    characteristics.record(db, amina, dana.ref, answers(religion="sikh", sex="female"))

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.details) == ("characteristics.asked", '{"answers": 2}')


# --- In totals ---------------------------------------------------------------------------


def people_who_said(db: Session, actor: Actor, **counts: int) -> None:
    for answer, count in counts.items():
        for _person in range(count):
            person = make_person(db, actor)
            characteristics.record(db, actor, person.ref, answers(sex=answer))


def test_totals_count_everybody_once_and_say_how_many_were_not_asked(
    db: Session, amina: Actor, leila: Actor
) -> None:
    people_who_said(db, amina, female=12, male=6, prefer_not_to_say=5)
    for _person in range(7):
        make_person(db, amina)

    found = characteristics.totals(db, leila, "sex")

    assert dict(found.people.itertuples(index=False)) == {
        "Female": 12, "Male": 6, "Prefers not to say": 5, NOT_ASKED: 7, "Total": 30,
    }  # fmt: skip
    assert found.hidden_below == 5


def test_a_small_number_is_hidden_with_what_would_give_it_away(
    db: Session, amina: Actor, leila: Actor
) -> None:
    people_who_said(db, amina, female=12, male=1)
    for _person in range(6):
        make_person(db, amina)

    shown = characteristics.totals(db, leila, "sex").people.set_index("answer")["people"]

    assert pd.isna(shown["Male"])
    assert shown.isna().sum() >= 2
    assert shown["Total"] == 19


def test_outside_the_house_more_is_hidden(db: Session, amina: Actor, vik: Actor) -> None:
    people_who_said(db, amina, female=12, male=6, prefer_not_to_say=5)

    found = characteristics.totals(db, vik, "sex")

    assert found.hidden_below == 10
    assert found.people["people"].isna().sum() >= 2


def test_of_two_joined_records_one_is_counted(db: Session, amina: Actor, leila: Actor) -> None:
    people_who_said(db, amina, female=11)
    one, other = db.scalars(select(Person).limit(2))
    one.merged_into_id = other.id
    db.flush()

    found = characteristics.totals(db, leila, "sex").people.set_index("answer")["people"]

    assert (found["Female"], found["Total"]) == (10, 10)


def test_with_nobody_there_every_total_is_nought(db: Session, leila: Actor) -> None:
    found = characteristics.totals(db, leila, "ethnic_group").people

    assert found["people"].sum() == 0
    assert len(found) == 19 + 4


@pytest.mark.parametrize("stranger", ["amina", "ben", "ada", "erin"])
def test_totals_are_for_those_who_read_outcomes(
    db: Session, stranger: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        characteristics.totals(db, request.getfixturevalue(stranger), "sex")
