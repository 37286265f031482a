"""What several measures of one person say together: the rule for pairs of the NHS and of CORC."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.statistics.change import classify_change, is_clinical
from services.statistics.checks import number

Reliable: TypeAlias = Literal["improved", "unchanged", "deteriorated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One measure of one person at the start and at the end, with its own rule and cut-off."""

    before: float
    after: float
    points: float
    cutoff: float | None = None
    higher_is_better: bool = True
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Whether she was a case on any of the measures, and is one now; and reliable change."""

    was_case: bool
    is_case: bool
    change: Reliable

    @property
    def recovered(self) -> bool:
        """A case at the start and on every measure below its cut-off at the end."""
        return self.was_case and not self.is_case

    @property
    def reliably_recovered(self) -> bool:
        """Recovered, and reliably improved as well."""
        return self.recovered and self.change == "improved"


def taken_together(measures: Sequence[Taken]) -> Together:
    """The verdict over several measures (D §3.2).

    As NHS Talking Therapies reads PHQ-9 with GAD-7, and CORC the measures of a child: reliably
    improved where at least one improves reliably and none gets reliably worse; deteriorated the
    other way about; unchanged otherwise, also where one improves and another gets worse. A case
    is whoever is on the clinical side of any of the cut-offs.
    """
    if not measures:
        raise ValueError("A verdict over several measures needs at least one of them.")
    verdicts = {_verdict(one) for one in measures}
    better, worse = "improved" in verdicts, "deteriorated" in verdicts
    change: Reliable = "unchanged"
    if better != worse:
        change = "improved" if better else "deteriorated"
    return Together(
        was_case=any(_is_case(one, one.before) for one in measures),
        is_case=any(_is_case(one, one.after) for one in measures),
        change=change,
    )


def _verdict(one: Taken) -> str:
    # Without the cut-off: crossing it is a question for all of them together.
    return classify_change(
        one.before,
        one.after,
        one.points,
        higher_is_better=one.higher_is_better,
        inclusive=one.inclusive,
    )


def _is_case(one: Taken, score: float) -> bool:
    if one.cutoff is None:
        return False
    return is_clinical(score, number(one.cutoff, "The cut-off"), one.higher_is_better)
