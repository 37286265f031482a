"""Filling a rota: as many needs as can be, then the same faces, then fair shares and wishes.

Each is settled before the next is looked at, so nobody's wish ever leaves a session uncovered.
Pure: no database. It may run for half a minute; `told` hears how it goes, and `stop` ends it early
with what has been found so far.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from services.volunteers.rota import formulate, greedy, joining, shares
from services.volunteers.rota.formulate import Joining
from services.volunteers.rota.problem import Problem, Stint
from services.volunteers.rota.search import Progress, Run, Search

SECONDS = 30.0
_COVER, _FACES, _SHARES = "cover", "faces", "shares"


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
        """By how many of a hundred a better rota could cover more, at the very most."""
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
    rota, proven = greedy.begun(problem), (formulate.coverable(problem), 0)
    run.tell(_COVER, len(rota), proven[0])
    if found := joining.join(problem, run):
        if found.at_most <= proven[0]:
            proven = found.at_most, found.faces_at_least
        rota = _better(problem, rota, _given_out(problem, found.joining, run))
        run.tell(_COVER, len(rota), proven[0])
    if run.is_over:
        return Filled(rota, len(rota), proven[0], _faces(problem, rota), 0)
    return _in_full(problem, rota, proven, run)


def _better(problem: Problem, one: frozenset[Stint], other: frozenset[Stint]) -> frozenset[Stint]:
    """The rota that covers more, then with fewer faces; the other where they are alike."""
    ranks = [(len(rota), -_faces(problem, rota)) for rota in (one, other)]
    return one if ranks[0] > ranks[1] else other


def _given_out(problem: Problem, joins: Collection[Joining], run: Run) -> frozenset[Stint]:
    """The sessions given to those who join."""
    made = formulate.formulate(problem, joins)
    search = Search(made.model, run)
    if search.reach(_COVER, sum(made.can.values()), most=True, share=0.1) is None:
        return frozenset()
    return frozenset(stint for stint, number in made.can.items() if search.value(number))


def _in_full(
    problem: Problem, begun: frozenset[Stint], proven: tuple[int, int], run: Run
) -> Filled:
    """Every rule at once, begun from what was found: coverage, then faces, then fair shares."""
    made = formulate.formulate(problem)
    search = Search(made.model, run)
    search.begin(made.can | made.joins, begun | formulate.joined(problem, begun))
    there = formulate.joined(problem, problem.fixed)
    covered = sum(made.can.values())
    faces = sum(number for key, number in made.joins.items() if key not in there)
    most, fewest = proven
    at_most = most
    made.model.add(covered <= most)
    made.model.add(covered >= len(begun))
    if found := search.reach(_COVER, covered, most=True, share=0.7):
        best, at_most = found[0], min(found[1], most)
        made.model.add(covered >= best)
        # Proven only of rotas that cover so many.
        fewest = fewest if best == most else 0
        made.model.add(faces >= fewest)
        if found := search.reach(_FACES, faces, most=False, share=0.6):
            fewest = found[1] if best == at_most else 0
            made.model.add(faces <= found[0])
            search.reach(_SHARES, shares.uneven(made, problem), most=False, share=1.0)
    rota = frozenset(stint for stint, number in made.can.items() if search.value(number)) or begun
    joined = _faces(problem, rota)
    at_least = min(fewest, joined) if len(rota) == at_most else 0
    return Filled(rota, len(rota), at_most, joined, at_least)


def _faces(problem: Problem, rota: Collection[Stint]) -> int:
    """How many join a group in a role who are not asked for it already."""
    return len(formulate.joined(problem, rota) - formulate.joined(problem, problem.fixed))
