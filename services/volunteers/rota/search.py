"""One model put to the solver, one aim after another, each kept while the next is sought."""

import threading
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, CpSolverSolutionCallback

T = TypeVar("T", bound=Hashable)
WORKERS = 2
_PROVING = 0.2  # of the time for an aim
_ANYTHING = 2**31  # more than anybody covers
_LOOK = 0.1  # seconds between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class Progress:
    """How it goes: what is being worked at, the best so far, and what cannot be passed."""

    step: str  # cover, faces or shares
    best: int | None
    bound: int | None
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

    def tell(self, step: str, best: int | None, bound: int | None) -> None:
        """Pass on how it goes."""
        self._told(Progress(step, best, bound, self._seconds - self.left))

    @contextmanager
    def watched(self, step: str, give_up: Callable[[], None]) -> Iterator[dict[str, int | None]]:
        """Look now and then whether to stop, since a solver does not, and pass on its news."""
        done = threading.Event()
        known: dict[str, int | None] = {"best": None, "bound": None}

        def watch() -> None:
            while not done.wait(_LOOK):
                self.tell(step, known["best"], known["bound"])
                if self.stop():
                    give_up()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield known
        finally:
            done.set()
            watcher.join()
            self.tell(step, known["best"], known["bound"])


class Search:
    """A model and the best answer to it so far."""

    def __init__(self, model: "CpModel", run: Run) -> None:
        self.model, self._run = model, run
        self._values: list[int] = []

    def begin(self, numbers: Mapping[T, Any], chosen: Collection[T]) -> None:
        """Begin from an answer there is already: 1 for what is chosen, 0 for all else.

        What else the model counts follows from it, and is filled in here: half an answer would
        only be a wish to the solver, which it may lose sight of.
        """
        for key, number in numbers.items():
            self.model.add_hint(number, key in chosen)
        solver = _solver(self._run.left)
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.solve(self.model)
        if solver.response_proto.solution:
            self._keep(solver)

    def value(self, number: Any) -> int:
        """What a number is in the best answer; 0 before there is one."""
        return self._values[number.index] if self._values else 0

    def reach(self, step: str, aim: Any, *, most: bool, share: float) -> tuple[int, int] | None:
        """The best of an aim within a share of the time left, and its bound; None for no answer.

        What can be proven is proven soon. What cannot is better served by changing a good answer
        here and there, so most of the time is for that. Where it ends, the next search begins.
        """
        if self._run.is_over:
            return None
        if isinstance(aim, int):  # a sum of nothing: there is nothing to seek
            return aim, aim
        (self.model.maximize if most else self.model.minimize)(aim)
        seconds = self._run.left * share
        first = _solver(seconds * _PROVING)
        best = self._seek(step, first, most=most)
        bound = _bound(first, most=most)
        if best is None or best != bound:
            nearby = _solver(seconds * (1 - _PROVING))
            nearby.parameters.use_lns_only = bool(self._values)
            best = self._seek(step, nearby, most=most, before=best)
        return None if best is None else (best, bound)

    def _seek(
        self, step: str, solver: "CpSolver", *, most: bool, before: int | None = None
    ) -> int | None:
        """The best found by now; an answer is kept unless one from before is better."""
        with self._run.watched(step, solver.stop_search) as known:
            known["best"] = before
            solver.best_bound_callback = lambda bound: known.update(bound=round(bound))
            solver.solve(self.model, _telling(known))
        if not solver.response_proto.solution:
            return before
        found = round(solver.objective_value)
        if before is not None and (found < before if most else found > before):
            return before
        self._keep(solver)
        return found

    def _keep(self, solver: "CpSolver") -> None:
        self._values = list(solver.response_proto.solution)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(self._values):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)


def _bound(solver: "CpSolver", *, most: bool) -> int:
    """What cannot be passed; where the solver did not come to say anything, nothing is claimed."""
    from ortools.sat.python.cp_model import UNKNOWN

    if solver.response_proto.status == UNKNOWN:
        return _ANYTHING if most else 0
    return round(solver.best_objective_bound)


def _solver(seconds: float) -> "CpSolver":
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = seconds
    return solver


def _telling(known: dict[str, int | None]) -> "CpSolverSolutionCallback":
    """Hears of each better answer as it is found."""
    from ortools.sat.python.cp_model import CpSolverSolutionCallback

    class Telling(CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            known["best"] = round(self.objective_value)

    return Telling()
