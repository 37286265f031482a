"""Databases of any size, made once a day by the programme's own demonstration, copied each run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Final, Protocol

from sqlalchemy.orm import Session

from benchmarks.servers import ROOT
from models.encryption import use_keys
from services import clock
from services.db import make_engine

SEED: Final = 1
# Everybody in these databases is invented, so their keys need not be secret.
DATA_KEY: Final = "bWVhc3VyZWQgd2l0aCBpbnZlbnRlZCBwZW9wbGUhISE="
COOKIE_KEY: Final = "signs cookies for measuring only, nowhere else"
# What decides what a generated database looks like: a change there makes it anew.
_MADE_FROM: Final = (
    "models",
    "services/demo",
    "services/search",
    "data/programmes",
    "data/measures",
    "data/demo",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A generated database kept for copying: its name, its size, and the seconds it took.

    `processor` are those in which its making had a processor: fewer on a busy machine.
    """

    name: str
    marks: int
    seconds: float
    processor: float


class Store(Protocol):
    """Somewhere databases are kept: files, or one PostgreSQL server."""

    kind: str

    def kept(self, name: str) -> bool:
        """Whether a database of this name has been made before."""

    def create(self, name: str) -> str:
        """An empty database; its address."""

    def keep(self, name: str) -> None:
        """From now on `name` is whole, and older ones of its size may go."""

    def copy(self, name: str) -> str:
        """A copy of a kept one, for one run; its address."""


class Files:
    """SQLite databases: files in one folder, copied to another for a run."""

    kind = "SQLite"

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder, self._scratch = folder, scratch
        folder.mkdir(parents=True, exist_ok=True)

    def kept(self, name: str) -> bool:
        return self._file(name).exists()

    def create(self, name: str) -> str:
        for leftover in self._folder.glob(f"{name}.making*"):
            leftover.unlink()
        return f"sqlite:///{self._file(name).with_suffix('.making')}"

    def keep(self, name: str) -> None:
        for older in self._folder.glob(f"{_size(name)}-*.sqlite3"):
            older.unlink()
        self._file(name).with_suffix(".making").rename(self._file(name))

    def copy(self, name: str) -> str:
        # A fresh folder each time: what SQLite keeps beside the file belongs to one copy only.
        target = Path(mkdtemp(dir=self._scratch)) / "measured.sqlite3"
        shutil.copyfile(self._file(name), target)
        return f"sqlite:///{target}"

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


def filled(store: Store, marks: int, notes: Path, *, people: int | None = None) -> Made:
    """A database with so many marks, and people if it matters: made today with today's code, or
    made now.

    How long it took is kept beside the results. Raises RuntimeError with what the command
    said when it could not be made.
    """
    size = str(marks) if people is None else f"{marks}p{people}"
    name = f"{size}-{clock.today():%Y%m%d}-{fingerprint(ROOT)}"
    note = notes / f"{store.kind.lower()}-{name}.json"
    if store.kept(name) and note.exists():
        return Made(**json.loads(note.read_text()))
    environment = settings(store.create(name))
    started, used = perf_counter(), _processor_time()
    _manage("init", environment=environment)
    crowd = [] if people is None else [f"--people={people}"]
    _manage("demo", f"--marks={marks}", *crowd, f"--seed={SEED}", environment=environment)
    seconds, processor = perf_counter() - started, _processor_time() - used
    made = Made(name, marks, round(seconds, 1), round(processor, 1))
    store.keep(name)
    note.write_text(json.dumps(asdict(made)))
    return made


def fingerprint(root: Path) -> str:
    """A short name for the code and data a generated database is made from."""
    digest = hashlib.sha256()
    for place in _MADE_FROM:
        for file in sorted((root / place).rglob("*")):
            if file.suffix in {".py", ".csv", ".yaml"}:
                digest.update(file.relative_to(root).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def settings(url: str) -> dict[str, str]:
    """The programme's settings for a database of ours."""
    return {
        "DATABASE_URL": url,
        "ALONGSIDE_DATA_KEY": DATA_KEY,
        "ALONGSIDE_COOKIE_KEY": COOKIE_KEY,
        "ALONGSIDE_TODAY": "",
    }


@contextmanager
def opened(url: str) -> Iterator[Session]:
    """An open transaction on a database of ours, beside the server that serves it."""
    use_keys([DATA_KEY])
    engine = make_engine(url).execution_options(writes=True)
    try:
        with Session(engine, expire_on_commit=False) as db, db.begin():
            yield db
    finally:
        engine.dispose()


def _processor_time() -> float:
    """Seconds that commands started from here have had a processor."""
    so_far = os.times()
    return so_far.children_user + so_far.children_system


def _size(name: str) -> str:
    return name.split("-", 1)[0]


def _manage(*words: str, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "services.manage", *words]
    said = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise RuntimeError(f"The database could not be made. {said.stderr.strip()}")
