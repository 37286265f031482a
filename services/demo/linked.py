"""A parents' and a children's group that begin soon, linked; one parent has no place yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from models import GroupPair, GroupState, PlaceState
from services import clock
from services.demo.cast import Household
from services.demo.courses import Scribe
from services.demo.runs import Run, Seat, around
from services.demo.scenes import FACILITATOR, FACILITATOR_2
from services.demo.sink import Sink
from services.programmes.programme_library import shipped

_STARTS_IN = 10  # days at least
_WEDNESDAY, _WEEK = 2, 7
_AFTER_SCHOOL = time(16)
_FAMILIES = 3
_HAS_A_PLACE = Seat(state=PlaceState.ACCEPTED)


def write(sink: Sink, scribe: Scribe, households: Sequence[Household], *, today: date) -> None:
    """Both halves with families who are free and have a child of that age."""
    programme = shipped()["side_by_side"]
    ages = range(programme.age_min, (programme.age_max or programme.age_min) + 1)
    soon = today + timedelta(days=_STARTS_IN)
    first_day = soon + timedelta(days=(_WEDNESDAY - soon.weekday()) % _WEEK)
    if first_day.weekday() == (today - timedelta(days=1)).weekday():
        first_day += timedelta(days=1)  # the kites are in the room that day, with both facilitators
    sessions = around(first_day, 1, programme, _AFTER_SCHOOL)
    # Those who are free come first; a small demonstration has few.
    by_freedom = sorted(households, key=lambda one: one.busy_until >= first_day)
    families = [
        (one.carer, child)
        for one in by_freedom
        if (child := one.child_of(ages, first_day)) is not None
    ][:_FAMILIES]
    children = Run(
        programme=programme,
        code_name="Small reeds",
        state=GroupState.RECRUITING,
        sessions=sessions,
        held=0,
        facilitators=(FACILITATOR_2,),
        capacity=6,
        seats=(_HAS_A_PLACE,) * len(families),
        is_half=True,
    )
    parents = replace(
        children, code_name="Tall reeds", facilitators=(FACILITATOR,), seats=children.seats[1:]
    )
    first = scribe.write(parents, [(carer,) for carer, _child in families[1:]])
    second = scribe.write(children, [(child,) for _carer, child in families])
    made_at = clock.start_of_day(today - timedelta(days=20)) + timedelta(hours=10)
    sink.add(GroupPair, parents_id=first.group, children_id=second.group, made_at=made_at)
