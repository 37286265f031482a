"""Events in a child's life, kept by those who work with it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Group, LifeEvent, Person, PersonKind
from services.children import life_events
from services.children.life_events import EventDraft, event_kinds
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from tests.make import make_group, make_person, make_place

COURT = EventDraft(happened_on=date(2026, 9, 10), kind="court", words="Hearing  at last")


@pytest.fixture
def robin(db: Session, amina: Actor, ben: Actor) -> Person:
    """A child in Ben's group."""
    group = make_group(db, amina, [ben], programme="side_by_side")
    child = make_person(db, amina, "Robin", kind=PersonKind.CHILD)
    make_place(db, amina, group, child)
    return child


def test_an_event_is_kept_once_with_its_words_encrypted(
    db: Session, ben: Actor, robin: Person
) -> None:
    first = life_events.add(db, ben, robin.ref, COURT)
    again = life_events.add(db, ben, robin.ref, COURT)

    assert first == again
    assert [one.words for one in db.scalars(select(LifeEvent))] == ["Hearing at last"]
    assert "Hearing" not in str(db.execute(text("SELECT words FROM life_events")).scalar_one())
    entries = select(AuditEntry.details).where(AuditEntry.action == "life_event.added")
    assert db.scalars(entries).all() == ["{}"]


def test_an_event_recorded_by_mistake_is_taken_back(db: Session, ben: Actor, robin: Person) -> None:
    ref = life_events.add(db, ben, robin.ref, COURT)
    life_events.take_back(db, ben, robin.ref, ref)
    life_events.take_back(db, ben, robin.ref, ref)

    assert db.scalar(select(LifeEvent)) is None


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("happened_on", EventDraft(happened_on=date(2026, 9, 17), kind="court")),
        ("happened_on", EventDraft(happened_on=date(2023, 9, 15), kind="court")),
        ("kind", EventDraft(happened_on=date(2026, 9, 10), kind="wedding")),
        ("words", EventDraft(happened_on=date(2026, 9, 10), kind="court", words="x" * 201)),
    ],
)
def test_a_slip_is_told_at_its_field(
    db: Session, ben: Actor, robin: Person, field: str, draft: EventDraft
) -> None:
    with pytest.raises(InvalidInputError) as slip:
        life_events.add(db, ben, robin.ref, draft)
    assert set(slip.value.problems) == {field}


def test_a_stranger_and_other_roles_add_nothing(
    db: Session, amina: Actor, chloe: Actor, leila: Actor, robin: Person
) -> None:
    with pytest.raises(NotFoundError):
        life_events.add(db, chloe, robin.ref, COURT)
    for other in (amina, leila):
        with pytest.raises(NotPermittedError):
            life_events.add(db, other, robin.ref, COURT)


def test_an_adult_has_no_such_events(db: Session, amina: Actor, ben: Actor, robin: Person) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 8) + timedelta(days=1))
    assert isinstance(group, Group)
    dana = make_person(db, amina)
    make_place(db, amina, group, dana)

    with pytest.raises(NotFoundError):
        life_events.add(db, ben, dana.ref, COURT)


def test_every_kind_of_event_has_a_key_that_can_be_stored() -> None:
    assert all(len(key) <= 40 for key in event_kinds())
