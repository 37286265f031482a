"""Plans for families: made, changed, ended, reviewed, and seen as far as the reader may."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Account, AuditEntry, Person, PersonKind, Plan, PlanMember, RecordLock
from services import clock
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
from services.plans import interventions, plan_view, plans
from services.plans.interventions import InterventionDraft
from services.plans.plan_draft import MAX_TEXT
from services.plans.plans import PlanDraft, as_members
from tests.make import make_group, make_person, make_place

TODAY = date(2026, 9, 16)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
REVIEW = date(2026, 12, 16)


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    """A mother."""
    return make_person(db, amina, "Rosa", "Marsh")


@pytest.fixture
def june(db: Session, amina: Actor, rosa: Person) -> Person:
    """Her daughter."""
    summary = people.summary(db, amina, rosa.ref)
    draft = PersonDraft(kind=PersonKind.CHILD, first_name="June", last_name="Marsh")
    ref = people.add_to_family(db, amina, summary.family_ref, draft)
    return db.scalars(select(Person).where(Person.ref == ref)).one()


@pytest.fixture
def bens(db: Session, amina: Actor, ben: Actor, rosa: Person) -> None:
    """Rosa has a place in a group of Ben's; June has not."""
    make_place(db, amina, make_group(db, amina, [ben]), rosa)


def offered(db: Session, name: str = "Step Down and Recovery") -> str:
    return next(ref for ref, known in interventions.choices(db).items() if known == name)


def draft(db: Session, worker: Actor, *members: Person, **more: object) -> PlanDraft:
    values: dict[str, object] = {
        "intervention_ref": offered(db),
        "worker_ref": worker.ref,
        "member_refs": [member.ref for member in members],
        "starts_on": TODAY,
        "review_on": REVIEW,
    }
    return PlanDraft(**(values | more))  # type: ignore[arg-type]


def rows(db: Session, actor: Actor, person: Person) -> list[dict[str, object]]:
    return plan_view.of_family(db, actor, person.ref).to_dict("records")


def faults(db: Session, actor: Actor, person: Person, filled: PlanDraft) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        plans.make(db, actor, person.ref, filled)
    return list(refused.value.problems)


def lock_out(db: Session, actor: Actor, person: Person) -> None:
    lock = RecordLock(
        person_id=person.id,
        account_id=actor.account_id,
        reason="They are cousins.",
        locked_by_id=actor.account_id,
        locked_at=clock.now(),
    )
    db.add(lock)
    db.flush()


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


# --- Its worker --------------------------------------------------------------------------


@pytest.mark.usefixtures("bens")
def test_a_facilitator_holds_a_plan_of_somebody_open_to_her(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, rosa: Person, june: Person
) -> None:
    assert plans.make(db, amina, rosa.ref, draft(db, ben, rosa, june))

    other = offered(db, "Other")
    assert faults(db, amina, rosa, draft(db, ben, june, intervention_ref=other)) == ["worker"]
    assert faults(db, amina, rosa, draft(db, chloe, rosa, intervention_ref=other)) == ["worker"]


def test_who_is_kept_out_of_the_record_closed_or_of_another_role_holds_none(
    db: Session, amina: Actor, leila: Actor, erin: Actor, rosa: Person, june: Person
) -> None:
    lock_out(db, amina, june)
    for worker, member in ((leila, rosa), (erin, rosa)):
        assert faults(db, amina, rosa, draft(db, worker, member)) == ["worker"]

    db.get_one(Account, amina.account_id).is_active = False
    db.flush()
    assert faults(db, amina, rosa, draft(db, amina, rosa)) == ["worker"]


def test_the_workers_offered_are_those_who_may_hold_plans(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor
) -> None:
    assert plan_view.workers(db, amina) == {amina.ref: "Amina", ben.ref: "Ben"}


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


# --- Who sees what -----------------------------------------------------------------------


@pytest.mark.usefixtures("bens")
def test_a_facilitator_reads_names_she_may_see_and_words_only_where_nobody_is_hidden(
    db: Session, amina: Actor, ben: Actor, rosa: Person, june: Person
) -> None:
    other = offered(db, "Other")
    plans.make(db, amina, rosa.ref, draft(db, amina, rosa, june, note="June is shy"))
    plans.make(db, amina, rosa.ref, draft(db, amina, rosa, note="Calls", intervention_ref=other))

    shared, alone = rows(db, ben, rosa)

    assert (shared["people"], shared["note"]) == ("Rosa Marsh", None)
    assert (alone["people"], alone["note"]) == ("Rosa Marsh", "Calls")
    assert plan_view.family(db, ben, rosa.ref) == {rosa.ref: "Rosa Marsh"}
    assert rows(db, ben, june) == [], "by the address of somebody she may not see"


def test_a_plan_is_offered_for_her_family_and_nobody_elses(
    db: Session, amina: Actor, rosa: Person, june: Person
) -> None:
    make_person(db, amina, "Vera", "Quill")

    assert plan_view.family(db, amina, june.ref) == {june.ref: "June Marsh", rosa.ref: "Rosa Marsh"}
    assert next(iter(plan_view.family(db, amina, june.ref))) == june.ref


@pytest.mark.usefixtures("bens")
def test_a_plan_for_nobody_she_may_see_is_not_there(
    db: Session, amina: Actor, ben: Actor, rosa: Person, june: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, june, review_on=TODAY))

    assert rows(db, ben, rosa) == []
    assert rows(db, ben, june) == []
    assert plan_view.to_review(db, ben).empty

    lock_out(db, amina, june)
    assert rows(db, amina, rosa) == []
    with pytest.raises(NotFoundError):
        plans.details(db, amina, ref)
    with pytest.raises(NotFoundError):
        plans.end(db, amina, ref, on=TODAY, reason="Over", version=1)


@pytest.mark.usefixtures("bens")
def test_a_stranger_sees_no_plan(db: Session, amina: Actor, chloe: Actor, rosa: Person) -> None:
    plans.make(db, amina, rosa.ref, draft(db, amina, rosa))

    assert rows(db, chloe, rosa) == []
    assert plan_view.family(db, chloe, rosa.ref) == {}


@pytest.mark.usefixtures("bens")
def test_due_reviews_come_to_the_worker_and_all_of_them_to_a_coordinator(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, rosa: Person
) -> None:
    for name, worker, review_on in (
        ("Other", ben, TODAY),
        ("Community IDVA support", amina, YESTERDAY),
        ("Support with complex needs", ben, TOMORROW),
        ("Step Down and Recovery", ben, None),
    ):
        filled = draft(
            db, worker, rosa, intervention_ref=offered(db, name), starts_on=YESTERDAY,
            review_on=review_on,
        )  # fmt: skip
        plans.make(db, amina, rosa.ref, filled)

    hers = plan_view.to_review(db, ben)
    everybodys = plan_view.to_review(db, amina)

    assert hers["intervention"].tolist() == ["Other"]
    assert everybodys["intervention"].tolist() == ["Community IDVA support", "Other"]
    assert everybodys["person_ref"].tolist() == [rosa.ref, rosa.ref]
    assert plan_view.to_review(db, chloe).empty


def test_an_ended_plan_is_reviewed_no_more(db: Session, amina: Actor, rosa: Person) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, review_on=TODAY))
    plans.end(db, amina, ref, on=TODAY, reason="Over", version=1)

    assert plan_view.to_review(db, amina).empty


def test_only_a_coordinator_makes_changes_and_ends_plans(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa))
    seen = plans.details(db, amina, ref)
    for actor in (ben, leila, ada):
        with pytest.raises(NotPermittedError):
            plans.make(db, actor, rosa.ref, draft(db, amina, rosa))
        with pytest.raises(NotPermittedError):
            plans.change(db, actor, ref, seen.values, seen=seen)
        with pytest.raises(NotPermittedError):
            plans.end(db, actor, ref, on=TODAY, reason="Over", version=1)
        with pytest.raises(NotPermittedError):
            plan_view.workers(db, actor)
    for actor in (leila, ada):
        with pytest.raises(NotPermittedError):
            plan_view.of_family(db, actor, rosa.ref)
        with pytest.raises(NotPermittedError):
            plan_view.to_review(db, actor)


def test_unknown_people_and_plans_are_not_found(db: Session, amina: Actor, rosa: Person) -> None:
    with pytest.raises(NotFoundError):
        plans.make(db, amina, "nobody", draft(db, amina, rosa))
    with pytest.raises(NotFoundError):
        plans.details(db, amina, "nothing")
    assert plan_view.of_family(db, amina, "nobody").empty


def test_the_log_says_what_changed_and_not_what_it_says(
    db: Session, amina: Actor, rosa: Person
) -> None:
    ref = plans.make(db, amina, rosa.ref, draft(db, amina, rosa, note="Private"))
    seen = plans.details(db, amina, ref)
    plans.change(db, amina, ref, {**seen.values, "note": "Very private"}, seen=seen)
    plans.end(db, amina, ref, on=TODAY, reason="Most private", version=2)

    query = select(AuditEntry).where(AuditEntry.action.like("plan.%")).order_by(AuditEntry.id)
    entries = list(db.scalars(query))
    assert [entry.action for entry in entries] == ["plan.made", "plan.changed", "plan.ended"]
    assert json.loads(entries[1].details) == {"fields": "note", "plan": ref}
    assert not any("rivate" in entry.details for entry in entries)


def test_a_familys_page_and_the_list_of_reviews_cost_two_queries_each(
    db: Session, amina: Actor, rosa: Person, june: Person, count_queries: object
) -> None:
    for name in list(interventions.choices(db).values()):
        filled = draft(db, amina, rosa, june, intervention_ref=offered(db, name), review_on=TODAY)
        plans.make(db, amina, rosa.ref, filled)

    with count_queries() as statements:  # type: ignore[operator]
        assert len(plan_view.of_family(db, amina, rosa.ref)) == 7
        assert len(plan_view.to_review(db, amina)) == 7

    assert len(statements) == 4


_STEP = st.tuples(
    st.sampled_from(["make", "end"]), st.integers(0, 2), st.integers(-3, 3), st.booleans()
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(_STEP, max_size=12))
def test_whatever_is_made_and_ended_one_plan_an_intervention_is_open_at_most(
    db: Session, amina: Actor, rosa: Person, steps: list[tuple[str, int, int, bool]]
) -> None:
    with db.begin_nested() as undone:
        refs = list(interventions.choices(db))[:3]
        is_open: dict[int, str] = {}
        for act, which, days, is_fresh in steps:
            on = TODAY + timedelta(days=days)
            try:
                if act == "make":
                    filled = draft(db, amina, rosa, intervention_ref=refs[which], starts_on=on)
                    is_open[which] = plans.make(db, amina, rosa.ref, filled)
                elif which in is_open:
                    version = 1 if is_fresh else 0
                    plans.end(db, amina, is_open[which], on=on, reason="Over", version=version)
                    del is_open[which]
            except AppError:
                continue
        found = plan_view.of_family(db, amina, rosa.ref)
        assert set(found.loc[found["ends_on"].isna(), "plan"]) == set(is_open.values())
        undone.rollback()
    db.expire_all()
