"""A real database for every test, the same familiar people, and a clock that stands still."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import Role
from models.encryption import use_keys
from services import clock, config, organisation, schema, unchanged
from services import db as application_db
from services.measures import measure_library
from services.organisation import OrganisationSettings
from services.permissions import Actor
from tests import postgres
from tests.make import make_actor

NOW = datetime(2026, 9, 16, 12, 30, tzinfo=UTC)  # a Wednesday in term, 1:30pm on the wall
DATA_KEY = "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlIGtleSE="
COOKIE_KEY = "a cookie key for tests only, of forty-eight bytes"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="which real database the tests run on",
    )


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@contextmanager
def environment(url: str) -> Iterator[None]:
    """The application's settings for the length of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("ALONGSIDE_DATA_KEY", DATA_KEY)
        patch.setenv("ALONGSIDE_COOKIE_KEY", COOKIE_KEY)
        patch.delenv("ALONGSIDE_TODAY", raising=False)
        config.settings.cache_clear()
        application_db.engine.cache_clear()
        unchanged.forget()
        use_keys([DATA_KEY])
        try:
            yield
        finally:
            application_db.engine().dispose()
            config.settings.cache_clear()
            application_db.engine.cache_clear()


@pytest.fixture(scope="session")
def template(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes a fresh, migrated database of that name with an organisation in it: its address."""
    if database_kind == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        _prepare(f"sqlite:///{folder / 'template'}")

        def copy(name: str) -> str:
            for left_over in folder.glob(f"{name}*"):
                left_over.unlink()
            shutil.copy(folder / "template", folder / name)
            return f"sqlite:///{folder / name}"

        return copy
    ours = uuid4().hex[:8]
    _prepare(postgres.create(f"template_{ours}"))
    return lambda name: postgres.create(f"{name}_{ours}", template=f"template_{ours}")


def _prepare(url: str) -> None:
    with environment(url):
        schema.upgrade()
        with application_db.transaction() as db:
            organisation.start(db, OrganisationSettings(name="Lantern House"))


@pytest.fixture(scope="session", autouse=True)
def engines_are_kept() -> Iterator[None]:
    """One engine an address: its statements are put into words once, not once a test."""
    with pytest.MonkeyPatch.context() as patch:
        make = application_db.make_engine
        patch.setattr(application_db, make.__name__, lru_cache(maxsize=4)(make))
        yield


@pytest.fixture
def database(template: Callable[[str], str]) -> Iterator[str]:
    """This test's own database, in use by the application as well. Gives its address."""
    url = template("test")
    with environment(url):
        yield url
    if url.startswith("postgresql"):
        postgres.drop(url)


@pytest.fixture
def db(database: str, time_stands_still: "Clock") -> Iterator[Session]:
    """An open transaction for a service test."""
    with application_db.transaction() as opened:
        yield opened


@pytest.fixture
def licensed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`licensed("core10")`: the charity has put words there for a measure, invented ones."""
    monkeypatch.setattr(measure_library, "WORDINGS", tmp_path)

    def put(key: str, **more: object) -> None:
        items = {n: f"Invented question {n}?" for n in measure_library.measure(key).printed()}
        facts = {"registration_reference": "Permission 12 of 2026", "items": items, **more}
        (tmp_path / f"{key}.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")
        measure_library._library.cache_clear()

    yield put
    measure_library._library.cache_clear()


class Clock:
    """What the programme believes the time is; a test may move it on."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def go_on(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def time_stands_still(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock(NOW)
    monkeypatch.setattr(clock, "now", standing.now)
    return standing


@pytest.fixture
def amina(db: Session) -> Actor:
    """A volunteer coordinator."""
    return make_actor(db, "amina", Role.COORDINATOR)


@pytest.fixture
def ben(db: Session) -> Actor:
    """A facilitator with groups of his own."""
    return make_actor(db, "ben", Role.FACILITATOR)


@pytest.fixture
def chloe(db: Session) -> Actor:
    """A facilitator with other groups: the stranger."""
    return make_actor(db, "chloe", Role.FACILITATOR)


@pytest.fixture
def leila(db: Session) -> Actor:
    """A programme lead."""
    return make_actor(db, "leila", Role.LEAD)


@pytest.fixture
def ada(db: Session) -> Actor:
    """An administrator."""
    return make_actor(db, "ada", Role.ADMINISTRATOR)


@pytest.fixture
def vik(db: Session) -> Actor:
    """An evaluator, who may see totals only."""
    return make_actor(db, "vik", Role.EVALUATOR)


@pytest.fixture
def erin(db: Session) -> Actor:
    """An engage worker, whose compartment opens nothing on a survivor."""
    return make_actor(db, "erin", Role.ENGAGE_WORKER)


class Statements:
    """The SQL sent while counting."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __len__(self) -> int:
        return len(self.sent)


LOG_END = "SELECT audit_head.last_id \nFROM"


@contextmanager
def _counting(*, changed: bool = True) -> Iterator[Statements]:
    statements = Statements()
    if changed:
        unchanged.forget()

    def note(_c: object, _cursor: object, sql: str, *_rest: object) -> None:
        # How often the end of the log is looked up hangs on how long a run takes.
        if not sql.startswith(LOG_END):
            statements.sent.append(sql)

    event.listen(application_db.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(application_db.engine(), "before_cursor_execute", note)


@pytest.fixture
def count_queries(database: str) -> Callable[[], object]:
    """`with count_queries() as statements:` — how many statements a service or page needs, as
    if something had just changed."""
    return _counting
