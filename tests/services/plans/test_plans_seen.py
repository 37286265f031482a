"""Who holds a plan, who sees what of it, and which reviews are due."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, AuditEntry, Person
from services.errors import AppError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.plans import interventions, plan_view, plans
from tests.make import make_person
from tests.services.plans.making import (
    TODAY,
    TOMORROW,
    YESTERDAY,
    draft,
    faults,
    lock_out,
    offered,
    rows,
)

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
