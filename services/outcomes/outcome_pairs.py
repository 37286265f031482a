"""Everybody's start and end on one measure, from counts of pairs. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from services.frames import typed
from services.measures.measure_definition import Cutoff, Measure
from services.outcomes.outcome_change import Pairs, classified, has_rule, names, verdict
from services.outcomes.verdicts_together import threshold
from services.statistics import SignedRank, mcnemar_exact, signed_rank
from services.tallies.shares import Share, numbered, share

MOST_LINES = 400  # different pairs of scores; beyond, scores close to each other are one
MOST_BARS = 15
RANKS_BELOW = 20  # domain §3.1
PATHS = [
    "start", "end", "people", "verdict", "label", "low", "high", "points", "cutoff",
]  # fmt: skip
BARS = ["when", "score_from", "score_to", "middle", "people", "share", "label"]
_MOST_STEPS = 20
_WIDTHS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
_SIDES = {
    "at_or_above": "at {} or above",
    "at_or_below": "at {} or below",
    "below": "below {}",
}


@dataclass(frozen=True, slots=True)
class Crossing:
    """How many were in the range a published cut-off marks: the same people, before and after.

    `out` left the range and `into` came into it; `p` is the exact two-sided p of McNemar's test.
    `recovered`: of those in it at the start, who left it with a clear improvement; None without a
    rule for that.
    """

    before: Share
    after: Share
    out: int
    into: int
    p: float
    recovered: Share | None
    where: str
    meaning: str
    source: str

    @property
    def words(self) -> str:
        """As people read it, with the test named."""
        meaning = self.meaning[:1].lower() + self.meaning[1:]  # names keep their capitals
        sentence = (
            f"{self.where.capitalize()} ({meaning}; {self.source}): "
            f"{self.before.words} at the start, {self.after.words} at the end. "
            f"{self.out:,} left that range and {self.into:,} came into it "
            f"(exact McNemar p {_p(self.p)})."
        )
        if self.recovered is None or not self.recovered.of:
            return sentence
        return (
            f"{sentence} Of those in it at the start, {self.recovered.words} left it with a clear "
            "improvement. Crossing a line is not the same as feeling recovered."
        )


def paths(pairs: Pairs, form: Measure) -> pd.DataFrame:
    """Lines from start to end, each with how many people it stands for; at most a few hundred.

    Columns: start, end (points), people, verdict, label; and, the same in every row: low, high
    (the ends of the scale), points (a clear change; NA without a rule), cutoff (NA without one).
    Where there are many different pairs, scores close to one another stand for their middle.
    """
    width = _step(pairs, form)
    counted: Counter[tuple[float, float, str]] = Counter()
    words = names(form)
    for start, end, people in pairs:
        came_to = words[verdict(start / 100, end / 100, form)]
        counted[_middle(start, width), _middle(end, width), came_to] += people
    rule, line = form.reliable_change, common_cutoff(form)
    low, high = _ends(form, [score for start, end, _ in counted for score in (start, end)])
    same = (
        low,
        high,
        rule.points if rule is not None and has_rule(form) else None,
        None if line is None else line.value,
    )
    rows = [
        (start, end, people, came_to, _line_words(start, end, people), *same)
        for (start, end, came_to), people in sorted(counted.items())
    ]
    return typed(rows, PATHS, {"points": "Float64", "cutoff": "Float64"})


def before_after(pairs: Pairs, form: Measure) -> pd.DataFrame:
    """The same people's scores at the start and at the end, in equal bars over the whole scale.

    Columns: when (Start, End), score_from, score_to, middle, people, share (0 to 1), label; every
    bar stands in both halves, if only with nobody.
    """
    everybody = sum(people for _, _, people in pairs)
    if not everybody:
        return pd.DataFrame(columns=BARS)
    low, high = _ends(form, [score / 100 for start, end, _ in pairs for score in (start, end)])
    width = next((w for w in _WIDTHS if (high - low) / w < MOST_BARS), _WIDTHS[-1])
    counted: dict[str, Counter[int]] = {"Start": Counter(), "End": Counter()}
    for start, end, people in pairs:
        for when, score in (("Start", start), ("End", end)):
            counted[when][_bar(score, width)] += people
    bars = range(_bar(round(low * 100), width), _bar(round(high * 100), width) + 1)
    rows = []
    for when, found in counted.items():
        for bar in bars:
            part = share(found[bar], everybody)
            left = bar * width
            rows.append(
                (when, left, left + width, left + width / 2, found[bar], part.share, part.words)
            )
    return pd.DataFrame(rows, columns=BARS)


def crossing(pairs: Pairs, form: Measure) -> Crossing | None:
    """Who was in the range of the measure's cut-off; None without one that holds for everybody."""
    line = common_cutoff(form)
    if line is None or not pairs:
        return None
    edge = threshold(line)
    scores = {score for start, end, _people in pairs for score in (start, end)}
    within = {score: _is_in(score / 100, line) for score in scores}
    counted: Counter[tuple[bool, bool]] = Counter()
    recovered = 0
    for start, end, people in pairs:
        counted[within[start], within[end]] += people
        recovered += people * _recovers(start / 100, end / 100, form, edge)
    began = counted[True, True] + counted[True, False]
    out, into = counted[True, False], counted[False, True]
    return Crossing(
        before=share(began, counted.total()),
        after=share(counted[True, True] + into, counted.total()),
        out=out,
        into=into,
        p=mcnemar_exact(out, into),
        recovered=share(recovered, began) if has_rule(form) else None,
        where=_SIDES[line.clinical].format(f"{line.value:g}"),
        meaning=line.meaning,
        source=line.named_source,
    )


def common_cutoff(form: Measure) -> Cutoff | None:
    """The first cut-off that holds at every age: counts do not say how old anybody was."""
    found = (one for one in form.cutoffs if one.age_min is None and one.age_max is None)
    return next(found, None)


def ranks(pairs: Pairs, form: Measure) -> SignedRank | None:
    """Signed ranks where fewer than twenty have both forms; None beyond, and where nobody has."""
    everybody = sum(people for _, _, people in pairs)
    if not 0 < everybody < RANKS_BELOW:
        return None
    each = [(start / 100, end / 100) for start, end, people in pairs for _ in range(people)]
    before, after = zip(*each, strict=True)
    return signed_rank(before, after, form.direction != "down")


def ranks_in_words(found: SignedRank) -> str:
    """How many went which way, and how likely so much would be by chance."""
    sentence = (
        f"Of {found.better + found.worse + found.same}, {found.better} scored better at the end, "
        f"{found.worse} worse and {found.same} the same"
    )
    return f"{sentence} (Wilcoxon signed ranks, exact p {_p(found.p)})."


def _p(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR2004 - as p is printed


def _recovers(start: float, end: float, form: Measure, edge: float) -> bool:
    rule, higher = form.reliable_change, form.direction != "down"
    if rule is None:
        return False
    return classified(start, end, rule.points, edge, higher, rule.inclusive) == "recovered"


def _is_in(score: float, line: Cutoff) -> bool:
    return score >= line.value if line.clinical == "at_or_above" else score <= threshold(line)


def _step(pairs: Pairs, form: Measure) -> float | None:
    """How wide scores are taken together; None where each may stand for itself."""
    if len(pairs) <= MOST_LINES:
        return None
    low, high = _ends(form, [score / 100 for start, end, _ in pairs for score in (start, end)])
    return next((w for w in _WIDTHS if (high - low) / w < _MOST_STEPS), _WIDTHS[-1])


def _ends(form: Measure, scores: Sequence[float]) -> tuple[float, float]:
    if form.range is not None:
        return form.range.low, form.range.high
    return min(scores, default=0), max(scores, default=0)


def _middle(score: int, width: float | None) -> float:
    return score / 100 if width is None else (_bar(score, width) + 0.5) * width


def _bar(score: int, width: float) -> int:
    # Whole hundredths: 0.3 / 0.1 would fall just short of 3.
    return math.floor(round(score / (width * 100), 9))


def _line_words(start: float, end: float, people: int) -> str:
    return f"{numbered(people)}, from {start:g} to {end:g}"
