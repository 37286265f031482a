"""The participants' form beside staff at work: `python -m benchmarks.feedback`.

The goal: half of the time a form is opened and half of the time one is sent, a hundred times a
second, 95 in a hundred answered within 100 ms, while twenty staff open a page every few seconds;
and no page above 30 KB. Forms come at their times, however late the ones before are.

A hundred a second are many groups at once, and one link takes as many forms as a group sends, not
more: so there are as many links as their forms need, and a form that is refused is said.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated
from urllib.parse import urlencode

import typer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks import databases, servers, visits
from benchmarks.databases import Files, opened
from benchmarks.servers import ROOT, Server
from benchmarks.timing import quantile
from benchmarks.wire import Page, open_tab
from models import Account, Organisation, Role
from services import clock, feedback
from services.accounts import sign_ins
from services.errors import ConflictError
from services.feedback import results

GOAL_MS, GOAL_BYTES = 100.0, 30_000
_REFUSED = 429
_A_LINK_TAKES = 60  # forms at once: ui.public.feedback
_LONGEST = 60  # days a link may be open
_LOOKS = 5.0  # seconds a person of the staff looks at a page before the next, unless said
_FORM = "after_session.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: how long until it was answered, counted from when it was due."""

    what: str
    ms: float
    size: int
    status: int


def main(
    seconds: Annotated[int, typer.Option(min=1)] = 20,
    per_second: Annotated[int, typer.Option(min=1)] = 100,
    staff: Annotated[int, typer.Option(min=0)] = 20,
    marks: Annotated[int, typer.Option(min=1)] = 10_000,
    looks: Annotated[float, typer.Option(min=0.0)] = _LOOKS,
) -> None:
    """Serve a demonstration, let staff open pages and participants answer, and say how it went."""
    logging.disable(logging.WARNING)
    folder = ROOT / "benchmarks" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="alongside-bench-") as scratch:
        store = Files(folder / "sqlite", Path(scratch))
        url = store.copy(databases.filled(store, marks, folder).name)
        with opened(url) as db:
            paths = _links(db, ceil(seconds * per_second / 2 / _A_LINK_TAKES))
            browsers = visits.browsers(db, visits.visits(db), staff)
        log = Path(scratch) / "programme.log"
        with servers.programme(log, databases.settings(url)) as server:
            before = _processor(server)
            found = asyncio.run(_measure(server, paths, browsers, (seconds, per_second, looks)))
            typer.echo(
                f"processor: {_processor(server) - before:.1f} s of the server's, warming up in"
            )
    if not _say(found, staff):
        raise typer.Exit(1)


def _links(db: Session, wanted: int) -> list[str]:
    """So many forms that are open now, of whichever facilitator."""
    paths: list[str] = []
    db.execute(update(Organisation).values(feedback_days=_LONGEST))
    query = select(Account).where(Account.role == Role.FACILITATOR).order_by(Account.id)
    for account in db.scalars(query).all():
        actor = sign_ins.actor_of(account)
        for row in results.sessions(db, actor).itertuples():
            try:
                link = feedback.open_link(db, actor, str(row.ref))
            except ConflictError:
                continue
            if link.opens_at > clock.now():
                continue
            paths.append(link.path)
            if len(paths) == wanted:
                return paths
    raise SystemExit(f"Only {len(paths)} links are open, {wanted} are needed: take more marks.")


async def _measure(
    server: Server,
    paths: Sequence[str],
    browsers: Sequence[Sequence[Page]],
    pace: tuple[int, int, float],
) -> list[Asked]:
    seconds, per_second, looks = pace
    staff = [
        asyncio.create_task(_work(server, pages, looks, looks * place / len(browsers)))
        for place, pages in enumerate(browsers)
    ]
    for path in paths:  # each page once, as on any morning
        await _open(server, path, perf_counter())
    begun = perf_counter() + 1 + looks  # once everybody of the staff is at work
    asking = [
        asyncio.create_task(_at(server, path, begun + number / per_second, number))
        for number, path in zip(range(seconds * per_second), cycle(paths), strict=False)
    ]
    found = await asyncio.gather(*asking)
    for one in staff:
        one.cancel()
    await asyncio.gather(*staff, return_exceptions=True)
    return found


def _processor(server: Server) -> float:
    """Seconds of a processor the server has used so far."""
    used = server.process.cpu_times()
    return float(used.user + used.system)


async def _work(server: Server, pages: Sequence[Page], looks: float, begins: float) -> None:
    """One browser of staff: page after page, with a look at each; not all at one moment."""
    await asyncio.sleep(begins)
    async with open_tab(server.port, pages[0]) as tab:
        for page in cycle(pages):
            await tab.go(page)
            await asyncio.sleep(looks)


async def _at(server: Server, path: str, due: float, number: int) -> Asked:
    await asyncio.sleep(max(0.0, due - perf_counter()))
    return await (_send(server, path, due) if number % 2 else _open(server, path, due))


async def _open(server: Server, path: str, due: float) -> Asked:
    return await _asked(server, "open", f"GET {path}/form", b"", due)


async def _send(server: Server, path: str, due: float) -> Asked:
    answers = {
        "number": secrets.token_urlsafe(18),
        "form": _FORM,
        "felt_safe": "3",
        "pace": "2",
        "one_change": "A longer break",
    }
    return await _asked(server, "send", f"POST {path}", urlencode(answers).encode(), due)


async def _asked(server: Server, what: str, line: str, body: bytes, due: float) -> Asked:
    head = (
        f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    status = int(answer.split(b" ", 2)[1]) if answer else 0
    page = answer.partition(b"\r\n\r\n")[2]
    return Asked(what, (perf_counter() - due) * 1000, len(page), status)


def _say(found: Sequence[Asked], staff: int) -> bool:
    """Print how it went; whether the goal is reached."""
    reached = True
    for what, right in (("open", 200), ("send", 303)):
        these = [one for one in found if one.what == what]
        p50, p95 = (quantile([one.ms for one in these], share) for share in (0.5, 0.95))
        largest = max(one.size for one in these)
        kept, refused = (sum(one.status == status for one in these) for status in (right, _REFUSED))
        wrong = len(these) - kept - refused
        reached &= p95 <= GOAL_MS and largest <= GOAL_BYTES and kept == len(these)
        typer.echo(
            f"{what}: {len(these):,} beside {staff} staff, half within {p50:.0f} ms, 95 % within "
            f"{p95:.0f} ms (goal {GOAL_MS:.0f}), largest {largest:,} bytes, {kept:,} as they "
            f"should be, {refused} refused as too many at once, {wrong} wrong"
        )
    return reached


if __name__ == "__main__":
    typer.run(main)
