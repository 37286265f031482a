"""One child over time: what is drawn, what is said, and who may look."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    Outcome,
    Person,
    PersonKind,
    Place,
    Point,
    RecordLock,
    Respondent,
)
from services import clock
from services.children import child_over_time, life_events, observations
from services.children.child_over_time import ChildPath, Why
from services.children.life_events import EventDraft
from services.children.step_sentences import NOTHING_YET, ONE_POINT, STOOD_STILL
from services.errors import NotFoundError, NotPermittedError
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place, session_of

DAYS = {
    Point.START: date(2026, 9, 8),
    Point.MIDDLE: date(2026, 9, 12),
    Point.END: date(2026, 9, 16),
}


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group for parents and children."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


@pytest.fixture
def robin(db: Session, amina: Actor) -> Person:
    """A child who turned eight between two forms."""
    return make_person(db, amina, "Robin", kind=PersonKind.CHILD, date_of_birth=date(2018, 9, 10))


@pytest.fixture
def place(db: Session, amina: Actor, kite: Group, robin: Person) -> Place:
    """Robin's place in Ben's group."""
    place = make_place(db, amina, kite, robin)
    place.joined_on = kite.starts_on
    db.flush()
    return place


def rate(
    db: Session,
    actor: Actor,
    place: Place,
    point: Point,
    step: int | None,
    view: Respondent = Respondent.SELF,
) -> None:
    draft = MeasureDraft(
        measure="steps",
        respondent=view,
        point=point,
        taken_on=DAYS[point],
        answers={1: None, **dict.fromkeys(range(2, 9), step)},
        outcome=Outcome.DECLINED if step is None else Outcome.ANSWERED,
    )
    measures.record(db, actor, place.ref, draft)


def drawn(found: ChildPath, kind: str) -> pd.DataFrame:
    return found.chart[found.chart["kind"].eq(kind)]


def test_each_view_is_a_line_of_its_own_with_its_name_at_the_end(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    for view, steps in ((Respondent.SELF, (1, 3)), (Respondent.PRACTITIONER, (2, 2))):
        rate(db, ben, place, Point.START, steps[0], view)
        rate(db, ben, place, Point.END, steps[1], view)

    found = child_over_time.of_child(db, ben, robin.ref)

    forms = drawn(found, "form")
    help_ = forms[forms["strand"].eq("Asking for help")]
    assert list(zip(help_["view"], help_["on"], help_["step"], strict=True)) == [
        ("Child", "08/09/2026", 1),
        ("Practitioner", "08/09/2026", 2),
        ("Child", "16/09/2026", 3),
        ("Practitioner", "16/09/2026", 2),
    ]
    assert help_.dropna(subset="label_at")["view"].tolist() == ["Child", "Practitioner"]
    assert set(drawn(found, "none")["strand"]) == {"Naming my feelings"}
    assert "Asking for help, Child: from 1 to 3." in found.in_words


def test_notes_and_events_are_marked_in_both_halves_of_the_chart(
    db: Session, ben: Actor, kite: Group, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    session = session_of(db, kite).ref
    observations.note(db, ben, session, place.ref, "asking_for_help", 2)
    observations.note(db, ben, session, place.ref, "naming_feelings", None)
    draft = EventDraft(happened_on=date(2026, 9, 10), kind="court", words="At last")
    life_events.add(db, ben, robin.ref, draft)

    found = child_over_time.of_child(db, ben, robin.ref)

    assert drawn(found, "note")["step"].tolist() == [2]  # what was not seen has no step to draw
    assert found.notes["step"].tolist() == ["2 With some help", "Not seen"]
    assert drawn(found, "event")["order"].tolist() == [0, 4]
    assert found.events[["number", "what", "words"]].values.tolist() == [
        [1, "Court or police", "At last"]
    ]
    assert set(drawn(found, "edge")["order"]) == {0, 4}


def test_without_a_form_nothing_is_drawn_and_the_page_says_so(
    db: Session, ben: Actor, kite: Group, robin: Person, place: Place
) -> None:
    observations.note(db, ben, session_of(db, kite).ref, place.ref, "asking_for_help", 2)

    found = child_over_time.of_child(db, ben, robin.ref)

    assert found.chart.empty
    assert found.said == (NOTHING_YET,)
    assert len(found.notes) == 1


def test_one_form_is_a_mark_and_no_line(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)

    said = child_over_time.of_child(db, ben, robin.ref).said

    assert ONE_POINT in said
    assert said[0].startswith("Not recorded so far: the view of the parent or carer and the pract")
    assert "one view and not the whole picture" in said[0]


def test_whoever_stayed_on_every_step_is_said_to_have_stayed(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 2)
    rate(db, ben, place, Point.END, 2)

    assert STOOD_STILL in child_over_time.of_child(db, ben, robin.ref).said


def test_all_missing_at_the_end_is_said(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    rate(db, ben, place, Point.MIDDLE, 2)
    rate(db, ben, place, Point.END, None)

    said = " ".join(child_over_time.of_child(db, ben, robin.ref).said)

    assert "There is no form from the end" in said
    assert "1 form was asked for and not filled in" in said


def test_a_child_who_changed_age_band_is_said_to_have(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    rate(db, ben, place, Point.END, 2)

    said = " ".join(child_over_time.of_child(db, ben, robin.ref).said)

    assert "from one age band to the next (Up to 7 to 8 to 11)" in said
    assert "by the age on the first day" in said


def test_forms_of_two_groups_are_not_joined_by_a_line(
    db: Session, amina: Actor, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    other = make_group(db, amina, [ben], programme="side_by_side", code_name="Gull")
    rate(db, ben, make_place(db, amina, other, robin), Point.END, 2)

    found = child_over_time.of_child(db, ben, robin.ref)

    forms = drawn(found, "form")
    assert forms.groupby("strand")["line"].nunique().max() == 2
    assert ONE_POINT in found.said
    assert set(found.places.values()) == {"Kite", "Gull"}


def test_a_look_is_audited_once(db: Session, ben: Actor, robin: Person, place: Place) -> None:
    for _ in range(2):
        child_over_time.of_child(db, ben, robin.ref)

    entries = select(AuditEntry.action).where(AuditEntry.subject == f"steps:{robin.ref}")
    assert db.scalars(entries).all() == ["record.viewed"]


def test_a_stranger_and_other_roles_see_no_child(
    db: Session, amina: Actor, chloe: Actor, leila: Actor, vik: Actor, robin: Person, place: Place
) -> None:
    with pytest.raises(NotFoundError):
        child_over_time.of_child(db, chloe, robin.ref)
    for other in (amina, leila, vik):
        with pytest.raises(NotPermittedError):
            child_over_time.of_child(db, other, robin.ref)


def test_another_group_of_the_same_child_stays_that_groups(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    other = make_group(db, amina, [chloe], programme="side_by_side", code_name="Gull")
    make_place(db, amina, other, robin)

    found = child_over_time.of_child(db, chloe, robin.ref)

    assert found.forms.empty
    assert "Kite" not in found.places.values()


# --- A lead, for a stated reason ---------------------------------------------------------


def test_a_lead_opens_a_child_by_its_reference_and_the_reason_is_kept(
    db: Session, ben: Actor, leila: Actor, kite: Group, robin: Person, place: Place
) -> None:
    rate(db, ben, place, Point.START, 1)
    session = session_of(db, kite).ref
    observations.note(db, ben, session, place.ref, "asking_for_help", 2)
    observations.save_words(
        db, ben, session, place.ref, "asking_for_help", "Asked for glue", version=0
    )

    found = child_over_time.opened(db, leila, f" {robin.code.lower()} ", Why.CONCERN)

    assert len(found.forms) == 7
    assert (found.is_whole, found.notes["words"].tolist()) == (False, [""])
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == child_over_time.OPENED)).one()
    assert (entry.subject, entry.details) == (f"steps:{robin.ref}", '{"why": "concern"}')


def test_nobody_else_opens_a_child_by_reference(
    db: Session, amina: Actor, ben: Actor, vik: Actor, robin: Person
) -> None:
    for other in (amina, ben, vik):
        with pytest.raises(NotPermittedError):
            child_over_time.opened(db, other, robin.code, Why.CONCERN)


def test_a_reference_of_an_adult_or_of_nobody_reads_the_same(
    db: Session, amina: Actor, leila: Actor
) -> None:
    dana = make_person(db, amina)
    for code in (dana.code, "ZZZ-9999", ""):
        with pytest.raises(NotFoundError, match="reference"):
            child_over_time.opened(db, leila, code, Why.REVIEW)


def test_a_lead_kept_out_of_a_record_does_not_open_it_either(
    db: Session, amina: Actor, leila: Actor, robin: Person
) -> None:
    db.add(
        RecordLock(
            person_id=robin.id,
            account_id=leila.account_id,
            reason="They are related.",
            locked_by_id=amina.account_id,
            locked_at=clock.now(),
        )
    )
    db.flush()

    with pytest.raises(NotFoundError):
        child_over_time.opened(db, leila, robin.code, Why.REVIEW)
