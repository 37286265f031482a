"""Change, proportions, reliability, growth, waits, staying and steadiness: figures to check.

Every function is pure, returns plain values or frozen dataclasses, and answers bad input
with a `ValueError` in one sentence that can be shown to a person.
"""

from services.statistics.change import (
    ClinicalCutoffs,
    PairedChange,
    ReliableChange,
    Verdict,
    classify_change,
    clinical_cutoffs,
    paired_change,
    reliable_change,
)
from services.statistics.clusters import Clusters, design_effect
from services.statistics.cohorts import allow_for_cohorts
from services.statistics.control import ControlLimits, Signal, control_limits
from services.statistics.funnel import INNER, OUTER, Funnel, funnel, funnel_limits
from services.statistics.growth import growth_model
from services.statistics.growth_fit import GrowthModel
from services.statistics.growth_sums import PathSums, growth_from_sums
from services.statistics.proportions import Interval, mcnemar_exact, wilson_interval
from services.statistics.reliability import cronbach_alpha
from services.statistics.shrinkage import Shrinkage, Shrunk, shrink
from services.statistics.signed_rank import SignedRank, signed_rank
from services.statistics.survival import (
    SurvivalCurve,
    SurvivalStep,
    kaplan_meier,
    still_there,
)
from services.statistics.together import Taken, Together, taken_together
from services.statistics.trend import AtDose, Trend, trend
from services.statistics.waiting import Waits, percentile, waits

__all__ = [
    "INNER",
    "OUTER",
    "AtDose",
    "ClinicalCutoffs",
    "Clusters",
    "ControlLimits",
    "Funnel",
    "GrowthModel",
    "Interval",
    "PairedChange",
    "PathSums",
    "ReliableChange",
    "Shrinkage",
    "Shrunk",
    "Signal",
    "SignedRank",
    "SurvivalCurve",
    "SurvivalStep",
    "Taken",
    "Together",
    "Trend",
    "Verdict",
    "Waits",
    "allow_for_cohorts",
    "classify_change",
    "clinical_cutoffs",
    "control_limits",
    "cronbach_alpha",
    "design_effect",
    "funnel",
    "funnel_limits",
    "growth_from_sums",
    "growth_model",
    "kaplan_meier",
    "mcnemar_exact",
    "paired_change",
    "percentile",
    "reliable_change",
    "shrink",
    "signed_rank",
    "still_there",
    "taken_together",
    "trend",
    "waits",
    "wilson_interval",
]
