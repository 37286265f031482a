"""Each rule on every way in: with it she is refused, and with it taken away she comes through.

So every one of these is seen failing once, each time they run: a rule that stops nothing any more,
or that some way in does not ask, is found here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from models import (
    CheckDecision,
    CrossingKind,
    DbsCheck,
    Group,
    Person,
    Place,
    PlacementRole,
    PlaceState,
    Shift,
    ShiftState,
    Stage,
    Training,
    Volunteer,
    VolunteerWishes,
    new_ref,
)
from services import clock
from services.errors import AppError
from services.permissions import Actor
from services.placing import avoided, eligibility, placements, placing
from services.placing.placements import PlacementDraft
from services.volunteers.availability.limits import within_her_limits
from services.volunteers.herself import shifts as own_shifts
from services.volunteers.own_time import meeting
from services.volunteers.rota import check, relief, shifts, terms
from services.volunteers.rota.terms import Line
from services.volunteers.support.kept import support_is_kept
from services.volunteers.training.eligible import courses_in_date
from services.volunteers.vetting import disclosures
from services.volunteers.vetting.agreed import decided_for_her
from services.volunteers.vetting.disclosures import TalkDraft
from services.volunteers.vetting.eligible import checked_for_children
from tests.make import make_group, make_person, make_place, session_of
from tests.services.placing.test_crossings import keep
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.herself.account import joined
from tests.services.volunteers.own_time.before import been, link
from tests.services.volunteers.shifts import accepted, need, offer, seasoned, shift

FIRST = date(2026, 9, 22)
WELCOME = PlacementRole.WELCOME


@dataclass
class House:
    """A group with children to come, who is in it, and the volunteer it is all about."""

    db: Session
    amina: Actor
    ben: Actor
    group: Group
    dana: Person
    maya: Volunteer
    ines: Volunteer


@pytest.fixture
def house(db: Session, amina: Actor, ben: Actor) -> House:
    group = make_group(db, amina, [ben], programme="side_by_side", first_day=FIRST, capacity=6)
    group.venue = "Long Hall, NR3 1XX"
    need(db, amina, group, welcome=2)
    dana = make_person(db, amina)
    make_place(db, amina, group, dana)
    maya, ines = (seasoned(db, amina, *name) for name in (("Maya", "Rowe"), ("Ines", "Marsh")))
    return House(db, amina, ben, group, dana, maya, ines)


# --- What keeps her out --------------------------------------------------------------------


def elsewhere(house: House) -> None:
    """She is in the rota of another group in the same month."""
    other = make_group(
        house.db, house.amina, [house.ben], code_name="Other", first_day=FIRST + timedelta(days=1)
    )
    house.db.add(
        Shift(
            ref=new_ref(), session_id=session_of(house.db, other).id, volunteer_id=house.maya.id,
            role=WELCOME, slot=1, state=ShiftState.ACCEPTED, offered_at=clock.now(),
            offered_by_id=house.amina.account_id, answered_at=clock.now(),
        )
    )  # fmt: skip
    house.db.flush()


def wishes_one_a_month(house: House) -> None:
    elsewhere(house)
    house.db.add(
        VolunteerWishes(
            volunteer_id=house.maya.id, roles=[], languages=[], most_a_month=1, groups_at_once=3,
            weeks_between=0,
        )
    )  # fmt: skip
    house.db.flush()


def was_there(house: House, left: date, *, code_name: str | None = None) -> Person:
    """Her own record here, with a place that is over in this group or another."""
    herself = make_person(house.db, house.amina, "Maya", "Quill")
    group = house.group
    if code_name is not None:
        group = make_group(house.db, house.amina, [house.ben], code_name=code_name, capacity=20)
    been(house.db, house.amina, group, herself, joined=left - timedelta(weeks=8), left=left)
    link(house.db, house.amina, house.maya, herself)
    return herself


def was_of_this_group(house: House) -> None:
    """And nobody whom she would know from it is there now."""
    gone = update(Place).where(Place.person_id == house.dana.id)
    house.db.execute(gone.values(state=PlaceState.DECLINED))
    was_there(house, date(2025, 11, 4))


def knows_a_peer(house: House) -> None:
    long_ago = date(2025, 11, 4)
    herself = was_there(house, long_ago, code_name="Earlier")
    earlier = make_group(house.db, house.amina, [house.ben], code_name="Both", capacity=20)
    for one in (herself, house.dana):
        been(house.db, house.amina, earlier, one, joined=date(2025, 9, 9), left=long_ago)


def not_now(house: House) -> None:
    talk = TalkDraft(talked_on=clock.today(), told="Talked.", decision=CheckDecision.NOT_NOW)
    disclosures.record(house.db, house.amina, house.maya.ref, talk)


def lapsed(house: House) -> None:
    house.db.execute(update(DbsCheck).values(counts_from=date(2020, 1, 1)))


def untrained(house: House) -> None:
    house.db.execute(delete(Training).where(Training.volunteer_id == house.maya.id))


def unsupported(house: House) -> None:
    house.maya.stage_since = date(2026, 6, 1)  # without a supervisor ever since
    house.db.flush()


def stepped_back(house: House) -> None:
    house.maya.stage = Stage.STEPPED_BACK
    house.db.flush()


Patch = pytest.MonkeyPatch


def without(rule: Callable[..., Any]) -> Callable[[Patch], None]:
    """One rule about her is asked no more."""

    def taken(patch: Patch) -> None:
        for name in ("ABOUT_HER", "RULES"):
            left = tuple(one for one in getattr(eligibility, name) if one is not rule)
            patch.setattr(eligibility, name, left)

    return taken


def answers(where: Any, name: str, nothing: Callable[[], Any]) -> Callable[[Patch], None]:
    """One question is answered with nothing."""
    return lambda patch: patch.setattr(where, name, lambda *_args, **_more: nothing())


def unlimited(rule: str) -> Callable[[Patch], None]:
    """How much she takes on is counted no more, session by session or by group."""

    def taken(patch: Patch) -> None:
        without(within_her_limits)(patch)
        patch.setattr(check.Rules, rule, lambda *_args: False)

    return taken


CHECKS: dict[str, tuple[Callable[[House], object], Callable[[Patch], None]]] = {
    "a recorded pair": (
        lambda house: keep_apart(house.db, house.amina, house.maya, house.dana),
        answers(placing, "_recorded", lambda: defaultdict(set)),
    ),
    "a group she was in herself": (
        was_of_this_group,
        answers(meeting, "of_this_cohort", set),
    ),
    "somebody of her own time": (knows_a_peer, answers(meeting, "known", dict)),
    "a part of town she avoids": (
        lambda house: keep(house.db, house.amina, house.maya, CrossingKind.AVOIDS, "NR3"),
        answers(avoided, "barred", set),
    ),
    "too soon after her own group": (
        lambda house: was_there(house, date(2026, 8, 20), code_name="Own"),
        without(eligibility.own_time_allows),
    ),
    "a lapsed check": (lapsed, without(checked_for_children)),
    "not now": (not_now, without(decided_for_her)),
    "a course she lacks": (untrained, without(courses_in_date)),
    "support long overdue": (unsupported, without(support_is_kept)),
    "stepped back": (stepped_back, without(eligibility.stage_allows)),
    "sessions a month": (wishes_one_a_month, unlimited("_is_full")),
    "groups at once": (elsewhere, unlimited("_has_too_many_groups")),
}


# --- The ways in: what comes before, and the step that is to be refused --------------------

Way = Iterator[None]


def by_screen(house: House) -> Way:
    yield
    draft = PlacementDraft(
        volunteer_ref=house.maya.ref, group_ref=house.group.ref, role=WELCOME, starts_on=FIRST,
        despite="Weighed.",
    )  # fmt: skip
    placements.place(house.db, house.amina, draft)


def by_offer(house: House) -> Way:
    yield
    offer(house.db, house.amina, house.maya, house.group, despite="Weighed.")


def by_a_yes_written_down(house: House) -> Way:
    ref = offer(house.db, house.amina, house.maya, house.group)
    yield
    shifts.answer(house.db, house.amina, ref, accepts=True, version=1)


def by_her_own_yes(house: House) -> Way:
    her = joined(house.db, house.maya, "maya")
    ref = offer(house.db, house.amina, house.maya, house.group)
    yield
    own_shifts.answer(house.db, her, ref, accepts=True, version=1)


def by_swap(house: House) -> Way:
    ref = accepted(house.db, house.amina, house.ines, house.group)
    yield
    shifts.swap(
        house.db, house.amina, ref, house.maya.ref, version=shift(house.db, ref).version,
        despite="Weighed.",
    )  # fmt: skip


def asks_relief(house: House) -> str:
    ref = accepted(house.db, house.amina, house.ines, house.group)
    relief.ask(house.db, shift(house.db, ref), house.amina, version=shift(house.db, ref).version)
    house.db.flush()
    return ref


def by_an_offer_to_take_over(house: House) -> Way:
    ref = asks_relief(house)
    yield
    relief.offer(
        house.db, house.amina, ref, house.maya.ref, version=shift(house.db, ref).version,
        despite="Weighed.",
    )  # fmt: skip


def by_a_yes_to_take_over(house: House) -> Way:
    her, ref = joined(house.db, house.maya, "maya"), asks_relief(house)
    seen = shift(house.db, ref).version
    taker = relief.offer(house.db, house.amina, ref, house.maya.ref, version=seen)
    yield
    own_shifts.answer(house.db, her, taker, accepts=True, version=1)


def by_a_term(house: House) -> Way:
    session = session_of(house.db, house.group)
    line = Line(
        session.local_start, "", WELCOME.value, "", session.ref, house.group.ref, house.maya.ref
    )
    yield
    terms.confirm(house.db, house.amina, [line])


WAYS = (
    by_screen, by_offer, by_a_yes_written_down, by_her_own_yes, by_swap, by_an_offer_to_take_over,
    by_a_yes_to_take_over, by_a_term,
)  # fmt: skip


def comes_in(house: House, way: Callable[[House], Way], breaks: Callable[[House], object]) -> bool:
    """Whether she comes in this way once the rule speaks against it; nothing of it stays."""
    undone = house.db.begin_nested()
    try:
        steps = way(house)
        next(steps)
        breaks(house)
        next(steps, None)
    except AppError:
        return False
    else:
        return True
    finally:
        undone.rollback()
        house.db.expire_all()


@pytest.mark.parametrize("rule", CHECKS)
def test_a_rule_keeps_her_out_on_every_way_and_nothing_else_does(house: House, rule: str) -> None:
    breaks, take_away = CHECKS[rule]

    assert {way.__name__: comes_in(house, way, breaks) for way in WAYS} == {
        way.__name__: False for way in WAYS
    }
    with pytest.MonkeyPatch.context() as patch:
        take_away(patch)
        came = {way.__name__: comes_in(house, way, breaks) for way in WAYS}
    assert came == {way.__name__: True for way in WAYS}
