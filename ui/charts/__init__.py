"""Charts: one function a chart, written without data and built once; see `built_once`."""

from ui.charts.attendance import (
    attendance_by_month,
    attendance_by_session,
    cohorts_by_session,
    counted_reasons,
    people_by_session,
    sessions_by_month,
    staying_in_group,
)
from ui.charts.bands import BANDS
from ui.charts.built import Spec, built_once
from ui.charts.change import (
    before_and_after,
    change_by_dose,
    growth_curve,
    score_start_to_end,
    start_against_end,
    start_to_end,
)
from ui.charts.child import child_over_time, parent_path, whole_path
from ui.charts.children import (
    all_strand_moves,
    all_strand_paths,
    child_path,
    strand_moves,
    strand_paths,
    three_parts,
    two_parts,
)
from ui.charts.compare import funnel, shrunk_shares
from ui.charts.feedback import answers_over_time, themes_written_about
from ui.charts.goals import goal_ratings
from ui.charts.outcomes import outcome_change, outcome_flow, score_change
from ui.charts.pictures import Form, picture
from ui.charts.reports import report_shares
from ui.charts.support import CARRIED, weeks_carried
from ui.charts.waiting import waiting_times
from ui.charts.workforce import (
    BECAME,
    COVER,
    cover_ahead,
    hours_by_month,
    people_leaving,
    pipeline_flow,
    share_kept,
    staying,
    time_in_stage,
    weight_over_time,
)

CHARTS = (
    all_strand_moves,
    all_strand_paths,
    answers_over_time,
    attendance_by_month,
    attendance_by_session,
    before_and_after,
    change_by_dose,
    child_over_time,
    child_path,
    cohorts_by_session,
    counted_reasons,
    cover_ahead,
    funnel,
    goal_ratings,
    growth_curve,
    hours_by_month,
    outcome_change,
    outcome_flow,
    parent_path,
    people_by_session,
    people_leaving,
    pipeline_flow,
    report_shares,
    score_change,
    score_start_to_end,
    sessions_by_month,
    share_kept,
    shrunk_shares,
    start_against_end,
    start_to_end,
    staying,
    staying_in_group,
    strand_moves,
    strand_paths,
    themes_written_about,
    three_parts,
    time_in_stage,
    two_parts,
    waiting_times,
    weeks_carried,
    weight_over_time,
    whole_path,
)
# Built as the programme starts, so that the first visitor does not wait for it.
for _chart in CHARTS:
    _chart()

__all__ = [
    "BANDS",
    "BECAME",
    "CARRIED",
    "CHARTS",
    "COVER",
    "Form",
    "Spec",
    "all_strand_moves",
    "all_strand_paths",
    "answers_over_time",
    "attendance_by_month",
    "attendance_by_session",
    "before_and_after",
    "built_once",
    "change_by_dose",
    "child_over_time",
    "child_path",
    "cohorts_by_session",
    "counted_reasons",
    "cover_ahead",
    "funnel",
    "goal_ratings",
    "growth_curve",
    "hours_by_month",
    "outcome_change",
    "outcome_flow",
    "parent_path",
    "people_by_session",
    "people_leaving",
    "picture",
    "pipeline_flow",
    "report_shares",
    "score_change",
    "score_start_to_end",
    "sessions_by_month",
    "share_kept",
    "shrunk_shares",
    "start_against_end",
    "start_to_end",
    "staying",
    "staying_in_group",
    "strand_moves",
    "strand_paths",
    "themes_written_about",
    "three_parts",
    "time_in_stage",
    "two_parts",
    "waiting_times",
    "weeks_carried",
    "weight_over_time",
    "whole_path",
]
