"""What has been with one person, newest first: each kind of event for those who may see it.

The event says that something happened, never what was written down about it: a measure without
its score, a concern without its words. Those stand where each is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    CatchUp,
    Concern,
    Consent,
    ContactAttempt,
    Group,
    GroupSession,
    Mark,
    MeasureForm,
    Person,
    Place,
    PlaceState,
    Referral,
    ReferralChange,
    RiskReview,
)
from services import clock
from services.attendance import AttendanceCode
from services.people import one_person
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.unchanged import while_unchanged
from services.visibility import visible_concerns, visible_places

PAGE = 50
_COLUMNS = ["at", "kind", "number", "state", "about", "detail"]
_ATTENDED = [code.value for code in AttendanceCode if code.attended]
_NOT_ENDED = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.ACCEPTED, PlaceState.STARTED)

_Source: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the timeline ended: the next one goes on behind it."""

    at: datetime
    kind: str
    number: int


@while_unchanged
def events(db: Session, actor: Actor, ref: str, *, after: Position | None = None) -> pd.DataFrame:
    """A page of a person's timeline, newest first, as far as this reader may see it.

    Columns: at (the instant; of what is known by its day, that day's beginning), kind, number,
    state, about, detail. What the last three hold depends on the kind:

    - added; referral (state); place and place_ended (place's state, group's code name)
    - catch_up (session's number, group's code name), on the day it was done
    - attended (how many sessions, group's code name): one event a place, at its last session
    - measure (outcome, measure's key, "point respondent"); contact (outcome, route)
    - consent, consent_refused and consent_withdrawn (purpose); risk (level); concern
    """
    actor.require(Permission.READ_PEOPLE)
    person_id, by_day = _days(db, actor, ref, after)
    at_once = _read(db, _at_an_instant(actor), person_id, after, is_day=False)
    rows = sorted([*by_day, *at_once], key=lambda row: row[:3], reverse=True)
    frame = pd.DataFrame(rows[:PAGE], columns=_COLUMNS)
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True))


@while_unchanged
def _days(
    db: Session, actor: Actor, ref: str, after: Position | None
) -> tuple[int, list[tuple[Any, ...]]]:
    """Her number, and what is known by its day: apart from what every mark changes."""
    person_id = one_person.number_of(db, actor, ref)
    return person_id, _read(db, _by_day(actor), person_id, after, is_day=True)


def position_of(frame: pd.DataFrame) -> Position | None:
    """Behind its last event; None when there is none."""
    if frame.empty:
        return None
    last = frame.iloc[-1]
    return Position(last["at"].to_pydatetime(), last["kind"], int(last["number"]))


_PERSON: BindParameter[int] = bindparam("person", type_=Integer)


@once
def _by_day(actor: Actor) -> Subquery:
    """What is known by its day."""
    sources = [_places(actor), _places_ended(actor), _catch_ups(actor)]
    if actor.may(Permission.READ_REFERRALS):
        sources.append(_referrals())
    if actor.may(Permission.RECORD_MEASURES):
        sources.append(_measures(actor))
    if actor.may(Permission.RECORD_CONSENT):
        given, withdrawn = Consent.given_on, Consent.withdrawn_on
        of_her = Consent.person_id == _PERSON
        sources += [
            _source("consent", Consent.id, given, Consent.purpose).where(
                of_her, ~Consent.is_refusal
            ),
            _source("consent_refused", Consent.id, given, Consent.purpose).where(
                of_her, Consent.is_refusal
            ),
            _source("consent_withdrawn", Consent.id, withdrawn, Consent.purpose).where(
                of_her, withdrawn.is_not(None), ~Consent.is_refusal
            ),
        ]
    if actor.may(Permission.RECORD_RISK):
        review = _source("risk", RiskReview.id, RiskReview.assessed_on, RiskReview.level)
        sources.append(review.where(RiskReview.person_id == _PERSON))
    return union_all(*sources).subquery()


@once
def _at_an_instant(actor: Actor) -> Subquery:
    """What is known by the minute."""
    added = _source("added", Person.id, Person.created_at).where(Person.id == _PERSON)
    sources = [added, _attended(actor), _concerns(actor)]
    if actor.may(Permission.RECORD_CONTACT):
        tried = _source(
            "contact", ContactAttempt.id, ContactAttempt.at, ContactAttempt.outcome,
            ContactAttempt.route,
        )  # fmt: skip
        sources.append(tried.where(ContactAttempt.person_id == _PERSON))
    return union_all(*sources).subquery()


def _referrals() -> _Source:
    step = _source(
        "referral", ReferralChange.id, ReferralChange.changed_on, ReferralChange.to_state
    )
    return step.join(Referral, Referral.id == ReferralChange.referral_id).where(
        Referral.person_id == _PERSON
    )


def _places(actor: Actor) -> _Source:
    state = case((Place.state == PlaceState.WAITING, "waiting"), else_="given")
    place = _source("place", Place.id, Place.joined_on, state, Group.code_name)
    return place.join(Group, Group.id == Place.group_id).where(
        Place.person_id == _PERSON, Place.joined_on <= _today(), visible_places(actor)
    )


def _places_ended(actor: Actor) -> _Source:
    ended_on = func.coalesce(Place.left_on, Group.ends_on)
    place = _source("place_ended", Place.id, ended_on, Place.state, Group.code_name)
    return place.join(Group, Group.id == Place.group_id).where(
        Place.person_id == _PERSON,
        Place.state.not_in(_NOT_ENDED),
        ended_on <= _today(),
        visible_places(actor),
    )


def _today() -> BindParameter[Any]:
    """A place in a group that has not begun is no part of what has been."""
    return each_time(Place.joined_on, clock.today)


def _catch_ups(actor: Actor) -> _Source:
    number = cast(GroupSession.number, String)
    return (
        _source("catch_up", CatchUp.id, CatchUp.done_on, number, Group.code_name)
        .join(Place, Place.id == CatchUp.place_id)
        .join(Group, Group.id == Place.group_id)
        .join(GroupSession, GroupSession.id == CatchUp.session_id)
        .where(Place.person_id == _PERSON, CatchUp.taken_back_at.is_(None), visible_places(actor))
    )


def _attended(actor: Actor) -> _Source:
    """One event a place: how often she came, at the last time she did."""
    times = cast(func.count(), String)
    last = func.max(GroupSession.starts_at, type_=GroupSession.starts_at.type)
    return (
        _source("attended", Place.id, last, times, Group.code_name)
        .join(Group, Group.id == Place.group_id)
        .join(Mark, and_(Mark.place_id == Place.id, Mark.code.in_(_ATTENDED)))
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(Place.person_id == _PERSON, visible_places(actor))
        .group_by(Place.id, Group.code_name)
    )


def _measures(actor: Actor) -> _Source:
    when = _text(MeasureForm.point) + " " + _text(MeasureForm.respondent)
    form = _source(
        "measure", MeasureForm.id, MeasureForm.taken_on, MeasureForm.outcome, MeasureForm.measure,
        when,
    )  # fmt: skip
    return form.join(Place, Place.id == MeasureForm.place_id).where(
        Place.person_id == _PERSON, visible_places(actor)
    )


def _concerns(actor: Actor) -> _Source:
    """Those about her, or about a record joined to hers, that this reader may open."""
    hers = select(Person.id).where(or_(Person.id == _PERSON, Person.merged_into_id == _PERSON))
    return _source("concern", Concern.id, Concern.raised_at).where(
        Concern.person_id.in_(hers), visible_concerns(actor)
    )


def _source(kind: str, number: Any, at: Any, *more: Any) -> _Source:
    """One kind of event: every source gives the same columns, so that all go in one query."""
    texts = [*map(_text, more), *[literal("", String)] * (3 - len(more))]
    columns = zip(_COLUMNS, (at, literal(kind, String), number, *texts), strict=True)
    return select(*[column.label(name) for name, column in columns])


def _text(column: Any) -> ColumnElement[str]:
    """An enumeration as it is stored."""
    return type_coerce(column, String)


def _read(
    db: Session, every: Subquery, person_id: int, after: Position | None, *, is_day: bool
) -> list[tuple[Any, ...]]:
    at, kind, number = every.c.at, every.c.kind, every.c.number
    query = select(every).order_by(at.desc(), kind.desc(), number.desc()).limit(PAGE)
    if after is not None:
        query = query.where(_beyond(at, tuple_(kind, number), after, is_day=is_day))
    return [
        (clock.start_of_day(row[0]) if is_day else row[0], *row[1:])
        for row in db.execute(query, {_PERSON.key: person_id})
    ]


def _beyond(
    at: ColumnElement[Any], same: ColumnElement[Any], after: Position, *, is_day: bool
) -> ColumnElement[bool]:
    """Earlier than the position; a day counts as the instant it began."""
    bound: date | datetime = clock.local(after.at).date() if is_day else after.at
    if is_day and clock.start_of_day(clock.local(after.at).date()) < after.at:
        return at <= bound
    return or_(at < bound, and_(at == bound, same < (after.kind, after.number)))
