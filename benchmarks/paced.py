"""Taps at people's pace: `python -m benchmarks.paced`, with 1, 20 and 100 facilitators at work.

Each has a register of her own open, which looks for others' marks every five seconds, and taps
once in two seconds, as somebody who calls out names does; `make bench` has tabs that never pause,
which no people do. The goals: 95 in a hundred taps answered within 100 ms at twenty facilitators,
and within 300 ms at a hundred.
"""

import asyncio
import logging
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import psutil
import typer

from benchmarks import databases, servers, visits
from benchmarks.__main__ import Kind, store_of
from benchmarks.databases import opened
from benchmarks.servers import ROOT, Server
from benchmarks.taps import Register
from benchmarks.timing import quantile, tabs_open
from benchmarks.wire import Page

GOALS_MS = {20: 100.0, 100: 300.0}  # by the most facilitators each holds for
EVERY = 2.0  # seconds from one tap of somebody to her next
LOOKS_EVERY = 5.0
_OPEN_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Paced:
    """What taps of so many facilitators took: milliseconds, and how much of the server each did."""

    sessions: int
    taps: int
    p50: float
    p95: float
    cpu: float  # milliseconds of the server's processor time a tap
    busy: float  # how much of the machine was at work, by whomever
    problems: tuple[str, ...]

    @property
    def goal(self) -> float:
        """What 95 in a hundred are to be answered within."""
        return next(ms for most, ms in GOALS_MS.items() if self.sessions <= most)

    @property
    def reached(self) -> bool:
        """Whether it was, and every tap saved."""
        return self.p95 <= self.goal and not self.problems


def main(
    database: Annotated[Kind, typer.Option()] = Kind.SQLITE,
    sessions: Annotated[list[int] | None, typer.Option(min=1, max=100)] = None,
    seconds: Annotated[int, typer.Option(min=1)] = 30,
    marks: Annotated[int, typer.Option(min=1)] = 100_000,
) -> None:
    """Serve a demonstration, let facilitators tap, and say how long they waited."""
    logging.disable(logging.WARNING)
    folder = ROOT / "benchmarks" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="alongside-bench-")))
        store = store_of(stack, database, folder, scratch)
        url = store.copy(databases.filled(store, marks, folder).name)
        wanted = sessions or [1, 20, 100]
        with opened(url) as db:
            registers = visits.registers_to_mark(db, max(wanted))
        log = scratch / "programme.log"
        server = stack.enter_context(servers.programme(log, databases.settings(url)))
        found = [asyncio.run(_measure(server, registers[:count], seconds)) for count in wanted]
    for one in found:
        typer.echo(_said(one))
    if not all(one.reached for one in found):
        raise typer.Exit(1)


async def _measure(server: Server, pages: Sequence[Page], seconds: int) -> Paced:
    async with AsyncExitStack() as stack:
        registers = []
        for some in range(0, len(pages), _OPEN_AT_ONCE):
            opening = pages[some : some + _OPEN_AT_ONCE]
            tabs = await stack.enter_async_context(tabs_open(server, opening))
            registers += [Register(tab) for tab in tabs]
            await asyncio.gather(*(one.run() for one in registers[some:]))
        before, _ = server.process.cpu_times(), psutil.cpu_percent()
        until = perf_counter() + seconds
        made = await asyncio.gather(*(_tapping(one, until) for one in registers))
        after, busy = server.process.cpu_times(), psutil.cpu_percent()
    waits = [ms for waits, _problems in made for ms in waits]
    used = after.user + after.system - before.user - before.system
    return Paced(
        sessions=len(pages),
        taps=len(waits),
        p50=quantile(waits, 0.5),
        p95=quantile(waits, 0.95),
        cpu=1000 * used / len(waits),
        busy=busy,
        problems=tuple(sorted({one for _waits, problems in made for one in problems})),
    )


async def _tapping(register: Register, until: float) -> tuple[list[float], set[str]]:
    """One facilitator: a tap every two seconds from a moment of her own on, and looks between."""
    waits: list[float] = []
    problems: set[str] = set()
    due = perf_counter() + random.uniform(0, EVERY)
    look = due + LOOKS_EVERY
    while due < until:
        if look < due:
            await register.look_again()
            look += LOOKS_EVERY
        await asyncio.sleep(max(0.0, due - perf_counter()))
        answer = await register.run()
        waits.append(answer.ms)
        problems.update(answer.problems)
        due += EVERY
    return waits, problems


def _said(one: Paced) -> str:
    word = "reached" if one.reached else "not reached"
    return (
        f"{one.sessions:>3} facilitators, {one.taps} taps: median {one.p50:.0f} ms, "
        f"p95 {one.p95:.0f} ms (goal {one.goal:.0f}: {word}), {one.cpu:.1f} ms of the server's "
        f"processor a tap and its looks, machine {one.busy:.0f} % at work"
        + "".join(f"\n    {problem}" for problem in one.problems)
    )


if __name__ == "__main__":
    # Ended from outside, it still takes its server with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    typer.run(main)
