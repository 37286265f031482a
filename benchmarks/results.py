"""What a run of the bench found, as it is printed, stored and judged."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

import psutil

from benchmarks.databases import Made
from benchmarks.memory import Memory
from benchmarks.timing import Timing

BLANK, DEFAULTS = "blank", "defaults"


@dataclass(frozen=True, slots=True)
class Machine:
    """The shape of the machine, and how busy it was with other things before the run."""

    cores: int
    memory_gb: int
    system: str
    python: str
    streamlit: str
    load: float

    @property
    def busy(self) -> bool:
        """Whether other work was taking a good part of the processors."""
        return self.load > self.cores / 4


@dataclass(frozen=True, slots=True)
class Measured:
    """One page (or a tap) with so many sessions at once.

    `sizes` holds a timing for each number of marks; all were taken in turns with the blank pages.
    `changed` holds those of runs after somebody had given a mark, `anew` those that could use
    nothing of the run before; with one session only.
    """

    title: str
    reader: str
    sessions: int
    blank: Timing
    defaults: Timing
    sizes: Mapping[int, Timing]
    changed: Mapping[int, Timing] = field(default_factory=dict)
    anew: Mapping[int, Timing] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells it from every other line."""
        return f"{self.title} ({self.reader})"

    @property
    def times_blank(self) -> float:
        """How many times as long as the blank page, at the size where it is slowest."""
        return self.slowest / self.blank.p50

    @property
    def times_blank_changed(self) -> float | None:
        """The same after a mark elsewhere; None where it was not measured."""
        return _slowest(self.changed) / self.blank.p50 if self.changed else None

    @property
    def times_blank_anew(self) -> float | None:
        """The same with nothing kept."""
        return _slowest(self.anew) / self.blank.p50 if self.anew else None

    @property
    def slowest(self) -> float:
        """Milliseconds at the size where it is slowest, as a median."""
        return _slowest(self.sizes)

    @property
    def growth(self) -> float | None:
        """How many times as long at the largest size as at the smallest; None with one size."""
        return _growth(self.sizes)

    @property
    def growth_changed(self) -> float | None:
        """The same after a mark elsewhere."""
        return _growth(self.changed)

    @property
    def growth_anew(self) -> float | None:
        """The same with nothing kept."""
        return _growth(self.anew)

    @property
    def problems(self) -> tuple[str, ...]:
        """Every exception and error shown, at any size, once each."""
        timings = *self.sizes.values(), *self.changed.values(), *self.anew.values()
        shown = {problem for timing in timings for problem in timing.problems}
        return tuple(sorted(shown))


@dataclass(frozen=True, slots=True)
class Results:
    """One run on one kind of database."""

    database: str
    day: str
    machine: Machine
    made: tuple[Made, ...]
    pages: tuple[Measured, ...]
    taps: tuple[Measured, ...]
    memory: Memory


def _slowest(sizes: Mapping[int, Timing]) -> float:
    return max(timing.p50 for timing in sizes.values())


def _growth(sizes: Mapping[int, Timing]) -> float | None:
    if len(sizes) < 2:  # noqa: PLR2004 - with one size there is nothing to compare
        return None
    return sizes[max(sizes)].p50 / sizes[min(sizes)].p50


def this_machine() -> Machine:
    """The machine the bench runs on, without a name."""
    return Machine(
        cores=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 2**30),
        system=platform.system(),
        python=platform.python_version(),
        streamlit=version("streamlit"),
        load=round(psutil.getloadavg()[0], 1),
    )
