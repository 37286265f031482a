"""Which rows each role may see: a clause for every query that finds something.

Whatever a role may not see at all it finds nothing of, so that "not hers" and "not there" are the
same answer.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models import (
    Concern,
    Conflict,
    Facilitation,
    Group,
    GroupSession,
    Person,
    PersonKind,
    Place,
    Plan,
    PlanMember,
    RecordLock,
    Referral,
    ReferralForm,
    Role,
    SupervisorAbsence,
    Volunteer,
    VolunteerSupport,
)
from services import clock
from services.permissions import Actor
from services.permissions import Permission as P
from services.short_lists import each_time, once

AFTER_COVER = timedelta(days=7)


@once
def visible_groups(actor: Actor) -> ColumnElement[bool]:
    """The groups this person may see: a facilitator her own, coordinator and lead all."""
    if not actor.may(P.READ_GROUPS):
        return false()
    if actor.role is Role.FACILITATOR:
        return Group.id.in_(own_group_ids(actor))
    return true()


@once
def visible_sessions(actor: Actor) -> ColumnElement[bool]:
    """The sessions this person may see: those of the groups she may see."""
    if not actor.may(P.READ_GROUPS):
        return false()
    if actor.role is Role.FACILITATOR:
        return GroupSession.group_id.in_(own_group_ids(actor))
    return true()


@once
def visible_places(actor: Actor) -> ColumnElement[bool]:
    """The places, and so the people by name, this person may see."""
    if not actor.may(P.READ_PEOPLE):
        return false()
    if actor.role is Role.FACILITATOR:
        return Place.group_id.in_(own_group_ids(actor)) & _unlocked(actor, Place.person_id)
    return _unlocked(actor, Place.person_id)


@once
def visible_people(actor: Actor) -> ColumnElement[bool]:
    """The participants this person may see by name; of two joined records the one that was kept."""
    if not actor.may(P.READ_PEOPLE):
        return false()
    there = Person.merged_into_id.is_(None) & _unlocked(actor, Person.id)
    if actor.role is Role.FACILITATOR:
        own = select(Place.person_id).where(Place.group_id.in_(own_group_ids(actor)))
        return there & Person.id.in_(own)
    return there


@once
def openable_children(actor: Actor) -> ColumnElement[bool]:
    """The children whose steps this person may open one at a time, each for a stated reason."""
    if not actor.may(P.OPEN_CHILD_STEPS):
        return false()
    return (
        (Person.kind == PersonKind.CHILD)
        & Person.merged_into_id.is_(None)
        & _unlocked(actor, Person.id)
    )


@once
def counted_children(actor: Actor) -> ColumnElement[bool]:
    """The places that this person's figures of a group rest on: a facilitator's own, a lead's all.

    No name goes with it.
    """
    if not actor.may(P.READ_CHILD_STEPS):
        return false()
    return true() if actor.may(P.OPEN_CHILD_STEPS) else visible_places(actor)


@once
def visible_referrals(actor: Actor) -> ColumnElement[bool]:
    """The referrals this person may see: those of the people she may see."""
    if not actor.may(P.READ_REFERRALS):
        return false()
    # Asked referral by referral: of a page of them, not of everybody there is.
    hers = select(Person.id).where(Person.id == Referral.person_id, visible_people(actor))
    return hers.correlate(Referral).exists()


@once
def visible_forms(actor: Actor) -> ColumnElement[bool]:
    """The forms of professionals this person may see: none that became the referral of somebody
    she may not see."""
    if not actor.may(P.EDIT_REFERRALS):
        return false()
    hers = select(Referral.id).where(
        Referral.id == ReferralForm.referral_id, visible_referrals(actor)
    )
    return ReferralForm.referral_id.is_(None) | hers.correlate(ReferralForm).exists()


@once
def visible_plans(actor: Actor) -> ColumnElement[bool]:
    """The plans this person may see: those for at least one member she may see by name."""
    if not actor.may(P.READ_PLANS):
        return false()
    seen = (
        select(PlanMember.plan_id)
        .join(Person, Person.id == PlanMember.person_id)
        .where(PlanMember.plan_id == Plan.id, visible_people(actor))
    )
    return seen.correlate(Plan).exists()


@once
def visible_volunteers(actor: Actor) -> ColumnElement[bool]:
    """The survivor volunteers this person may see: a coordinator all, nobody else any."""
    return true() if actor.may(P.READ_VOLUNTEERS) else false()


@once
def visible_to_herself(actor: Actor) -> ColumnElement[bool]:
    """The one volunteer whose own account this is; to any other role nobody."""
    if not actor.may(P.OWN_VOLUNTEERING):
        return false()
    own = select(VolunteerSupport.volunteer_id).where(
        VolunteerSupport.own_account_id == actor.account_id
    )
    return Volunteer.id.in_(own)


@once
def visible_beside_her(actor: Actor) -> ColumnElement[bool]:
    """The places a volunteer may see the first names of, where she helps that day: of nobody whose
    record she is kept out of."""
    return _unlocked(actor, Place.person_id) if actor.may(P.OWN_VOLUNTEERING) else false()


@once
def visible_support(actor: Actor) -> ColumnElement[bool]:
    """Whose supervision and check-ins this person may read: of the volunteers she supervises, and
    of those she stands in for today. Never her own, whoever is away."""
    if not actor.may(P.SUPERVISE):
        return false()
    away = select(SupervisorAbsence.account_id).where(
        SupervisorAbsence.stand_in_id == actor.account_id,
        SupervisorAbsence.starts_on <= each_time(SupervisorAbsence.starts_on, clock.today),
        SupervisorAbsence.ends_on >= each_time(SupervisorAbsence.ends_on, clock.today),
    )
    supervisor, own = VolunteerSupport.supervisor_id, VolunteerSupport.own_account_id
    answers = (supervisor == actor.account_id) | supervisor.in_(away)
    return answers & (own.is_(None) | (own != actor.account_id))


@once
def visible_concerns(actor: Actor) -> ColumnElement[bool]:
    """The concerns this person may open: her own, or all if she decides on them.

    None about somebody whose record she is kept out of, not even her own. A concern stays with
    the record it was raised about, also when that one was joined to another.
    """
    if not actor.may(P.RAISE_CONCERNS):
        return false()
    joined_to_locked = select(Person.id).where(~_unlocked(actor, Person.merged_into_id))
    there = Concern.person_id.is_(None) | (
        _unlocked(actor, Concern.person_id) & Concern.person_id.not_in(joined_to_locked)
    )
    if actor.may(P.DECIDE_CONCERNS):
        return there
    return there & (Concern.raised_by_id == actor.account_id)


@once
def visible_conflicts(actor: Actor) -> ColumnElement[bool]:
    """The pairs kept apart that this person may open: none with somebody she is kept out of."""
    if not actor.may(P.KEEP_CONFLICTS):
        return false()
    first, second = Conflict.person_id, Conflict.other_person_id
    return (first.is_(None) | _unlocked(actor, first)) & (
        second.is_(None) | _unlocked(actor, second)
    )


@once
def importable_people(actor: Actor) -> ColumnElement[bool]:
    """The participants this person's spreadsheets may bring up to date, without her seeing them."""
    if not actor.may(P.IMPORT_RECORDS):
        return false()
    return Person.merged_into_id.is_(None) & _unlocked(actor, Person.id)


@once
def importable_groups(actor: Actor) -> ColumnElement[bool]:
    """The groups this person's spreadsheets may bring up to date, without her seeing them."""
    return true() if actor.may(P.IMPORT_RECORDS) else false()


def _unlocked(
    actor: Actor, person_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Nobody whose record this person is kept out of."""
    locked = select(RecordLock.person_id).where(RecordLock.account_id == actor.account_id)
    return person_id.not_in(locked)


@once
def own_group_ids(actor: Actor) -> Select[int]:
    """The numbers of the groups this person facilitates, as a subquery.

    Whoever stood in has a week to finish what she began.
    """
    ends = Facilitation.ends_on
    return select(Facilitation.group_id).where(
        Facilitation.account_id == actor.account_id,
        ends.is_(None) | (ends >= each_time(ends, lambda: clock.today() - AFTER_COVER)),
    )
