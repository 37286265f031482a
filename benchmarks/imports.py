"""Times bringing a list of participants in, from the file to the last row kept:

python -m benchmarks.imports [--rows 50000] [--database sqlite --database postgresql]
"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Annotated, Any
from uuid import uuid4

import typer
from sqlalchemy.orm import Session

from benchmarks import postgresql
from benchmarks.__main__ import FOLDER, Kind
from benchmarks.databases import DATA_KEY, Files, Store, opened
from models import Account, Role
from models.encryption import use_keys
from services import clock, organisation, schema
from services.accounts.sign_ins import actor_of
from services.db import make_engine
from services.imports import checking, importing, matching, reading
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import State
from services.organisation import OrganisationSettings
from services.permissions import Actor

GOAL_SECONDS = 60
_OLDEST, _DAYS = date(1950, 1, 1), 20_000
_FIRST = ("Dana", "Ivy", "Maya", "Zofia", "Ines", "Meera", "Lena", "Ruth")
_ENDS = ("a", "ine", "elle", "ika", "ora", "una", "eth", "is")


def main(
    rows: Annotated[int, typer.Option(min=1, max=60_000)] = 50_000,
    database: Annotated[list[Kind] | None, typer.Option(help="Say it twice for both.")] = None,
) -> None:
    """Bring an invented list in, once as new and once more as known, and say how long each took."""
    content = invented(rows)
    for kind in database or list(Kind):
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(TemporaryDirectory(prefix="alongside-bench-")))
            if kind is Kind.SQLITE:
                store: Store = Files(scratch / "kept", scratch)
            else:
                store = stack.enter_context(postgresql.databases(FOLDER / "postgresql", scratch))
            _measure(kind, store.create(f"imports-{uuid4().hex[:6]}"), content, rows)


def invented(rows: int) -> bytes:
    """A list of so many people, two in a family; the same at every run."""
    chance = random.Random(1)
    lines = ["Ref,First name,Last name,DOB,Mobile,Email,Family"]
    for number in range(rows):
        first = chance.choice(_FIRST) + chance.choice(_ENDS)
        last = "".join(chance.choices("bdklmnrst", k=2) + chance.choices(_ENDS, k=2))
        born = _OLDEST + timedelta(days=chance.randrange(_DAYS))
        lines.append(
            f"NC-{number},{first},{last.title()},{born:%d/%m/%Y},"
            f"07700 900{number % 1000:03d},p{number}@example.org,F{number // 2}"
        )
    return "\n".join(lines).encode()


def _measure(kind: Kind, url: str, content: bytes, rows: int) -> None:
    use_keys([DATA_KEY])
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    with opened(url) as db:
        ada = _administrator(db)
    typer.echo(f"{kind.value}, {rows:,} rows")
    seconds = sum(_once(url, ada, content, expected=State.NEW))
    verdict = "within" if seconds <= GOAL_SECONDS else "over"
    typer.echo(f"  in all {seconds:.1f} s, {verdict} the goal of {GOAL_SECONDS} s")
    sum(_once(url, ada, content, expected=State.UNCHANGED))


def _once(url: str, ada: Actor, content: bytes, *, expected: State) -> Iterator[float]:
    """The seconds each step takes, said as it goes."""
    with _timed("read the file") as took:
        sheet = reading.read("list.csv", content)
    yield took()
    with _timed("check the rows") as took:
        checked = checking.check(PARTICIPANTS, sheet, matching.guess(PARTICIPANTS, sheet.headings))
    yield took()
    with _timed("compare") as took, opened(url) as db:
        plan = importing.plan(db, ada, checked)
    yield took()
    if plan.count(expected) != len(sheet.rows):
        raise RuntimeError(f"Not every row is {expected.value}: {dict(plan.counts())}")
    if expected is State.NEW:
        with _timed("bring in") as took, opened(url) as db:
            importing.apply(db, ada, plan)
        yield took()


@contextmanager
def _timed(what: str) -> Iterator[Callable[[], float]]:
    started, used = perf_counter(), process_time()
    took: list[float] = []
    yield lambda: took[0]
    took.append(perf_counter() - started)
    cpu = process_time() - used
    typer.echo(f"  {what:<16} {took[0]:6.1f} s, {cpu:5.1f} s of it on a processor")


def _administrator(db: Session) -> Actor:
    organisation.start(db, OrganisationSettings(name="Measured"))
    values: dict[str, Any] = {"created_at": clock.now(), "sessions_valid_from": clock.now()}
    account = Account(
        username="ada", display_name="Ada", password_hash="", role=Role.ADMINISTRATOR, **values
    )
    db.add(account)
    db.flush()
    return actor_of(account)


if __name__ == "__main__":
    typer.run(main)
