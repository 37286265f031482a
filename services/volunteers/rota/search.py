"""A search under way: how long it may take, who hears how it goes, and who has had enough."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

_LOOK = 0.1  # seconds between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class Progress:
    """How it goes: what is being worked at, the best so far, and what cannot be passed."""

    step: str  # cover, faces or shares
    best: int
    bound: int
    seconds: float


class Run:
    """One filling: how long it may take, who is told, and whether somebody has had enough."""

    def __init__(
        self, seconds: float, told: Callable[[Progress], None], stop: Callable[[], bool]
    ) -> None:
        self.stop, self._told, self._seconds = stop, told, seconds
        self._began = perf_counter()

    @property
    def left(self) -> float:
        """The seconds there still are."""
        return max(self._seconds - (perf_counter() - self._began), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether there is no more time, or no more wish."""
        return self.left <= 0 or self.stop()

    def tell(self, step: str, best: int, bound: int) -> None:
        """Pass on how it goes."""
        self._told(Progress(step, best, bound, self._seconds - self.left))

    def solve(self, model: "CpModel", seconds: float, effort: float, *, seed: int) -> "CpSolver":
        """Put a model to the solver, which ends early when somebody has had enough."""
        from ortools.sat.python.cp_model import CpSolver

        solver, done = CpSolver(), threading.Event()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = seed
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.max_deterministic_time = effort
        watcher = threading.Thread(target=self._watch, args=(solver, done), daemon=True)
        watcher.start()
        try:
            solver.solve(model)
        finally:
            done.set()
            watcher.join()
        return solver

    def _watch(self, solver: "CpSolver", done: threading.Event) -> None:
        """Look now and then whether to stop, since a solver does not."""
        while not done.wait(_LOOK):
            if self.stop():
                solver.stop_search()
