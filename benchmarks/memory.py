"""What the server holds in memory after many sessions, all of them still open."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.servers import Server
from benchmarks.timing import tabs_open
from benchmarks.wire import Page, Tab

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes the server holds: just started, with all sessions open, and when they are gone."""

    sessions: int
    at_start: int
    sessions_open: int
    sessions_closed: int


async def fill(server: Server, browsers: Sequence[Sequence[Page]]) -> Memory:
    """Let each browser open all its pages one after the other, all browsers at once."""
    at_start = server.memory

    async def look_round(tab: Tab, pages: Sequence[Page]) -> None:
        for page in pages:
            await tab.go(page)

    async with tabs_open(server, [pages[0] for pages in browsers]) as tabs:
        await asyncio.gather(*map(look_round, tabs, browsers))
        sessions_open = server.memory
    return Memory(
        sessions=len(browsers),
        at_start=at_start // MEGABYTE,
        sessions_open=sessions_open // MEGABYTE,
        sessions_closed=server.memory // MEGABYTE,
    )
