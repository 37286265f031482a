"""The verdict over several measures of one person, counted as forms are saved. Pure.

PHQ-9 and GAD-7 by the rule of NHS Talking Therapies, a child's measures by that of CORC; the
figures of each rule stand with the measures (data/measures).
"""

from collections.abc import Iterator, Mapping, Sequence

from services.measures.measure_definition import Cutoff, Measure
from services.measures.measure_library import measures
from services.statistics import Taken, Together, taken_together
from services.tallies.tallies import Cell, Kind

NHS, CORC = "nhs", "corc"
NHS_PAIR = ("phq9:self", "gad7:self")
CHANGES = ("unchanged", "improved", "deteriorated")
_RECOVERED = 10
_HAIR = 1e-3  # finer than any score


def together_cells(
    programme: str, period: str, scores: Mapping[str, Sequence[int | None]]
) -> Iterator[Cell]:
    """One cell for each rule that applies to this place: first says whether she was a case."""
    pairs = {
        key: (start / 100, end / 100)
        for key, (start, end) in scores.items()
        if start is not None and end is not None
    }
    for rule, keys in ((NHS, _nhs(pairs)), (CORC, _corc(pairs))):
        if keys:
            found = taken_together([_taken(key, *pairs[key]) for key in keys])
            yield Cell(Kind.TOGETHER, programme, period, rule, int(found.was_case), _code(found))


def reads(code: int) -> tuple[str, bool]:
    """The reliable change a verdict's number stands for, and whether she recovered."""
    return CHANGES[code % _RECOVERED], code >= _RECOVERED


def threshold(cutoff: Cutoff) -> float:
    """The last score that is in the clinical range: a cut-off read "below" is not in it itself."""
    return cutoff.value - _HAIR if cutoff.clinical == "below" else cutoff.value


def _code(found: Together) -> int:
    return CHANGES.index(found.change) + _RECOVERED * found.recovered


def _nhs(pairs: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    return NHS_PAIR if all(key in pairs for key in NHS_PAIR) else ()


def _corc(pairs: Mapping[str, tuple[float, float]]) -> list[str]:
    """Two or more of the measures that are for children alone and can tell a clear change."""
    found = [key for key in pairs if _is_childs(measures().get(key.split(":")[0]))]
    return found if len(found) > 1 else []


def _is_childs(form: Measure | None) -> bool:
    rule = form.reliable_change if form else None
    return form is not None and form.age_max is not None and rule is not None and not rule.at_least


def _taken(key: str, before: float, after: float) -> Taken:
    form = measures()[key.split(":", maxsplit=1)[0]]
    rule = form.reliable_change
    if rule is None:
        raise ValueError(f"{form.short_title} has no rule for a clear change.")
    return Taken(
        before=before,
        after=after,
        points=rule.points,
        cutoff=threshold(form.cutoff) if form.cutoff else None,
        higher_is_better=form.direction != "down",
        inclusive=rule.inclusive,
    )
