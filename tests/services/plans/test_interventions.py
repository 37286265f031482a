"""The list of interventions: shipped whole, then the charity's own, and never taken apart."""

import json

import pytest
from alembic import command
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import AuditEntry, Family, Intervention, Organisation, Plan
from services import clock, schema
from services.db import engine
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.plans import interventions
from services.plans.interventions import MAX_NAME, InterventionDraft

SHIPPED = [
    "Community IDVA support",
    "Engage, for couples who stay together",
    "Support with complex needs",
    "Step Down and Recovery",
    "Children and young people, one to one and in groups",
    "Culture of Engagement, training for professionals",
    "Other",
]


def names(db: Session) -> list[str]:
    return list(interventions.choices(db).values())


def ref_of(db: Session, name: str) -> str:
    return next(ref for ref, known in interventions.choices(db).items() if known == name)


# --- What a new organisation starts with -------------------------------------------------


def test_a_new_organisation_starts_with_the_six_and_other(db: Session) -> None:
    assert names(db) == SHIPPED


def test_an_organisation_from_before_the_list_is_given_it_too(database: str) -> None:
    with schema._connection(engine()) as connection:
        command.downgrade(schema._config(connection), "0002")

    schema.upgrade()

    with Session(engine()) as db:
        assert names(db) == SHIPPED


def test_an_empty_database_gets_the_list_with_its_organisation_only(database: str) -> None:
    schema.downgrade(engine())

    schema.upgrade()

    with Session(engine()) as db:
        assert db.scalar(select(Organisation)) is None
        assert names(db) == []


# --- Changing it -------------------------------------------------------------------------


def test_one_more_stands_at_the_end(db: Session, ada: Actor) -> None:
    ref = interventions.add(db, ada, "  Support at court ")

    assert list(interventions.choices(db).items())[-1] == (ref, "Support at court")


def test_one_is_renamed_and_keeps_its_reference(db: Session, ada: Actor) -> None:
    ref = ref_of(db, "Other")

    interventions.change(db, ada, ref, InterventionDraft(name="Something else"), version=1)

    assert interventions.choices(db)[ref] == "Something else"


@pytest.mark.parametrize(
    ("position", "expected"),
    [(1, 0), (3, 2), (7, 6), (99, 6), (None, 6)],
)
def test_one_moves_to_its_place_and_the_others_make_room(
    db: Session, ada: Actor, position: int | None, expected: int
) -> None:
    ref = ref_of(db, "Step Down and Recovery")
    draft = InterventionDraft(name="Step Down and Recovery", position=position)

    interventions.change(db, ada, ref, draft, version=1)

    assert names(db).index("Step Down and Recovery") == expected
    assert [name for name in names(db) if name != draft.name] == [
        name for name in SHIPPED if name != draft.name
    ]
    assert interventions.listed(db, ada)["position"].tolist() == list(range(1, 8))


def test_making_room_does_not_make_the_others_forms_stale(db: Session, ada: Actor) -> None:
    first = InterventionDraft(name="Other", position=1)
    interventions.change(db, ada, ref_of(db, "Other"), first, version=1)

    ref = ref_of(db, SHIPPED[0])
    interventions.change(db, ada, ref, InterventionDraft(name="IDVA", position=2), version=1)

    assert names(db)[:2] == ["Other", "IDVA"]


def test_one_switched_off_is_offered_no_more_and_can_come_back(db: Session, ada: Actor) -> None:
    ref = ref_of(db, "Other")
    off = InterventionDraft(name="Other", position=7, is_active=False)
    interventions.change(db, ada, ref, off, version=1)

    assert "Other" not in names(db)
    assert interventions.listed(db, ada)["name"].tolist() == SHIPPED
    with pytest.raises(NotFoundError, match="intervention"):
        interventions.offered(db, [ref])

    interventions.change(db, ada, ref, InterventionDraft(name="Other"), version=2)

    assert names(db) == SHIPPED


def test_what_a_plan_was_made_with_cannot_be_deleted(db: Session, ada: Actor) -> None:
    family = Family(created_at=clock.now())
    db.add(family)
    db.flush()
    one = db.scalars(select(Intervention)).first()
    assert one is not None
    db.execute(
        insert(Plan).values(
            family_id=family.id,
            intervention_id=one.id,
            worker_id=ada.account_id,
            starts_on=clock.today(),
            version=1,
        )
    )

    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(delete(Intervention).where(Intervention.id == one.id))


# --- Refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1), "other", " OTHER "])
def test_a_name_that_is_empty_too_long_or_taken_is_refused(
    db: Session, ada: Actor, name: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        interventions.add(db, ada, name)
    assert list(refused.value.problems) == ["name"]

    first = ref_of(db, SHIPPED[0])
    with pytest.raises(InvalidInputError) as refused:
        interventions.change(db, ada, first, InterventionDraft(name=name), version=1)
    assert list(refused.value.problems) == ["name"]
    assert names(db) == SHIPPED


def test_a_place_before_the_first_is_refused(db: Session, ada: Actor) -> None:
    ref, draft = ref_of(db, "Other"), InterventionDraft(name="Other", position=0)

    with pytest.raises(InvalidInputError) as refused:
        interventions.change(db, ada, ref, draft, version=1)

    assert list(refused.value.problems) == ["position"]


def test_a_stale_form_is_told_what_stands_there_now(db: Session, ada: Actor) -> None:
    ref = ref_of(db, "Other")
    interventions.change(db, ada, ref, InterventionDraft(name="Elsewhere"), version=1)

    with pytest.raises(ConflictError, match="changed this line") as refused:
        interventions.change(db, ada, ref, InterventionDraft(name="Anything"), version=1)

    assert refused.value.theirs == "Elsewhere"
    assert interventions.choices(db)[ref] == "Elsewhere"


def test_an_unknown_one_is_not_found(db: Session, ada: Actor) -> None:
    with pytest.raises(NotFoundError):
        interventions.change(db, ada, "nothing", InterventionDraft(name="New"), version=1)
    with pytest.raises(NotFoundError):
        interventions.offered(db, [ref_of(db, "Other"), "nothing"])


def test_only_an_administrator_changes_the_list(db: Session, amina: Actor, leila: Actor) -> None:
    ref, draft = ref_of(db, "Other"), InterventionDraft(name="New")
    for actor in (amina, leila):
        with pytest.raises(NotPermittedError):
            interventions.listed(db, actor)
        with pytest.raises(NotPermittedError):
            interventions.add(db, actor, "Support at court")
        with pytest.raises(NotPermittedError):
            interventions.change(db, actor, ref, draft, version=1)


def test_the_log_says_that_the_list_changed_and_not_what_it_says(db: Session, ada: Actor) -> None:
    ref = interventions.add(db, ada, "Support at court")

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()

    assert (entry.action, entry.subject) == ("intervention.added", f"intervention:{ref}")
    assert json.loads(entry.details) == {"offered": True}
