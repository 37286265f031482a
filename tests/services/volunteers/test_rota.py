"""The rota: what a session needs, asking, answering, swapping, and who sees it."""

import json

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    Person,
    PlacementRole,
    Shift,
    ShiftState,
    Volunteer,
    VolunteerWishes,
)
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups.pairs.halves import Side
from services.permissions import Actor
from services.programmes.programme_library import shipped
from services.volunteers.rota import listing, needs, shifts, terms
from services.volunteers.rota.substitutes import substitutes
from tests.conftest import NOW
from tests.make import session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.shifts import (
    FIRST,
    WELCOME,
    accepted,
    need,
    offer,
    rows,
    seasoned,
    shift,
)

# --- What a session needs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("programme", "facilitators", "beside"),
    [("steps_forward", 2, 0), ("steps_forward", 1, 1), ("side_by_side", 2, 2), ("crush", 2, 0)],
)
def test_what_is_usual_follows_from_staffing_and_ratio(
    programme: str, facilitators: int, beside: int
) -> None:
    usual = needs.usual(shipped()[programme], facilitators)

    assert usual == {WELCOME: 1, PlacementRole.CO_FACILITATOR: beside}


@pytest.mark.parametrize(
    ("side", "facilitators", "beside"),
    [(Side.PARENTS, 1, 1), (Side.PARENTS, 2, 0), (Side.CHILDREN, 1, 2), (Side.CHILDREN, 2, 1)],
)
def test_each_of_two_linked_groups_is_asked_for_by_itself(
    side: Side, facilitators: int, beside: int
) -> None:
    # Twelve children, at most four to an adult: three are with them.
    programme = shipped()["side_by_side"].model_copy(
        update={"capacity": 12, "children_per_adult": 4}
    )

    usual = needs.usual(programme, facilitators, side)

    assert usual == {WELCOME: 1, PlacementRole.CO_FACILITATOR: beside}


def test_a_group_may_need_something_else(db: Session, amina: Actor, craft: Group) -> None:
    need(db, amina, craft, creche=2)

    assert dict(rows(db, amina)[0].missing) == {"creche": 2}


def test_a_creche_of_one_is_refused(db: Session, amina: Actor, craft: Group) -> None:
    with pytest.raises(InvalidInputError, match="alone with children"):
        need(db, amina, craft, creche=1)


def test_two_who_set_needs_at_once_do_not_overwrite_each_other(
    db: Session, amina: Actor, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)

    with pytest.raises(ConflictError, match="Somebody else"):
        needs.change(db, amina, craft.ref, {WELCOME: 2}, version=0)


# --- Asking and answering ----------------------------------------------------------------


def test_an_offer_stands_in_the_rota_until_she_answers(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)
    (asked,) = rows(db, amina)[0].people
    shifts.answer(db, amina, ref, accepts=True, version=1)
    (sure,) = rows(db, amina)[0].people

    assert (asked.name, asked.state, sure.state) == ("Maya Rowe", "offered", "accepted")
    assert dict(rows(db, amina)[0].missing) == {"co_facilitator": 1}


def test_a_no_opens_the_place_and_its_reason_stays_private(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)
    shifts.answer(db, amina, ref, accepts=False, version=1, reason=" Her son is ill. ")

    assert shift(db, ref).reason == "Her son is ill."
    assert rows(db, amina)[0].people == ()
    assert offer(db, amina, ines, craft)
    assert offer(db, amina, maya, craft, 2)  # no mark against her
    logged = db.scalars(select(AuditEntry.details).where(AuditEntry.action == "shift.answered"))
    assert json.loads(logged.one()) == {"accepted": False}


@pytest.mark.parametrize("says_yes", [True, False])
def test_letting_go_needs_no_reason(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, says_yes: bool
) -> None:
    ref = accepted(db, amina, maya, craft) if says_yes else offer(db, amina, maya, craft)
    shifts.cancel(db, amina, ref, version=shift(db, ref).version)

    expected = ShiftState.CANCELLED if says_yes else ShiftState.WITHDRAWN
    assert (shift(db, ref).state, shift(db, ref).reason) == (expected, None)
    assert offer(db, amina, maya, craft)


def test_an_answer_to_an_offer_that_was_withdrawn_says_what_it_is_now(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)
    shifts.cancel(db, amina, ref, version=1)

    with pytest.raises(ConflictError, match="it is withdrawn now"):
        shifts.answer(db, amina, ref, accepts=True, version=1)


def test_what_is_covered_is_not_offered_again(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    offer(db, amina, maya, craft)

    with pytest.raises(ConflictError, match="covered meanwhile"):
        offer(db, amina, ines, craft)


@pytest.mark.parametrize("same", ["place", "volunteer"])
def test_the_database_itself_holds_one_to_a_place_and_one_place_to_a_volunteer(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, same: str
) -> None:
    first = shift(db, offer(db, amina, maya, craft))
    who = ines if same == "place" else maya
    twin = insert(Shift).values(
        session_id=first.session_id, volunteer_id=who.id, role=WELCOME,
        slot=1 if same == "place" else 2, state=ShiftState.OFFERED, offered_at=NOW,
        offered_by_id=amina.account_id, version=1,
    )  # fmt: skip

    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(twin)


# --- Swapping ----------------------------------------------------------------------------


def test_a_swap_gives_her_place_to_another_and_leaves_no_gap(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    ref = accepted(db, amina, maya, craft)

    taken = shifts.swap(db, amina, ref, ines.ref, version=shift(db, ref).version)

    (there,) = rows(db, amina)[0].people
    assert (there.ref, there.name, there.state) == (taken, "Ines Marsh", "accepted")
    assert shift(db, ref).state is ShiftState.SWAPPED
    assert shift(db, taken).came_from_id == shift(db, ref).id


def test_a_swap_on_a_stale_screen_is_refused(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    ref = accepted(db, amina, maya, craft)
    seen = shift(db, ref).version
    shifts.cancel(db, amina, ref, version=seen)

    with pytest.raises(ConflictError, match="it is cancelled now"):
        shifts.swap(db, amina, ref, ines.ref, version=seen)


# --- Substitutes -------------------------------------------------------------------------


def test_substitutes_come_with_their_reasons_who_knows_the_group_first(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    rose = seasoned(db, amina, "Rose", "Abara")
    keep_apart(db, amina, rose, dana)
    accepted(db, amina, ines, craft, 1)

    found = substitutes(db, amina, session_of(db, craft, 2).ref, WELCOME)

    assert found["name"].tolist() == ["Ines Marsh", "Maya Rowe"]
    assert found["knows_group"].tolist() == [True, False]
    assert found["load"].tolist() == [1, 0]


def test_who_speaks_a_language_of_somebody_in_the_group_is_asked_before_others(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    dana.language = "Polish"
    db.add(VolunteerWishes(volunteer_id=maya.id, roles=[], languages=["polish", "Welsh"]))
    db.flush()

    found = substitutes(db, amina, session_of(db, craft).ref, WELCOME)

    assert found["name"].tolist() == ["Maya Rowe", "Ines Marsh"]
    assert found["speaks"].tolist() == [("polish",), ()]
    term = terms.gather(db, amina, until=FIRST)
    speaking = {one.number for one in term.problem.helpers if one.speaks_for == {craft.id}}
    assert speaking == {maya.id}


def test_nobody_to_ask_is_an_empty_list(db: Session, amina: Actor, craft: Group) -> None:
    assert substitutes(db, amina, session_of(db, craft).ref, WELCOME).empty


# --- Who sees it -------------------------------------------------------------------------


def test_facilitators_see_first_names_at_their_own_sessions_only(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, maya: Volunteer, craft: Group
) -> None:
    offer(db, amina, maya, craft)

    assert [one.name for one in rows(db, ben)[0].people] == ["Maya"]
    assert rows(db, chloe) == []
    with pytest.raises(NotFoundError):
        listing.session(db, chloe, session_of(db, craft).ref)


@pytest.mark.parametrize("who", ["ada", "vik", "erin"])
def test_nobody_else_sees_it(
    db: Session, who: str, craft: Group, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        listing.coming(db, request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_only_a_coordinator_plans(
    db: Session, amina: Actor, who: str, maya: Volunteer, craft: Group,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor, ref = request.getfixturevalue(who), offer(db, amina, maya, craft)
    session = session_of(db, craft).ref
    attempts = (
        lambda: shifts.offer(db, actor, session, maya.ref, WELCOME),
        lambda: shifts.answer(db, actor, ref, accepts=True, version=1),
        lambda: shifts.cancel(db, actor, ref, version=1),
        lambda: shifts.swap(db, actor, ref, maya.ref, version=1),
        lambda: substitutes(db, actor, session, WELCOME),
        lambda: terms.gather(db, actor, until=clock.today()),
        lambda: terms.confirm(db, actor, []),
        lambda: needs.change(db, actor, craft.ref, {}, version=0),
    )
    for attempt in attempts:
        with pytest.raises(NotPermittedError):
            attempt()


def test_a_page_of_the_rota_costs_the_same_however_many_cover_it(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, count_queries
) -> None:
    offer(db, amina, maya, craft)
    db.expire_all()
    with count_queries() as few:
        rows(db, amina)
    for number in range(2, 8):
        offer(db, amina, maya, craft, number)
    db.expire_all()
    with count_queries() as many:
        rows(db, amina)

    assert len(few) == len(many) <= 6
