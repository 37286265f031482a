"""The rota: asking, answering, swapping, and a term that a person confirms."""

import json
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    AvailabilityException,
    Group,
    GroupState,
    Person,
    Placement,
    PlacementRole,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    StageChange,
    Volunteer,
    VolunteerWishes,
)
from services import clock
from services.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.groups.pairs.halves import Side
from services.permissions import Actor
from services.places import places
from services.placing import placements, placing
from services.placing.placements import PlacementDraft
from services.programmes.programme_library import shipped
from services.volunteers import stages
from services.volunteers.rota import facts, listing, needs, relief, shifts, terms
from services.volunteers.rota.problem import Rule
from services.volunteers.rota.substitutes import substitutes
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place, make_volunteer, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.own_time.before import been, link

WELCOME, CRECHE = PlacementRole.WELCOME, PlacementRole.CRECHE
FIRST = date(2026, 9, 22)  # a Tuesday to come
MONDAYS = date(2026, 9, 21)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that begins next week."""
    return make_group(db, amina, [ben], first_day=FIRST)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def ines(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Ines", "Marsh")


def seasoned(db: Session, actor: Actor, first: str, last: str) -> Volunteer:
    one = make_volunteer(db, actor, first, last, stage=Stage.ACTIVE)
    for change in db.scalars(select(StageChange).where(StageChange.volunteer_id == one.id)):
        change.changed_on = date(2026, 1, 5)
    db.flush()
    return one


def need(db: Session, actor: Actor, group: Group, **counts: int) -> None:
    wanted = {PlacementRole(role): count for role, count in counts.items()}
    needs.change(db, actor, group.ref, wanted, version=needs.of_group(db, actor, group.ref).version)


def offer(db: Session, actor: Actor, who: Volunteer, group: Group, number: int = 1, **more: str):
    role = PlacementRole(more.pop("role", "welcome"))
    return shifts.offer(db, actor, session_of(db, group, number).ref, who.ref, role, **more)


def accepted(db: Session, actor: Actor, who: Volunteer, group: Group, number: int = 1) -> str:
    ref = offer(db, actor, who, group, number)
    shifts.answer(db, actor, ref, accepts=True, version=1)
    return ref


def shift(db: Session, ref: str) -> Shift:
    return db.scalars(select(Shift).where(Shift.ref == ref)).one()


def wish(db: Session, who: Volunteer, **more: int) -> None:
    db.add(VolunteerWishes(volunteer_id=who.id, roles=[], languages=[], **more))
    db.flush()


def rows(db: Session, actor: Actor) -> list[listing.SessionCover]:
    return listing.coming(db, actor)


# --- What a session needs ------------------------------------------------------------------


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


# --- Asking and answering ------------------------------------------------------------------


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


# --- Every rule about her ------------------------------------------------------------------


def test_an_offer_at_another_sessions_time_is_refused(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    wish(db, maya, groups_at_once=2)
    walk = make_group(db, amina, [ben], code_name="Tuesday walk", first_day=FIRST)
    offer(db, amina, maya, craft)

    with pytest.raises(InvalidInputError, match="at that time"):
        offer(db, amina, maya, walk)


def test_a_second_group_is_beyond_her_limit_of_one(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    walk = make_group(db, amina, [ben], code_name="Monday walk", first_day=MONDAYS)
    offer(db, amina, maya, craft)

    with pytest.raises(InvalidInputError, match="as many groups"):
        offer(db, amina, maya, walk)


def test_a_placement_elsewhere_counts_as_a_group(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    walk = make_group(db, amina, [ben], code_name="Monday walk", first_day=MONDAYS)
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=walk.ref, role=WELCOME, starts_on=MONDAYS
    )
    placements.place(db, amina, draft)

    with pytest.raises(InvalidInputError, match="as many groups"):
        offer(db, amina, maya, craft)


def test_more_sessions_in_a_month_than_she_wishes_are_refused(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    wish(db, maya, most_a_month=1)
    offer(db, amina, maya, craft, 1)

    with pytest.raises(InvalidInputError, match="that month"):
        offer(db, amina, maya, craft, 2)
    assert offer(db, amina, maya, craft, 3)  # in October


def test_days_away_are_kept_free(db: Session, amina: Actor, maya: Volunteer, craft: Group) -> None:
    away = AvailabilityException(volunteer_id=maya.id, starts_on=FIRST, ends_on=FIRST)
    db.add(away)
    db.flush()

    with pytest.raises(InvalidInputError, match="not free then"):
        offer(db, amina, maya, craft)


@pytest.mark.parametrize("away", stages.AWAY)
def test_who_steps_back_or_moves_on_is_on_no_session_to_come(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, away: Stage
) -> None:
    asked, agreed = offer(db, amina, maya, craft), offer(db, amina, maya, craft, 2)
    shifts.answer(db, amina, agreed, accepts=True, version=1)

    assert stages.move(db, amina, maya.ref, away, version=maya.version) == 2

    found = dict(db.execute(select(Shift.ref, Shift.state)).all())
    assert found == {asked: ShiftState.WITHDRAWN, agreed: ShiftState.CANCELLED}


def test_who_goes_back_to_training_is_not_asked_and_a_yes_is_checked_again(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)
    assert stages.move(db, amina, maya.ref, Stage.TRAINING, version=maya.version) == 0

    with pytest.raises(InvalidInputError, match="shadowing or active"):
        shifts.answer(db, amina, ref, accepts=True, version=1)
    (who,) = listing.session(db, amina, session_of(db, craft).ref).people
    assert who.against == "stage"


def test_a_session_that_has_begun_or_was_cancelled_is_not_offered(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, time_stands_still: Clock
) -> None:
    session_of(db, craft, 2).state = SessionState.CANCELLED
    with pytest.raises(ConflictError, match="was cancelled"):
        offer(db, amina, maya, craft, 2)
    time_stands_still.go_on(days=7)
    with pytest.raises(ConflictError, match="has begun"):
        offer(db, amina, maya, craft, 1)


# --- Whom she must not meet ----------------------------------------------------------------


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Person:
    """A participant with a place in the group."""
    dana = make_person(db, amina)
    make_place(db, amina, craft, dana)
    return dana


def test_a_conflict_stops_an_offer_and_names_nobody(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, dana: Person
) -> None:
    keep_apart(db, amina, maya, dana)

    with pytest.raises(ConflictError) as refused:
        offer(db, amina, maya, craft)
    assert str(refused.value).startswith("This group is not the right one for her.")
    assert "Dana" not in str(refused.value)


def test_what_is_sealed_reads_like_a_group_that_is_not_right_for_her(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    """Her own group here ended last month: a rule says no, and nobody may learn which."""
    own = make_group(db, amina, [ben], code_name="Own")
    been(db, amina, own, person := make_person(db, amina), left=date(2026, 8, 20))
    link(db, amina, maya, person)

    with pytest.raises(ConflictError) as refused:
        offer(db, amina, maya, craft)
    assert str(refused.value) == placing.NOT_HERE

    session = session_of(db, craft)
    found = facts.gather(db, [session], [maya])
    assert set(found.problem.ruled_out.values()) == {Rule.CONFLICT}
    assert found.says == {}


def test_a_swap_does_not_lead_where_an_offer_does_not(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    ref = accepted(db, amina, ines, craft)
    keep_apart(db, amina, maya, dana)

    with pytest.raises(ConflictError, match="not the right one"):
        shifts.swap(db, amina, ref, maya.ref, version=shift(db, ref).version)
    assert shift(db, ref).state is ShiftState.ACCEPTED


def test_who_covers_a_session_counts_as_there_when_somebody_joins_the_group(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    rosa = make_person(db, amina, "Rosa", "Lindqvist")
    keep_apart(db, amina, maya, rosa)
    offer(db, amina, maya, craft)

    with pytest.raises(ConflictError, match="not the right one"):
        places.enrol(db, amina, group_ref=craft.ref, person_ref=rosa.ref)


def test_what_is_to_be_weighed_needs_a_coordinators_reason_once(
    db: Session, amina: Actor, craft: Group, dana: Person
) -> None:
    okoro = seasoned(db, amina, "Ama", "Okoro")  # the same surname as Dana's
    with pytest.raises(InvalidInputError) as asked:
        offer(db, amina, okoro, craft)
    assert list(asked.value.problems) == ["despite"]

    ref = offer(db, amina, okoro, craft, despite="They do not know each other.")

    shifts.answer(db, amina, ref, accepts=True, version=1)
    assert shift(db, ref).despite == "They do not know each other."
    assert offer(db, amina, okoro, craft, 2)  # weighed for this group


# --- Swapping ------------------------------------------------------------------------------


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


# --- Substitutes ---------------------------------------------------------------------------


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


# --- A whole term --------------------------------------------------------------------------


def fill(db: Session, actor: Actor, weeks: int = 4) -> terms.Proposal:
    term = terms.gather(db, actor, until=clock.today() + timedelta(weeks=weeks))
    return terms.propose(term, seconds=20)


def test_a_filled_term_is_only_proposed_until_somebody_confirms_it(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)
    proposal = fill(db, amina)
    assert db.scalars(select(Shift)).all() == []

    assert terms.confirm(db, amina, proposal.lines) == 4

    kept = db.scalars(select(Shift)).all()
    assert {(one.volunteer_id, one.state) for one in kept} == {(maya.id, ShiftState.OFFERED)}
    assert [line.name for line in proposal.lines] == ["Maya Rowe"] * 4
    assert proposal.filled.is_best


def test_two_confirmations_at_once_ask_nobody_twice(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    proposal = fill(db, amina)
    terms.confirm(db, amina, proposal.lines)

    with pytest.raises(ConflictError, match="Nobody was asked"):
        terms.confirm(db, amina, proposal.lines)
    assert len(db.scalars(select(Shift)).all()) == len(proposal.lines)


def test_a_proposal_that_fits_no_longer_is_not_stored_in_part(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    proposal = fill(db, amina)
    who = db.scalars(select(Volunteer).where(Volunteer.ref == proposal.lines[-1].volunteer_ref))
    stages.move(db, amina, (one := who.one()).ref, Stage.STEPPED_BACK, version=one.version)

    with pytest.raises(ConflictError, match="something has changed"):
        terms.confirm(db, amina, proposal.lines)
    assert db.scalars(select(Shift)).all() == []


def test_a_term_nobody_can_fill_says_which_rule_stops_how_many(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    need(db, amina, craft, welcome=1)
    keep_apart(db, amina, maya, dana)
    db.add(AvailabilityException(volunteer_id=ines.id, starts_on=NOW.date(), ends_on=date.max))
    db.flush()

    proposal = fill(db, amina, weeks=1)

    (gap,) = proposal.gaps
    assert (gap.missing, dict(gap.reasons)) == (1, {"conflict": 1, "away": 1})
    assert proposal.lines == ()


def test_sessions_covered_already_stay_with_whoever_has_them(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)
    accepted(db, amina, ines, craft, 1)

    proposal = fill(db, amina, weeks=2)

    assert [line.name for line in proposal.lines] == ["Ines Marsh"]


@pytest.mark.parametrize("days", [-1, 141])
def test_a_last_day_out_of_reach_is_refused(db: Session, amina: Actor, days: int) -> None:
    with pytest.raises(InvalidInputError, match="last day"):
        terms.gather(db, amina, until=clock.today() + timedelta(days=days))


def test_a_term_without_sessions_is_refused(db: Session, amina: Actor) -> None:
    with pytest.raises(InvalidInputError, match="no sessions"):
        fill(db, amina)


def test_confirming_nothing_is_refused(db: Session, amina: Actor) -> None:
    with pytest.raises(InvalidInputError, match="at least one group"):
        terms.confirm(db, amina, [])


# --- Who sees it ---------------------------------------------------------------------------


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


# --- Whatever is done, in whatever order ---------------------------------------------------


class Story(RuleBasedStateMachine):
    """Two groups at one time, three volunteers, one of whom must not meet a participant."""

    db: Session
    amina: Actor
    ben: Actor

    @initialize(month=st.integers(1, 3))
    def begin(self, month: int) -> None:
        self.undo = self.db.begin_nested()
        self.groups = [
            make_group(self.db, self.amina, [self.ben], code_name=name, first_day=day)
            for name, day in (("Red kite", FIRST), ("Blue kite", FIRST), ("Owl", MONDAYS))
        ]
        for group in self.groups:
            need(self.db, self.amina, group, welcome=2)
        self.people = [
            seasoned(self.db, self.amina, name, f"Unlike{name}") for name in ("Ana", "Bea", "Cleo")
        ]
        wish(self.db, self.people[0], most_a_month=month)
        wish(self.db, self.people[1], groups_at_once=2, most_a_month=month)
        dana = make_person(self.db, self.amina)
        make_place(self.db, self.amina, self.groups[0], dana)
        keep_apart(self.db, self.amina, self.people[2], dana)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            try:
                self.look()
            finally:
                self.undo.rollback()
                self.db.expire_all()

    def attempt(self, done) -> None:
        try:
            with self.db.begin_nested():
                done()
        except AppError:
            self.db.expire_all()

    def current(self) -> list[Shift]:
        return list(self.db.scalars(select(Shift).order_by(Shift.id)))

    @rule(who=st.integers(0, 2), group=st.integers(0, 2), number=st.integers(1, 4))
    def ask(self, who: int, group: int, number: int) -> None:
        self.attempt(
            lambda: offer(self.db, self.amina, self.people[who], self.groups[group], number)
        )

    @rule(which=st.integers(0, 9), yes=st.booleans())
    def hear(self, which: int, yes: bool) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.answer(
                    self.db, self.amina, one.ref, accepts=yes, version=one.version
                )
            )

    @rule(which=st.integers(0, 9), who=st.integers(0, 2))
    def give(self, which: int, who: int) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.swap(
                    self.db, self.amina, one.ref, self.people[who].ref, version=one.version
                )
            )

    @rule(which=st.integers(0, 9))
    def let_go(self, which: int) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.cancel(self.db, self.amina, one.ref, version=one.version)
            )

    @rule(which=st.integers(0, 9), who=st.integers(0, 2))
    def ask_instead(self, which: int, who: int) -> None:
        def done(one: Shift) -> None:
            relief.ask(self.db, one, self.amina, version=one.version)
            self.db.flush()
            relief.offer(self.db, self.amina, one.ref, self.people[who].ref, version=one.version)

        for one in self.current()[which : which + 1]:
            self.attempt(lambda one=one: done(one))

    @rule()
    def fill_and_confirm(self) -> None:
        def done() -> None:
            terms.confirm(self.db, self.amina, fill(self.db, self.amina, 3).lines)

        self.attempt(done)

    def look(self) -> None:
        held = pd.DataFrame(
            [
                (one.volunteer_id, one.session_id, *self.when(one))
                for one in self.current()
                if one.state.value in ("offered", "accepted")
            ],
            columns=["who", "session", "group", "starts", "month"],
        )
        wishes = {one.volunteer_id: one for one in self.db.scalars(select(VolunteerWishes))}
        cleo = held[held["who"] == self.people[2].id]
        assert self.groups[0].id not in set(cleo["group"])
        assert not held.duplicated(["who", "starts"]).any()
        for (who, _month), count in held.groupby(["who", "month"]).size().items():
            assert who not in wishes or count <= wishes[who].most_a_month
        for who, groups in held.groupby("who")["group"]:
            limit = wishes[who].groups_at_once if who in wishes else 1
            assert groups.nunique() <= limit

    def when(self, one: Shift) -> tuple[int, object, int]:
        session = next(
            session
            for group in self.groups
            for number in range(1, 13)
            if (session := session_of(self.db, group, number)).id == one.session_id
        )
        return session.group_id, session.starts_at, session.local_start.month


def test_no_sequence_of_steps_leads_to_a_conflict_or_beyond_her_limits(
    db: Session, amina: Actor, ben: Actor
) -> None:
    Story.db, Story.amina, Story.ben = db, amina, ben
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=12, stateful_step_count=10, deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )  # fmt: skip


def test_a_group_that_has_ended_is_not_in_the_rota(db: Session, amina: Actor, craft: Group) -> None:
    craft.state = GroupState.FINISHED

    assert rows(db, amina) == []
    assert db.scalars(select(Placement)).all() == []
