"""Which cells of a table to hide, worked out on the table as a network."""

import heapq
import math
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TypeAlias

# A total tells more than a single cell: it is hidden when three others would not do instead.
TOTAL_WEIGHT = 3

# What a step over a hidden cell costs: next to nothing, so that no way is longer than needed.
EFFORT = 1e-6

Counts: TypeAlias = list[list[int]]
Cell: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[int, int, bool]
Way: TypeAlias = list[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Street:
    """A cell that is not zero, as a one-way street between the places of row and column."""

    cell: Cell
    start: int
    end: int
    count: int
    price: float


def _streets(counts: Counts) -> list[Street]:
    last_row, last_column = len(counts) - 1, len(counts[0]) - 1
    streets = []
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if not count:
                continue
            in_totals = (row == last_row) + (column == last_column)
            ends = row, last_row + 1 + column
            start, end = ends[::-1] if in_totals == 1 else ends
            weight = TOTAL_WEIGHT if in_totals else 1
            price = weight * math.log2(1 + count)
            streets.append(Street((row, column), start, end, count, price))
    return streets


class Network:
    """A table with its totals, and the cells to hide below a threshold.

    Each row and each column is a place. A cell is a one-way street from its row to its
    column, as is the grand total; any other total runs from its column to its row. The table
    adds up exactly when as much leaves each place as arrives. So whoever sees part of it can
    raise a hidden cell by as much as finds a way back from the end of its street to the
    start through other hidden cells: along a street without limit, which raises that cell
    too, or against it, which lowers that cell, until 1 is left. In such a network the largest
    whole flow is the true bound, so nothing is judged too kindly (Cox 1995, JASA 90:1453).

    A small cell is safe when it could be as large as the threshold; where it could not, the
    cheapest way that is missing is hidden. That always ends: with everything but the zeros
    hidden, any cell can be raised without limit, together with the totals of its line.

    It also gives every small cell a range of threshold - 1. The least it can be is either 1,
    or a figure from what is shown plus some hidden cells at 1 each; and as any of these
    could be as large as the threshold, the small cell could be larger by just as much.
    """

    def __init__(self, counts: Counts, threshold: int) -> None:
        self.threshold = threshold
        self.streets = _streets(counts)
        self.small = [n for n, s in enumerate(self.streets) if s.count < threshold]
        self.hidden = set(self.small)
        # From each place: where a step leads, by which street, and whether along it.
        self.steps: dict[int, list[Step]] = defaultdict(list)
        for number, street in enumerate(self.streets):
            self.steps[street.start].append((street.end, number, True))
            self.steps[street.end].append((street.start, number, False))

    def cells_to_hide(self) -> list[Cell]:
        """Small cells and as many others as protect them."""
        for small in self.small:
            self.hidden |= self._support(small, may_hide=True)
        self._show_what_is_not_needed()
        return [self.streets[number].cell for number in self.hidden]

    def _show_what_is_not_needed(self) -> None:
        """Later cells often protect earlier ones too: show what that makes superfluous."""
        extra = sorted(self.hidden.difference(self.small), key=self._price, reverse=True)
        relied_on = {small: self._support(small) for small in self.small if extra}
        for number in extra:
            self.hidden.remove(number)
            concerned = [small for small, support in relied_on.items() if number in support]
            instead = {small: self._support(small) for small in concerned}
            if all(instead.values()):
                relied_on |= instead
            else:
                self.hidden.add(number)

    def _price(self, number: int) -> float:
        return self.streets[number].price

    def _support(self, small: int, *, may_hide: bool = False) -> set[int]:
        """The cells that let this one be as large as the threshold; none when they do not."""
        change: dict[int, int] = {}
        missing = self.threshold - self.streets[small].count
        while missing:
            way = self._free_way(small, change)
            if not way and may_hide:
                way = self._cheapest_way(small, change)
            if not way:
                return set()
            room = [self._room(number, change) for number, along in way if not along]
            step = min([missing, *room])
            for number, along in way:
                change[number] = change.get(number, 0) + (step if along else -step)
            missing -= step
        return {number for number, moved in change.items() if moved}

    def _room(self, number: int, change: dict[int, int]) -> int:
        """By how much the cell can still be lowered."""
        return self.streets[number].count - 1 + change.get(number, 0)

    def _free_way(self, small: int, change: dict[int, int]) -> Way:
        """The shortest way back over hidden cells alone, place by place."""
        start, goal = self.streets[small].end, self.streets[small].start
        came: dict[int, Step] = {start: (start, small, True)}
        places = deque([start])
        while places:
            place = places.popleft()
            for onward, number, along in self.steps[place]:
                if onward in came or number == small:
                    continue
                if number not in self.hidden and number not in change:
                    continue
                if along or self._room(number, change):
                    came[onward] = (place, number, along)
                    if onward == goal:
                        return _walk_back(came, start, goal)
                    places.append(onward)
        return []

    def _cheapest_way(self, small: int, change: dict[int, int]) -> Way:
        """The way back for which the least has to be hidden (Dijkstra's shortest path)."""
        start, goal = self.streets[small].end, self.streets[small].start
        best = {start: 0.0}
        came: dict[int, Step] = {}
        queue = [(0.0, start)]
        while queue:
            cost, place = heapq.heappop(queue)
            if place == goal:
                break
            for onward, number, along in self.steps[place] if cost == best[place] else ():
                if number == small or not (along or self._room(number, change)):
                    continue
                free = number in self.hidden or number in change
                total = cost + (EFFORT if free else self.streets[number].price)
                if total < best.get(onward, math.inf):
                    best[onward] = total
                    came[onward] = (place, number, along)
                    heapq.heappush(queue, (total, onward))
        return _walk_back(came, start, goal)


def _walk_back(came: dict[int, Step], start: int, goal: int) -> Way:
    way, place = [], goal
    while place != start:
        place, number, along = came[place]
        way.append((number, along))
    return way
