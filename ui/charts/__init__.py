"""Charts: one function a chart, written without data and built once; see `built_once`."""

from ui.charts.attendance import attendance_by_session
from ui.charts.built import Spec, built_once
from ui.charts.children import BANDS, child_path, strand_moves, strand_paths
from ui.charts.goals import goal_ratings
from ui.charts.outcomes import outcome_change, outcome_flow, score_change
from ui.charts.support import CARRIED, weeks_carried
from ui.charts.waiting import waiting_times

CHARTS = (
    attendance_by_session,
    child_path,
    goal_ratings,
    outcome_change,
    outcome_flow,
    score_change,
    strand_moves,
    strand_paths,
    waiting_times,
    weeks_carried,
)
# Built as the programme starts, so that the first visitor does not wait for it.
for _chart in CHARTS:
    _chart()

__all__ = [
    "BANDS",
    "CARRIED",
    "CHARTS",
    "Spec",
    "attendance_by_session",
    "built_once",
    "child_path",
    "goal_ratings",
    "outcome_change",
    "outcome_flow",
    "score_change",
    "strand_moves",
    "strand_paths",
    "waiting_times",
    "weeks_carried",
]
