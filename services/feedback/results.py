"""What staff see of participants' answers: never whose they are, and nothing of one or two.

Nor the difference one or two make: whoever reads three answers, and four a day later, knows
what the fourth said. So answers are brought before staff in threes or more (domain §3.6).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import FeedbackAnswer, Group, GroupSession, SessionState
from services import audit, clock
from services.feedback.counting import says_something
from services.feedback.own_words import handle
from services.forms import stored
from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import Question
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.visibility import visible_sessions

SHOWN_FROM = 3  # below this many answers somebody in the room could tell whose they are
MOST = 50
AHEAD = timedelta(days=7)  # a code may be printed before the day


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was said to one question: answers with how often, and words in no particular order."""

    question: Question
    counts: tuple[tuple[str, int], ...]
    not_today: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A session's answers; `questions` stays empty until enough people have answered.

    The latest `waiting` of the `answered` are not among them: too few for nobody to be told apart.
    """

    group_ref: str
    code_name: str
    number: int
    topic: str
    starts: datetime
    answered: int
    waiting: int
    questions: tuple[QuestionResult, ...]


def sessions(db: Session, actor: Actor) -> pd.DataFrame:
    """The latest sessions of her groups that have begun, and those of the next days, newest first.

    Columns: ref, group, number, sessions, topic, starts (wall time), forms (how many came in).
    """
    actor.require(Permission.READ_FEEDBACK)
    forms = (
        select(func.count(FeedbackAnswer.id))
        .where(FeedbackAnswer.session_id == GroupSession.id)
        .correlate(GroupSession)
        .scalar_subquery()
    )
    query = (
        select(
            GroupSession.ref,
            Group.code_name,
            GroupSession.number,
            Group.sessions_offered,
            GroupSession.topic,
            GroupSession.starts_at,
            GroupSession.zone,
            forms,
        )
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(actor),
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.starts_at < clock.now() + AHEAD,
        )
        .order_by(GroupSession.starts_at.desc(), GroupSession.id)
        .limit(MOST)
    )
    rows = [
        (*head, clock.local(starts, zone), count)
        for *head, starts, zone, count in db.execute(query)
    ]
    columns = ["ref", "group", "number", "sessions", "topic", "starts", "forms"]
    return pd.DataFrame(rows, columns=columns)


def results(db: Session, actor: Actor, session_ref: str) -> Results:
    """What was said about a session of hers, by those who were three or more at a look.

    All who have answered since the last look are shown, or nobody of them: they wait until they
    are three, and count in `overall` meanwhile. The look that shows somebody's is audited.
    """
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref)
    query = select(FeedbackAnswer).where(FeedbackAnswer.session_id == held.id).with_for_update()
    forms = db.scalars(query).all()
    _show_if_enough(db, actor, held, [form for form in forms if not form.shown])
    return Results(
        group_ref=group.ref,
        code_name=group.code_name,
        number=held.number,
        topic=held.topic,
        starts=clock.local(held.starts_at, held.zone),
        answered=_answered(forms),
        waiting=_answered(form for form in forms if not form.shown),
        questions=_questions(db, [form for form in forms if form.shown]),
    )


def _questions(db: Session, forms: Sequence[FeedbackAnswer]) -> tuple[QuestionResult, ...]:
    """What was said to each question, version by version: a later one may ask something else."""
    by_version: defaultdict[tuple[str, int], dict[str, Mapping[str, Answer]]] = defaultdict(dict)
    for form in forms:
        by_version[form.form, form.form_version][form.form_number] = form.answers
    return tuple(
        _said(question, by_version[asked])
        for asked in sorted(by_version)
        for question in stored.version_of(db, *asked).questions
    )


def _show_if_enough(
    db: Session, actor: Actor, held: GroupSession, unread: Sequence[FeedbackAnswer]
) -> None:
    if _answered(unread) < SHOWN_FROM:
        return
    for form in unread:
        form.shown = True
    audit.record(db, actor, "feedback.shown", f"session:{held.ref}", forms=len(unread))


def _answered(forms: Iterable[FeedbackAnswer]) -> int:
    """How many say something."""
    return sum(says_something(form.answers) for form in forms)


def _said(question: Question, forms: Mapping[str, Mapping[str, Answer]]) -> QuestionResult:
    given = {number: form[question.key] for number, form in forms.items() if question.key in form}
    times = Counter(value for answer in given.values() for value in _values(answer))
    # The same order at each look, but another for each question: one person's words on two
    # questions do not stand in the same place.
    order = sorted(given, key=lambda number: handle(question.key, number))
    return QuestionResult(
        question=question,
        counts=tuple((label, times[value]) for value, label in question.labels.items()),
        not_today=times[NOT_TODAY],
        words=tuple(words for number in order if isinstance(words := given[number], str)),
    )


def _values(answer: Answer) -> list[int]:
    """The numbers in an answer: one, several, or none in words."""
    if isinstance(answer, list):
        return answer
    return [answer] if isinstance(answer, int) else []
