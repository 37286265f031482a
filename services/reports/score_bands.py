"""Scores in a few bands of equal width, so that many people share each. Pure."""

from collections.abc import Mapping

from services.measures.measure_definition import Measure

_MOST_BANDS = 6
_WIDTHS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
Bands = Mapping[str, tuple[float, float]]  # words to the ends, the upper one not with it


def bands(form: Measure) -> Bands:
    """The whole of the measure's scale; no bands for a measure that has no scale of its own."""
    if form.range is None:
        return {"Any score": (float("-inf"), float("inf"))}
    low, high = form.range.low, form.range.high
    width = next((w for w in _WIDTHS if (high - low) / w <= _MOST_BANDS), _WIDTHS[-1])
    found = {}
    start = low
    while start < high:
        end = start + width
        words = f"{start:g} to {high:g}" if end >= high else f"{start:g} to under {end:g}"
        found[words] = (start, min(end, high))
        start = end
    return found


def band_of(score: float, known: Bands) -> str:
    """The words of the band a score lies in; the highest score lies in the last."""
    return next(
        (words for words, (_, end) in known.items() if score < end),
        list(known)[-1],
    )
