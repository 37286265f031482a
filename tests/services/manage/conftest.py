"""A folder and a key in which commands begin."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services import config, keys
from tests import postgres
from tests.conftest import environment


@pytest.fixture
def empty(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing, in use by the application."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'alongside.sqlite3'}"
    else:
        url = postgres.create(f"new_{uuid4().hex[:8]}")
    with environment(url):
        yield url
    if database_kind == "postgresql":
        postgres.drop(url)


@pytest.fixture
def own_key(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file the data key is kept in, while the environment does not give one."""
    monkeypatch.delenv("ALONGSIDE_DATA_KEY")
    monkeypatch.delenv("ALONGSIDE_COOKIE_KEY")
    monkeypatch.setattr(keys, "_beside_database", lambda suffix: tmp_path / "keys" / suffix)
    config.settings.cache_clear()
    return tmp_path / "keys" / "data.key"
