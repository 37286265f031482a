"""Timing: servers side by side, in turns within the same minute, since no machine is ever quiet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from benchmarks.servers import Server
from benchmarks.wire import Page, Run, Tab, open_tab


@dataclass(frozen=True, slots=True)
class Timing:
    """What runs of one page cost, in milliseconds: `first` when a tab opens it, then again.

    `cpu` is the processor time the server spent on a run, which other work on the machine
    changes little. `messages` and `size` (bytes) are those of the last run. `problems` are the
    exceptions and errors shown in any run.
    """

    first: float
    p50: float
    p95: float
    cpu: float
    runs: int
    messages: int
    size: int
    problems: tuple[str, ...] = ()


Change = Callable[[], Awaitable[object]]


class Asked(Protocol):
    """Something that is opened at its first run, and asked again with every other."""

    async def run(self) -> Run: ...


@dataclass(slots=True)
class Lane:
    """One server's tabs on one page, and what came of asking them.

    With `change`, something is changed before each run.
    """

    server: Server
    tabs: Sequence[Asked]
    change: Change | None = None
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    cpu: float = 0.0
    last: Run | None = None
    problems: set[str] = field(default_factory=set)

    async def open(self) -> None:
        """Every tab's first run of the page, all at once."""
        await self._ask(self.first, 1)

    async def turn(self, times: int) -> None:
        """Every tab asks again so many times, all of them together."""
        before = _processor_time(self.server)
        await self._ask(self.again, times)
        self.cpu += _processor_time(self.server) - before

    def timing(self) -> Timing:
        """The figures so far. There must have been a turn."""
        assert self.last is not None  # noqa: S101 - said in the docstring
        return Timing(
            first=round(quantile(self.first, 0.5), 1),
            p50=round(quantile(self.again, 0.5), 1),
            p95=round(quantile(self.again, 0.95), 1),
            cpu=round(self.cpu * 1000 / len(self.again), 1),
            runs=len(self.again),
            messages=len(self.last.messages),
            size=self.last.size,
            problems=tuple(sorted(self.problems)),
        )

    async def _ask(self, into: list[float], times: int) -> None:
        async def one(tab: Asked) -> None:
            for _ in range(times):
                if self.change is not None:
                    await self.change()
                self.last = await tab.run()
                self.problems.update(self.last.problems)
                into.append(self.last.ms)

        await asyncio.gather(*(one(tab) for tab in self.tabs))


@asynccontextmanager
async def tabs_open(server: Server, pages: Sequence[Page]) -> AsyncIterator[list[Tab]]:
    """A tab for each of these pages, open for the length of the block."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_tab(server.port, page)) for page in pages]


async def race(lanes: Mapping[str, Lane], turns: int, times: Mapping[str, int]) -> None:
    """Let the lanes take turns, so that what else happens on the machine happens to all.

    Each turn of a lane is so many `times` of asking; every other round goes backwards.
    """
    for lane in lanes.values():
        await lane.open()
    order = list(lanes)
    for _ in range(turns):
        for name in order:
            await lanes[name].turn(times[name])
        order.reverse()


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def _processor_time(server: Server) -> float:
    used = server.process.cpu_times()
    return float(used.user + used.system)
