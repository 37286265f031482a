"""How well the items of a locally used scale hang together."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from services.statistics.checks import each, numbers, rounding, spread


def cronbach_alpha(rows: Iterable[Iterable[float]] | pd.DataFrame) -> float:
    """Cronbach's alpha: k/(k-1) × (1 - sum of item variances / variance of the total) (D §3.7).

    `rows` has one sequence of item scores for each person (or is a frame with a row for
    each), complete forms only. Alpha is
    at most 1 and can be negative, when items contradict each other (one not yet reversed).
    """
    forms = rows.to_numpy() if isinstance(rows, pd.DataFrame) else rows
    what = "Every item score (leave incomplete forms out)"
    people = [numbers(row, what) for row in each(forms, "Every person's form")]
    if len(people) < 2:
        raise ValueError("Alpha needs the complete forms of at least two people.")
    items = len(people[0])
    if any(len(person) != items for person in people):
        raise ValueError("Every person needs a score for the same items.")
    if items < 2:
        raise ValueError("Alpha needs a scale of at least two items.")
    scores = np.array(people)
    totals = np.array([math.fsum(person) for person in people])
    spread_of_totals = spread(totals, items * rounding(scores))
    if not spread_of_totals:
        raise ValueError("Everyone has the same total, so alpha cannot be worked out.")
    shares = [(spread(column, rounding(column)) / spread_of_totals) ** 2 for column in scores.T]
    return items / (items - 1) * (1 - math.fsum(shares))
