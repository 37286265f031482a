"""The address of a feed: only hers, replaced, taken back, and whose sessions it leads to."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Account, AuditEntry, CalendarFeed, Group, Role
from models.encryption import use_keys
from services.accounts import accounts
from services.calendar import calendar_feeds
from services.calendar.calendar_feeds import NO_FEED, NoFeedError
from services.errors import ConflictError, NotPermittedError
from services.permissions import Actor
from tests.conftest import DATA_KEY
from tests.make import make_actor
from tests.services.calendar.feeds import Reader, token_of

# --- Whose sessions ----------------------------------------------------------------------


def test_a_facilitator_reads_her_own_groups_only(
    reader: Callable[..., Reader], craft: Group, chloe: Actor
) -> None:
    assert reader(chloe).events() == []


def test_a_coordinator_and_a_lead_read_every_session_they_see(
    reader: Callable[..., Reader], craft: Group, amina: Actor, leila: Actor
) -> None:
    assert len(reader(amina).events()) == len(reader(leila).events()) == 12


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EVALUATOR, Role.ENGAGE_WORKER])
def test_who_sees_no_groups_has_no_feed(db: Session, role: Role) -> None:
    actor = make_actor(db, "somebody", role)
    for attempt in (
        lambda: calendar_feeds.make(db, actor),
        lambda: calendar_feeds.change(db, actor, shows_code_names=False),
        lambda: calendar_feeds.take_back(db, actor),
        lambda: calendar_feeds.own(db, actor),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


# --- The address -------------------------------------------------------------------------


def test_an_address_is_kept_as_a_keyed_hash_alone(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    db.flush()
    kept = db.scalars(select(CalendarFeed.token_hash)).one()
    assert len(token) >= 32
    assert token not in kept
    assert calendar_feeds.for_token(db, token).events == ()


def test_a_replaced_address_leads_nowhere_at_once(db: Session, ben: Actor) -> None:
    old = token_of(calendar_feeds.make(db, ben))
    new = token_of(calendar_feeds.make(db, ben, shows_code_names=True))
    db.flush()

    with pytest.raises(NoFeedError):
        calendar_feeds.for_token(db, old)
    assert calendar_feeds.for_token(db, new)
    assert len(db.scalars(select(CalendarFeed.id)).all()) == 1


def test_an_address_taken_back_a_closed_account_and_a_guess_read_the_same(
    db: Session, ada: Actor, ben: Actor, chloe: Actor, leila: Actor
) -> None:
    taken_back, closed, changed = (
        token_of(calendar_feeds.make(db, actor)) for actor in (ben, chloe, leila)
    )
    calendar_feeds.take_back(db, ben)
    accounts.close(db, ada, chloe.ref)
    db.execute(update(Account).where(Account.ref == leila.ref).values(role=Role.EVALUATOR))
    db.expire_all()

    for token in (taken_back, closed, changed, "guessed", "", "x" * 5000, "ü%00"):
        with pytest.raises(NoFeedError, match=NO_FEED.split(".", maxsplit=1)[0]) as refusal:
            calendar_feeds.for_token(db, token)
        assert str(refusal.value) == NO_FEED


def test_taking_back_twice_is_taking_back_once(db: Session, ben: Actor) -> None:
    calendar_feeds.make(db, ben)
    calendar_feeds.take_back(db, ben)
    calendar_feeds.take_back(db, ben)
    assert calendar_feeds.own(db, ben) is None
    assert [action for action in actions(db) if action == "calendar_feed.taken_back"] == [
        "calendar_feed.taken_back"
    ]


def test_what_it_says_changes_at_the_same_address(
    reader: Callable[..., Reader], db: Session, craft: Group, ben: Actor
) -> None:
    feed = reader(ben)
    calendar_feeds.change(db, ben, shows_code_names=True)
    assert feed.events()[0]["SUMMARY"] == "Tuesday craft"
    own = calendar_feeds.own(db, ben)
    assert own
    assert own.shows_code_names


def test_a_change_to_an_address_taken_back_meanwhile_says_so(db: Session, ben: Actor) -> None:
    with pytest.raises(ConflictError, match="Make a new one"):
        calendar_feeds.change(db, ben, shows_code_names=True)


def test_every_step_is_in_the_audit_log_and_the_address_is_not(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    calendar_feeds.change(db, ben, shows_code_names=True)
    calendar_feeds.take_back(db, ben)
    assert actions(db)[-3:] == [
        "calendar_feed.made",
        "calendar_feed.changed",
        "calendar_feed.taken_back",
    ]
    assert not any(token in details for details in db.scalars(select(AuditEntry.details)))


def test_an_address_outlives_the_key_it_was_made_under(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    db.flush()
    newer = Fernet.generate_key().decode()
    use_keys([newer, DATA_KEY])
    try:
        assert calendar_feeds.for_token(db, token).under_old_key
        calendar_feeds.renew_hash(db, token)
        assert not calendar_feeds.for_token(db, token).under_old_key
    finally:
        use_keys([DATA_KEY])


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
