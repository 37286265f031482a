"""Charts: one function a chart, written without data and built once; see `built_once`."""

from ui.charts.attendance import attendance_by_session
from ui.charts.built import Spec, built_once
from ui.charts.children import BANDS, child_path, strand_moves, strand_paths
from ui.charts.feedback import answers_over_time, themes_written_about
from ui.charts.goals import goal_ratings
from ui.charts.outcomes import outcome_change, outcome_flow, score_change
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
    answers_over_time,
    attendance_by_session,
    child_path,
    cover_ahead,
    hours_by_month,
    goal_ratings,
    outcome_change,
    outcome_flow,
    people_leaving,
    pipeline_flow,
    score_change,
    share_kept,
    staying,
    strand_moves,
    strand_paths,
    themes_written_about,
    time_in_stage,
    waiting_times,
    weeks_carried,
    weight_over_time,
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
    "Spec",
    "answers_over_time",
    "attendance_by_session",
    "built_once",
    "child_path",
    "cover_ahead",
    "goal_ratings",
    "hours_by_month",
    "outcome_change",
    "outcome_flow",
    "people_leaving",
    "pipeline_flow",
    "score_change",
    "share_kept",
    "staying",
    "strand_moves",
    "strand_paths",
    "themes_written_about",
    "time_in_stage",
    "waiting_times",
    "weeks_carried",
    "weight_over_time",
]
