"""Feedback: who may open a link, and what is kept of an answer."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    FeedbackAlert,
    FeedbackAnswer,
    FeedbackLink,
    Group,
    GroupSession,
    Role,
    SessionState,
)
from services import clock, feedback, organisation
from services.db import transaction
from services.definitions import DefinitionError, read_keyed
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.feedback import FormClosedError, giving, receipts, results
from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import FormDefinition
from services.forms.library import shipped
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Kind
from tests.conftest import Clock
from tests.make import make_actor, make_group, session_of
from tests.services.feedback.answering import MARKUP, NUMBER, answer, kept

# --- The link ----------------------------------------------------------------------------


def test_a_facilitator_opens_a_link_for_a_session_of_hers(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    link = feedback.open_link(db, ben, held.ref)

    assert link.path.startswith("/f/")
    assert link.opens_at == held.starts_at
    assert link.last_day == date(2026, 9, 22)
    assert link.expires_at == datetime(2026, 9, 22, 23, tzinfo=UTC)  # midnight on the wall


def test_asking_again_gives_the_same_link(db: Session, ben: Actor, held: GroupSession) -> None:
    first = feedback.open_link(db, ben, held.ref)
    assert feedback.open_link(db, ben, held.ref) == first
    assert len(db.scalars(select(FeedbackLink)).all()) == 1


def test_a_link_cannot_be_guessed_and_is_not_kept_readable(
    db: Session, held: GroupSession, token: str
) -> None:
    plain = token.replace("-", "")
    assert len(plain) * 5 >= 128  # bits: each letter is one of 32

    stored = str(db.execute(text("SELECT token, token_hash FROM feedback_links")).one())

    assert plain not in stored


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_open_links_and_read_answers(
    db: Session, held: GroupSession, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    for act in (feedback.open_link, results.results):
        with pytest.raises(NotPermittedError):
            act(db, actor, held.ref)
    assert db.scalars(select(FeedbackLink)).all() == []


def test_another_groups_session_does_not_exist_for_a_facilitator(
    db: Session, chloe: Actor, held: GroupSession
) -> None:
    for act in (feedback.open_link, results.results):
        with pytest.raises(NotFoundError):
            act(db, chloe, held.ref)


def test_a_cancelled_session_has_no_questions(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    held.state = SessionState.CANCELLED
    with pytest.raises(ConflictError, match="cancelled"):
        feedback.open_link(db, ben, held.ref)
    with pytest.raises(FormClosedError):
        feedback.form_for_token(db, token)


def test_no_link_is_made_once_the_days_for_answering_are_over(
    db: Session, ben: Actor, held: GroupSession, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=30)
    with pytest.raises(ConflictError, match="over"):
        feedback.open_link(db, ben, held.ref)


def test_a_link_follows_a_session_that_is_moved(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    held.starts_at += timedelta(days=7)
    held.ends_at += timedelta(days=7)

    link = feedback.open_link(db, ben, held.ref)

    assert link.path == f"/f/{token}"
    assert link.last_day == date(2026, 9, 29)
    with pytest.raises(FormClosedError, match="when the session starts"):
        feedback.form_for_token(db, token)


def test_opening_a_link_is_audited_once(db: Session, ben: Actor, held: GroupSession) -> None:
    for _ in range(3):
        feedback.open_link(db, ben, held.ref)
    entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "feedback.link_opened"))
    assert [entry.subject for entry in entries] == [f"session:{held.ref}"]


# --- The form ----------------------------------------------------------------------------


def test_the_form_opens_with_the_session(
    db: Session, ben: Actor, group: Group, time_stands_still: Clock
) -> None:
    coming = session_of(db, group, 3)
    path = feedback.open_link(db, ben, coming.ref).path
    time_stands_still.moment = coming.starts_at - timedelta(seconds=1)
    with pytest.raises(FormClosedError, match="when the session starts"):
        feedback.form_for_token(db, path.removeprefix("/f/"))

    time_stands_still.go_on(seconds=1)

    assert feedback.form_for_token(db, path.removeprefix("/f/")).held_on == date(2026, 9, 22)


def test_an_unknown_and_an_expired_link_read_the_same(
    db: Session, ben: Actor, held: GroupSession, token: str, time_stands_still: Clock
) -> None:
    time_stands_still.moment = feedback.open_link(db, ben, held.ref).expires_at
    sentences = set()
    for tried in (token, "0" * 28, "", "x" * 5_000, "no-such-link", "';--"):
        with pytest.raises(FormClosedError) as closed:
            feedback.form_for_token(db, tried)
        sentences.add(str(closed.value))
    assert len(sentences) == 1


def test_a_link_typed_from_paper_works(db: Session, token: str) -> None:
    typed = token.upper().replace("-", " ").replace("0", "O").replace("1", "I")
    assert feedback.form_for_token(db, typed).form == shipped()["after_session"]


def test_every_blank_form_has_a_number_of_its_own(db: Session, token: str) -> None:
    numbers = {feedback.form_for_token(db, token).form_number for _ in range(20)}
    assert len(numbers) == 20


def test_a_form_opened_in_time_may_be_sent_a_little_late(
    db: Session, ben: Actor, held: GroupSession, token: str, time_stands_still: Clock
) -> None:
    time_stands_still.moment = feedback.open_link(db, ben, held.ref).expires_at
    answer(db, token, 1)
    assert len(kept(db)) == 1

    time_stands_still.go_on(hours=1)

    with pytest.raises(FormClosedError):
        answer(db, token, 2)


# --- Sending -----------------------------------------------------------------------------


def test_answers_are_kept_as_given_and_blanks_left_out(db: Session, token: str) -> None:
    given: dict[str, Answer] = {
        "felt_safe": 4,
        "was_heard": NOT_TODAY,
        "was_useful": None,
        "pace": 2,
        "one_change": f"  {MARKUP}\r\nMore  ",
    }

    feedback.submit(db, token, NUMBER(1), given)

    assert kept(db) == [
        {"felt_safe": 4, "was_heard": NOT_TODAY, "pace": 2, "one_change": f"{MARKUP}\nMore"}
    ]


def test_a_form_sent_twice_counts_once(db: Session, token: str) -> None:
    answer(db, token, 1, felt_safe=1)
    answer(db, token, 1, felt_safe=1)
    assert kept(db) == [{"felt_safe": 1}]
    assert set(tallies.stored(db).values()) == {1}


def test_a_form_with_nothing_in_it_leaves_no_trace(db: Session, token: str) -> None:
    before = db.scalars(select(AuditEntry.id)).all()
    feedback.submit(db, token, NUMBER(1), {"felt_safe": None, "one_change": "  "})
    assert kept(db) == []
    assert db.scalars(select(AuditEntry.id)).all() == before


@pytest.mark.parametrize("wrong", [5, -2, 99, "3", True, "not_today", 2.0, [1]])
def test_only_the_forms_own_answers_are_taken(db: Session, token: str, wrong: Answer) -> None:
    with pytest.raises(InvalidInputError) as refused:
        answer(db, token, 1, felt_safe=wrong, pace=1)
    assert set(refused.value.problems) == {"felt_safe"}
    assert kept(db) == []


def test_a_question_the_form_does_not_ask_is_refused(db: Session, token: str) -> None:
    with pytest.raises(InvalidInputError):
        answer(db, token, 1, name="Dana")


@pytest.mark.parametrize("number", ["", "short", "x" * 65, "with a space in the middle of it"])
def test_a_form_without_a_whole_number_is_not_counted(db: Session, token: str, number: str) -> None:
    with pytest.raises(InvalidInputError, match="once more"):
        feedback.submit(db, token, number, {"felt_safe": 1})
    assert feedback.usable_number(number) != number


def test_words_have_a_limit_and_the_sentence_says_it(db: Session, token: str) -> None:
    limit = shipped()["after_session"].questions[4].max_length
    answer(db, token, 1, one_change="x" * limit)
    with pytest.raises(InvalidInputError, match=f"room for {limit:,}"):
        answer(db, token, 2, one_change="x" * 10_000)
    assert len(kept(db)) == 1


def test_an_answer_holds_nothing_of_the_person_or_the_hour(
    db: Session, held: GroupSession, token: str
) -> None:
    answer(db, token, 1, one_change="Longer breaks")

    row = dict(db.execute(text("SELECT * FROM feedback_answers")).one()._mapping)

    assert set(row) == {
        "id", "session_id", "form", "form_version", "received_on", "form_number", "answers",
        "shown", "same_as", "noted",
    }  # fmt: skip
    assert str(row["received_on"]) == "2026-09-16"
    assert NUMBER(1) not in str(row)
    assert "Longer" not in str(row)


def test_the_log_learns_how_many_forms_came_in_once_the_day_is_over(
    db: Session, held: GroupSession, token: str, time_stands_still: Clock
) -> None:
    before = db.scalars(select(func.max(AuditEntry.id))).one()
    answer(db, token, 1, one_change="Longer breaks")
    answer(db, token, 2, one_change="He is outside")
    time_stands_still.go_on(hours=3)
    assert receipts.note_received(db) == 0
    assert db.scalars(select(func.max(AuditEntry.id))).one() == before, "the minute would be kept"

    time_stands_still.go_on(days=1)
    assert receipts.note_received(db) == 2
    assert receipts.note_received(db) == 0

    (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.id > before))
    assert (entry.action, entry.account_id) == ("feedback.received", None)
    assert entry.subject == f"session:{held.ref}"
    assert json.loads(entry.details) == {"forms": 2, "on": "2026-09-16"}


def test_answers_and_the_alerts_they_raise_are_numbered_in_no_order(
    db: Session, token: str
) -> None:
    for who in range(12):
        answer(db, token, who, one_change=f"He will kill me {who}")
    for numbers in (FeedbackAnswer.id, FeedbackAlert.id):
        said = select(FeedbackAnswer.answers).join(
            FeedbackAlert, FeedbackAlert.answer_id == FeedbackAnswer.id
        )
        in_order = [given["one_change"][-2:] for given in db.scalars(said.order_by(numbers))]
        assert in_order != [f"{who:2d}" for who in range(12)]


def test_choices_are_counted_as_they_come_in(db: Session, group: Group, token: str) -> None:
    answer(db, token, 1, felt_safe=4, pace=2, one_change="More tea")
    answer(db, token, 2, felt_safe=4, was_heard=NOT_TODAY)

    counted = tallies.counts(db, Kind.FEEDBACK)

    assert sorted(counted[["key", "first", "count"]].to_dict("split")["data"]) == [
        ["felt_safe", 4, 2], ["one_change", 0, 1], ["pace", 2, 1],
    ]  # fmt: skip
    assert set(counted["period"]) == {clock.quarter(group.starts_on)}
    assert feedback.recount(db) == tallies.stored(db)


def test_a_machine_cannot_fill_a_session_without_end(
    db: Session, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "MOST_FORMS", 2)
    answer(db, token, 1)
    answer(db, token, 2)
    with pytest.raises(FormClosedError):
        answer(db, token, 3)


# --- Settings and the description --------------------------------------------------------


def test_the_organisation_says_for_how_many_days_a_form_is_open(
    db: Session, ada: Actor, ben: Actor, held: GroupSession
) -> None:
    now = organisation.current(db)
    assert now is not None
    longer = organisation.OrganisationSettings(name=now.name, feedback_days=14, version=now.version)
    organisation.save(db, ada, longer)
    assert feedback.open_link(db, ben, held.ref).last_day == date(2026, 9, 29)


def test_a_description_with_two_questions_of_one_key_is_refused(tmp_path: Path) -> None:
    question = "{key: pace, kind: text, text: The pace}"
    file = tmp_path / "twice.yaml"
    file.write_text(
        f"key: twice\nversion: 1\ntitle: T\nintro: I\nquestions: [{question}, {question}]\n"
    )
    with pytest.raises(DefinitionError, match=r"twice\.yaml.* a key of their own"):
        read_keyed(file, FormDefinition)


def test_a_form_that_arrives_twice_at_the_same_moment_counts_once(
    database: str, time_stands_still: Clock
) -> None:
    with transaction() as db:
        amina, ben = (
            make_actor(db, "amina", Role.COORDINATOR),
            make_actor(db, "ben", Role.FACILITATOR),
        )
        held = session_of(db, make_group(db, amina, [ben]), 2)
        link = feedback.open_link(db, ben, held.ref)

    def send(_time: int) -> None:
        with transaction() as db:
            answer(db, link.path.removeprefix("/f/"), 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(8)))

    with transaction() as db:
        assert kept(db) == [{"felt_safe": 3}]
        assert set(tallies.stored(db).values()) == {1}
