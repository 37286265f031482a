"""Forms from paper: entered once each, checked like any other, counted with the rest."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, FeedbackAnswer, Group, SessionState
from services import feedback
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.feedback import paper, results
from services.forms.checking import NOT_TODAY
from services.permissions import Actor
from services.tallies import tallies
from tests.conftest import Clock
from tests.make import make_group, session_of

NUMBER = "a-paper-number-of-its-own-{}".format


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def ref(db: Session, group: Group) -> str:
    return session_of(db, group, 2).ref


def test_paper_counts_with_what_came_by_link(db: Session, ben: Actor, ref: str) -> None:
    token = feedback.open_link(db, ben, ref).path.removeprefix("/f/")
    feedback.submit(db, token, NUMBER(0), {"pace": 2})
    for who in (1, 2, 2):
        paper.enter(db, ben, ref, NUMBER(who), {"pace": 2, "felt_safe": NOT_TODAY}, seen=1)

    found = {one.question.key: one for one in results.results(db, ben, ref).questions}

    assert dict(found["pace"].counts)["About right"] == 3
    assert found["felt_safe"].not_today == 2
    assert feedback.recount(db) == tallies.stored(db)
    entered = select(AuditEntry.details).where(AuditEntry.action == "feedback.entered")
    assert list(db.scalars(entered)) == ["{}", "{}"]


def test_paper_turns_up_long_after_the_link_has_closed(
    db: Session, ben: Actor, ref: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=60)
    paper.enter(db, ben, ref, NUMBER(1), {"one_change": "More tea"}, seen=1)
    assert db.scalar(select(FeedbackAnswer.form)) == "after_session"


def test_what_cannot_be_is_refused_at_its_question(db: Session, ben: Actor, ref: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        paper.enter(db, ben, ref, NUMBER(1), {"pace": 9, "one_change": "x" * 10_000}, seen=1)
    assert set(refused.value.problems) == {"pace", "one_change"}
    with pytest.raises(InvalidInputError, match="at least one"):
        paper.enter(db, ben, ref, NUMBER(1), {"pace": None, "one_change": " "}, seen=1)


def test_nothing_is_entered_for_what_was_not_held_or_has_changed(
    db: Session, ben: Actor, group: Group, ref: str
) -> None:
    with pytest.raises(ConflictError, match="not held yet"):
        paper.enter(db, ben, session_of(db, group, 3).ref, NUMBER(1), {"pace": 1}, seen=1)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        paper.enter(db, ben, ref, NUMBER(1), {"pace": 1}, seen=2)
    session_of(db, group, 2).state = SessionState.CANCELLED
    with pytest.raises(ConflictError):
        paper.enter(db, ben, ref, NUMBER(1), {"pace": 1}, seen=1)


def test_only_the_groups_own_facilitators_enter_paper(
    db: Session, ref: str, amina: Actor, leila: Actor, ada: Actor, vik: Actor, erin: Actor,
    chloe: Actor,
) -> None:  # fmt: skip
    for actor in (amina, leila, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            paper.enter(db, actor, ref, NUMBER(1), {"pace": 1}, seen=1)
        with pytest.raises(NotPermittedError):
            paper.form_of(db, actor, ref)
    with pytest.raises(NotFoundError):
        paper.enter(db, chloe, ref, NUMBER(1), {"pace": 1}, seen=1)
