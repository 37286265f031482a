"""Charts: one function a chart, written without data and built once; see `built_once`."""

from ui.charts.attendance import attendance_by_session
from ui.charts.bands import BANDS
from ui.charts.built import Spec, built_once
from ui.charts.child import child_over_time, parent_path, whole_path
from ui.charts.children import child_path, strand_moves, strand_paths, three_parts, two_parts
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
    attendance_by_session,
    child_over_time,
    child_path,
    cover_ahead,
    hours_by_month,
    goal_ratings,
    outcome_change,
    outcome_flow,
    parent_path,
    people_leaving,
    pipeline_flow,
    score_change,
    share_kept,
    staying,
    strand_moves,
    strand_paths,
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
    "Spec",
    "attendance_by_session",
    "built_once",
    "child_over_time",
    "child_path",
    "cover_ahead",
    "goal_ratings",
    "hours_by_month",
    "outcome_change",
    "outcome_flow",
    "parent_path",
    "people_leaving",
    "pipeline_flow",
    "score_change",
    "share_kept",
    "staying",
    "strand_moves",
    "strand_paths",
    "three_parts",
    "time_in_stage",
    "two_parts",
    "waiting_times",
    "weeks_carried",
    "weight_over_time",
    "whole_path",
]
