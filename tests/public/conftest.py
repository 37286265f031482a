"""A server with the public pages, and a session whose form is open."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from models import FeedbackAnswer, GroupSession, Organisation, PipelineRules, Role
from services import feedback
from services.db import transaction
from services.forms.checking import Answer
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_actor, make_group, session_of
from tests.public import server
from ui import startup
from ui.public import calendar_feed, refer, volunteer
from ui.public import feedback as public_feedback
from ui.public.pace import Pace


@pytest.fixture(scope="module")
def served() -> Iterator[server.Site]:
    with server.running() as site:
        yield site


@pytest.fixture
def site(
    served: server.Site, database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[server.Site]:
    """The server on this test's own database."""
    monkeypatch.setattr(public_feedback, "_pace", Pace(at_once=60, per_second=1))
    monkeypatch.setattr(calendar_feed, "_pace", Pace(at_once=60, per_second=1))
    monkeypatch.setattr(refer, "_pace", Pace(at_once=60, per_second=1))
    monkeypatch.setattr(volunteer, "_pace", Pace(at_once=60, per_second=1))
    startup.prepare.cache_clear()
    yield served
    startup.prepare.cache_clear()


@pytest.fixture
def open_site(site: server.Site, time_stands_still: Clock) -> server.Site:
    """The same, taking referrals from professionals."""
    with transaction() as db:
        db.execute(update(Organisation).values(referrals_open=True))
    return site


@pytest.fixture
def welcoming_site(site: server.Site, time_stands_still: Clock) -> server.Site:
    """The same, taking applications to volunteer."""
    with transaction() as db:
        db.add(PipelineRules(id=1, stage_days={}, own_group_months=6, applications_open=True))
    return site


@dataclass(frozen=True, slots=True)
class Link:
    """The form of the session held yesterday, and who runs its group."""

    path: str
    ben: Actor
    session_ref: str

    def kept(self) -> list[dict[str, Answer]]:
        with transaction() as db:
            return list(db.scalars(select(FeedbackAnswer.answers)))


@pytest.fixture
def link(site: server.Site, time_stands_still: Clock) -> Link:
    with transaction() as db:
        amina, ben = (
            make_actor(db, "amina", Role.COORDINATOR),
            make_actor(db, "ben", Role.FACILITATOR),
        )
        held: GroupSession = session_of(db, make_group(db, amina, [ben]), 2)
        return Link(feedback.open_link(db, ben, held.ref).path, ben, held.ref)
