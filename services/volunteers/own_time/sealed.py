"""The sealed part of a volunteer's record: her own time as a participant, and readiness.

A coordinator opens it after saying why, and each opening is written in the audit log. What is
kept and what is changed is written there in one and the same way whatever it is, so that not even
the log says whether she was a participant (docs/decisions/0024).
"""

import enum
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import CompoundSelect, select
from sqlalchemy.orm import Session

from models import Account, Group, OwnTime, Person, Volunteer, VolunteerApplication
from services import audit, clock
from services.errors import ConflictError
from services.people import one_person
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_people
from services.volunteers.finding import find_volunteer
from services.volunteers.own_time import histories, meeting
from services.volunteers.own_time.readiness import Fact, History, facts

OPENED = "own_time.opened"
CLOSED = "A colleague looks after this part of her record. Ask another coordinator to change it."


class Why(enum.Enum):
    """Why somebody opens the sealed part: one of a few and no words, for the audit log."""

    READINESS = "readiness"
    PLACING = "placing"
    ASKED = "asked"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTimeDraft:
    """What she said, as it was filled in; a person's reference only where she was a participant.

    None is "not asked yet".
    """

    was_participant: bool | None = None
    person_ref: str | None = None
    has_own_support: bool | None = None

    def checked(self) -> "OwnTimeDraft":
        """The same, with no link left where she was no participant."""
        if self.was_participant:
            return self
        return OwnTimeDraft(
            was_participant=self.was_participant, has_own_support=self.has_own_support
        )


@dataclass(frozen=True, slots=True)
class OwnTimeView:
    """What is sealed about one volunteer; `version` 0 before anything was recorded."""

    facts: tuple[Fact, ...]
    was_participant: bool | None
    person_ref: str | None
    person_name: str | None
    has_own_support: bool | None
    support_asked_on: date | None
    hard_to_meet: tuple[str, ...]  # in her own words, from what she applied with
    meets_in: tuple[str, ...]  # groups she is placed with now though they are not right for her
    version: int


def opened(db: Session, actor: Actor, volunteer_ref: str, why: Why) -> OwnTimeView:
    """The sealed part of her record; the look is written in the audit log.

    Where her record as a participant is closed to this reader, it reads as if nobody had asked.
    """
    actor.require(Permission.KEEP_CONFLICTS)
    volunteer = find_volunteer(db, actor, volunteer_ref)
    kept = db.scalar(select(OwnTime).where(OwnTime.volunteer_id == volunteer.id))
    person = _person(db, actor, kept)
    is_closed = kept is not None and kept.person_id is not None and person is None
    view = _nothing() if kept is None or is_closed else _view(db, volunteer, kept, person)
    words = select(VolunteerApplication.hard_to_meet).where(
        VolunteerApplication.volunteer_id == volunteer.id
    )
    said = tuple(text for text in db.scalars(words) if text)
    audit.viewed(db, actor, f"volunteer:{volunteer_ref}", action=OPENED, why=why.value)
    return replace(view, hard_to_meet=said)


def to_act_on(db: Session, actor: Actor) -> int:
    """How many placements there are now with a group that is not right for the volunteer."""
    actor.require(Permission.KEEP_CONFLICTS)
    return len(_meetings(db, actor))


def meetings(db: Session, actor: Actor, why: Why) -> pd.DataFrame:
    """Volunteers placed now with somebody of their own time here: ref, name, group.

    A part of the sealed list of conflicts; the look is written in the audit log.
    """
    actor.require(Permission.KEEP_CONFLICTS)
    found = _meetings(db, actor)
    query = select(Volunteer.id, Volunteer.ref, Volunteer.first_name, Volunteer.last_name)
    numbers = {volunteer for volunteer, _group in found}
    names = {
        number: (ref, f"{first} {last}")
        for number, ref, first, last in db.execute(query.where(Volunteer.id.in_(numbers)))
    }
    of_groups = select(Group.id, Group.code_name).where(Group.id.in_({one for _v, one in found}))
    called = dict(db.execute(of_groups).all())
    audit.viewed(db, actor, "own_time:list", action=OPENED, why=why.value)
    rows = [(*names[volunteer], called[group]) for volunteer, group in found]
    return pd.DataFrame(rows, columns=["ref", "name", "group"])


def record(
    db: Session, actor: Actor, volunteer_ref: str, draft: OwnTimeDraft, *, version: int
) -> None:
    """Keep what she said. Raises ConflictError when somebody else has done so since `version`."""
    actor.require(Permission.KEEP_CONFLICTS)
    draft = draft.checked()
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    kept = db.scalar(select(OwnTime).where(OwnTime.volunteer_id == volunteer.id))
    if kept and kept.person_id and _person(db, actor, kept) is None:
        raise ConflictError(CLOSED)
    if (kept.version if kept else 0) != version:
        raise _changed_meanwhile(db, kept)
    person_id = _chosen(db, actor, draft.person_ref)
    if kept is None:
        kept = OwnTime(volunteer_id=volunteer.id)
        db.add(kept)
    if draft.has_own_support is None:
        kept.support_asked_on = None
    elif draft.has_own_support is not kept.has_own_support:
        kept.support_asked_on = clock.today()
    kept.was_participant, kept.person_id = draft.was_participant, person_id
    kept.has_own_support = draft.has_own_support
    kept.changed_at, kept.changed_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "own_time.recorded", f"volunteer:{volunteer_ref}")


def _meetings(db: Session, actor: Actor) -> list[tuple[int, int]]:
    """Volunteer and group, but for those whose own record is closed to this reader."""
    return sorted(meeting.pairs(db, _meetings_select(actor)))


@once
def _meetings_select(actor: Actor) -> CompoundSelect[Any]:
    # From the few who are linked to their records: a list of everybody she may see is a long one.
    own = meeting.selves()
    hers = select(own.c.volunteer_id).join(Person, Person.id == own.c.person_id)
    return meeting.meeting_select(hers.where(visible_people(actor)))


def _nothing() -> OwnTimeView:
    nothing = facts(History(), on=clock.today(), months=0)
    return OwnTimeView(nothing, None, None, None, None, None, (), (), 0)


def _view(db: Session, volunteer: Volunteer, kept: OwnTime, person: Person | None) -> OwnTimeView:
    groups = [group for _volunteer, group in meeting.meeting_now(db, [volunteer.id])]
    names = db.scalars(select(Group.code_name).where(Group.id.in_(groups)).order_by(Group.id))
    return OwnTimeView(
        facts=histories.standing(db, [volunteer], clock.today())[volunteer.id],
        was_participant=kept.was_participant,
        person_ref=person.ref if person else None,
        person_name=full_name(person) if person else None,
        has_own_support=kept.has_own_support,
        support_asked_on=kept.support_asked_on,
        hard_to_meet=(),
        meets_in=tuple(names),
        version=kept.version,
    )


def _person(db: Session, actor: Actor, kept: OwnTime | None) -> Person | None:
    """Her record as a participant, if she may see it; of two joined ones the one kept."""
    if kept is None or kept.person_id is None:
        return None
    linked = db.get_one(Person, kept.person_id)
    number = linked.merged_into_id or linked.id
    return db.scalar(select(Person).where(Person.id == number, visible_people(actor)))


def _chosen(db: Session, actor: Actor, ref: str | None) -> int | None:
    if ref is None:
        return None
    return one_person.number_of(db, actor, ref)


def _changed_meanwhile(db: Session, kept: OwnTime | None) -> ConflictError:
    number = kept.changed_by_id if kept else None
    by = db.scalar(select(Account.display_name).where(Account.id == number))
    return ConflictError(
        f"{by or 'A colleague'} changed this while you had it open. Look at what stands there "
        "now, and save again if it is still right."
    )
