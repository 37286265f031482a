"""Cover, hours, training, support and how heavy it feels, in totals."""

from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import select
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
    SupervisionKind,
    SupervisionSession,
    Training,
    Volunteer,
    VolunteerPresence,
    VolunteerSupport,
    new_ref,
)
from services import clock
from services.permissions import Actor
from services.volunteers.rota import needs
from services.volunteers.workforce import ahead, carried, kept
from services.volunteers.workforce import given as hours_given
from tests.make import make_group, make_volunteer, session_of
from tests.services.volunteers.coming import TODAY, came, stayed


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


# --- Cover and hours ---------------------------------------------------------------------


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


# --- Training and support ----------------------------------------------------------------


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


def said(db: Session, actor: Actor, who: Volunteer, heaviness: int, ago: int) -> None:
    at = clock.now() - timedelta(days=ago)
    db.add(
        CheckIn(
            ref=new_ref(), volunteer_id=who.id, at=at, heaviness=heaviness,
            words="It is a lot.", account_id=actor.account_id,
        )
    )  # fmt: skip
    db.flush()


# --- How heavy it feels ------------------------------------------------------------------


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


# --- What could be worked out ------------------------------------------------------------


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
