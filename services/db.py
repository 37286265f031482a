"""The database: one engine a process, one transaction a click."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from services import changes
from services.config import settings
from services.errors import ConflictError, SetupError
from services.failures import sentence

BUSY_TIMEOUT_SECONDS = 10
POOL_SIZE = 10
# With SQLite each that stays open keeps pages and statements of its own in memory, some megabytes;
# opening one more for a moment costs a page nothing that can be told from noise.
_FILES_OPEN, _FILES_AT_MOST = 4, 50
# Whoever waits for SQLite itself sleeps and looks again, longer each time: with twenty at work
# some wait for seconds. Here the next one is woken as soon as there is room. Nobody waits for
# herself: of two that one thread opens, one within the other, the database decides.
_WRITERS = RLock()
# What a session carries: in `reading()` how many changes it has seen, in `transaction()` from
# where to where its entries led the audit log.
SINCE, LOG = "since", "log"
_LOOKS = "looks"


@cache
def engine() -> Engine:
    """The process's engine, made on first use."""
    return make_engine(settings().database_url)


def make_engine(url: str) -> Engine:
    """An engine for a database of either kind, with the settings every connection needs.

    Raises SetupError for an address that is neither.
    """
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return _sqlite_engine(url)
    if not url.startswith("postgresql"):
        raise SetupError(
            "DATABASE_URL cannot be used. Write sqlite:///FILE or postgresql://USER@HOST/NAME."
        )
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        hide_parameters=True,  # a logged statement must not carry what somebody typed
    )


def _sqlite_engine(url: str) -> Engine:
    made = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        hide_parameters=True,
        pool_size=_FILES_OPEN,
        max_overflow=_FILES_AT_MOST - _FILES_OPEN,
        pool_use_lifo=True,
    )

    @event.listens_for(made, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver's own habit of beginning late would let two readers both turn writer.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # it waits for nobody, so nothing can go wrong that would have to be told
            connection.connection.cursor().execute("BEGIN")

    return made


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit when the block ends, roll back when anything at all escapes from it.

    Streamlit's rerun, stop and switch-page calls escape as exceptions too: make them
    after the block, never inside it.
    """
    writer = engine().execution_options(writes=True)
    try:
        with (
            _turn(writer),
            changes.watched() as touched,
            Session(writer, expire_on_commit=False) as db,
        ):
            with db.begin():
                yield db
            if touched.changed:
                changes.committed(touched.changed, db.info.get(LOG))
    except StaleDataError as error:
        raise ConflictError(
            "Somebody else changed this record while you were working on it. "
            "Open it again to see what changed; nothing of theirs was lost."
        ) from error
    except OperationalError as error:
        raise SetupError(sentence(error)) from error


@contextmanager
def _in_turn() -> Iterator[None]:
    """One writer of this process at a time; after too long a wait the database itself decides."""
    held = _WRITERS.acquire(timeout=BUSY_TIMEOUT_SECONDS)
    try:
        yield
    finally:
        if held:
            _WRITERS.release()


def _turn(writer: Engine) -> AbstractContextManager[None]:
    """PostgreSQL lets many write at once, and has queues of its own."""
    return _in_turn() if writer.dialect.name == "sqlite" else nullcontext()


@contextmanager
def reading() -> Iterator[Session]:
    """For queries only: whatever happened in the block is rolled back.

    Looks that are to be noted are noted as it ends, before anybody is shown what was read. So
    who only looks need not wait for those who write.
    """
    looks: list[Callable[[Session], None]] = []
    try:
        info = {SINCE: changes.so_far(), _LOOKS: looks}
        with Session(engine(), autoflush=False, info=info) as db:
            yield db
    except OperationalError as error:
        raise SetupError(sentence(error)) from error
    if looks:
        with transaction() as db:
            for note in looks:
                note(db)


def note_look(db: Session, note: Callable[[Session], None]) -> None:
    """Note a look: at once in a transaction, in `reading()` as it ends."""
    looks = db.info.get(_LOOKS)
    if looks is None:
        note(db)
    else:
        looks.append(note)
