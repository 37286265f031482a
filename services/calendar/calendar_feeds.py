"""Calendar feeds: an address of her own for each colleague, made, replaced and taken back by her.

What leaves through it says when, and nothing about anybody: calendars are shared, synchronised
and left open on tables. No programme, topic, participant or number of people is ever in it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, literal, select
from sqlalchemy.orm import Session

from models import Account, CalendarFeed, Group, GroupSession, Organisation
from models.encryption import blind_index
from services import audit, clock
from services.accounts.sign_ins import actor_of
from services.calendar.calendar import CHANGES, IS_MOVED, Standing, standing
from services.calendar.feed_text import FeedEvent
from services.errors import AppError, ConflictError
from services.permissions import Actor, Permission
from services.visibility import visible_sessions

BACK, AHEAD = timedelta(days=30), timedelta(days=400)
MOST_EVENTS = 400
NO_FEED = (
    "This address does not lead to a calendar now. It may be mistyped, or its owner may have "
    "replaced it or taken it back. The newest address can be made under Calendar, in Alongside."
)

_TOKEN_BYTES = 24
_LONGEST_TOKEN = 64
_PURPOSE = "calendar feed "  # keeps these hashes apart from those that find people
_STATUS = {
    Standing.CANCELLED: "CANCELLED",
    Standing.PAUSED: "TENTATIVE",
    Standing.DRAFT: "TENTATIVE",
}
_SAID = {Standing.CANCELLED: "Cancelled: ", Standing.PAUSED: "Paused: ", Standing.MOVED: "Moved: "}


class NoFeedError(AppError):
    """No feed behind this address; the text may stand on a public page."""


@dataclass(frozen=True, slots=True)
class FeedView:
    """The feed she has; its address is known to her alone."""

    shows_code_names: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What an address leads to just now."""

    events: tuple[FeedEvent, ...]
    under_old_key: bool


def own(db: Session, actor: Actor) -> FeedView | None:
    """Her feed, if she has one."""
    actor.require(Permission.READ_GROUPS)
    feed = _own(db, actor)
    return FeedView(feed.shows_code_names, feed.created_at) if feed else None


def says_where(db: Session, actor: Actor) -> bool:
    """Whether the organisation lets feeds say where a session is."""
    actor.require(Permission.READ_GROUPS)
    return bool(db.scalar(select(Organisation.feeds_show_place)))


def make(db: Session, actor: Actor, *, shows_code_names: bool = False) -> str:
    """A new address, given out this once; the one before leads nowhere from now on."""
    actor.require(Permission.READ_GROUPS)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    # Pressed twice at the same moment, it is made twice: the later one counts.
    db.execute(select(Account.id).where(Account.id == actor.account_id).with_for_update())
    feed = _own(db, actor)
    replaced = feed is not None
    if feed is None:
        feed = CalendarFeed(account_id=actor.account_id)
        db.add(feed)
    feed.token_hash, feed.created_at = _hashes(token)[0], clock.now()
    feed.shows_code_names = shows_code_names
    audit.record(db, actor, "calendar_feed.made", f"account:{actor.ref}", replaced=replaced)
    return f"/calendar/{token}.ics"


def change(db: Session, actor: Actor, *, shows_code_names: bool) -> None:
    """What her feed says from now on, at the same address."""
    actor.require(Permission.READ_GROUPS)
    feed = _own(db, actor)
    if feed is None:
        raise ConflictError("You have no calendar address any more. Make a new one.")
    feed.shows_code_names = shows_code_names
    audit.record(
        db,
        actor,
        "calendar_feed.changed",
        f"account:{actor.ref}",
        code_names=shows_code_names,
    )


def take_back(db: Session, actor: Actor) -> None:
    """Her address leads nowhere from now on. Doing it twice is doing it once."""
    actor.require(Permission.READ_GROUPS)
    feed = _own(db, actor)
    if feed is not None:
        db.delete(feed)
        audit.record(db, actor, "calendar_feed.taken_back", f"account:{actor.ref}")


def for_token(db: Session, token: str) -> Feed:
    """The sessions behind an address, around today. Raises NoFeedError, whatever the reason.

    No actor: whoever holds the address reads it, as its owner may, until she takes it back,
    her account closes or her role no longer sees groups.
    """
    feed, owner, shows_place = _behind(db, token)
    query = _events(feed, owner, shows_place=shows_place)
    return Feed(
        tuple(_event(row, shows_code_names=feed.shows_code_names) for row in db.execute(query)),
        under_old_key=feed.token_hash != _hashes(token)[0],
    )


def renew_hash(db: Session, token: str) -> None:
    """Keep an address under the newest key: only here, where it comes by, is it known."""
    feed, _owner, _shows_place = _behind(db, token)
    feed.token_hash = _hashes(token)[0]
    audit.record(db, None, "calendar_feed.key_renewed")


def _own(db: Session, actor: Actor) -> CalendarFeed | None:
    return db.scalar(select(CalendarFeed).where(CalendarFeed.account_id == actor.account_id))


def _hashes(token: str) -> tuple[str, ...]:
    return blind_index(_PURPOSE + token)


def _behind(db: Session, token: str) -> tuple[CalendarFeed, Actor, bool]:
    """A feed, whose it is, and whether the organisation lets it say where. One query."""
    if len(token) > _LONGEST_TOKEN:
        raise NoFeedError(NO_FEED)
    found = db.execute(
        select(CalendarFeed, Account, Organisation.feeds_show_place)
        .join(Account, Account.id == CalendarFeed.account_id)
        .join(Organisation, Organisation.id == 1)
        .where(CalendarFeed.token_hash.in_(_hashes(token)), Account.is_active)
    ).one_or_none()
    if found is None:
        raise NoFeedError(NO_FEED)
    feed, account, shows_place = found
    owner = actor_of(account)
    if not owner.may(Permission.READ_GROUPS):
        raise NoFeedError(NO_FEED)
    return feed, owner, shows_place


def _events(feed: CalendarFeed, owner: Actor, *, shows_place: bool) -> Select[*tuple[Any, ...]]:
    """What is secret is not even read."""
    nothing = literal(None)
    return (
        select(
            GroupSession.ref,
            GroupSession.starts_at,
            GroupSession.ends_at,
            GroupSession.zone,
            GroupSession.state,
            GroupSession.changed_at,
            IS_MOVED.label("is_moved"),
            CHANGES.label("changes"),
            Group.state.label("group_state"),
            Group.version.label("group_version"),
            Group.created_at,
            Group.changed_at.label("group_changed_at"),
            (Group.code_name if feed.shows_code_names else nothing).label("code_name"),
            (Group.venue if shows_place else nothing).label("venue"),
            (Group.online_link if shows_place else nothing).label("online_link"),
        )
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(owner),
            GroupSession.starts_at >= clock.start_of_day(clock.today() - BACK),
            GroupSession.starts_at < clock.start_of_day(clock.today() + AHEAD),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(MOST_EVENTS)
    )


def _event(row: Row[Any], *, shows_code_names: bool) -> FeedEvent:
    now = standing(row.state, row.group_state, is_moved=row.is_moved)
    name = row.code_name if shows_code_names else "Session"
    return FeedEvent(
        uid=f"{row.ref}@alongside",
        # Either counts up only, so their sum does; a group's own state is part of what is said.
        sequence=row.changes + row.group_version,
        title=_SAID.get(now, "") + name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        status=_STATUS.get(now, "CONFIRMED"),
        changed_at=max(filter(None, (row.created_at, row.group_changed_at, row.changed_at))),
        place=row.venue or row.online_link,
    )
