"""The volunteer workforce in totals: checked by hand, and never telling of one volunteer."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import TypeAlias

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Course,
    Debrief,
    Group,
    Placement,
    PlacementRole,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    StageChange,
    SupervisionKind,
    SupervisionSession,
    Training,
    Volunteer,
    VolunteerPresence,
    VolunteerSupport,
    new_ref,
)
from services import clock
from services.errors import NotPermittedError
from services.permissions import Actor
from services.volunteers.rota import needs
from services.volunteers.workforce import ahead, carried, flow, kept, leaving, retention
from services.volunteers.workforce import given as hours_given
from services.volunteers.workforce.flow import MOVED_ON, STEPPED_BACK, THERE_STILL, WENT_ON
from tests.conftest import Statements
from tests.make import make_group, make_volunteer, session_of

S = Stage
TODAY = date(2026, 9, 16)
Counting: TypeAlias = Callable[[], AbstractContextManager[Statements]]
Way = Sequence[tuple[Stage, int]]  # each stage, and how many days ago it was entered
EVERYTHING = (
    flow.flow, leaving.leaving, retention.retention, ahead.ahead, hours_given.given,
    kept.training_in_date, kept.support_in_time, carried.carried,
)  # fmt: skip


def came(db: Session, actor: Actor, way: Way, *, because: str | None = None) -> Volunteer:
    """A volunteer who entered these stages on these days."""
    stage, ago = way[-1]
    one = Volunteer(
        ref=new_ref(),
        first_name="Maya",
        last_name="Rowe",
        stage=stage,
        stage_since=TODAY - timedelta(days=ago),
        created_at=clock.now(),
    )
    db.add(one)
    db.flush()
    befores: list[Stage | None] = [None, *(before for before, _ago in way)]
    for before, (after, days) in zip(befores, way, strict=False):
        db.add(
            StageChange(
                volunteer_id=one.id,
                from_stage=before,
                to_stage=after,
                changed_on=TODAY - timedelta(days=days),
                account_id=actor.account_id,
                because=because if after is Stage.MOVED_ON else None,
            )
        )
        db.flush()
    return one


def stayed(db: Session, actor: Actor, began: int, left: int | None = None) -> Volunteer:
    """An active volunteer, of so many days ago, who moved on or not."""
    away = [] if left is None else [(Stage.MOVED_ON, left)]
    return came(db, actor, [(Stage.ACTIVE, began), *away])


def became(found: flow.Flow, stage: str) -> dict[str, object]:
    rows = found.became[found.became["stage"] == stage]
    return dict(zip(rows["what"], rows["people"], strict=True))


def times(found: flow.Flow, stage: str) -> dict[str, object]:
    (row,) = found.times[found.times["stage"] == stage].to_dict("records")
    return row


# --- Who may ------------------------------------------------------------------------------


@pytest.mark.parametrize("figures", EVERYTHING, ids=lambda one: one.__name__)
def test_coordinator_and_lead_see_the_workforce_and_nobody_else(
    db: Session, amina: Actor, leila: Actor, ben: Actor, ada: Actor, vik: Actor, erin: Actor,
    figures: Callable[[Session, Actor], object],
) -> None:  # fmt: skip
    for reader in (amina, leila):
        figures(db, reader)
    for stranger in (ben, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            figures(db, stranger)


# --- Without anybody ----------------------------------------------------------------------


def test_without_a_volunteer_every_figure_is_empty_and_none_is_a_zero_share(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for reader in (amina, leila):
        assert flow.flow(db, reader).entered == 0
        assert flow.flow(db, reader).times["median"].isna().all()
        assert (leaving.leaving(db, reader).people, len(leaving.leaving(db, reader).why)) == (0, 0)
        assert retention.retention(db, reader).curve.empty
        assert ahead.ahead(db, reader).needed == 0
        assert hours_given.given(db, reader).months["hours"].tolist() == [0.0] * 12
        assert kept.training_in_date(db, reader).empty
        assert kept.support_in_time(db, reader).empty
        assert carried.carried(db, reader).is_empty


# --- The way in ---------------------------------------------------------------------------


def test_each_stage_entered_becomes_one_thing_and_whoever_is_there_still_counts(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.INTEREST, 60), (S.CONVERSATION, 50), (S.APPLICATION, 20)])
    came(db, amina, [(S.INTEREST, 40), (S.CONVERSATION, 10)])
    came(db, amina, [(S.INTEREST, 9), (S.STEPPED_BACK, 3)])
    came(db, amina, [(S.INTEREST, 8), (S.MOVED_ON, 1)])
    came(db, amina, [(S.INTEREST, 5)])

    found = flow.flow(db, amina)

    assert found.entered == 8
    assert became(found, "interest") == {
        WENT_ON: 2, THERE_STILL: 1, STEPPED_BACK: 1, MOVED_ON: 1,
    }  # fmt: skip
    interest = times(found, "interest")
    assert (interest["reached"], interest["median"], interest["ninetieth"]) == (2, 20, 28)
    assert (interest["waiting"], interest["longest"], interest["label"]) == (1, 5, "2 of 5")
    assert times(found, "conversation")["longest"] == 10


def test_a_stage_entered_before_is_left_out_and_coming_back_is_an_entry_of_its_own(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.CHECKS, 800)])
    came(db, amina, [(S.CHECKS, 90), (S.STEPPED_BACK, 80), (S.CHECKS, 30)])

    found = flow.flow(db, amina)

    assert found.entered == 2
    assert became(found, "checks")[STEPPED_BACK] == 1
    assert times(found, "checks")["longest"] == 30


def test_a_lead_sees_no_small_number_and_stages_together(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for number in range(12):
        came(db, amina, [(S.INTEREST, 90 + number), (S.INTERVIEW, 60)])
    came(db, amina, [(S.INTEREST, 20), (S.STEPPED_BACK, 3)])

    found = flow.flow(db, leila)

    assert found.times["stage"].tolist() == ["applying", "preparing", "shadowing"]
    together = became(found, "applying")
    assert pd.isna(together[STEPPED_BACK])
    shown = [count for count in found.became["people"].dropna() if count]
    assert min(shown, default=5) >= 5
    hidden = found.times[found.times["reached"].isna()]
    assert hidden["median"].isna().all()


# --- Leaving ------------------------------------------------------------------------------


def test_leaving_is_counted_by_where_and_why_and_stepping_back_is_none(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.ACTIVE, 90), (S.MOVED_ON, 10)], because="time")
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30), (S.MOVED_ON, 10)], because="time")
    came(db, amina, [(S.CHECKS, 90), (S.MOVED_ON, 10)])
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30)])
    came(db, amina, [(S.ACTIVE, 990), (S.MOVED_ON, 800)], because="done")

    found = leaving.leaving(db, amina)

    assert found.people == 3
    assert dict(zip(found.where["what"], found.where["people"], strict=True)) == {
        "On the way in": 1, "While active": 1, "While stepped back": 1,
    }  # fmt: skip
    assert dict(zip(found.why["what"], found.why["people"], strict=True)) == {
        "No time for it now": 2, leaving.NOT_SAID: 1,
    }  # fmt: skip


def test_a_lead_cannot_read_why_one_volunteer_left_nor_that_she_had_stepped_back(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for _number in range(9):
        came(db, amina, [(S.ACTIVE, 90), (S.MOVED_ON, 10)], because="done")
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30), (S.MOVED_ON, 10)], because="safety")

    found = leaving.leaving(db, leila)

    assert found.where["what"].tolist() == ["On the way in", "Once active"]
    counts = found.both.drop(columns="reason").to_numpy().ravel()
    assert not [count for count in counts if pd.notna(count) and 0 < count < 5]
    assert found.why["label"].tolist()[-1] == "*"


# --- Staying ------------------------------------------------------------------------------


def test_the_curve_counts_who_is_here_and_stepping_back_is_not_leaving(
    db: Session, amina: Actor
) -> None:
    for began in (300, 400, 500, 600, 700, 800):
        stayed(db, amina, began)
    came(db, amina, [(Stage.ACTIVE, 400), (Stage.STEPPED_BACK, 100)])
    came(db, amina, [(Stage.ACTIVE, 400), (Stage.MOVED_ON, 300), (Stage.ACTIVE, 200)])
    stayed(db, amina, 500, 400)

    found = retention.retention(db, amina)

    assert (found.people, found.left, found.median) == (9, 1, None)
    drop = found.curve[found.curve["left"] == 1].iloc[0]
    assert drop["month"] == pytest.approx(100 / (365.25 / 12))
    assert (drop["at_risk"], drop["share"]) == (9, pytest.approx(8 / 9))


def test_numbers_at_risk_stand_every_six_months_and_the_curve_ends_with_five(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for began in (100, 200, 300, 400, 500, 600, 700):
        stayed(db, amina, began)

    curve = retention.retention(db, leila).curve

    assert curve["month"].max() == pytest.approx(300 / (365.25 / 12))
    assert curve["at_risk"].min() == 5
    counted = curve[curve["at_risk_label"] != ""]
    assert counted["month"].tolist() == [0, 6]
    assert counted["at_risk_label"].tolist() == ["7", "6"]


def test_fewer_than_five_volunteers_make_no_curve(db: Session, amina: Actor) -> None:
    for began in (100, 200, 300, 400):
        stayed(db, amina, began, 50)
    stayed(db, amina, 6 * 366, 50)  # longer ago than is looked at

    found = retention.retention(db, amina)

    assert (found.people, found.left, found.curve.empty) == (4, 0, True)


@given(
    stays=st.lists(
        st.tuples(st.integers(1, 1_500), st.none() | st.integers(0, 1_500)), min_size=5, max_size=12
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_curve_never_rises_and_never_rests_on_fewer_than_five(
    db: Session, amina: Actor, stays: list[tuple[int, int | None]]
) -> None:
    db.execute(delete(StageChange))
    db.execute(delete(Volunteer))
    for began, left in stays:
        stayed(db, amina, began, None if left is None else min(began, left))

    curve = retention.retention(db, amina).curve

    assert curve["share"].is_monotonic_decreasing
    assert curve["at_risk"].min() >= 5


# --- Cover and hours ----------------------------------------------------------------------


def shift(
    db: Session, actor: Actor, group: Group, number: int, state: ShiftState, slot: int = 1
) -> None:
    at = clock.now()
    db.add(
        Shift(
            ref=new_ref(),
            session_id=session_of(db, group, number).id,
            volunteer_id=stayed(db, actor, 100).id,
            role=PlacementRole.WELCOME,
            slot=slot,
            state=state,
            offered_at=at,
            offered_by_id=actor.account_id,
            answered_at=None if state is ShiftState.OFFERED else at,
            ended_at=at if state is ShiftState.DECLINED else None,
        )
    )
    db.flush()


def test_covered_asked_and_open_add_up_to_what_is_needed(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 22))
    needs.change(db, amina, group.ref, {PlacementRole.WELCOME: 2}, version=0)
    shift(db, amina, group, 1, ShiftState.ACCEPTED)
    shift(db, amina, group, 1, ShiftState.OFFERED, slot=2)
    shift(db, amina, group, 2, ShiftState.DECLINED)
    session_of(db, group, 3).state = SessionState.CANCELLED
    db.flush()

    found = ahead.ahead(db, leila)

    first = found.weeks[found.weeks["week"] == "21 Sep"]
    assert first["people"].tolist() == [1, 1, 0]
    second = found.weeks[found.weeks["week"] == "28 Sep"]
    assert second["people"].tolist() == [0, 0, 2]
    cancelled = found.weeks[found.weeks["week"] == "5 Oct"]
    assert cancelled["people"].sum() == 0
    assert found.covered == 1
    assert found.weeks["people"].sum() == found.needed
    assert (found.weeks.groupby("week")["people"].sum() <= 2).all()


def debriefed(db: Session, actor: Actor, group: Group, who: Volunteer, on: datetime) -> None:
    """A session of an hour and a half that she was at, with something hard."""
    held = session_of(db, group)
    held.starts_at, held.ends_at = on, on + timedelta(minutes=90)
    held.state = SessionState.HELD
    placement = Placement(
        ref=new_ref(),
        volunteer_id=who.id,
        group_id=group.id,
        role=PlacementRole.WELCOME,
        starts_on=on.date(),
    )
    debrief = Debrief(session_id=held.id, at=on, account_id=actor.account_id, minutes=10)
    db.add_all([placement, debrief])
    db.flush()
    db.add(VolunteerPresence(debrief_id=debrief.id, volunteer_id=who.id, heard_hard=True))
    db.flush()


def test_hours_are_those_of_sessions_held_in_the_month_they_were_held(
    db: Session, amina: Actor, ben: Actor
) -> None:
    maya = stayed(db, amina, 300)
    for day in (date(2026, 8, 4), date(2026, 8, 11), date(2025, 9, 30)):
        group = make_group(db, amina, [ben])
        debriefed(db, ben, group, maya, clock.start_of_day(day) + timedelta(hours=9))

    found = hours_given.given(db, amina)

    assert (found.hours, found.volunteers) == (3.0, 1)
    august = found.months[found.months["month"] == "Aug 2026"].iloc[0]
    assert (august["hours"], august["sessions"]) == (3.0, 2)


# --- Training and support -----------------------------------------------------------------


def test_training_counts_who_is_with_groups_and_what_counts_today(
    db: Session, amina: Actor, leila: Actor
) -> None:
    make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)
    late = make_volunteer(db, amina, "Ines", "Marsh", stage=Stage.ACTIVE)
    make_volunteer(db, amina, "Dot", "Fern", stage=Stage.STEPPED_BACK)
    course = db.scalars(select(Course).order_by(Course.position)).first()
    assert course is not None
    taken = select(Training).where(
        Training.volunteer_id == late.id, Training.course_id == course.id
    )
    one = db.scalars(taken).one()
    one.held_on, one.expires_on = date(2025, 1, 1), TODAY - timedelta(days=1)
    db.flush()

    found = kept.training_in_date(db, amina).set_index("what")

    assert found.loc[course.name, "label"].startswith("1 of 2, 50%")
    assert (found["of"] == 2).all()


def test_support_is_kept_where_it_is_not_due(db: Session, amina: Actor, leila: Actor) -> None:
    supported, alone = stayed(db, amina, 20), stayed(db, amina, 200)
    came(db, amina, [(Stage.SHADOWING, 5)])
    db.add(VolunteerSupport(volunteer_id=supported.id, supervisor_id=amina.account_id))
    db.add(
        SupervisionSession(
            ref=new_ref(),
            volunteer_id=supported.id,
            held_on=TODAY - timedelta(days=3),
            kind=SupervisionKind.ONE_TO_ONE,
            account_id=amina.account_id,
            recorded_at=clock.now(),
        )
    )
    db.flush()

    found = kept.support_in_time(db, amina).set_index("what")

    assert alone.id != supported.id
    assert found.loc["Has a supervisor", ["count", "of"]].tolist() == [1, 3]
    assert found.loc["Supervision in time", ["count", "of", "late"]].tolist() == [1, 2, 1]


# --- How heavy it feels -------------------------------------------------------------------


def said(db: Session, actor: Actor, who: Volunteer, heaviness: int, ago: int) -> None:
    at = clock.now() - timedelta(days=ago)
    db.add(
        CheckIn(
            ref=new_ref(), volunteer_id=who.id, at=at, heaviness=heaviness,
            words="It is a lot.", account_id=actor.account_id,
        )
    )  # fmt: skip
    db.flush()


def test_four_volunteers_are_too_few_and_five_are_one_figure_in_halves(
    db: Session, amina: Actor, leila: Actor
) -> None:
    five = [stayed(db, amina, 300) for _number in range(5)]
    for one in five[:4]:
        said(db, amina, one, 5, ago=2)
        said(db, amina, one, 2, ago=40)
    said(db, amina, five[4], 3, ago=40)
    said(db, amina, five[4], 4, ago=41)

    for reader in (amina, leila):
        periods = carried.carried(db, reader).periods
        assert periods["label"].tolist() == ["too few"] * 4 + ["of 5", "too few"]
        assert pd.isna(periods.iloc[-1]["heaviness"])
        assert periods.iloc[-2]["heaviness"] == 2.5  # the mean of 2, 2, 2, 2 and 3.5 is 2.3


def test_one_who_answers_often_counts_once(db: Session, amina: Actor) -> None:
    people = [stayed(db, amina, 300) for _number in range(4)]
    for _time in range(9):
        said(db, amina, people[0], 5, ago=3)
    for one in people[1:]:
        said(db, amina, one, 1, ago=3)

    assert carried.carried(db, amina).is_empty


def test_periods_are_four_weeks_that_end_today(db: Session, amina: Actor) -> None:
    people = [stayed(db, amina, 300) for _number in range(5)]
    for one in people:
        said(db, amina, one, 2, ago=27)
        said(db, amina, one, 4, ago=28)
        said(db, amina, one, 1, ago=6 * 28)  # longer ago than is looked at

    periods = carried.carried(db, amina).periods

    assert periods["heaviness"].dropna().tolist() == [4.0, 2.0]
    assert periods["period"].tolist()[-1] == "20 Aug"


def test_something_hard_is_said_of_nobody_or_of_five(db: Session, amina: Actor, ben: Actor) -> None:
    on = clock.now() - timedelta(days=3)
    for number in range(5):
        group = make_group(db, amina, [ben])
        debriefed(db, ben, group, stayed(db, amina, 300 + number), on)
    first = db.scalars(select(VolunteerPresence)).first()
    assert first is not None
    assert carried.carried(db, amina).periods.iloc[-1]["hard"] == 1.0

    first.heard_hard = False
    db.flush()

    last = carried.carried(db, amina).periods.iloc[-1]
    assert (last["helped"], last["sessions"]) == (5, 1.0)
    assert pd.isna(last["hard"])


# --- What it costs ------------------------------------------------------------------------


@pytest.mark.parametrize("figures", EVERYTHING, ids=lambda one: one.__name__)
def test_more_volunteers_cost_no_query_more(
    db: Session, amina: Actor, count_queries: Counting,
    figures: Callable[[Session, Actor], object],
) -> None:  # fmt: skip
    stayed(db, amina, 300)
    stayed(db, amina, 300, 20)
    with count_queries() as few:
        figures(db, amina)
    for _number in range(6):
        stayed(db, amina, 200)
        stayed(db, amina, 300, 20)
    db.expire_all()
    with count_queries() as many:
        figures(db, amina)

    assert len(many) == len(few) <= 9


# --- What could be worked out ---------------------------------------------------------------


def test_a_lead_cannot_work_out_the_few_that_a_share_leaves_out_nor_who_shadows(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for number in range(12):
        make_volunteer(db, amina, f"A{number}", f"Name{number}", stage=Stage.ACTIVE)
    came(db, amina, [(Stage.SHADOWING, 5)])
    courses = db.scalars(select(Course).order_by(Course.position)).all()
    lacking = db.scalars(select(Training).where(Training.course_id == courses[0].id)).all()[:2]
    for one in lacking:
        db.delete(one)
    db.flush()

    seen = kept.training_in_date(db, leila).set_index("what")
    known = kept.training_in_date(db, amina).set_index("what")

    assert seen.loc[courses[0].name, "label"] == "*"
    assert seen.loc[courses[0].name, ["count", "of", "share"]].isna().all()
    assert set(seen["of"].dropna()) == {12}
    assert known.loc[courses[0].name, ["count", "of"]].tolist() == [10, 13]
    assert carried.carried(db, leila).with_groups == 12


def test_hours_of_fewer_than_five_are_in_no_total_a_lead_sees(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    for number in range(6):
        who = stayed(db, amina, 300)
        days = [date(2026, 8, 4), *([date(2026, 7, 7)] if number < 2 else [])]
        for day in days:
            group = make_group(db, amina, [ben])
            debriefed(db, ben, group, who, clock.start_of_day(day) + timedelta(hours=9))

    seen, known = hours_given.given(db, leila), hours_given.given(db, amina)

    assert (seen.hours, seen.volunteers, known.hours) == (9.0, 6, 12.0)
    july = seen.months[seen.months["month"] == "Jul 2026"].iloc[0]
    assert july["label"] == "*"
    assert july[["hours", "volunteers", "sessions"]].isna().all()
