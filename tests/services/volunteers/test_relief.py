"""She asks somebody to take a session: it stays hers until somebody has said yes."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    Person,
    Relief,
    Role,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
    VolunteerSupport,
)
from services.errors import AppError, ConflictError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.volunteers import stages
from services.volunteers.herself import shifts as own
from services.volunteers.rota import facts, listing, loose_ends, relief, shifts, terms
from services.volunteers.rota.problem import Stint
from services.volunteers.workforce import ahead
from tests.conftest import Clock
from tests.make import make_actor, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.herself.account import joined
from tests.services.volunteers.shifts import FIRST, accepted, need, offer, seasoned, shift, wish


@pytest.fixture
def her(db: Session, amina: Actor, maya: Volunteer) -> Actor:
    """Maya's own account."""
    return joined(db, maya, "maya", amina)


@pytest.fixture
def hers(db: Session, amina: Actor, her: Actor, maya: Volunteer, craft: Group) -> str:
    """A session she has said yes to, for which she asks somebody to take it."""
    need(db, amina, craft, welcome=1)
    ref = accepted(db, amina, maya, craft)
    own.ask_relief(db, her, ref, version=shift(db, ref).version)
    return ref


def asked(db: Session, amina: Actor, hers: str, who: Volunteer, **more: str) -> str:
    return relief.offer(db, amina, hers, who.ref, version=shift(db, hers).version, **more)


def says_yes(db: Session, amina: Actor, ref: str) -> None:
    shifts.answer(db, amina, ref, accepts=True, version=shift(db, ref).version)


def says_no(db: Session, amina: Actor, ref: str) -> None:
    shifts.answer(db, amina, ref, accepts=False, version=shift(db, ref).version)


def cover(db: Session, actor: Actor) -> listing.SessionCover:
    return listing.coming(db, actor)[0]


# --- Asking --------------------------------------------------------------------------------


def test_she_asks_and_stays_in_it(db: Session, amina: Actor, hers: str, her: Actor) -> None:
    (one,) = own.coming(db, her)

    assert (one.state, one.relief) == ("accepted", "asked")
    assert cover(db, amina).missing == ()
    (who,) = cover(db, amina).people
    assert who.asks_relief


def test_only_what_is_hers_and_to_come_can_be_asked_for(
    db: Session, amina: Actor, hers: str, ines: Volunteer, time_stands_still: Clock, her: Actor
) -> None:
    other = joined(db, ines, "ines")
    with pytest.raises(NotFoundError):
        own.ask_relief(db, other, hers, version=shift(db, hers).version)
    time_stands_still.go_on(days=30)
    with pytest.raises(ConflictError, match="has begun"):
        own.ask_relief(db, her, hers, version=shift(db, hers).version)


def test_an_offer_she_has_not_answered_needs_no_relief(
    db: Session, amina: Actor, maya: Volunteer, her: Actor, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)

    with pytest.raises(ConflictError):
        own.ask_relief(db, her, ref, version=1)


def test_a_facilitator_sees_nothing_of_it(
    db: Session, amina: Actor, ben: Actor, hers: str, ines: Volunteer
) -> None:
    asked(db, amina, hers, ines)

    (who,) = cover(db, ben).people
    assert (who.name, who.asks_relief, who.takes_over) == ("Maya", False, False)


# --- Noted for her, who has no account -----------------------------------------------------


def test_her_coordinator_notes_it_and_all_goes_on_as_if_she_had_asked(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)
    ref = accepted(db, amina, maya, craft)

    relief.note(db, amina, ref, version=shift(db, ref).version)

    assert loose(db, amina) == [("welcome", "Maya Rowe")]
    assert cover(db, amina).missing == ()
    says_yes(db, amina, asked(db, amina, ref, ines))
    assert shift(db, ref).state is ShiftState.SWAPPED


def test_it_is_noted_neither_on_a_stale_screen_nor_of_an_offer_nor_too_late(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, time_stands_still: Clock
) -> None:
    ref = offer(db, amina, maya, craft)
    with pytest.raises(ConflictError):
        relief.note(db, amina, ref, version=shift(db, ref).version)
    says_yes(db, amina, ref)
    with pytest.raises(ConflictError):
        relief.note(db, amina, ref, version=shift(db, ref).version - 1)
    time_stands_still.go_on(days=30)
    with pytest.raises(ConflictError, match="has begun"):
        relief.note(db, amina, ref, version=shift(db, ref).version)


def test_her_coordinator_notes_that_she_can_come_after_all(
    db: Session, amina: Actor, hers: str, ines: Volunteer
) -> None:
    ref = asked(db, amina, hers, ines)

    relief.note_kept(db, amina, hers, version=shift(db, hers).version)

    assert shift(db, hers).relief is None
    assert shift(db, ref).state is ShiftState.WITHDRAWN
    assert loose(db, amina) == []


def test_who_has_no_page_of_her_own_has_to_be_told(
    db: Session, amina: Actor, maya: Volunteer, hers: str, craft: Group
) -> None:
    assert relief.nobody_can(db, amina, hers, version=shift(db, hers).version)
    db.execute(update(VolunteerSupport).values(own_account_id=None))

    relief.note(db, amina, hers, version=shift(db, hers).version)

    assert not relief.nobody_can(db, amina, hers, version=shift(db, hers).version)


# --- Asking somebody else ------------------------------------------------------------------


def test_whoever_is_asked_fills_no_place_and_hides_no_gap(
    db: Session, amina: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=2)
    asked(db, amina, hers, ines)

    assert dict(cover(db, amina).missing) == {"welcome": 1}
    found = ahead.ahead(db, amina)
    whole = dict(found.weeks.groupby("part")["people"].sum())
    assert (found.covered, whole["Asked"]) == (1, 0)
    term = terms.gather(db, amina, until=FIRST)
    first = session_of(db, craft).id
    assert sum(one.meeting == first and one.role == "welcome" for one in term.problem.fixed) == 1
    rose = seasoned(db, amina, "Rose", "Abara")
    assert offer(db, amina, rose, craft)  # the second place is open still


def test_the_first_yes_swaps_and_asks_nobody_further(
    db: Session, amina: Actor, hers: str, ines: Volunteer, her: Actor
) -> None:
    rose = seasoned(db, amina, "Rose", "Abara")
    first, second = asked(db, amina, hers, ines), asked(db, amina, hers, rose)

    says_yes(db, amina, second)
    db.flush()

    assert shift(db, hers).state is ShiftState.SWAPPED
    assert shift(db, hers).relief is None  # nothing says that she asked
    assert shift(db, first).state is ShiftState.WITHDRAWN
    (who,) = cover(db, amina).people
    assert (who.ref, who.name, who.state) == (second, "Rose Abara", "accepted")
    assert shift(db, second).slot == shift(db, hers).slot
    assert [one.state for one in own.coming(db, her)] == ["swapped"]


def test_she_says_yes_by_herself_and_hears_nothing_of_whose_it_was(
    db: Session, amina: Actor, hers: str, ines: Volunteer
) -> None:
    other = joined(db, ines, "ines")
    ref = asked(db, amina, hers, ines)
    (one,) = own.coming(db, other)
    assert (one.ref, one.state, one.relief) == (ref, "offered", None)

    own.answer(db, other, ref, accepts=True, version=one.version)

    assert shift(db, hers).state is ShiftState.SWAPPED


def test_a_no_changes_nothing(
    db: Session, amina: Actor, hers: str, ines: Volunteer, her: Actor
) -> None:
    says_no(db, amina, asked(db, amina, hers, ines))

    assert [(one.state, one.relief) for one in own.coming(db, her)] == [("accepted", "asked")]
    assert cover(db, amina).missing == ()


def test_a_yes_is_checked_again_and_her_place_is_kept(
    db: Session, amina: Actor, hers: str, ines: Volunteer, dana: Person
) -> None:
    ref = asked(db, amina, hers, ines)
    keep_apart(db, amina, ines, dana)

    with pytest.raises(AppError):
        says_yes(db, amina, ref)

    assert shift(db, hers).state is ShiftState.ACCEPTED
    assert shift(db, ref).state is ShiftState.OFFERED


def test_whom_the_rules_keep_out_is_not_asked(
    db: Session, amina: Actor, hers: str, ines: Volunteer, dana: Person
) -> None:
    keep_apart(db, amina, ines, dana)

    with pytest.raises(ConflictError, match="not the right one"):
        asked(db, amina, hers, ines)


def test_nobody_is_asked_for_what_she_does_not_ask(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    ref = accepted(db, amina, maya, craft)

    seen = shift(db, ref).version
    for act in (
        lambda: asked(db, amina, ref, ines),
        lambda: relief.nobody_can(db, amina, ref, version=seen),
        lambda: relief.note_kept(db, amina, ref, version=seen),
    ):
        with pytest.raises(ConflictError, match="does not ask for this"):
            act()


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_only_who_plans_offers_it(
    db: Session, hers: str, ines: Volunteer, request: pytest.FixtureRequest, who: str
) -> None:
    actor = request.getfixturevalue(who)
    seen = shift(db, hers).version
    for act in (
        lambda: relief.offer(db, actor, hers, ines.ref, version=seen),
        lambda: relief.nobody_can(db, actor, hers, version=seen),
        lambda: relief.note(db, actor, hers, version=seen),
        lambda: relief.note_kept(db, actor, hers, version=seen),
        lambda: loose_ends.all_of_them(db, actor),
        lambda: loose_ends.count(db, actor),
    ):
        with pytest.raises(NotPermittedError):
            act()


# --- How else it ends ----------------------------------------------------------------------


def test_when_nobody_can_she_is_told_and_is_in_as_before(
    db: Session, amina: Actor, hers: str, ines: Volunteer, her: Actor
) -> None:
    ref = asked(db, amina, hers, ines)

    relief.nobody_can(db, amina, hers, version=shift(db, hers).version)

    assert [(one.state, one.relief) for one in own.coming(db, her)] == [("accepted", "nobody")]
    assert shift(db, ref).state is ShiftState.WITHDRAWN
    own.ask_relief(db, her, hers, version=shift(db, hers).version)
    assert shift(db, hers).relief is Relief.ASKED  # she may ask again


def test_she_can_come_after_all(
    db: Session, amina: Actor, hers: str, ines: Volunteer, her: Actor
) -> None:
    ref = asked(db, amina, hers, ines)

    own.keep(db, her, hers, version=shift(db, hers).version)

    assert shift(db, hers).relief is None
    with pytest.raises(ConflictError):
        says_yes(db, amina, ref)


def _by_herself(db: Session, amina: Actor, her: Actor, hers: str, maya: Volunteer) -> None:
    own.cancel(db, her, hers, version=shift(db, hers).version)


def _by_her_coordinator(db: Session, amina: Actor, her: Actor, hers: str, maya: Volunteer) -> None:
    shifts.cancel(db, amina, hers, version=shift(db, hers).version)


def _by_stepping_back(db: Session, amina: Actor, her: Actor, hers: str, maya: Volunteer) -> None:
    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version)


@pytest.mark.parametrize("leaves", [_by_herself, _by_her_coordinator, _by_stepping_back])
def test_if_she_leaves_first_the_first_who_was_asked_is_asked_for_the_open_place(
    db: Session, amina: Actor, her: Actor, hers: str, maya: Volunteer, ines: Volunteer,
    leaves: Callable[..., None],
) -> None:  # fmt: skip
    first = asked(db, amina, hers, ines)
    second = asked(db, amina, hers, seasoned(db, amina, "Rose", "Abara"))

    leaves(db, amina, her, hers, maya)

    assert shift(db, second).state is ShiftState.WITHDRAWN
    (who,) = cover(db, amina).people
    assert (who.ref, who.state, who.takes_over) == (first, "offered", False)
    says_yes(db, amina, first)
    assert shift(db, hers).state is ShiftState.CANCELLED


def test_a_swap_by_her_coordinator_asks_nobody_further(
    db: Session, amina: Actor, hers: str, ines: Volunteer
) -> None:
    ref = asked(db, amina, hers, ines)
    rose = seasoned(db, amina, "Rose", "Abara")

    shifts.swap(db, amina, hers, rose.ref, version=shift(db, hers).version)

    assert shift(db, ref).state is ShiftState.WITHDRAWN
    assert shift(db, hers).relief is None


def test_who_is_asked_to_take_over_is_not_free_then(
    db: Session, amina: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    asked(db, amina, hers, ines)
    found = facts.gather(db, [session_of(db, craft)], [ines])

    assert Stint(session_of(db, craft).id, "", ines.id) in found.problem.fixed
    with pytest.raises(AppError):
        asked(db, amina, hers, ines)


def test_it_counts_as_one_of_her_sessions_that_month(
    db: Session, amina: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    wish(db, ines, most_a_month=1)
    asked(db, amina, hers, ines)

    with pytest.raises(AppError, match="more sessions that month"):
        offer(db, amina, ines, craft, 2)


def test_the_database_lets_two_have_no_place_and_nobody_out_of_it_ask(
    db: Session, amina: Actor, hers: str, ines: Volunteer
) -> None:
    taker = shift(db, asked(db, amina, hers, ines))
    db.flush()
    for value in ({"came_from_id": None}, {"relief": Relief.ASKED}):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(update(Shift).where(Shift.id == taker.id).values(**value))


def test_what_is_written_down_names_no_reason(db: Session, hers: str) -> None:
    logged = db.scalars(select(AuditEntry.details).where(AuditEntry.action == "shift.relief_asked"))

    assert json.loads(logged.one() or "{}") == {}
    assert shift(db, hers).reason is None


# --- What Today says -----------------------------------------------------------------------


def loose(db: Session, actor: Actor) -> list[tuple[str, str]]:
    frame = loose_ends.all_of_them(db, actor)
    assert len(frame) == loose_ends.count(db, actor)
    return list(zip(frame["role"], frame["name"], strict=True))


def test_today_names_who_asks_and_then_no_more(
    db: Session, amina: Actor, hers: str, ines: Volunteer
) -> None:
    ref = asked(db, amina, hers, ines)
    assert loose(db, amina) == [("welcome", "Maya Rowe")]

    says_yes(db, amina, ref)

    assert loose(db, amina) == []


def test_a_place_that_opens_is_there_until_somebody_is_asked(
    db: Session, amina: Actor, her: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    own.cancel(db, her, hers, version=shift(db, hers).version)
    assert loose(db, amina) == [("welcome", "")]

    ref = offer(db, amina, ines, craft)
    assert loose(db, amina) == []

    says_no(db, amina, ref)
    assert loose(db, amina) == [("welcome", "")]


def test_a_place_that_two_have_left_is_open_once(
    db: Session, amina: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    shifts.cancel(db, amina, hers, version=shift(db, hers).version)
    ref = accepted(db, amina, ines, craft)
    shifts.cancel(db, amina, ref, version=shift(db, ref).version)

    assert loose(db, amina) == [("welcome", "")]


def test_a_place_that_was_filled_again_is_not_there_for_another_that_never_was(
    db: Session, amina: Actor, hers: str, ines: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=2)
    shifts.cancel(db, amina, hers, version=shift(db, hers).version)
    assert loose(db, amina) == [("welcome", "")]

    offer(db, amina, ines, craft)

    assert loose(db, amina) == []


def test_a_place_nobody_needs_any_more_or_that_is_over_is_not_there(
    db: Session, amina: Actor, hers: str, craft: Group, time_stands_still: Clock
) -> None:
    shifts.cancel(db, amina, hers, version=shift(db, hers).version)
    need(db, amina, craft, welcome=0, co_facilitator=1)
    assert loose(db, amina) == []
    need(db, amina, craft, welcome=1)
    assert loose(db, amina) == [("welcome", "")]
    time_stands_still.go_on(days=30)
    assert loose(db, amina) == []


def test_a_declined_offer_is_no_place_that_opened(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    says_no(db, amina, offer(db, amina, maya, craft))

    assert loose(db, amina) == []


def test_a_stranger_has_no_shift_to_ask_for(db: Session, hers: str) -> None:
    with pytest.raises(NotFoundError):
        own.ask_relief(db, make_actor(db, "nobody", Role.VOLUNTEER), hers, version=2)
