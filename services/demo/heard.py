"""What staff of the demonstration made of own words: read, put to themes, some of them quoted."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Facilitation,
    FeedbackAnswer,
    FeedbackQuote,
    FeedbackTag,
    FeedbackTheme,
    Group,
    GroupSession,
    GroupState,
)
from models.encryption import newest_index
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.feedback import counting
from services.feedback.results import SHOWN_FROM
from services.forms import library
from services.forms.definition import FormDefinition

_GROUPS, _QUOTES, _CODES = 40, 12, 4
_BEGUN = (GroupState.RUNNING, GroupState.FINISHED, GroupState.CLOSED)
# From a word in what was written to the theme it is about.
_ABOUT = {
    "break": "Room and comfort",
    "room": "Room and comfort",
    "later": "Time and day",
    "listened": "Being heard",
    "drawing": "What we did together",
    "goodbye": "What we did together",
    "music": "What we did together",
    "print": "How it was led",
    "beforehand": "How it was led",
    "groups": "Other people in the group",
}

_Answered = tuple[FeedbackAnswer, int, str, date]


def write(db: Session, sink: Sink, chance: Chance, *, today: date) -> None:
    """Of the latest groups. Reads their answers, so these must be in the database."""
    themes = dict(db.execute(select(FeedbackTheme.label, FeedbackTheme.id)).all())
    refs = dict(db.execute(select(FeedbackTheme.label, FeedbackTheme.ref)).all())
    leads = _leads(db)
    quoted: set[str] = set()
    by_session = _by_session(db, list(leads))
    _codes(sink, by_session)
    for session, answers in by_session.items():
        if sum(counting.says_something(row.answers) for row, *_ in answers) < SHOWN_FROM:
            continue
        shown = update(FeedbackAnswer).where(FeedbackAnswer.session_id == session)
        db.execute(shown.values(shown=True))
        for row, group, programme, starts in answers:
            form = library.shipped()[row.form]
            for question, words in _texts(form, row):
                if label := _theme(words):
                    sink.add(
                        FeedbackTag, answer_id=row.id, question=question, theme_id=themes[label]
                    )
                    period = clock.quarter(starts)
                    sink.counts.update(counting.of_words(programme, period, [refs[label]]))
                if _may_quote(quoted, words) and row.answers.get(form.quote_question or "") == 1:
                    quoted.add(words)
                    sink.add(
                        FeedbackQuote, ref=chance.ref(), session_id=session, answer_id=row.id,
                        question=question, words=words, chosen_on=today,
                        chosen_by_id=leads[group], version=1,
                    )  # fmt: skip


def _codes(sink: Sink, by_session: dict[int, list[_Answered]]) -> None:
    """A few in each group whose first answers and last ones are under one code."""
    by_group: defaultdict[int, list[list[_Answered]]] = defaultdict(list)
    for answers in by_session.values():
        by_group[answers[0][1]].append(answers)
    for group, sessions in by_group.items():
        for number, (last, first) in enumerate(
            zip(sessions[0][:_CODES], sessions[-1], strict=False)
        ):
            if last is first:
                break
            programme, period = last[2], clock.quarter(last[3])
            for row in (first[0], last[0]):
                row.same_as = newest_index(f"demonstration:{group}:{number}")
            given = [first[0].answers, last[0].answers]
            sink.counts.update(counting.of_person(programme, period, given))


def _leads(db: Session) -> dict[int, int]:
    query = (
        select(Group.id, Facilitation.account_id)
        .join(Facilitation, Facilitation.group_id == Group.id)
        .where(Group.state.in_(_BEGUN), Facilitation.is_lead)
        .order_by(Group.starts_on.desc(), Group.id)
        .limit(_GROUPS)
    )
    return dict(db.execute(query).all())


def _by_session(db: Session, groups: list[int]) -> dict[int, list[_Answered]]:
    query = (
        select(FeedbackAnswer, Group.id, Group.programme, Group.starts_on)
        .join(GroupSession, GroupSession.id == FeedbackAnswer.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(Group.id.in_(groups))
        .order_by(GroupSession.starts_at.desc(), FeedbackAnswer.id)
    )
    found: defaultdict[int, list[_Answered]] = defaultdict(list)
    for row, group, programme, starts in db.execute(query):
        found[row.session_id].append((row, group, programme, starts))
    return found


def _texts(form: FormDefinition, row: FeedbackAnswer) -> list[tuple[str, str]]:
    return [
        (one.key, words)
        for one in form.questions
        if one.kind == "text" and isinstance(words := row.answers.get(one.key), str)
    ]


def _may_quote(quoted: set[str], words: str) -> bool:
    return len(quoted) < _QUOTES and words not in quoted


def _theme(words: str) -> str | None:
    return next((label for word, label in _ABOUT.items() if word in words), None)
