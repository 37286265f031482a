"""What the services hand to each chart."""

from collections import Counter
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from models import PersonKind, Point, Respondent, Role, Stage
from services import themes
from services.attendance import (
    attendance_months,
    attendance_report,
    cohort_heat,
    sessions_held,
    staying,
)
from services.children import (
    child_over_time,
    child_steps,
    children,
    life_events,
    observations,
    pair_steps,
)
from services.children.life_events import EventDraft
from services.feedback import experience
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.outcomes import comparing_figures, outcomes
from services.outcomes.outcome_report import Outcomes
from services.outcomes.outcome_waiting import COLUMNS as WAITED
from services.permissions import Actor
from services.referrals import waiting_times
from services.registers import group_marks
from services.tallies import periods, tallies
from services.tallies.tallies import Cell, Kind
from services.volunteers import stages
from services.volunteers.support import weeks
from services.volunteers.support.load import emotional_load, weights
from services.volunteers.workforce import ahead, carried, flow, given, kept, leaving, retention
from tests.make import (
    make_actor,
    make_group,
    make_person,
    make_place,
    make_referral,
    make_volunteer,
    session_of,
)
from ui import charts

Frames = dict[str, pd.DataFrame]


def every_frame(db: Session, leila: Actor, amina: Actor) -> Frames:
    """A frame under the name of each chart."""
    where = ("side_by_side", "2026-Q3")
    counted: Counter[Cell] = Counter(
        {
            Cell(Kind.PLACE, *where, "enrolled"): 20,
            Cell(Kind.PLACE, *where, "started"): 15,
            Cell(Kind.START, *where, "gad7:self", 1000): 14,
            Cell(Kind.PAIR, *where, "gad7:self", 1000, 500): 12,
            Cell(Kind.START, *where, "bpses:parent", 1000): 14,
            Cell(Kind.PAIR, *where, "bpses:parent", 1000, 1200): 12,
            Cell(Kind.MARK, *where, "P", 1): 9,
            Cell(Kind.FEEDBACK, *where, "felt_safe", 4): 6,
            Cell(Kind.FORM, *where, "after_session"): 6,
            Cell(Kind.THEME, *where, "any"): 6,
            Cell(Kind.THEME, *where, themes.listing(db, leila)[0].ref): 4,
            Cell(Kind.MARK, *where, "A", 1): 3,
            Cell(Kind.MONTH, *where, "P", tallies.month(date(2026, 9, 1))): 9,
            Cell(Kind.SESSION, *where, "held", tallies.month(date(2026, 9, 1))): 4,
            Cell(Kind.STAY, *where, "stayed", 3): 9,
            Cell(Kind.STAY, *where, "left", 2): 2,
            Cell(Kind.STRAND, *where, "asking_for_help:self", 0, 1): 6,
            Cell(Kind.STRAND, *where, "asking_for_help:self", 2, 3): 6,
            Cell(Kind.STRAND_PAIR, *where, "asking_for_help:self", 1, 3): 6,
        }
    )
    tallies.add(db, counted)
    anxiety, parenting = (outcomes.report(db, leila, k) for k in ("gad7:self", "bpses:parent"))
    steps = children.overview(db, leila)
    one = pd.DataFrame(
        {
            "point": [Point.START, Point.END],
            "respondent": [Respondent.SELF, Respondent.PARENT],
            "strand": ["asking_for_help", "naming_feelings"],
            "step": pd.array([1, 3], dtype="Int64"),
        }
    )
    make_referral(db, amina, make_person(db, amina))
    voice = experience.of_question(db, leila, "felt_safe")
    workforce = workforce_frames(db, amina)
    return (
        workforce
        | attendance_frames(db, leila)
        | {
            "answers_over_time": voice.quarters,
            "themes_written_about": voice.themes,
            "outcome_flow": anxiety.flow,
            "report_shares": verdicts_of(anxiety),
            "outcome_change": anxiety.spread,
            "score_change": parenting.spread,
            "start_to_end": anxiety.paths,
            "score_start_to_end": parenting.paths,
            "start_against_end": anxiety.paths,
            "score_against_end": parenting.paths,
            "before_and_after": anxiety.before_after,
            "growth_curve": curve("week", "score").assign(least=0, most=21),
            "change_by_dose": curve("dose", "change"),
            "change_beside_wait": pd.DataFrame(
                [("While waiting", 0, 0.4, -0.5, 1.3, "mean +0.4")], columns=WAITED
            ),
            "attendance_by_session": attendance_report.report(db, leila).sessions,
            **dict.fromkeys(("strand_paths", "all_strand_paths"), steps.levels),
            **dict.fromkeys(
                ("strand_moves", "all_strand_moves", "three_parts", "two_parts"), steps.moves
            ),
            **dict.fromkeys(("child_path", "child_path_whole"), child_steps.path(one)),
            **child_frames(db, amina),
            "goal_ratings": pd.DataFrame(
                [("Goal 1", "Sleep through", "Start", 2.0, "2 of 10", "Goal 1", 2.0)],
                columns=["goal", "words", "point", "rating", "label", "name", "name_at"],
            ),
            "waiting_times": waiting_times.by_quarter(db, leila)["contact"],
            "weeks_carried": weeks.table(emotional_load(date(2026, 9, 16), [], [], weights())),
        }
    )


def attendance_frames(db: Session, leila: Actor) -> Frames:
    """The frames of attendance over time, staying and comparing."""
    period = periods.usual()
    held = sessions_held.sessions_held(db, leila, period)
    months = attendance_months.by_month(db, leila, period)
    compared = comparing_figures.compared(
        [comparing_figures.Unit("One", 8, 12, 12), comparing_figures.Unit("Two", 9, 10, 10)]
    )
    assert months.live is not None
    return {
        "attendance_by_month": months.live.months,
        "sessions_by_month": held.months,
        "staying_in_group": staying.staying(db, leila).curve,
        "counted_reasons": staying.reasons(db, leila).absence,
        "cohorts_by_session": cohort_heat.heat(db, leila),
        "people_by_session": pd.DataFrame(
            [("Dana Okoro", 0, 1, "P", "There", "Attended")], columns=group_marks.COLUMNS
        ),
        "funnel": charts.named(compared.layers),
        "shrunk_shares": compared.units.assign(centre=0.8),
    }


def curve(along: str, up: str) -> pd.DataFrame:
    """A fitted line and one mean that was seen, in the shape services give them."""
    rows = [("line", 0.0, 10.0, 8.0, 12.0, 30, "10.0"), ("seen", 0.0, 9.0, None, None, 12, "9.0")]
    return pd.DataFrame(rows, columns=["kind", along, up, "low", "high", "people", "label"])


def child_frames(db: Session, amina: Actor) -> Frames:
    """A child with a form, a note and an event, and what stands beside its parent's path."""
    ben = make_actor(db, "ben", Role.FACILITATOR)
    group = make_group(db, amina, [ben], programme="side_by_side")
    robin = make_person(db, amina, "Robin", kind=PersonKind.CHILD)
    place = make_place(db, amina, group, robin)
    place.joined_on = group.starts_on
    draft = MeasureDraft(
        measure="steps",
        respondent=Respondent.SELF,
        point=Point.START,
        taken_on=group.starts_on,
        answers={1: None, **dict.fromkeys(range(2, 9), 1)},
    )
    measures.record(db, ben, place.ref, draft)
    session = session_of(db, group).ref
    observations.note(db, ben, session, place.ref, "asking_for_help", 2)
    event = EventDraft(happened_on=group.starts_on, kind="court")
    life_events.add(db, ben, robin.ref, event)
    return {
        **dict.fromkeys(
            ("child_over_time", "child_over_time_whole"),
            child_over_time.of_child(db, ben, robin.ref).chart,
        ),
        "whole_path": pair_steps.of_child(db, ben, place.ref).whole,
        "parent_path": pd.DataFrame(
            [("Start", 17.0, "17.00", 7.0, 35.0)],
            columns=["point", "total", "label", "low", "high"],
        ),
    }


def workforce_frames(db: Session, amina: Actor) -> Frames:
    """The frames of the workforce: five volunteers, and one who has left."""
    for name in "ABCDE":
        make_volunteer(db, amina, f"{name}da", stage=Stage.ACTIVE)
    volunteer = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    stages.move(db, amina, volunteer.ref, Stage.MOVED_ON, version=volunteer.version)
    return {
        "pipeline_flow": flow.flow(db, amina).became,
        "time_in_stage": flow.flow(db, amina).times,
        "people_leaving": leaving.leaving(db, amina).why,
        "staying": retention.retention(db, amina).curve,
        "cover_ahead": ahead.ahead(db, amina).weeks,
        "hours_by_month": given.given(db, amina).months,
        "share_kept": kept.support_in_time(db, amina),
        "weight_over_time": carried.carried(db, amina).periods,
    }


def verdicts_of(report: Outcomes) -> pd.DataFrame:
    """What a report hands over: the verdicts, in their order."""
    found = report.verdicts.rename(columns={"verdict": "what"})
    return found.assign(order=range(len(found)))
