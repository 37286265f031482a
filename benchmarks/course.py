"""One run of the bench on one kind of database, from making it to the results."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import databases, memory, servers, visits
from benchmarks.databases import Made, Store, opened
from benchmarks.memory import Memory
from benchmarks.plans import Load, Plan
from benchmarks.results import BLANK, DEFAULTS, Measured, Results, this_machine
from benchmarks.servers import Server
from benchmarks.taps import Register
from benchmarks.timing import Asked, Lane, Timing, race, tabs_open
from benchmarks.visits import Visit
from benchmarks.wire import Page, Tab
from services import audit, clock

CHANGED, ANEW = "changed ", "anew "
# The server looks up whether anything was changed elsewhere once in this time (services/unchanged).
SEEN_AFTER = 0.2
Say = Callable[[str], None]
Asks = Mapping[str, tuple[Server, Sequence[Page]]]


@dataclass(frozen=True, slots=True)
class House:
    """The programme running on one database, what is worth opening there, and a register on which
    somebody gives marks meanwhile."""

    marks: int
    url: str
    server: Server
    visits: Sequence[Visit]
    register: Page


def run(store: Store, plan: Plan, notes: Path, scratch: Path, say: Say) -> Results:
    """Measure everything on one kind of database; logs and copies go to `scratch`."""
    machine = this_machine()
    made = []
    for marks in plan.marks:
        say(f"{store.kind} with {marks:,} marks")
        made.append(databases.filled(store, marks, notes))
    with ExitStack() as stack:
        # On a server of its own, so that nothing else has left anything there.
        held = _memory(_house(stack, store, made[-1], scratch), plan.browsers, say)
    with ExitStack() as stack:
        blanks = _blanks(stack, scratch)
        houses = [_house(stack, store, one, scratch) for one in made]
        taps = [_taps(blanks, houses, load, say) for load in plan.loads]
        pages = [
            _page(blanks, houses, number, load, say)
            for load in plan.loads
            for number in range(len(houses[0].visits))
        ]
    return Results(
        database=store.kind,
        day=clock.today().isoformat(),
        machine=machine,
        made=tuple(made),
        pages=tuple(pages),
        taps=tuple(taps),
        memory=held,
    )


def _house(stack: ExitStack, store: Store, made: Made, scratch: Path) -> House:
    url = store.copy(made.name)
    with opened(url) as db:
        worth_opening = visits.visits(db)
        [register] = visits.registers_to_mark(db, 1)
    log = scratch / f"programme-{made.marks}.log"
    server = stack.enter_context(servers.programme(log, databases.settings(url)))
    return House(made.marks, url, server, worth_opening, register)


def _blanks(stack: ExitStack, scratch: Path) -> dict[str, Server]:
    elsewhere = scratch / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    plain = servers.blank(scratch / "blank.log")
    on_defaults = servers.blank_on_defaults(scratch / "defaults.log", elsewhere)
    return {
        BLANK: stack.enter_context(plain),
        DEFAULTS: stack.enter_context(on_defaults),
    }


def _memory(house: House, browsers: int, say: Say) -> Memory:
    say(f"Memory, {browsers} sessions")
    with opened(house.url) as db:
        all_pages = visits.browsers(db, house.visits, browsers)
    return asyncio.run(memory.fill(house.server, all_pages))


def _page(
    blanks: Mapping[str, Server], houses: Sequence[House], number: int, load: Load, say: Say
) -> Measured:
    """The same page of every house, beside the blank ones."""
    visit = houses[0].visits[number]
    asks = _blank_asks(blanks, load.sessions)
    for house in houses:
        with opened(house.url) as db:
            pages = visits.pages(db, house.visits[number], load.sessions)
        asks[str(house.marks)] = (house.server, pages)
    alone = houses if load.sessions == 1 else ()
    return asyncio.run(_measure(visit.title, visit.reader, load, asks, say, changing=alone))


async def _change_elsewhere(house: House) -> None:
    """A change of another process, after which no kept answer stands."""
    with opened(house.url) as db:
        audit.record(db, None, "bench.changed")
    await asyncio.sleep(SEEN_AFTER)


def _taps(blanks: Mapping[str, Server], houses: Sequence[House], load: Load, say: Say) -> Measured:
    """Every session taps on a register of its own."""
    asks = _blank_asks(blanks, load.sessions)
    for house in houses:
        with opened(house.url) as db:
            pages = visits.registers_to_mark(db, load.sessions)
        asks[str(house.marks)] = (house.server, pages)
    return asyncio.run(_measure("One tap", "facilitator", load, asks, say, Register))


def _blank_asks(
    blanks: Mapping[str, Server], sessions: int
) -> dict[str, tuple[Server, Sequence[Page]]]:
    return {name: (server, [Page()] * sessions) for name, server in blanks.items()}


async def _measure(
    title: str,
    reader: str,
    load: Load,
    asks: Asks,
    say: Say,
    asking: Callable[[Tab], Asked] | None = None,
    changing: Sequence[House] = (),
) -> Measured:
    """All lanes in turns; `asking` is what a tab of the programme does at each run.

    Houses that are `changing` have two more: after a mark on a register, and after a change of
    another process.
    """
    lanes: dict[str, Lane] = {}
    async with AsyncExitStack() as stack:
        for name, (server, pages) in asks.items():
            tabs = await stack.enter_async_context(tabs_open(server, pages))
            ours = asking is not None and name not in (BLANK, DEFAULTS)
            lanes[name] = Lane(server, [asking(tab) for tab in tabs] if ours and asking else tabs)
        for house in changing:
            opened_there = lanes[str(house.marks)].tabs
            [tab] = await stack.enter_async_context(tabs_open(house.server, [house.register]))
            register = Register(tab)
            await register.run()
            lanes[f"{CHANGED}{house.marks}"] = Lane(house.server, opened_there, register.run)
            elsewhere = partial(_change_elsewhere, house)
            lanes[f"{ANEW}{house.marks}"] = Lane(house.server, opened_there, elsewhere)
        # The blank page on defaults is many times slower, and a change waited for: once a turn.
        slow = [name for name in lanes if name.startswith((DEFAULTS, CHANGED, ANEW))]
        times = dict.fromkeys(lanes, load.times) | dict.fromkeys(slow, 1)
        await race(lanes, load.turns, times)
    timings = {name: lane.timing() for name, lane in lanes.items()}
    measured = Measured(
        title=title,
        reader=reader,
        sessions=load.sessions,
        blank=timings[BLANK],
        defaults=timings[DEFAULTS],
        sizes={int(name): timing for name, timing in timings.items() if name.isdigit()},
        changed=_of_kind(timings, CHANGED),
        anew=_of_kind(timings, ANEW),
    )
    say(
        f"{measured.name}, {load.sessions} at once: {measured.slowest:.1f} ms, "
        f"{measured.times_blank:.1f} times blank"
    )
    return measured


def _of_kind(timings: Mapping[str, Timing], kind: str) -> dict[int, Timing]:
    """The lanes of a kind, by the number of marks."""
    return {
        int(name.removeprefix(kind)): timing
        for name, timing in timings.items()
        if name.startswith(kind)
    }
