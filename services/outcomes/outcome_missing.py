"""Those with a start form and no end form beside those with both. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from services.measures.measure_counts import UNKNOWN_AGE
from services.measures.measure_sums import DOSE_SUMS
from services.outcomes.outcome_change import mean_of
from services.people.people import AGE_BANDS
from services.tallies.shares import MEANS_FROM

_PEOPLE = DOSE_SUMS.index("people")


@dataclass(frozen=True, slots=True)
class Missing:
    """Both groups by their start score and by how many sessions they came to (domain §3.4).

    Means are None where they would rest on fewer than ten people. ages: age, with_end,
    without_end (people by their age at the start), the youngest first. Of those without an end form
    `changed` have one of another version, which cannot stand beside it.
    """

    with_end: int
    without_end: int
    start_mean_with_end: float | None
    start_mean_without_end: float | None
    attended_mean_with_end: float | None
    attended_mean_without_end: float | None
    ages: pd.DataFrame
    changed: int

    @property
    def words(self) -> str:
        """Who is missing, and whether they began differently."""
        if not self.without_end:
            return "Everybody with a start form has an end form too."
        people = "person has" if self.without_end == 1 else "people have"
        changed = f", {self.changed:,} because the measure changed" if self.changed else ""
        sentence = (
            f"{self.without_end:,} {people} a start form and no end form to set beside it, some "
            f"because their group is still running{changed}."
        )
        if self.start_mean_with_end is None or self.start_mean_without_end is None:
            few = "Nobody has both, so there is nobody to set beside them."
            if self.with_end:
                few = "They, or those with both, are too few to say whether they began differently."
            return f"{sentence} {few}"
        sentence = (
            f"{sentence} At the start their mean was {self.start_mean_without_end:.1f}, that of "
            f"the {self.with_end:,} with both forms {self.start_mean_with_end:.1f}."
        )
        if self.attended_mean_with_end is None or self.attended_mean_without_end is None:
            return sentence
        return (
            f"{sentence} They came to {self.attended_mean_without_end:.1f} sessions on average, "
            f"those with both forms to {self.attended_mean_with_end:.1f}."
        )


def missing(
    starts: Counter[int],
    both: Counter[int],
    sessions: Sequence[tuple[int, int, int]],
    attended_alone: int,
    ages: Sequence[tuple[int, int, int]],
    changed: int = 0,
) -> Missing:
    """From people by start score, all and those with both forms; sums by sessions attended of
    those with both; the sessions all the others attended; people by age and whether both; and
    how many ended on another version."""
    alone = starts - both
    rows = [(dose, n) for dose, number, n in sessions if number == _PEOPLE]
    there = sum(n for _dose, n in rows)
    enough = there >= MEANS_FROM and alone.total() >= MEANS_FROM
    return Missing(
        with_end=both.total(),
        without_end=alone.total(),
        start_mean_with_end=mean_of(both),
        start_mean_without_end=mean_of(alone),
        attended_mean_with_end=sum(dose * n for dose, n in rows) / there if enough else None,
        attended_mean_without_end=attended_alone / alone.total() if enough else None,
        ages=_ages(ages),
        changed=changed,
    )


def _ages(rows: Sequence[tuple[int, int, int]]) -> pd.DataFrame:
    words = {UNKNOWN_AGE: "Not known", **dict(AGE_BANDS)}
    found = {(age, has_end): people for age, has_end, people in rows}
    order = [age for age in (*dict(AGE_BANDS), UNKNOWN_AGE) if {(age, 0), (age, 1)} & found.keys()]
    table = [(words[age], found.get((age, 1), 0), found.get((age, 0), 0)) for age in order]
    return pd.DataFrame(table, columns=["age", "with_end", "without_end"])
