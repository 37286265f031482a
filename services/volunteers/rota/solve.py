"""Filling a rota: as many needs as can be, then the same faces, then fair shares and wishes.

Each is settled before the next is looked at, so nobody's wish ever leaves a session uncovered.
Pure: no database. It may run for half a minute; `told` hears how it goes, and `stop` ends it early
with what has been found so far.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from services.volunteers.rota import formulate, greedy, relaxed, teams
from services.volunteers.rota.formulate import Joining
from services.volunteers.rota.problem import Problem, Stint
from services.volunteers.rota.search import Progress, Run, Search

SECONDS = 30.0
_COVER, _FACES, _SHARES = "cover", "faces", "shares"


@dataclass(frozen=True, slots=True)
class Filled:
    """The rota found, with what is proven about it.

    It covers `covered` of the needs that were open, of `at_most` that any rota could; `faces`
    counts who joins a group in a role, and covering `at_most` takes no fewer than `faces_at_least`.
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
    rota, at_most = greedy.begun(problem), formulate.coverable(problem)
    run.tell(_COVER, len(rota), at_most)
    if found := teams.join(problem, run):
        at_most = min(at_most, found[1])
        rota = _better(problem, rota, _given_out(problem, found[0], run))
        run.tell(_COVER, len(rota), at_most)
    joining, at_most, fewest = _who_joins(problem, rota, at_most, run)
    rota = _better(problem, rota, _given_out(problem, joining, run))
    faces = len(_joined(problem, rota))
    filled = Filled(rota, len(rota), at_most, faces, min(fewest, faces))
    return filled if filled.is_best or run.is_over else _in_full(problem, filled, run)


def _better(problem: Problem, one: frozenset[Stint], other: frozenset[Stint]) -> frozenset[Stint]:
    """The rota that covers more, then with fewer faces; the other where they are alike."""
    ranks = [(len(rota), -len(_joined(problem, rota))) for rota in (one, other)]
    return one if ranks[0] > ranks[1] else other


def _who_joins(
    problem: Problem, begun: frozenset[Stint], at_most: int, run: Run
) -> tuple[set[Joining], int, int]:
    """In the large: who had best join what, what can be covered at most, with how few faces."""
    if run.is_over:
        return set(), at_most, 0
    made = relaxed.relaxed(problem)
    search = Search(made.model, run)
    covered, faces = sum(made.covered), sum(made.faces)
    joined, fewest = _joined(problem, begun), 0
    for key, number in made.joins.items():
        made.model.add_hint(number, key in joined)
    made.model.add(covered <= at_most)
    made.model.add(covered >= len(begun))
    if found := search.reach(_COVER, covered, most=True, share=0.55):
        best, at_most = found
        made.model.add(covered >= best)
        if found := search.reach(_FACES, faces, most=False, share=0.2):
            # Proven only of rotas that cover as much as any can.
            fewest = found[1] if best == at_most else 0
            made.model.add(faces <= found[0])
            search.reach(_SHARES, relaxed.uneven(made, problem), most=False, share=0.15)
    joining = {key for key, number in made.joins.items() if search.value(number)}
    return joining, at_most, fewest


def _given_out(problem: Problem, joining: Collection[Joining], run: Run) -> frozenset[Stint]:
    """The sessions given to those who join."""
    made = formulate.formulate(problem, joining)
    search = Search(made.model, run)
    if search.reach(_COVER, sum(made.can.values()), most=True, share=0.6) is None:
        return frozenset()
    return frozenset(stint for stint, number in made.can.items() if search.value(number))


def _in_full(problem: Problem, before: Filled, run: Run) -> Filled:
    """Every rule at once, begun from what was found: for what the large view could not settle."""
    made = formulate.formulate(problem)
    for stint, number in made.can.items():
        made.model.add_hint(number, stint in before.rota)
    search = Search(made.model, run)
    covered, faces = sum(made.can.values()), sum(made.joins.values())
    made.model.add(covered <= before.at_most)
    made.model.add(covered >= before.covered)
    fewest, at_most = 0, before.at_most
    if found := search.reach(_COVER, covered, most=True, share=0.6):
        best, at_most = found
        made.model.add(covered >= best)
        if found := search.reach(_FACES, faces, most=False, share=1.0):
            fewest = found[1] if best == at_most else 0
    rota = frozenset(stint for stint, number in made.can.items() if search.value(number))
    if not rota:
        return before
    joined = len(_joined(problem, rota))
    if (len(rota), -joined) <= (before.covered, -before.faces):
        rota, joined = before.rota, before.faces
    at_least = max(fewest, before.faces_at_least if at_most == before.at_most else 0)
    return Filled(rota, len(rota), min(at_most, before.at_most), joined, min(at_least, joined))


def _joined(problem: Problem, rota: Collection[Stint]) -> set[Joining]:
    groups = {one.number: one.group for one in problem.meetings}
    return {(one.helper, groups[one.meeting], one.role) for one in rota}
