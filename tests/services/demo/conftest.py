"""Demonstrations that tests look at."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from services import db as application_db
from services import demo
from tests import postgres
from tests.conftest import environment
from tests.services.demo.programmes import LARGE, TODAY


@pytest.fixture(scope="session")
def large(template: Callable[[str], str]) -> Iterator[str]:
    """A demonstration of some years, only to be read. Gives its address."""
    url = template("demonstration")
    with environment(url), application_db.transaction() as db:
        demo.fill(db, people=700, marks=LARGE, today=TODAY)
    yield url
    if url.startswith("postgresql"):
        postgres.drop(url)


@pytest.fixture
def life(large: str) -> Iterator[Session]:
    """The large demonstration, to read from."""
    with environment(large), application_db.reading() as db:
        yield db


@pytest.fixture
def small(db: Session) -> Session:
    """The demonstration everybody meets first."""
    demo.fill(db, people=None, marks=None, today=TODAY)
    return db
