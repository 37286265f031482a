"""A volunteer's checks as her coordinator sees them, and what is still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DbsCheck, DisclosureTalk, Referee, RightToVolunteer
from services import audit, clock
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.vetting import rules
from services.volunteers.vetting.finding import names, rhythm
from services.volunteers.vetting.rules import Rhythm

_Names = dict[int | None, str]
Kind = TypeVar("Kind", Referee, RightToVolunteer, DbsCheck, DisclosureTalk)


@dataclass(frozen=True, slots=True)
class RefereeView:
    """A referee and how far asking has come."""

    ref: str
    name: str
    contact: str
    context: str
    known_years: int
    asked_on: date | None
    chased_on: date | None
    received_on: date | None
    is_enough: bool | None
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class RightView:
    """That somebody saw her right to volunteer; `valid_until` None counts for good."""

    seen_on: date
    seen_by: str | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class DbsView:
    """A DBS check with the last day it counts; `number` and `reason` go in time."""

    ref: str
    role: str
    level: str
    workforce: str
    with_barred_list: bool
    asked_on: date
    number: str | None
    issued_on: date | None
    seen_on: date | None
    seen_by: str | None
    update_service_on: date | None
    status_on: date | None
    changed_on: date | None
    counts_until: date | None
    decision: str | None
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    is_current: bool
    details_removed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class TalkView:
    """A conversation about her record: what was decided and agreed, without its words."""

    ref: str
    talked_on: date
    decided_by: str | None
    decision: str
    agreed: str | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Checks:
    """Everything about one volunteer's checks, and what she still needs."""

    referees: tuple[RefereeView, ...]
    rights: tuple[RightView, ...]
    dbs: tuple[DbsView, ...]
    talks: tuple[TalkView, ...]
    needed: tuple[str, ...]


def checks_of(db: Session, actor: Actor, volunteer_ref: str) -> Checks:
    """A volunteer's checks, the newest of each kind first; the look is written down."""
    actor.require(Permission.KEEP_CHECKS)
    her = find_volunteer(db, actor, volunteer_ref)
    referees, rights = _of(db, Referee, her.id), _of(db, RightToVolunteer, her.id)
    dbs, talks = _of(db, DbsCheck, her.id), _of(db, DisclosureTalk, her.id)
    decided = {one.decided_by_id for one in referees} | {one.decided_by_id for one in dbs}
    seen = {one.seen_by_id for one in rights} | {one.seen_by_id for one in dbs}
    people = names(db, decided | seen | {one.decided_by_id for one in talks})
    beat = rhythm(db)
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action="checks.viewed")
    shown = tuple(_dbs(one, people, beat) for one in dbs)
    return Checks(
        referees=tuple(_referee(one, people) for one in referees),
        rights=tuple(
            RightView(one.seen_on, people.get(one.seen_by_id), one.valid_until) for one in rights
        ),
        dbs=shown,
        talks=tuple(_talk(one, people) for one in talks),
        needed=rules.still_needed(
            contexts=[one.context.value for one in referees if one.is_enough],
            right_until=[one.valid_until for one in rights],
            checked_until=[one.counts_until for one in shown if one.counts_until and _clears(one)],
            today=clock.today(),
        ),
    )


def _of(db: Session, model: type[Kind], volunteer_id: int) -> Sequence[Kind]:
    query = select(model).where(model.volunteer_id == volunteer_id).order_by(model.id.desc())
    return db.scalars(query).all()


def _clears(one: DbsView) -> bool:
    return one.is_current and one.decision in {"cleared", "arrangements"}


def _referee(one: Referee, people: _Names) -> RefereeView:
    return RefereeView(
        ref=one.ref,
        name=one.name,
        contact=one.contact,
        context=one.context.value,
        known_years=one.known_years,
        asked_on=one.asked_on,
        chased_on=one.chased_on,
        received_on=one.received_on,
        is_enough=one.is_enough,
        decided_on=one.decided_on,
        decided_by=people.get(one.decided_by_id),
        reason=one.reason,
        version=one.version,
    )


def _dbs(one: DbsCheck, people: _Names, beat: Rhythm) -> DbsView:
    return DbsView(
        ref=one.ref,
        role=one.role,
        level=one.level.value,
        workforce=one.workforce.value,
        with_barred_list=one.with_barred_list,
        asked_on=one.asked_on,
        number=one.number,
        issued_on=one.issued_on,
        seen_on=one.seen_on,
        seen_by=people.get(one.seen_by_id),
        update_service_on=one.update_service_on,
        status_on=one.status_on,
        changed_on=one.changed_on,
        counts_until=last_day(one, beat),
        decision=one.decision.value if one.decision else None,
        decided_on=one.decided_on,
        decided_by=people.get(one.decided_by_id),
        reason=one.reason,
        is_current=one.is_current,
        details_removed_on=one.details_removed_on,
        version=one.version,
    )


def last_day(one: DbsCheck, beat: Rhythm) -> date | None:
    """The last day a check counts; None before its certificate was seen."""
    if one.counts_from is None:
        return None
    return rules.counts_until(
        one.counts_from,
        on_update_service=one.update_service_on is not None,
        changed_on=one.changed_on,
        rhythm=beat,
    )


def _talk(one: DisclosureTalk, people: _Names) -> TalkView:
    return TalkView(
        ref=one.ref,
        talked_on=one.talked_on,
        decided_by=people.get(one.decided_by_id),
        decision=one.decision.value,
        agreed=one.agreed,
        is_kept=one.told_removed_on is None,
    )
