"""Who is what to whom: relations that can be, parental responsibility, and who sees them."""

import random
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Kinship, Person, PersonKind, Relation
from services.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import kinships, people
from services.people.kinships import KinshipDraft
from services.people.people import PersonDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place

DESCENT = (Relation.MOTHER, Relation.FATHER, Relation.GRANDPARENT)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, date_of_birth=date(1990, 1, 1))


@pytest.fixture
def kit(db: Session, amina: Actor) -> Person:
    """A child of another family."""
    return make_person(
        db, amina, "Kit", "Rowe", kind=PersonKind.CHILD, date_of_birth=date(2018, 1, 1)
    )


def relate(
    db: Session,
    actor: Actor,
    person: Person,
    relative: Person,
    relation: Relation = Relation.MOTHER,
    *,
    responsible: bool = False,
    note: str = "",
) -> KinshipDraft:
    draft = KinshipDraft(
        person_ref=person.ref,
        relative_ref=relative.ref,
        relation=relation,
        has_responsibility=responsible,
        note=note,
    )
    kinships.add(db, actor, draft)
    return draft


def test_both_see_what_they_are_to_each_other_across_families(
    db: Session, amina: Actor, dana: Person, kit: Person
) -> None:
    relate(db, amina, dana, kit, responsible=True, note="Lives with her by court order")

    (row,) = kinships.of_person(db, amina, kit.ref).to_dict("records")
    assert (row["other_ref"], row["relation"], row["is_relation_of_her"]) == (
        dana.ref, "mother", True,
    )  # fmt: skip
    assert (row["has_responsibility"], row["note"]) == (True, "Lives with her by court order")
    (row,) = kinships.of_person(db, amina, dana.ref).to_dict("records")
    assert (row["name"], row["age_band"], row["is_relation_of_her"]) == ("Kit Rowe", "5-8", False)


def test_a_facilitator_sees_no_relative_who_is_not_hers(
    db: Session, amina: Actor, ben: Actor, dana: Person, kit: Person
) -> None:
    relate(db, amina, dana, kit)
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, dana)
    assert kinships.of_person(db, ben, dana.ref).empty

    make_place(db, amina, group, kit)

    assert kinships.of_person(db, ben, dana.ref)["name"].tolist() == ["Kit Rowe"]


def test_nobody_is_her_own_relation(db: Session, amina: Actor, dana: Person) -> None:
    with pytest.raises(InvalidInputError) as refused:
        relate(db, amina, dana, dana, Relation.SIBLING)
    assert list(refused.value.problems) == ["relative"]


@pytest.mark.parametrize("relation", list(Relation))
def test_two_people_are_related_once_whichever_way_round(
    db: Session, amina: Actor, dana: Person, kit: Person, relation: Relation
) -> None:
    relate(db, amina, dana, kit)

    for one, other in ((dana, kit), (kit, dana)):
        with pytest.raises(AppError):
            relate(db, amina, one, other, relation)

    assert len(kinships.of_person(db, amina, dana.ref)) == 1


@pytest.mark.parametrize("relation", DESCENT)
def test_a_parent_is_older_than_her_child(
    db: Session, amina: Actor, dana: Person, kit: Person, relation: Relation
) -> None:
    with pytest.raises(InvalidInputError, match="wrong way round"):
        relate(db, amina, kit, dana, relation)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_recorded_nobody_stands_above_herself(
    db: Session, amina: Actor, seed: int
) -> None:
    chance = random.Random(seed)
    everybody = [make_person(db, amina, f"Kit{number}") for number in range(5)]
    for _try in range(25):
        one, other = chance.sample(everybody, 2)
        try:
            relate(db, amina, one, other, chance.choice(DESCENT))
        except AppError:
            continue

    lines = db.execute(select(Kinship.person_id, Kinship.relative_id)).all()
    above = {one.id: {parent for parent, child in lines if child == one.id} for one in everybody}
    for one in everybody:
        found = set(above[one.id])
        for _generation in everybody:
            found |= {elder for parent in found for elder in above[parent]}
        assert one.id not in found
    assert len(lines) > 3


@pytest.mark.parametrize(
    ("person", "relative", "relation"),
    [
        ("dana", "zoe", Relation.MOTHER),  # nobody is responsible for a grown woman
        ("ari", "kit", Relation.SIBLING),  # nor a child for another
    ],
)
def test_parental_responsibility_is_an_adults_or_parents_for_a_child(
    db: Session, amina: Actor, dana: Person, kit: Person, person: str, relative: str,
    relation: Relation,
) -> None:  # fmt: skip
    there = {
        "dana": dana,
        "kit": kit,
        "zoe": make_person(db, amina, "Zoe"),
        "ari": make_person(db, amina, "Ari", kind=PersonKind.CHILD),
    }
    with pytest.raises(InvalidInputError) as refused:
        relate(db, amina, there[person], there[relative], relation, responsible=True)
    assert list(refused.value.problems) == ["has_responsibility"]


def test_a_mother_under_eighteen_has_parental_responsibility(
    db: Session, amina: Actor, kit: Person
) -> None:
    young = make_person(db, amina, "Ari", kind=PersonKind.CHILD, date_of_birth=date(2010, 1, 1))

    relate(db, amina, young, kit, responsible=True)

    assert kinships.of_person(db, amina, kit.ref)["has_responsibility"].tolist() == [True]


def test_a_relation_is_changed_and_taken_back(
    db: Session, amina: Actor, dana: Person, kit: Person
) -> None:
    relate(db, amina, dana, kit, Relation.GUARDIAN)
    changed = KinshipDraft(
        person_ref=dana.ref, relative_ref=kit.ref, relation=Relation.FOSTER_CARER, note="Order"
    )

    kinships.change(db, amina, changed, version=1)
    assert kinships.of_person(db, amina, kit.ref)["relation"].tolist() == ["foster_carer"]

    kinships.remove(db, amina, dana.ref, kit.ref, version=2)
    assert kinships.of_person(db, amina, kit.ref).empty


def test_a_stale_change_or_removal_is_told_and_changes_nothing(
    db: Session, amina: Actor, dana: Person, kit: Person
) -> None:
    draft = relate(db, amina, dana, kit, Relation.GUARDIAN)
    kinships.change(
        db, amina,
        KinshipDraft(person_ref=dana.ref, relative_ref=kit.ref, relation=Relation.STEP_PARENT),
        version=1,
    )  # fmt: skip

    with pytest.raises(ConflictError):
        kinships.change(db, amina, draft, version=1)
    with pytest.raises(ConflictError):
        kinships.remove(db, amina, dana.ref, kit.ref, version=1)

    assert kinships.of_person(db, amina, kit.ref)["relation"].tolist() == ["step_parent"]


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}"])
def test_somebody_is_found_by_her_code_however_it_is_typed(
    db: Session, amina: Actor, kit: Person, typed: str
) -> None:
    code = kit.code

    ref = kinships.by_code(db, amina, typed.format(code, code.lower(), code.replace("-", " ")))

    assert ref == kit.ref


def test_a_code_of_nobody_or_of_somebody_elses_person_reads_the_same(
    db: Session, amina: Actor, ben: Actor, kit: Person
) -> None:
    for actor, code in ((amina, "ABC-DEFG"), (ben, kit.code)):
        with pytest.raises(InvalidInputError, match="nobody with this reference"):
            kinships.by_code(db, actor, code)


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_records_relations(
    db: Session, amina: Actor, dana: Person, kit: Person, stranger: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    draft = relate(db, amina, dana, kit)
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: kinships.add(db, actor, draft),
        lambda: kinships.change(db, actor, draft, version=1),
        lambda: kinships.remove(db, actor, dana.ref, kit.ref, version=1),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_an_unknown_person_is_not_found(db: Session, amina: Actor, dana: Person) -> None:
    with pytest.raises(NotFoundError):
        relate(db, amina, dana, Person(ref="nobody"))
    with pytest.raises(NotFoundError):
        kinships.of_person(db, amina, "nobody")


def test_the_log_names_records_and_no_words(
    db: Session, amina: Actor, dana: Person, kit: Person
) -> None:
    relate(db, amina, dana, kit, note="By court order")

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("kinship.added", f"person:{kit.ref}")
    assert entry.details == f'{{"relative": "{dana.ref}"}}'


def test_relations_stay_when_somebody_joins_the_family(
    db: Session, amina: Actor, dana: Person, kit: Person
) -> None:
    relate(db, amina, dana, kit)
    family = people.summary(db, amina, dana.ref).family_ref
    draft = PersonDraft(kind=PersonKind.CHILD, first_name="Ari", last_name="Okoro")
    people.add_to_family(db, amina, family, draft)

    assert kinships.of_person(db, amina, dana.ref)["name"].tolist() == ["Kit Rowe"]
