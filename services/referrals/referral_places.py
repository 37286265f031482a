"""How places in groups move along the referrals that led to them.

`services.places.milestones.following` hands over every place that has changed, so giving a place,
moving up, leaving and the first session attended all come through here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_PLACES,
    SEATED_PLACES,
    GroupSession,
    Mark,
    Place,
    PlaceState,
    Referral,
    ReferralState,
)
from services import clock
from services.attendance import AttendanceCode
from services.permissions import Actor
from services.referrals.referral_counts import counting
from services.referrals.referral_states import ON_THE_WAY, PAUSED, stop_clocks
from services.referrals.referral_steps import take_step

_ATTENDED = [code.value for code in AttendanceCode if code.attended]
_OPEN = (*ON_THE_WAY, *PAUSED)
# What a seat may take over from another group's waiting list, or from a place never taken up.
_NOT_SEATED = (ReferralState.WAITING, ReferralState.OFFERED, ReferralState.DECLINED)


@dataclass(frozen=True, slots=True)
class ChangedPlace:
    """A place as it is now; `reached` are its milestones, `seated_now` if the seat is new."""

    place: Place
    reached: frozenset[str] = frozenset()
    seated_now: bool = False


def follow(db: Session, changed: Sequence[ChangedPlace], *, by: Actor) -> None:
    """Bring the referrals behind places to where the places are, where there are any."""
    if not changed:
        return
    known = _referrals(db, changed)
    matched = [(one, _behind(one.place, known)) for one in changed] if known else []
    days = _first_sessions(db, [one.place for one, referral in matched if referral])
    for one, referral in matched:
        if referral is not None:
            _follow(db, _standing(db, one, referral), referral, days, by)


def under_way(db: Session, people: Collection[int]) -> set[int]:
    """Of these people, those with a referral on its way, which a new place would take up."""
    query = select(Referral.person_id).where(
        Referral.person_id.in_(people), Referral.state.in_(_OPEN)
    )
    return set(db.scalars(query))


def _follow(
    db: Session, one: ChangedPlace, referral: Referral, days: dict[int, datetime], by: Actor
) -> None:
    place = one.place
    referral.place_id = place.id
    with counting(db, referral):
        _stop_clocks(one, referral)
    # The states of a place are the later ones of a referral; completing is a matter of marks.
    completed = "completed" in one.reached
    state = ReferralState.COMPLETED if completed else ReferralState(place.state.value)
    if referral.state is not state:
        reason = place.left_reason if place.state not in CURRENT_PLACES else None
        take_step(db, referral, state, on=clock.today(), by=by, reason=reason)
    # Read from the register each time, since a mark may be taken back or made late.
    came_first = days.get(place.id)
    first = max(came_first.date(), referral.received_on) if came_first else None
    # Whoever moved from another group may have come to her first session there.
    moved = place.moved_from_id is not None
    with counting(db, referral):
        referral.first_session_on = (moved and referral.first_session_on) or first


def _stop_clocks(one: ChangedPlace, referral: Referral) -> None:
    """Whoever has or waits for a place has been spoken to; a seat is an offer as well."""
    place, asked_on = one.place, _asked_on(one.place)
    stop_clocks(referral, ReferralState.WAITING, asked_on)
    if place.state not in (PlaceState.WAITING, PlaceState.DECLINED):
        offered_on = clock.today() if one.seated_now else asked_on
        if place.offered_at is not None:
            offered_on = clock.local(place.offered_at).date()
        stop_clocks(referral, ReferralState.OFFERED, offered_on)


def _referrals(db: Session, changed: Sequence[ChangedPlace]) -> list[Referral]:
    """The referrals of these people that a place may move, held; the oldest first."""
    who = {
        "people": [one.place.person_id for one in changed],
        "places": [one.place.id for one in changed],
    }
    return list(db.scalars(_that_may_move(), who))


@cache
def _that_may_move() -> Select[Referral]:
    linked = Referral.place_id.is_not(None)
    return (
        select(Referral)
        .where(
            Referral.person_id.in_(bindparam("people", expanding=True)),
            or_(
                Referral.place_id.in_(bindparam("places", expanding=True)),
                Referral.state.in_(_OPEN),
                linked & Referral.state.in_(_NOT_SEATED),
            ),
        )
        .order_by(Referral.received_on, Referral.id)
        .with_for_update()
    )


def _behind(place: Place, known: Sequence[Referral]) -> Referral | None:
    """The referral that led to this place already, or else her oldest that may lead to it."""
    hers = [one for one in known if one.person_id == place.person_id]
    ours = (one for one in hers if one.place_id == place.id)
    free = (one for one in hers if one.received_on <= _asked_on(place) and _is_free(one, place))
    return next(ours, None) or next(free, None)


def _is_free(referral: Referral, place: Place) -> bool:
    if referral.place_id is None:
        return referral.state in _OPEN and place.state in CURRENT_PLACES
    return referral.state in _NOT_SEATED and place.state in SEATED_PLACES


def _standing(db: Session, one: ChangedPlace, referral: Referral) -> ChangedPlace:
    """The place as it is, or the other she has or waits for: then she has not declined."""
    place = one.place
    if place.state is not PlaceState.DECLINED:
        return one
    query = (
        select(Place)
        .where(
            Place.person_id == place.person_id,
            Place.state.in_(CURRENT_PLACES),
            Place.asked_at >= clock.start_of_day(referral.received_on),
        )
        .order_by(Place.state == PlaceState.WAITING, Place.id)
        .limit(1)
    )
    other = db.scalar(query)
    return one if other is None else ChangedPlace(other)


def _first_sessions(db: Session, places: Sequence[Place]) -> dict[int, datetime]:
    """When each of these places was first attended, by its number."""
    came = [place.id for place in places if place.attended]
    if not came:
        return {}
    query = (
        select(Mark.place_id, func.min(GroupSession.local_start))
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(Mark.place_id.in_(came), Mark.code.in_(_ATTENDED))
        .group_by(Mark.place_id)
    )
    return dict(db.execute(query).all())


def _asked_on(place: Place) -> date:
    return clock.local(place.asked_at).date()
