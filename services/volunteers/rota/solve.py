"""Filling a rota: as many needs as can be, then the same faces, then fair shares and wishes.

Each is settled before the next is looked at, so nobody's wish ever leaves a session uncovered.
Pure: no database. It may run for half a minute; `told` hears how it goes, and `stop` ends it early
with what has been found so far.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.volunteers.rota import bound, greedy
from services.volunteers.rota.aims import COVER, FACES, SHARES
from services.volunteers.rota.improving import Improving
from services.volunteers.rota.problem import Problem, Stint
from services.volunteers.rota.search import Progress, Run

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Filled:
    """The rota found, with what is proven about it.

    It covers `covered` of the needs that were open, of `at_most` that any rota could; `faces`
    counts who comes new to a group in a role, and covering `at_most` takes no fewer than
    `faces_at_least`.
    """

    rota: frozenset[Stint]  # what is added to what was fixed
    covered: int
    at_most: int
    faces: int
    faces_at_least: int

    @property
    def gap(self) -> float:
        """How many of a hundred that any rota could cover this one leaves out, at the very most."""
        return 100 * (self.at_most - self.covered) / max(self.at_most, 1)

    @property
    def is_best(self) -> bool:
        """Whether it is proven that no rota covers more, or as much with fewer changes of face."""
        return self.gap == 0 and self.faces <= self.faces_at_least


def fill(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    told: Callable[[Progress], None] = lambda _progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Filled:
    """The best rota that can be found in the time, keeping every rule and all that is fixed."""
    run = Run(seconds, told, stop)
    rota = Improving(problem, greedy.begun(problem), run)
    most, fewest = bound.proven(problem, run)
    at_most = -rota.reach([COVER], -most, share=0.6)
    if len(rota.now) < most:
        fewest = 0  # it was proven only of rotas that cover so many
    fewest = rota.reach([COVER, FACES], fewest, share=0.5)
    rota.reach([COVER, FACES, SHARES], 0, share=1.0)
    faces = FACES.of(problem, rota.now)
    at_least = min(fewest, faces) if len(rota.now) == at_most else 0
    return Filled(rota.now, len(rota.now), at_most, faces, at_least)
