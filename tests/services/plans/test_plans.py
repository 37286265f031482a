"""Plans for families: made, changed and ended."""

from datetime import date

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Person, Plan, PlanMember
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor
from services.plans import interventions, plan_view, plans
from services.plans.interventions import InterventionDraft
from services.plans.plan_draft import MAX_TEXT
from services.plans.plans import as_members
from tests.make import make_person
from tests.services.plans.making import (
    REVIEW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    draft,
    faults,
    lock_out,
    offered,
    rows,
)

# --- Making ------------------------------------------------------------------------------


def test_a_plan_is_for_one_some_or_all_of_the_family(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, june, note=" Weekly calls "))

    (row,) = rows(db, amina, june)
    assert (row["plan"], row["intervention"]) == (ref, "Step Down and Recovery")
    assert (row["people"], row["worker"]) == ("Rosa Marsh, June Marsh", "Amina")
    assert (row["starts_on"], row["review_on"], row["ends_on"]) == (TODAY, REVIEW, None)
    assert (row["note"], row["is_due"]) == ("Weekly calls", False)


def test_a_family_has_plans_in_any_combination_the_open_ones_first_in_the_lists_order(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    names = ["Other", "Community IDVA support", "Support with complex needs"]
    refs = [
        plans.make(db, amina, rosa.ref, draft(db, amina, june, intervention_ref=offered(db, name)))
        for name in names
    ]
    plans.end(db, amina, refs[1], on=TODAY, reason="Safe now", version=1)

    assert [row["intervention"] for row in rows(db, amina, rosa)] == [
        "Support with complex needs", "Other", "Community IDVA support",
    ]  # fmt: skip


def test_one_open_plan_a_family_and_intervention(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    first = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))

    with pytest.raises(ConflictError, match="open plan for this already"):
        plans.make(db, amina, june.ref, draft(db, amina, june))

    plans.end(db, amina, first, on=TODAY, reason="Moved away", version=1)
    assert plans.make(db, amina, june.ref, draft(db, amina, june))


def test_the_database_itself_holds_one_open_plan(db: Session, amina: Actor, rosa: Person) -> None:
    plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    known = db.scalars(select(Plan)).one()
    twin = insert(Plan).values(
        family_id=known.family_id,
        intervention_id=known.intervention_id,
        worker_id=known.worker_id,
        starts_on=TODAY,
        version=1,
    )

    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(twin)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"member_refs": []}, "members"),
        ({"member_refs": ["nobody"]}, "members"),
        ({"starts_on": date(2021, 9, 15)}, "starts_on"),
        ({"starts_on": date(2027, 9, 17), "review_on": None}, "starts_on"),
        ({"review_on": YESTERDAY}, "review_on"),
        ({"review_on": date(2027, 9, 17)}, "review_on"),
        ({"note": "x" * (MAX_TEXT + 1)}, "note"),
        ({"worker_ref": "nobody"}, "worker"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, rosa: Person, change: dict[str, object], field: str
) -> None:
    assert faults(db, amina, rosa, draft(db, amina, rosa, **change)) == [field]
    assert db.scalar(select(func.count()).select_from(Plan)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"starts_on": date(2021, 9, 16)},
        {"starts_on": date(2027, 9, 16), "review_on": date(2027, 9, 16)},
        {"note": "x" * MAX_TEXT},
    ],
)
def test_the_first_day_the_last_day_and_the_longest_words_are_taken(
    db: Session, amina: Actor, rosa: Person, change: dict[str, object]
) -> None:
    assert plans.make(db, amina, rosa.ref, draft(db, amina, rosa, **change))


def test_somebody_of_another_family_is_refused(db: Session, amina: Actor, rosa: Person) -> None:
    stranger = make_person(db, amina, "Ines", "Vale")

    assert faults(db, amina, rosa, draft(db, amina, rosa, stranger)) == ["members"]


def test_an_intervention_that_was_switched_off_is_not_to_be_had(
    db: Session, amina: Actor, ada: Actor, rosa: Person
) -> None:
    filled = draft(db, amina, rosa)
    off = InterventionDraft(name="Step Down and Recovery", is_active=False)
    interventions.change(db, ada, filled.intervention_ref, off, version=1)

    with pytest.raises(NotFoundError, match="intervention"):
        plans.make(db, amina, rosa.ref, filled)


# --- Changing ----------------------------------------------------------------------------


def test_a_review_is_done_by_giving_the_next_day(db: Session, amina: Actor, rosa: Person) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, review_on=TODAY))
    assert rows(db, amina, rosa)[0]["is_due"]
    seen = plans.details(db, amina, ref)

    plans.change(db, amina, ref, {**seen.values, "review_on": REVIEW}, seen=seen)

    assert not rows(db, amina, rosa)[0]["is_due"]
    assert plan_view.to_review(db, amina).empty


@pytest.mark.usefixtures("bens")
def test_worker_people_and_note_can_change(
    db: Session, amina: Actor, ben: Actor, rosa: Person, june: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, june))
    seen = plans.details(db, amina, ref)
    mine = {
        "worker": ben.ref,
        "members": as_members([rosa.ref, june.ref]),
        "review_on": None,
        "note": " Every second week ",
    }

    plans.change(db, amina, ref, mine, seen=seen)

    (row,) = rows(db, amina, rosa)
    assert (row["people"], row["worker"], row["review_on"], row["note"]) == (
        "Rosa Marsh, June Marsh", "Ben", None, "Every second week",
    )  # fmt: skip
    assert row["version"] == 2


def test_people_alone_changed_make_an_older_form_stale(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    seen = plans.details(db, amina, ref)
    both = as_members([rosa.ref, june.ref])
    plans.change(db, amina, ref, {**seen.values, "members": both}, seen=seen)

    with pytest.raises(ConflictError) as refused:
        plans.change(db, amina, ref, {**seen.values, "note": "Mine"}, seen=seen)

    assert [
        (one.field, one.changed_by_me, one.changed_by_them) for one in refused.value.differences
    ] == [("members", False, True), ("note", True, False)]
    assert rows(db, amina, rosa)[0]["note"] is None


def test_saving_what_stands_there_already_changes_nothing(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    seen = plans.details(db, amina, ref)

    plans.change(db, amina, ref, seen.values, seen=seen)

    assert plans.details(db, amina, ref).version == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"members": ""}, "members"),
        ({"members": "nobody"}, "members"),
        ({"review_on": YESTERDAY}, "review_on"),
        ({"note": "x" * (MAX_TEXT + 1)}, "note"),
        ({"worker": None}, "worker"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, rosa: Person, change: dict[str, str], field: str
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    seen = plans.details(db, amina, ref)

    with pytest.raises(InvalidInputError) as refused:
        plans.change(db, amina, ref, {**seen.values, **change}, seen=seen)

    assert list(refused.value.problems) == [field]


def test_whom_she_may_not_see_stays_in_the_plan_she_changes(
    db: Session, amina: Actor, leila: Actor, rosa: Person, june: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, june))
    lock_out(db, amina, june)
    seen = plans.details(db, amina, ref)
    assert seen.values["members"] == rosa.ref

    plans.change(db, amina, ref, {**seen.values, "note": "Changed"}, seen=seen)

    kept = set(db.scalars(select(PlanMember.person_id)))
    assert kept == {rosa.id, june.id}


# --- Ending ------------------------------------------------------------------------------


def test_an_ended_plan_stays_in_the_list_with_how_it_ended(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, starts_on=YESTERDAY))

    plans.end(db, amina, ref, on=TODAY, reason=" She has what she needs ", version=1)

    (row,) = rows(db, amina, rosa)
    assert (row["ends_on"], row["ending"]) == (TODAY, "She has what she needs")
    with pytest.raises(ConflictError, match="ended meanwhile"):
        plans.end(db, amina, ref, on=TODAY, reason="Again", version=2)


def test_a_plan_given_up_before_its_first_day_ends_on_it(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, starts_on=TOMORROW))

    plans.end(db, amina, ref, on=TOMORROW, reason="Not wanted after all", version=1)

    assert rows(db, amina, rosa)[0]["ends_on"] == TOMORROW


@pytest.mark.parametrize(
    ("on", "reason", "fields"),
    [
        (YESTERDAY, "Over", ["ends_on"]),
        (TOMORROW, "Over", ["ends_on"]),
        (TODAY, "  ", ["ending"]),
        (TODAY, "x" * (MAX_TEXT + 1), ["ending"]),
    ],
)
def test_an_ending_that_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, rosa: Person, on: date, reason: str, fields: list[str]
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))

    with pytest.raises(InvalidInputError) as refused:
        plans.end(db, amina, ref, on=on, reason=reason, version=1)

    assert list(refused.value.problems) == fields


def test_a_plan_changed_meanwhile_is_not_ended_unseen(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    seen = plans.details(db, amina, ref)
    plans.change(db, amina, ref, {**seen.values, "note": "New"}, seen=seen)

    with pytest.raises(ConflictError, match="while you had it open"):
        plans.end(db, amina, ref, on=TODAY, reason="Over", version=1)
