"""Sensible records for tests, each value replaceable by name."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import bcrypt
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    CheckDecision,
    CheckLevel,
    Course,
    DbsCheck,
    Facilitation,
    Group,
    GroupSession,
    Person,
    PersonKind,
    Place,
    Referral,
    ReferralSource,
    Role,
    Route,
    RouteAnswer,
    SessionState,
    Stage,
    Training,
    Volunteer,
    Workforce,
)
from services import clock
from services.accounts.sign_ins import actor_of
from services.groups import new_groups
from services.groups.group_draft import GroupDraft
from services.groups.pairs import making as pairs
from services.groups.pairs.making import PairDraft
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from services.places import places
from services.placing.eligibility import ROLES_IN_STAGE
from services.referrals import agencies, referrals
from services.referrals.agencies import AgencyDraft
from services.referrals.referrals import ReferralDraft
from services.reports import making, single
from services.reports.making import ReportDraft
from services.reports.single import TakenOut
from services.safe_contact import plans, view
from services.safe_contact.drafts import RouteDraft
from services.volunteers import stages, volunteers
from services.volunteers.volunteers import VolunteerDraft

PASSWORD = "four plain words here"
# The lowest cost bcrypt allows: tests sign in often and keep nothing secret.
_PASSWORD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode()


def make_actor(db: Session, username: str, role: Role) -> Actor:
    account = Account(
        username=username,
        display_name=username.title(),
        password_hash=_PASSWORD_HASH,
        role=role,
        created_at=clock.now(),
        sessions_valid_from=clock.now(),
    )
    db.add(account)
    db.flush()
    return actor_of(account)


def make_person(
    db: Session, actor: Actor, first_name: str = "Dana", last_name: str = "Okoro", **more: object
) -> Person:
    kind = more.pop("kind", PersonKind.ADULT)
    draft = PersonDraft(kind=kind, first_name=first_name, last_name=last_name, **more)  # type: ignore[arg-type]
    ref = people.add_family(db, actor, [draft])[0]
    return db.scalars(select(Person).where(Person.ref == ref)).one()


def make_contact(
    db: Session,
    actor: Actor,
    person: Person,
    route: Route = Route.CALL,
    answer: RouteAnswer = RouteAnswer.YES,
    *,
    address: str | None = "07700 900111",
    confirmed: bool = True,
    **more: Any,
) -> None:
    """One route of a person's safe-contact plan, confirmed today."""
    draft = RouteDraft(route=route, answer=answer, address=address, **more)
    seen = view.plan_of(db, actor, person.ref).version
    plans.save_route(db, actor, person.ref, draft, version=seen)
    if confirmed:
        seen = view.plan_of(db, actor, person.ref).version
        plans.confirm(db, actor, person.ref, version=seen)


def make_volunteer(
    db: Session,
    actor: Actor,
    first_name: str = "Maya",
    last_name: str = "Rowe",
    *,
    stage: Stage = Stage.INTEREST,
    ready: bool = True,
    **more: str,
) -> Volunteer:
    draft = VolunteerDraft(first_name=first_name, last_name=last_name, **more)
    ref = volunteers.add(db, actor, draft)
    if stage is not Stage.INTEREST:
        stages.move(db, actor, ref, stage, version=1)
    volunteer = db.scalars(select(Volunteer).where(Volunteer.ref == ref)).one()
    if ready and stage in ROLES_IN_STAGE:
        make_ready(db, actor, volunteer)
    return volunteer


def make_ready(db: Session, actor: Actor, volunteer: Volunteer) -> None:
    """A check for work with children and every course, in date: as whoever is placed has them."""
    make_check(db, actor, volunteer)
    for course in db.scalars(select(Course.id)):
        db.add(
            Training(
                volunteer_id=volunteer.id,
                course_id=course,
                held_on=clock.today(),
                minutes=120,
                recorded_by_id=actor.account_id,
                recorded_at=clock.now(),
                is_latest=True,
            )
        )
    db.flush()


def make_check(db: Session, actor: Actor, volunteer: Volunteer, **more: Any) -> DbsCheck:
    """A DBS check that was seen and decided on today."""
    today = clock.today()
    values: dict[str, Any] = {
        "role": "children_alongside",
        "level": CheckLevel.ENHANCED,
        "workforce": Workforce.BOTH,
        "with_barred_list": False,
        "asked_on": today,
        "number": "001234567890",
        "issued_on": today,
        "counts_from": more.get("issued_on", today),
        "seen_on": today,
        "seen_by_id": actor.account_id,
        "decision": CheckDecision.CLEARED,
        "decided_on": today,
        "decided_by_id": actor.account_id,
        "reason": "Nothing stands against it.",
        "is_current": True,
    }
    check = DbsCheck(volunteer_id=volunteer.id, **values | more)
    db.add(check)
    db.flush()
    return check


def monday_garden(facilitator: Actor, **more: Any) -> GroupDraft:
    """Twelve Mondays from the last one before the clocks change, as somebody fills them in."""
    return GroupDraft(
        programme="steps_forward",
        code_name="Monday garden",
        first_day=date(2026, 10, 19),
        weekdays=[0],
        start=time(10),
        capacity=8,
        facilitator_refs=[facilitator.ref],
        **more,
    )


def make_group(
    db: Session,
    actor: Actor,
    facilitators: Sequence[Actor],
    *,
    programme: str = "steps_forward",
    code_name: str = "Tuesday craft",
    first_day: date = date(2026, 9, 8),
    capacity: int = 8,
) -> Group:
    draft = GroupDraft(
        programme=programme,
        code_name=code_name,
        first_day=first_day,
        weekdays=[first_day.weekday()],
        start=time(10),
        capacity=capacity,
        facilitator_refs=[facilitator.ref for facilitator in facilitators],
        # Made groups often meet at one time with one facilitator, which is otherwise a clash.
        despite="Somebody stands in.",
    )
    ref = new_groups.create(db, actor, draft)
    return db.scalars(select(Group).where(Group.ref == ref)).one()


def make_pair(
    db: Session,
    actor: Actor,
    parents_with: Actor,
    children_with: Actor,
    *,
    programme: str = "side_by_side",
    first_day: date = date(2026, 9, 22),
    **more: Any,
) -> tuple[Group, Group]:
    """Two linked groups: the parents' and the children's."""
    given = {"children_code_name": "Small boats", "children_capacity": 6, **more}
    draft = PairDraft(
        parents=GroupDraft(
            programme=programme,
            code_name=given.pop("code_name", "Big boats"),
            first_day=first_day,
            weekdays=[first_day.weekday()],
            start=time(10),
            capacity=6,
            facilitator_refs=[parents_with.ref],
            despite=given.pop("despite", ""),
        ),
        children_facilitator_refs=[children_with.ref],
        **given,
    )
    refs = pairs.create(db, actor, draft)
    found = {one.ref: one for one in db.scalars(select(Group).where(Group.ref.in_(refs)))}
    return found[refs[0]], found[refs[1]]


def make_place(db: Session, actor: Actor, group: Group, person: Person) -> Place:
    # Made people often share a surname, join whenever a test says, and sit in groups that meet at
    # one time: all of it is weighed.
    given = places.enrol(
        db, actor, group_ref=group.ref, person_ref=person.ref, despite="They are strangers.",
        late="There is room.", fit="She comes to one of the two in turn.",
    )  # fmt: skip
    return db.scalars(select(Place).where(Place.ref == given.place_ref)).one()


def make_agency(db: Session, actor: Actor, name: str = "Harbour Advice", **more: str) -> str:
    return agencies.add(db, actor, AgencyDraft(name=name, **{"kind": "charity", **more}))


def make_referral(
    db: Session,
    actor: Actor,
    person: Person,
    *,
    received_on: date = date(2026, 9, 1),
    source: ReferralSource = ReferralSource.SELF,
    **more: object,
) -> Referral:
    draft = ReferralDraft(source=source, received_on=received_on, **more)  # type: ignore[arg-type]
    ref = referrals.add(db, actor, person.ref, draft)
    return db.scalars(select(Referral).where(Referral.ref == ref)).one()


def session_of(db: Session, group: Group, number: int = 1) -> GroupSession:
    """The session of that number; before one that was cancelled, the one that has it now."""
    query = (
        select(GroupSession)
        .where(GroupSession.group_id == group.id, GroupSession.number == number)
        .order_by(GroupSession.state == SessionState.CANCELLED)
    )
    return next(iter(db.scalars(query)))


__all__ = [
    "PASSWORD",
    "Facilitation",
    "make_actor",
    "make_agency",
    "make_check",
    "make_contact",
    "make_group",
    "make_pair",
    "make_person",
    "make_place",
    "make_ready",
    "make_referral",
    "make_volunteer",
]


def made_report(db: Session, actor: Actor, draft: ReportDraft, **more: Any) -> str:
    """A report prepared and kept: its reference."""
    return making.keep(db, actor, making.prepare(db, actor, draft, **more))


def taken_out(db: Session, actor: Actor, figure: str) -> TakenOut:
    """A chart prepared and taken out of the house."""
    return single.take_out(db, actor, single.prepare(db, actor, figure))
