"""Words that may mean danger: put before a practitioner by name, and read the same day.

They alone are brought up before three people have answered, and nothing else the same person
said; the form says so before the first question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Account, Facilitation, FeedbackAlert, FeedbackAnswer, Group, GroupSession
from services import audit, clock
from services.errors import NotFoundError
from services.feedback.danger import sounds_like_danger
from services.forms.checking import Answer
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission
from services.registers.welfare.unheard import facilitators_of
from services.registers.who_is_on import find_session
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import visible_sessions

MOST = 50


@dataclass(frozen=True, slots=True)
class Due:
    """A session somebody wrote about in a way that has to be read today."""

    session_ref: str
    code_name: str
    number: int
    named: str | None
    since: date


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and who is named to read it."""

    ref: str
    raised_on: date
    named: str | None
    words: tuple[str, ...]


def raise_if_needed(
    db: Session,
    held: GroupSession,
    answer_id: int,
    given: Mapping[str, Answer],
    *,
    is_english: bool,
) -> None:
    """Put an answer before the group's lead facilitator if its words sound like danger.

    The list of phrases knows English alone. Words of another language are all put before her:
    better one sentence too many than a promise nobody keeps. No permission of its own: a step of
    giving feedback, which has none.
    """
    if _to_read(given, is_whole=not is_english):
        lead = (
            select(Facilitation.account_id)
            .where(Facilitation.group_id == held.group_id, runs_now())
            .order_by(Facilitation.is_lead.desc(), Facilitation.id)
            .limit(1)
        )
        db.add(
            FeedbackAlert(
                id=answer_id,  # numbered in the same no order
                session_id=held.id,
                answer_id=answer_id,
                is_whole=not is_english,
                named_id=db.scalar(lead),
                raised_on=clock.today(),
            )
        )


@while_unchanged
def due(db: Session, actor: Actor) -> tuple[Due, ...]:
    """The sessions of hers with words that nobody has read, those waiting longest first."""
    actor.require(Permission.READ_FEEDBACK)
    return tuple(Due(*row) for row in db.execute(_due(actor)))


@once
def _due(actor: Actor) -> Select[*tuple[Any, ...]]:
    since = func.min(FeedbackAlert.raised_on)
    of_session = (GroupSession.ref, Group.code_name, GroupSession.number, Account.display_name)
    return (
        select(*of_session, since)
        .select_from(FeedbackAlert)
        .join(GroupSession, GroupSession.id == FeedbackAlert.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .outerjoin(Account, Account.id == FeedbackAlert.named_id)
        .where(visible_sessions(actor), FeedbackAlert.read_on.is_(None))
        .group_by(*of_session)
        .order_by(since, GroupSession.ref)
        .limit(MOST)
    )


@while_unchanged
def unheard(db: Session, actor: Actor) -> pd.DataFrame:
    """For a programme lead: where nobody read them on their day, or nobody is there to.

    Columns: group_ref, group, session, since, facilitators. What was written is not for her.
    """
    actor.require(Permission.DECIDE_CONCERNS)
    rows = db.execute(_unheard(actor)).all()
    names = facilitators_of(db, {row[0] for row in rows})
    columns = ["group_ref", "group", "session", "since", "facilitators"]
    told = [(*row[1:], names[row[0]] or "nobody") for row in rows]
    return pd.DataFrame(told, columns=columns)


@once
def _unheard(actor: Actor) -> Select[*tuple[Any, ...]]:
    since = func.min(FeedbackAlert.raised_on)
    of_session = (Group.id, Group.ref, Group.code_name, GroupSession.number)
    somebody = select(Facilitation.id).where(Facilitation.group_id == Group.id, runs_now())
    is_over = FeedbackAlert.raised_on < each_time(FeedbackAlert.raised_on, clock.today)
    return (
        select(*of_session, since)
        .select_from(FeedbackAlert)
        .join(GroupSession, GroupSession.id == FeedbackAlert.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(actor),
            FeedbackAlert.read_on.is_(None),
            is_over | ~somebody.correlate(Group).exists(),
        )
        .group_by(*of_session)
        .order_by(since, Group.ref, GroupSession.number)
        .limit(MOST)
    )


def unread(db: Session, actor: Actor, session_ref: str) -> tuple[Words, ...]:
    """The words of one session that nobody has said she has read. Showing them is audited."""
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    query = (
        select(FeedbackAlert, FeedbackAnswer.answers, Account.display_name)
        .join(FeedbackAnswer, FeedbackAnswer.id == FeedbackAlert.answer_id)
        .outerjoin(Account, Account.id == FeedbackAlert.named_id)
        .where(FeedbackAlert.session_id == held.id, FeedbackAlert.read_on.is_(None))
        .order_by(FeedbackAlert.raised_on, FeedbackAlert.ref)
    )
    found = tuple(
        Words(alert.ref, alert.raised_on, named, tuple(_to_read(given, is_whole=alert.is_whole)))
        for alert, given, named in db.execute(query)
    )
    if found:
        shown = "feedback.danger_shown"
        audit.viewed(db, actor, f"session:{held.ref}", action=shown, words=len(found))
    return found


def mark_read(db: Session, actor: Actor, session_ref: str, alert_ref: str) -> None:
    """She has read them, and knows what to do next. Pressing twice is no fault."""
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    query = select(FeedbackAlert).where(
        FeedbackAlert.ref == alert_ref, FeedbackAlert.session_id == held.id
    )
    alert = db.scalars(query.with_for_update()).one_or_none()
    if alert is None:
        raise NotFoundError("note")
    if alert.read_on is None:
        alert.read_on, alert.read_by_id = clock.today(), actor.account_id
        audit.record(db, actor, "feedback.danger_read", f"session:{held.ref}")


def _to_read(given: Mapping[str, Answer], *, is_whole: bool) -> list[str]:
    """Only the words that sound like danger; whatever else she wrote waits for two others."""
    own = (text for text in given.values() if isinstance(text, str))
    return [text for text in own if is_whole or sounds_like_danger(text)]
