"""The demonstration is like life: how many come, complete, change and answer."""

from collections import Counter
from datetime import timedelta
from statistics import correlation, mean, stdev

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models import (
    CatchUp,
    Group,
    GroupState,
    Mark,
    MeasureForm,
    Outcome,
    Place,
    Plan,
    Point,
    Respondent,
)
from services import demo, scoring
from services.attendance import CODES
from services.children import children_compared
from services.children.children_compared import By
from services.measures.measure_draft import PAPER_TOTAL
from services.measures.measure_library import measure
from services.outcomes import outcomes
from services.outcomes.outcome_waiting import IN_GROUPS, WAITING
from services.volunteers.workforce import flow, leaving, retention
from tests.services.demo.programmes import TODAY, actor


def test_attendance_is_like_life(life: Session) -> None:
    codes = Counter(life.scalars(select(Mark.code)))
    expected = sum(times for code, times in codes.items() if CODES[code].expected)
    attended = sum(times for code, times in codes.items() if CODES[code].attended)

    assert 0.70 <= attended / expected <= 0.75


def test_who_starts_and_who_completes_is_like_life(life: Session) -> None:
    # A run of a rolling group is one round of its topics, and completing may take several.
    over = Group.state.in_((GroupState.CLOSED, GroupState.FINISHED))
    query = (
        select(Place.attended, Place.covered, Group.sessions_to_complete)
        .join(Group)
        .where(over, Group.topics_to_complete.is_(None))
    )
    enrolled = life.execute(query).all()
    started = [row for row in enrolled if row.attended]
    completed = [row for row in started if row.covered >= row.sessions_to_complete]

    assert 0.83 <= len(started) / len(enrolled) <= 0.93
    assert 0.58 <= len(completed) / len(started) <= 0.70


def test_scores_change_as_they_do_in_life(life: Session) -> None:
    start, end = pairs(life, "swemwbs", Respondent.SELF)
    changes = [after - before for before, after in zip(start, end, strict=True)]
    worse = sum(change <= -3 for change in changes) / len(changes)

    assert len(changes) > 300
    assert mean(start) == pytest.approx(19.5, abs=0.6)
    assert stdev(start) == pytest.approx(3.9, abs=0.4)
    assert 0.4 <= mean(changes) / stdev(start) <= 0.8
    assert 0.45 <= correlation(start, end) <= 0.65
    assert 0.04 <= worse <= 0.11


def test_second_forms_are_missing_as_they_are_in_life(life: Session) -> None:
    recent = TODAY - timedelta(days=700)
    starters = set(
        life.scalars(
            select(Place.id)
            .join(Group)
            .where(
                Place.attended > 0,
                Group.state.in_((GroupState.CLOSED, GroupState.FINISHED)),
                Group.topics_to_complete.is_(None),
                Group.starts_on > recent,
            )
        )
    )
    answered = MeasureForm.outcome == Outcome.ANSWERED
    second = set(
        life.scalars(select(MeasureForm.place_id).where(MeasureForm.point == Point.END, answered))
    )

    assert 0.55 <= len(starters & second) / len(starters) <= 0.65


def test_children_move_up_their_steps_and_about_one_in_eight_does_not(life: Session) -> None:
    start, end = pairs(life, "steps", Respondent.PRACTITIONER)
    changes = [after - before for before, after in zip(start, end, strict=True)]

    assert 0.4 <= mean(changes) <= 0.75
    assert 0.04 <= sum(change <= 0.05 for change in changes) / len(changes) <= 0.25


def test_every_score_is_the_services_own(life: Session) -> None:
    forms = life.scalars(
        select(MeasureForm)
        .where(MeasureForm.total.is_not(None))
        .order_by(MeasureForm.id)
        .limit(900)
    ).all()
    assert {form.measure for form in forms} >= {"swemwbs", "rosenberg", "gbo", "steps", "sdq"}
    for form in forms[::3]:
        assert form.answers is not None
        if PAPER_TOTAL in form.answers:
            table = measure(form.measure).total.table
            assert form.total == (table or {}).get(
                int(form.answers[PAPER_TOTAL] or 0), form.answers[PAPER_TOTAL]
            )
        else:
            given = {int(number): value for number, value in form.answers.items()}
            score = scoring.score(form.measure, given, respondent=form.respondent.value)
            assert (form.total, form.band) == (score.total, score.band)


def test_no_form_was_filled_in_after_today(life: Session) -> None:
    assert life.scalars(select(func.max(MeasureForm.taken_on))).one() <= TODAY


def pairs(db: Session, key: str, respondent: Respondent) -> tuple[list[float], list[float]]:
    """Totals at the start and at the end, of those who have both."""
    first, last = aliased(MeasureForm), aliased(MeasureForm)
    query = (
        select(first.total, last.total)
        .join(last, last.place_id == first.place_id)
        .where(
            *(form.measure == key for form in (first, last)),
            *(form.respondent == respondent for form in (first, last)),
            first.point == Point.START,
            last.point == Point.END,
            first.total.is_not(None),
            last.total.is_not(None),
        )
    )
    rows = db.execute(query).all()
    return [row[0] for row in rows], [row[1] for row in rows]


@pytest.mark.parametrize("seed", [1, 9, 13])
def test_what_the_charts_rest_on_is_there_whatever_the_seed(db: Session, seed: int) -> None:
    demo.fill(db, people=None, marks=None, seed=seed, today=TODAY)
    lead = actor(db, "lead")

    waited = outcomes.waited(db, lead, "swemwbs:self")
    compared = children_compared.compared(db, lead, By.PARENT, "naming_feelings")
    left = leaving.leaving(db, lead)

    assert waited.changes["what"].to_list() == [WAITING, IN_GROUPS]
    assert compared.moves.dropna(subset="share")["strand"].nunique() == 2
    assert retention.retention(db, lead).median
    assert left.people == 11
    assert flow.flow(db, lead).times["reached"].notna().any()
    assert db.scalar(select(func.count(CatchUp.id)))
    assert db.scalar(select(func.count()).where(Plan.ends_on.is_not(None)))
