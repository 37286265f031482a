"""A chart of one person goes into her own file alone: without a name, and written down."""

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Person
from services.errors import NotFoundError, NotPermittedError
from services.permissions import Actor
from services.reports import own_file
from services.reports.parts import Chart
from services.reports.single import TakenOut
from tests.make import make_group, make_person, make_place

RATINGS = pd.DataFrame(
    [("Goal 1", "Sleep through", "Start", 2.0), ("Goal 1", "Sleep through", "End", None)],
    columns=["goal", "words", "point", "rating"],
)


@pytest.fixture
def ada_quill(db: Session, amina: Actor, ben: Actor) -> Person:
    person = make_person(db, amina, "Ada", "Quill")
    make_place(db, amina, make_group(db, amina, [ben]), person)
    return person


def keep(db: Session, actor: Actor, person: Person) -> TakenOut:
    chart = Chart("goal_ratings", RATINGS, "Own goals")
    table = {"words": "Goal", "point": "When", "rating": "How near"}
    return own_file.of_person(db, actor, person.ref, chart, RATINGS, table, about="Ours.")


def test_it_says_whose_it_is_by_reference_and_not_by_name(
    db: Session, ben: Actor, ada_quill: Person
) -> None:
    made = keep(db, ben, ada_quill)

    footer = " ".join(made.footer)
    assert f"Own goals of {ada_quill.code}; made on 16/09/2026." in footer
    assert "not to be passed on" in footer
    assert "Quill" not in footer
    assert made.rows == (("Sleep through", "Start", "2.0"), ("Sleep through", "End", ""))
    kept = select(AuditEntry.subject).where(AuditEntry.action == "person.kept_for_file")
    assert db.scalar(kept) == f"person:{ada_quill.ref}"


@pytest.mark.parametrize("who", ["amina", "chloe", "leila", "erin", "vik"])
def test_nobody_who_does_not_work_with_her_keeps_it(
    db: Session, who: str, ada_quill: Person, request: pytest.FixtureRequest
) -> None:
    with pytest.raises((NotFoundError, NotPermittedError)):
        keep(db, request.getfixturevalue(who), ada_quill)
