"""How much one run of the bench measures."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Load:
    """So many sessions at once; each asks so many `times` in each of its turns."""

    sessions: int
    turns: int
    times: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: databases with so many marks, loads, and browsers for the memory."""

    marks: tuple[int, ...]
    loads: tuple[Load, ...]
    browsers: int


FULL: Final = Plan(
    (10_000, 1_000_000), (Load(1, turns=6, times=4), Load(20, turns=2, times=2)), 100
)
QUICK: Final = Plan((10_000,), (Load(1, turns=1, times=3),), 5)
