"""Plans on a participant's page, and their reviews on Today."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Person, PersonKind
from services.db import reading, transaction
from services.people import people
from services.people.people import PersonDraft
from services.plans import interventions, plan_view, plans
from services.plans.plans import PlanDraft
from services.waits import Kind
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, looked_at, press, waiting

TODAY = date(2026, 9, 16)
FORMS = ("make_plan", "change_plan", "end_plan")


@pytest.fixture
def rosa(somebody: Somebody) -> str:
    """A mother with a place in a group of Ben's, and a daughter who has none."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        mother = make_person(db, amina, "Rosa", "Marsh")
        family = people.summary(db, amina, mother.ref).family_ref
        draft = PersonDraft(kind=PersonKind.CHILD, first_name="June", last_name="Marsh")
        people.add_to_family(db, amina, family, draft)
        make_place(db, amina, make_group(db, amina, [ben]), mother)
        return mother.ref


def test_without_a_plan_the_form_stands_open_and_makes_one(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    page = opened(open_page, rosa)
    assert page.info[0].value == "No plan yet. Make one below."
    box(page, "intervention", rosa).select(offered())
    box(page, "worker", rosa).select(somebody("amina").ref)

    press(page, "Make the plan")

    assert not page.error
    assert page.toast[0].value.startswith("The plan is made")
    (row,) = kept(somebody, rosa)
    assert row["people"] == "Rosa Marsh, June Marsh"
    assert row["review_on"] == date(2026, 12, 16)


def test_what_is_missing_is_said_at_its_field_and_the_note_stays(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    page = opened(open_page, rosa)
    page.text_area(f"form_note_{rosa}_0").input("Weekly calls")

    press(page, "Make the plan")

    assert page.error[0].value == "Choose an intervention."
    assert page.text_area(f"form_note_{rosa}_0").value == "Weekly calls"
    assert kept(somebody, rosa) == []


def test_a_review_is_done_by_giving_the_next_day(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    ref = made(somebody, rosa)
    page = opened(open_page, rosa)
    assert page.dataframe[0].value["state"].tolist() == ["Review due"]
    box(page, "which_plan", rosa).select(ref).run()
    page.date_input(f"form_review_on_{ref}_0").set_value(date(2026, 12, 1))

    press(page, "Save the plan")

    assert not page.error
    assert kept(somebody, rosa)[0]["review_on"] == date(2026, 12, 1)


def test_when_somebody_was_faster_both_versions_are_there_to_choose_from(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    ref, amina = made(somebody, rosa), somebody("amina")
    page = opened(open_page, rosa)
    box(page, "which_plan", rosa).select(ref).run()
    page.text_area(f"form_note_{ref}_0").input("Mine")
    with transaction() as db:
        seen = plans.details(db, amina, ref)
        plans.change(db, amina, ref, {**seen.values, "note": "Theirs"}, seen=seen)

    press(page, "Save the plan")
    assert "Somebody else changed this plan" in page.warning[0].value
    page.radio(f"choose_{ref}_note").set_value("mine")
    press(page, "Save what I chose")

    assert not page.exception
    assert kept(somebody, rosa)[0]["note"] == "Mine"


def test_an_ended_plan_stays_in_the_table(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    ref = made(somebody, rosa)
    page = opened(open_page, rosa)
    box(page, "plan", rosa).select(ref)

    press(page, "End the plan")
    assert page.error[0].value == "Write in a few words how it ended."

    page.text_input(f"form_ending_{rosa}_0").input("She has what she needs")
    press(page, "End the plan")

    assert page.dataframe[0].value["state"].tolist() == ["Ended"]
    assert kept(somebody, rosa)[0]["ending"] == "She has what she needs"


def test_a_facilitator_reads_and_changes_nothing(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    assert (
        opened(open_page, rosa, "ben").info[0].value == "No plan yet. A coordinator makes one here."
    )
    made(somebody, rosa)

    page = opened(open_page, rosa, "ben")

    assert page.dataframe[0].value["people"].tolist() == ["Rosa Marsh"]
    assert not page.selectbox
    assert "Make the plan" not in [button.label for button in page.button]


def test_a_due_review_is_on_today_for_a_coordinator_and_not_for_another_facilitator(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    made(somebody, rosa)

    hers = looked_at(open_page("today", "amina"), Kind.PLANS)

    assert "Plans to review (1)" in [one.value for one in hers.header]
    for other in ("ben", "leila"):
        assert not any("review" in one for one in waiting(open_page("today", other)))


def opened(open_page: OpenPage, ref: str, username: str = "amina") -> AppTest:
    page = open_page("participants", username, participant=ref)
    for form in FORMS:
        page.session_state[f"folded_{form}_{ref}"] = True
    return page.button_group("part").set_value("plan").run()


def offered() -> str:
    with reading() as db:
        return next(iter(interventions.choices(db)))


def made(somebody: Somebody, person: str) -> str:
    """A plan for the whole family whose review is due today."""
    amina = somebody("amina")
    with transaction() as db:
        mother = db.scalars(select(Person).where(Person.ref == person)).one()
        family = db.scalars(select(Person.ref).where(Person.family_id == mother.family_id))
        draft = PlanDraft(
            intervention_ref=offered(),
            worker_ref=amina.ref,
            member_refs=list(family),
            starts_on=TODAY,
            review_on=TODAY,
        )
        return plans.make(db, amina, person, draft)


def kept(somebody: Somebody, person: str) -> list[dict[str, object]]:
    with reading() as db:
        return plan_view.of_family(db, somebody("amina"), person).to_dict("records")


def box(page: AppTest, field: str, ref: str):  # type: ignore[no-untyped-def]
    return page.selectbox(f"form_{field}_{ref}_0")
