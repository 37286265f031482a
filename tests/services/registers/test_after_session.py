"""Beside the register: the checklist, what was covered, and the debrief."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Covering,
    Group,
    PlacementRole,
    SessionState,
    SessionTick,
    Stage,
)
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import groups
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.registers import covered_topics, debriefs, session_steps
from services.registers.debriefs import DebriefDraft
from services.registers.session_steps import Ticked
from tests.conftest import Clock
from tests.make import make_group, make_pair, make_volunteer, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def met(db: Session, craft: Group) -> str:
    """Its session of today, which took place."""
    session = session_of(db, craft)
    session.state = SessionState.HELD
    db.flush()
    return session.ref


@pytest.fixture
def maya(db: Session, amina: Actor, craft: Group) -> str:
    """A volunteer placed with the group."""
    volunteer = make_volunteer(db, amina, stage=Stage.ACTIVE)
    draft = PlacementDraft(
        volunteer_ref=volunteer.ref, group_ref=craft.ref, role=PlacementRole.WELCOME,
        starts_on=TODAY,
    )  # fmt: skip
    placements.place(db, amina, draft)
    return volunteer.ref


def steps(db: Session, actor: Actor, ref: str) -> dict[str, Ticked]:
    return {
        step.key: step for part in session_steps.checklist(db, actor, ref) for step in part.steps
    }


# --- The checklist -----------------------------------------------------------------------


def test_the_steps_follow_the_session_and_no_key_stands_twice() -> None:
    titles = [phase.title for phase in session_steps.phases()]
    keys = [step.key for phase in session_steps.phases() for step in phase.steps]

    assert titles == ["Before", "Arrival", "During", "End", "After"]
    assert len(keys) == len(set(keys))


def test_steps_about_children_are_for_groups_they_come_to(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, met: str
) -> None:
    parents, children = make_pair(db, amina, ben, chloe)
    about = {"collection_confirmed", "children_collected"}

    assert about & steps(db, ben, met).keys() == set()
    assert about & steps(db, ben, session_of(db, parents).ref).keys() == set()
    assert about <= steps(db, chloe, session_of(db, children).ref).keys()


def test_a_step_that_was_ticked_stays_whoever_it_is_for(db: Session, ben: Actor, met: str) -> None:
    session_steps.tick(db, ben, met, "children_collected", done=True)

    assert steps(db, ben, met)["children_collected"].by == "Ben"


def test_a_tick_keeps_who_made_it_and_when(db: Session, ben: Actor, met: str) -> None:
    session_steps.tick(db, ben, met, "two_staff", done=True)

    step = steps(db, ben, met)["two_staff"]
    assert (step.by, step.at) == ("Ben", clock.local(clock.now()))


def test_the_first_tick_stands_when_a_colleague_ticks_it_again(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    group = make_group(db, amina, [ben, chloe], first_day=TODAY)
    ref = session_of(db, group).ref

    session_steps.tick(db, ben, ref, "two_staff", done=True)
    session_steps.tick(db, chloe, ref, "two_staff", done=True)

    assert steps(db, chloe, ref)["two_staff"].by == "Ben"
    assert len(db.scalars(select(SessionTick)).all()) == 1


def test_a_tick_is_taken_back_and_the_log_says_so(db: Session, ben: Actor, met: str) -> None:
    session_steps.tick(db, ben, met, "two_staff", done=True)
    session_steps.tick(db, ben, met, "two_staff", done=False)

    assert steps(db, ben, met)["two_staff"].at is None
    entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "step.ticked")).all()
    assert len(entries) == 2


def test_before_it_begins_only_what_comes_before_can_be_ticked(
    db: Session, ben: Actor, craft: Group
) -> None:
    ref = session_of(db, craft, 2).ref
    session_steps.tick(db, ben, ref, "room_and_exits", done=True)

    with pytest.raises(ConflictError, match="not started yet"):
        session_steps.tick(db, ben, ref, "two_staff", done=True)

    assert [part.is_open for part in session_steps.checklist(db, ben, ref)] == [True] + [False] * 4


def test_a_step_that_is_not_on_the_list_is_refused(db: Session, ben: Actor, met: str) -> None:
    with pytest.raises(InvalidInputError, match="not on the list"):
        session_steps.tick(db, ben, met, "no_such_step", done=True)


def test_a_step_of_a_session_that_is_not_hers_is_not_there(
    db: Session, chloe: Actor, amina: Actor, met: str
) -> None:
    with pytest.raises(NotFoundError):
        session_steps.tick(db, chloe, met, "two_staff", done=True)
    with pytest.raises(NotPermittedError):
        session_steps.tick(db, amina, met, "two_staff", done=True)


def test_a_cancelled_session_takes_no_tick_no_topic_and_no_debrief(
    db: Session, ben: Actor, craft: Group, met: str
) -> None:
    session_of(db, craft).state = SessionState.CANCELLED
    db.flush()

    with pytest.raises(ConflictError, match="cancelled"):
        session_steps.tick(db, ben, met, "two_staff", done=True)
    with pytest.raises(ConflictError, match="cancelled"):
        covered_topics.cover(db, ben, met, Covering.PLANNED, version=0)
    with pytest.raises(ConflictError, match="cancelled"):
        debriefs.save(db, ben, met, DebriefDraft(minutes=10), version=0)


# --- What was covered --------------------------------------------------------------------


def test_what_was_covered_stands_beside_what_was_planned(
    db: Session, ben: Actor, craft: Group, met: str
) -> None:
    other = covered_topics.of_session(db, ben, met).others[3]
    assert groups.sessions(db, ben, craft.ref)["covered"].tolist()[0] is None

    covered_topics.cover(db, ben, met, Covering.ANOTHER, other, version=0)

    assert groups.sessions(db, ben, craft.ref)["covered"].tolist()[0] == f"Instead: {other}"
    seen = covered_topics.of_session(db, ben, met)
    covered_topics.cover(db, ben, met, Covering.NOTHING, other, version=seen.version)
    assert groups.sessions(db, ben, craft.ref)["covered"].tolist()[0] == "Not covered"
    assert covered_topics.of_session(db, ben, met).topic is None


@pytest.mark.parametrize("topic", [None, "", "Juggling"])
def test_another_topic_must_be_one_of_the_programmes(
    db: Session, ben: Actor, met: str, topic: str | None
) -> None:
    with pytest.raises(InvalidInputError, match="other topics"):
        covered_topics.cover(db, ben, met, Covering.ANOTHER, topic, version=0)


def test_the_planned_topic_is_not_another(db: Session, ben: Actor, craft: Group, met: str) -> None:
    planned = session_of(db, craft).topic
    with pytest.raises(InvalidInputError, match="other topics"):
        covered_topics.cover(db, ben, met, Covering.ANOTHER, planned, version=0)


def test_a_stale_answer_overwrites_no_colleagues(db: Session, ben: Actor, met: str) -> None:
    covered_topics.cover(db, ben, met, Covering.PLANNED, version=0)

    with pytest.raises(ConflictError, match="colleague has said meanwhile"):
        covered_topics.cover(db, ben, met, Covering.NOTHING, version=0)

    assert covered_topics.of_session(db, ben, met).covering is Covering.PLANNED


def test_something_else_is_kept_in_words_nobody_reads_in_the_database(
    db: Session, ben: Actor, craft: Group, met: str
) -> None:
    for words in ("  ", "x" * 201):
        with pytest.raises(InvalidInputError, match=r"few words|Shorten"):
            covered_topics.cover(db, ben, met, Covering.SOMETHING_ELSE, version=0, note=words)
    covered_topics.cover(db, ben, met, Covering.SOMETHING_ELSE, version=0, note=" A visitor ")
    seen = covered_topics.of_session(db, ben, met)
    assert (seen.covering, seen.note, seen.topic) == (Covering.SOMETHING_ELSE, "A visitor", None)
    assert groups.sessions(db, ben, craft.ref)["covered"].tolist()[0] == "Something else"
    assert db.scalar(text("SELECT note FROM covered_topics")).startswith("gAAAA")
    covered_topics.cover(db, ben, met, Covering.PLANNED, version=seen.version, note="left over")
    assert covered_topics.of_session(db, ben, met).note is None


def test_nothing_is_covered_before_it_begins(db: Session, ben: Actor, craft: Group) -> None:
    ref = session_of(db, craft, 2).ref
    with pytest.raises(ConflictError, match="not started yet"):
        covered_topics.cover(db, ben, ref, Covering.PLANNED, version=0)
    with pytest.raises(ConflictError, match="not started yet"):
        debriefs.save(db, ben, ref, DebriefDraft(minutes=10), version=0)


# --- The debrief -------------------------------------------------------------------------


def test_a_debrief_keeps_who_how_long_and_which_volunteers_were_there(
    db: Session, ben: Actor, met: str, maya: str
) -> None:
    assert debriefs.of_session(db, ben, met).volunteers == {maya: "Maya"}
    draft = DebriefDraft(minutes=15, note=" A heavy one ", present=[maya])

    debriefs.save(db, ben, met, draft, version=0)

    seen = debriefs.of_session(db, ben, met)
    assert (seen.minutes, seen.note, seen.by) == (15, "A heavy one", "Ben")
    assert seen.present == {maya}
    assert "heavy" not in str(db.scalar(text("SELECT note FROM debriefs")))


def test_a_debrief_is_changed_and_the_stale_form_refused(
    db: Session, ben: Actor, met: str, maya: str
) -> None:
    debriefs.save(db, ben, met, DebriefDraft(minutes=15, present=[maya]), version=0)
    seen = debriefs.of_session(db, ben, met)
    debriefs.save(db, ben, met, DebriefDraft(minutes=20), version=seen.version)

    with pytest.raises(ConflictError, match="recorded this debrief meanwhile"):
        debriefs.save(db, ben, met, DebriefDraft(minutes=5), version=0)

    later = debriefs.of_session(db, ben, met)
    assert (later.minutes, later.present) == (20, frozenset())


@pytest.mark.parametrize("minutes", [0, -1, 121])
def test_a_debrief_takes_a_likely_time(db: Session, ben: Actor, met: str, minutes: int) -> None:
    with pytest.raises(InvalidInputError, match="from 1 to 120 minutes"):
        debriefs.save(db, ben, met, DebriefDraft(minutes=minutes), version=0)


def test_only_volunteers_placed_that_day_can_have_been_there(
    db: Session, amina: Actor, ben: Actor, craft: Group, met: str, maya: str
) -> None:
    elsewhere = make_group(db, amina, [ben], code_name="Others", first_day=TODAY)
    with pytest.raises(InvalidInputError, match="were to help here"):
        debriefs.save(
            db, ben, session_of(db, elsewhere).ref, DebriefDraft(minutes=9, present=[maya]),
            version=0,
        )  # fmt: skip


def test_a_debrief_that_is_missing_is_asked_for_until_it_is_done(
    db: Session, ben: Actor, chloe: Actor, met: str
) -> None:
    assert debriefs.undone(db, ben)["ref"].tolist() == [met]
    assert debriefs.undone(db, chloe).empty

    debriefs.save(db, ben, met, DebriefDraft(minutes=15), version=0)

    assert debriefs.undone(db, ben).empty


def test_a_coordinator_hears_of_it_after_two_days_and_nobody_after_two_weeks(
    db: Session, amina: Actor, ben: Actor, met: str, time_stands_still: Clock
) -> None:
    assert debriefs.undone(db, amina).empty
    time_stands_still.go_on(days=2)
    assert debriefs.undone(db, amina)["facilitators"].tolist() == ["Ben"]
    time_stands_still.go_on(days=13)

    assert debriefs.undone(db, ben).empty


def test_a_session_nobody_marked_is_asked_for_a_register_first(
    db: Session, ben: Actor, craft: Group
) -> None:
    assert debriefs.undone(db, ben).empty


def test_what_is_missing_costs_the_same_however_much_it_is(
    db: Session, amina: Actor, ben: Actor, count_queries: Callable[..., object]
) -> None:
    costs = []
    for name in ("One", "Two", "Three"):
        group = make_group(db, amina, [ben], code_name=name, first_day=TODAY)
        session_of(db, group).state = SessionState.HELD
        db.flush()
        with count_queries() as statements:  # type: ignore[attr-defined]
            debriefs.undone(db, ben)
        costs.append(len(statements))

    assert costs == [2, 2, 2]


def test_a_stranger_finds_none_of_it(db: Session, chloe: Actor, met: str) -> None:
    for look in (session_steps.checklist, covered_topics.of_session, debriefs.of_session):
        with pytest.raises(NotFoundError):
            look(db, chloe, met)
    with pytest.raises(NotFoundError):
        debriefs.save(db, chloe, met, DebriefDraft(minutes=10), version=0)
