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
from services.forms import stored
from services.forms.answered import in_words
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.visibility import visible_support, visible_volunteers
from services.volunteers.herself.telling import FORM
from services.volunteers.support.recording import find_supervised

MOST = 50
NEWS_FOR = timedelta(days=7)


def after_sessions(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """What a volunteer one supervises said of her sessions, the latest first: on, heard_hard,
    words, answers (each question with its answer)."""
    actor.require(Permission.SUPERVISE)
    volunteer = find_supervised(db, actor, volunteer_ref)
    query = (
        select(GroupSession.starts_at, VolunteerDebrief)
        .join(GroupSession, GroupSession.id == VolunteerDebrief.session_id)
        .where(VolunteerDebrief.volunteer_id == volunteer.id)
        .order_by(VolunteerDebrief.at.desc(), VolunteerDebrief.id.desc())
        .limit(MOST)
    )
    rows = [
        (clock.local(at).date(), said.heard_hard, said.words or "", _answers(db, said))
        for at, said in db.execute(query)
    ]
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action="support.viewed")
    return pd.DataFrame(rows, columns=["on", "heard_hard", "words", "answers"])


def news(db: Session, actor: Actor) -> pd.DataFrame:
    """What she has heard from volunteers in the last week, the latest first: ref, name, what
    ("stepped_back", "came_back", "check_in", "debrief"), on. Never the words themselves.

    Of whoever has no supervisor every coordinator is told: somebody must know. The words she wrote
    can be read only once she has one.
    """
    actor.require(Permission.SUPERVISE)
    moves, check_ins, after = news_selects(actor)
    found = [
        *((one.ref, _name(one), _move(to), on) for one, to, on in db.execute(moves)),
        *_said(db, check_ins, "check_in"),
        *_said(db, after, "debrief"),
    ]
    found.sort(key=lambda row: row[-1], reverse=True)
    return pd.DataFrame(found[:MOST], columns=["ref", "name", "what", "on"])


@once
def news_selects(
    actor: Actor,
) -> tuple[
    Select[Volunteer, Stage, date], Select[Volunteer, datetime], Select[Volunteer, datetime]
]:
    """The selects behind `news`, for what only counts them: moves, check-ins, debriefs."""
    hers = visible_support(actor)
    open_accounts = select(Account.id).where(Account.is_active)
    nobodys = or_(
        VolunteerSupport.supervisor_id.is_(None),
        VolunteerSupport.supervisor_id.not_in(open_accounts),
    )
    told = or_(hers, nobodys & visible_volunteers(actor))
    return (
        _moves_select(told),
        _said_select(CheckIn, CheckIn.account_id == VolunteerSupport.own_account_id, told),
        _said_select(VolunteerDebrief, VolunteerDebrief.heard_hard.is_not(None), told),
    )


def _moves_select(told: ColumnElement[bool]) -> Select[Volunteer, Stage, date]:
    on = StageChange.changed_on
    return (
        select(Volunteer, StageChange.to_stage, on)
        .join(StageChange, StageChange.volunteer_id == Volunteer.id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(
            StageChange.account_id == VolunteerSupport.own_account_id,
            on >= each_time(on, lambda: clock.today() - NEWS_FOR),
            told,
        )
        .order_by(StageChange.id.desc())
        .limit(MOST)
    )


def _said_select(
    kept: type[CheckIn] | type[VolunteerDebrief],
    by_herself: ColumnElement[bool],
    told: ColumnElement[bool],
) -> Select[Volunteer, datetime]:
    return (
        select(Volunteer, kept.at)
        .join(kept, kept.volunteer_id == Volunteer.id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(by_herself, told, kept.at >= each_time(kept.at, lambda: clock.now() - NEWS_FOR))
        .order_by(kept.at.desc())
        .limit(MOST)
    )


def _said(
    db: Session, query: Select[Volunteer, datetime], what: str
) -> Iterator[tuple[str, str, str, date]]:
    for one, at in db.execute(query):
        yield one.ref, _name(one), what, clock.local(at).date()


def _answers(db: Session, said: VolunteerDebrief) -> str:
    if said.answers is None or said.form_version is None:
        return ""
    form = stored.version_of(db, FORM, said.form_version)
    return "\n".join(f"{asked} {answer}" for asked, answer in in_words(form, said.answers))


def _move(to: Stage) -> str:
    return "stepped_back" if to is Stage.STEPPED_BACK else "came_back"


def _name(one: Volunteer) -> str:
    return f"{one.first_name} {one.last_name}"
