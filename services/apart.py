"""Names beside the ends of lines, moved apart so that none stands on another. Pure."""

from collections.abc import Iterable


def apart(heights: Iterable[float], gap: float, top: float) -> list[float]:
    """The same heights in rising order, at least a gap apart and still within 0 to the top."""
    placed: list[float] = []
    for height in heights:  # each above the one before
        placed.append(max(height, placed[-1] + gap if placed else 0.0))
    highest = top
    for number in reversed(range(len(placed))):  # and, from the top, below the one after
        placed[number] = min(placed[number], highest)
        highest = placed[number] - gap
    return placed
