"""What volunteers with an account have told their supervisors by themselves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from models import (
    Account,
    CheckIn,
    GroupSession,
    Stage,
    StageChange,
    Volunteer,
    VolunteerDebrief,
    VolunteerSupport,
)
from services import audit, clock
from services.permissions import Actor, Permission, visible_support
from services.support.recording import find_supervised

MOST = 50
NEWS_FOR = timedelta(days=7)


def after_sessions(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """What a volunteer one supervises said of her sessions, the latest first: on, heard_hard,
    words."""
    actor.require(Permission.SUPERVISE)
    volunteer = find_supervised(db, actor, volunteer_ref)
    query = (
        select(GroupSession.starts_at, VolunteerDebrief.heard_hard, VolunteerDebrief.words)
        .join(GroupSession, GroupSession.id == VolunteerDebrief.session_id)
        .where(VolunteerDebrief.volunteer_id == volunteer.id)
        .order_by(VolunteerDebrief.at.desc(), VolunteerDebrief.id.desc())
        .limit(MOST)
    )
    rows = [(clock.local(at).date(), hard, words or "") for at, hard, words in db.execute(query)]
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action="support.viewed")
    return pd.DataFrame(rows, columns=["on", "heard_hard", "words"])


def news(db: Session, actor: Actor) -> pd.DataFrame:
    """What she has heard from volunteers in the last week, the latest first: ref, name, what
    ("stepped_back", "came_back", "check_in", "debrief"), on. Never the words themselves.

    Who stepped back and has no supervisor is told to every coordinator: somebody must know.
    """
    actor.require(Permission.SUPERVISE)
    hers = visible_support(actor)
    open_accounts = select(Account.id).where(Account.is_active)
    nobodys = or_(
        VolunteerSupport.supervisor_id.is_(None),
        VolunteerSupport.supervisor_id.not_in(open_accounts),
    )
    found = [
        *_moves(db, or_(hers, nobodys)),
        *_said(db, CheckIn, CheckIn.account_id == VolunteerSupport.own_account_id, hers),
        *_said(db, VolunteerDebrief, VolunteerDebrief.heard_hard.is_not(None), hers),
    ]
    found.sort(key=lambda row: row[-1], reverse=True)
    return pd.DataFrame(found[:MOST], columns=["ref", "name", "what", "on"])


def _moves(db: Session, told: ColumnElement[bool]) -> Iterator[tuple[str, str, str, date]]:
    query = (
        select(Volunteer, StageChange.to_stage, StageChange.changed_on)
        .join(StageChange, StageChange.volunteer_id == Volunteer.id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(
            StageChange.account_id == VolunteerSupport.own_account_id,
            StageChange.changed_on >= clock.today() - NEWS_FOR,
            told,
        )
        .order_by(StageChange.id.desc())
        .limit(MOST)
    )
    for one, to, on in db.execute(query):
        what = "stepped_back" if to is Stage.STEPPED_BACK else "came_back"
        yield one.ref, _name(one), what, on


def _said(
    db: Session,
    kept: type[CheckIn] | type[VolunteerDebrief],
    by_herself: ColumnElement[bool],
    told: ColumnElement[bool],
) -> Iterator[tuple[str, str, str, date]]:
    query: Select[Volunteer, datetime] = (
        select(Volunteer, kept.at)
        .join(kept, kept.volunteer_id == Volunteer.id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(by_herself, told, kept.at >= clock.now() - NEWS_FOR)
        .order_by(kept.at.desc())
        .limit(MOST)
    )
    what = "check_in" if kept is CheckIn else "debrief"
    for one, at in db.execute(query):
        yield one.ref, _name(one), what, clock.local(at).date()


def _name(one: Volunteer) -> str:
    return f"{one.first_name} {one.last_name}"
