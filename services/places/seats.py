"""The seats of a group: how many are free, who may take one today, and who is offered the next.

Steps of the services that give, offer and end places. Each of those holds the group's lock, so
that the last seat is given once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    OPEN_STATES,
    SEATED_PLACES,
    Account,
    Group,
    Organisation,
    Person,
    Place,
    PlaceState,
)
from services import audit, clock
from services.accounts.sign_ins import actor_of
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.groups import groups
from services.groups.pairs.halves import require_right_half
from services.permissions import Actor, Permission
from services.places import fitting, joining
from services.places.milestones import following
from services.placing import placing
from services.programmes import programmes
from services.visibility import visible_places

CHANGED = "Somebody else changed this place. Open it again to see how."
ENDED = "This group has ended. Choose one that is still open."
FULL = "No seat is free in this group. Choose another, or end a place first."
LATE = (
    "This group takes nobody new any more: it closed after week {week}. Write why she joins all "
    "the same, or choose another group."
)
_MOST = placing.MAX_REASON


def lock_group(db: Session, actor: Actor, ref: str) -> Group:
    """The group, held until the transaction ends; offers nobody answered have passed on."""
    actor.require(Permission.READ_GROUPS)
    group = groups.find(db, actor, ref, lock=True)
    pass_on(db, group)
    return group


def lock_place(db: Session, actor: Actor, ref: str, version: int) -> tuple[Place, Group]:
    """A place with its group, held. Raises ConflictError if it is not as she saw it."""
    actor.require(Permission.EDIT_PEOPLE)
    place = db.scalar(select(Place).where(Place.ref == ref, visible_places(actor)))
    if place is None:
        raise NotFoundError("place")
    group = db.scalars(select(Group).where(Group.id == place.group_id).with_for_update()).one()
    db.refresh(place)
    if place.version != version:
        raise ConflictError(CHANGED)
    return place, group


def count(db: Session, group_id: int, states: Sequence[PlaceState]) -> int:
    """How many places of a group are in one of these states."""
    query = select(func.count()).where(Place.group_id == group_id, Place.state.in_(states))
    return db.scalar(query) or 0


def free(db: Session, group: Group) -> int:
    """How many seats are neither taken nor offered; never below 0."""
    return max(0, group.capacity - count(db, group.id, SEATED_PLACES))


def require_open(group: Group) -> None:
    """Raise unless the group has not ended."""
    if group.state not in OPEN_STATES:
        raise ConflictError(ENDED)


def require_seat(db: Session, group: Group) -> None:
    """Raise unless the group has not ended and a seat is free."""
    require_open(group)
    if not free(db, group):
        raise ConflictError(FULL)


def refuse_second_place(db: Session, group: Group, person_id: int) -> None:
    """Raise if she has a place in the group, is offered one or waits for one."""
    query = select(Place.id).where(
        Place.group_id == group.id, Place.person_id == person_id, Place.state.in_(CURRENT_PLACES)
    )
    if db.scalar(query) is not None:
        raise ConflictError("This person has a place in this group already, or is waiting for one.")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why somebody joins all the same: to weigh, after the cut-off, and whether it fits her."""

    despite: str | None
    late: str | None
    fit: str | None

    def keep_with(self, place: Place) -> None:
        """Write down those that were needed; one that was not leaves an earlier one standing."""
        place.despite = self.despite or place.despite
        place.late_reason = self.late or place.late_reason
        place.fit_reason = self.fit or place.fit_reason


def may_join(
    db: Session,
    by: Actor,
    group: Group,
    person_id: int,
    *,
    despite: str,
    late: str,
    fit: str,
    leaving: int | None = None,
) -> Reasons:
    """The reasons to keep when somebody is to join now; `leaving` is a group whose place ends.

    Raises what `placing.weigh` does, and InvalidInputError at `late` or `fit` where a reason is
    needed and not given; ConflictError in the wrong half of a pair.
    """
    person = db.scalars(select(Person).where(Person.id == person_id)).one()
    found = placing.for_people(db, [person], group.id, since=first_day(group))[person.id]
    require_right_half(db, group, person.kind)
    stands_against = fitting.against(db, group, [person], leaving=leaving).get(person.id)
    return Reasons(
        despite=placing.weigh(by, found, despite),
        late=_weigh_late(db, group, late),
        fit=fitting.weigh(stands_against, fit),
    )


def weigh_place(
    db: Session, by: Actor, group: Group, place: Place, *, despite: str, late: str, fit: str
) -> Reasons:
    """The same for somebody who asked for her place before, kept with it; what fitted her then
    fits her still."""
    fit = fit or place.fit_reason or ""
    reasons = may_join(db, by, group, place.person_id, despite=despite, late=late, fit=fit)
    reasons.keep_with(place)
    return reasons


def is_closed(db: Session, group: Group, on: date) -> bool:
    """Whether the group takes nobody new any more on a day."""
    closes_on = joining.closes_on(group.starts_on, programmes.of_group(db, group).cutoff_week)
    return closes_on is not None and on >= closes_on


def first_day(group: Group) -> date:
    """The first day of whoever takes a seat now."""
    return max(clock.today(), group.starts_on)


def seat(db: Session, group: Group, place: Place, *, by: Actor) -> None:
    """Give a waiting or offered place its seat, from today or the group's first day."""
    with following(db, group, place, by=by):
        place.state = PlaceState.ACCEPTED
        place.offered_until = place.lapsed_at = None
        place.joined_on = first_day(group)
        db.flush()


def make_offer(
    db: Session, group: Group, place: Place, *, by: Actor, until: date | None = None
) -> date:
    """Hold a free seat for her until a day has ended, by default the organisation's; that day."""
    last = until or default_until(db)
    with following(db, group, place, by=by):
        place.state = PlaceState.OFFERED
        place.offered_at, place.offered_by_id = clock.now(), by.account_id
        place.offered_until = joining.end_of(last)
        place.lapsed_at = None
        db.flush()
    return last


def default_until(db: Session) -> date:
    """The last day to answer an offer that is made today."""
    house = select(Organisation.offer_days, Organisation.region)
    days, region = db.execute(house).one()
    return joining.working_days_after(clock.today(), days, region)


def offer_free_seats(db: Session, group: Group, *, by: Actor) -> list[str]:
    """Offer every free seat to those who wait, in fair order; the places that were offered one.

    Whoever must not meet somebody in the group keeps her position and waits; so does she about
    whom there is something to weigh that nobody has weighed yet, she whom it does not fit, and
    she whose last offer passed by without an answer. A coordinator offers those a seat by hand.
    """
    seats = free(db, group) if group.state in OPEN_STATES else 0
    if not seats:
        return []
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id == group.id,
            Place.state == PlaceState.WAITING,
            Place.lapsed_at.is_(None),
        )
        .order_by(Place.asked_at, Place.id)
    )
    waiting = db.execute(query).all()
    if not waiting:
        return []
    people = [person for _place, person in waiting]
    found = placing.for_people(db, people, group.id, since=clock.today())
    unfit = fitting.against(db, group, people)
    closed = is_closed(db, group, first_day(group))
    ready = [
        place
        for place, person in waiting
        if placing.is_settled(found[person.id], place.despite)
        and (place.late_reason or not closed)
        and (place.fit_reason or person.id not in unfit)
    ]
    for place in ready[:seats]:
        make_offer(db, group, place, by=by)
    return [place.ref for place in ready[:seats]]


def pass_on(db: Session, group: Group) -> int:
    """Take back the offers of a held group that nobody answered, and offer the seats to the next.

    Right whenever it runs, and done once however often it does: an offer that was taken back does
    not stand any more. Gives back how many were taken back.
    """
    query = (
        select(Place)
        .where(
            Place.group_id == group.id,
            Place.state == PlaceState.OFFERED,
            Place.offered_until <= clock.now(),
        )
        .order_by(Place.id)
        .execution_options(populate_existing=True)
    )
    lapsed = db.scalars(query).all()
    if not lapsed:
        return 0
    by = _who_offered(db, lapsed[0])
    with following(db, group, *lapsed, by=by):
        for place in lapsed:
            place.state = PlaceState.WAITING
            place.lapsed_at, place.offered_until = place.offered_until, None
        db.flush()
    offered = offer_free_seats(db, group, by=by)
    audit.record(
        db, None, "offers.passed_on", f"group:{group.ref}", lapsed=len(lapsed), offered=len(offered)
    )
    return len(lapsed)


def _who_offered(db: Session, place: Place) -> Actor:
    """In whose name the seat passes on: hers who offered it."""
    return actor_of(db.get_one(Account, place.offered_by_id))


def _weigh_late(db: Session, group: Group, late: str) -> str | None:
    if not is_closed(db, group, first_day(group)):
        return None
    if not late.strip():
        week = programmes.of_group(db, group).cutoff_week
        raise InvalidInputError({"late": LATE.format(week=week)})
    if len(late) > _MOST:
        raise InvalidInputError({"late": f"Shorten the reason to {_MOST:,} letters."})
    return late.strip()
