"""Groups (one run of a programme), who facilitates them, their sessions and places."""

import enum
from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText
from models.people import Person


class GroupState(enum.Enum):
    """The life of a group (domain §1.2)."""

    DRAFT = "draft"
    RECRUITING = "recruiting"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    FINISHED = "finished"
    CLOSED = "closed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class SessionState(enum.Enum):
    """The life of a session (domain §1.2)."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MOVED = "moved"


class SessionShape(enum.Enum):
    """How parents and children meet in a session both halves of a pair have (domain §1)."""

    TOGETHER = "together"
    APART = "apart"
    IN_TURNS = "in_turns"  # together, then apart, and together again


class PlaceState(enum.Enum):
    """The life of a place in a group (domain §1.3), from the waiting list on."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    STARTED = "started"
    COMPLETED = "completed"
    LEFT_EARLY = "left_early"
    TRANSFERRED = "transferred"
    DECLINED = "declined"


# A group in one of these has not ended.
OPEN_STATES = (
    GroupState.DRAFT,
    GroupState.RECRUITING,
    GroupState.CONFIRMED,
    GroupState.RUNNING,
    GroupState.PAUSED,
)
# A person holds at most one of these in a group at a time; the rest are history.
CURRENT_PLACES = (
    PlaceState.WAITING,
    PlaceState.OFFERED,
    PlaceState.ACCEPTED,
    PlaceState.STARTED,
)
# These take up a seat and stand on the register.
SEATED_PLACES = (PlaceState.OFFERED, PlaceState.ACCEPTED, PlaceState.STARTED)
# The seat has been taken up, and not given up yet.
HELD_PLACES = (PlaceState.ACCEPTED, PlaceState.STARTED)
# Nobody was ever expected for one of these: they stand on no register and in no figure.
NEVER_TAKEN_UP = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.DECLINED)
_TAKES_PLACE_SQL = text("state <> 'cancelled'")
_CANCELLED_SQL = text("state = 'cancelled'")
_OFFERED_SQL = text("state = 'offered'")
_WAITED_SQL = text("attended = 0 AND measured IS NOT NULL")
_OPEN_SQL = text("state IN ('draft', 'recruiting', 'confirmed', 'running', 'paused')")
_CURRENT_SQL = text("state IN ('waiting', 'offered', 'accepted', 'started')")


class Room(Referable, Versioned, Base):
    """Somewhere groups meet, under a name that is safe to say aloud; no address is kept here, only
    the part of town, so that nobody is placed where she must not go."""

    __tablename__ = "rooms"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    area: Mapped[str | None] = mapped_column(String(8))  # the postcode without its last two letters
    is_active: Mapped[bool] = mapped_column(default=True)


class Group(Referable, Versioned, Base):
    """One run of a programme, under a code name that is safe to say aloud."""

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 60", name="capacity_range"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("interval_weeks BETWEEN 1 AND 52", name="interval_range"),
        CheckConstraint("minimum BETWEEN 1 AND 60", name="minimum_range"),
        CheckConstraint("age_min >= 0 AND age_max >= age_min", name="age_band"),
        Index(None, "state", "starts_on", "id"),
        Index(None, "starts_on", "id"),
        # The groups still open, the newest first: a short list whatever the programme's size.
        Index(
            "ix_groups_open", "starts_on", "id", sqlite_where=_OPEN_SQL, postgresql_where=_OPEN_SQL
        ),
        Index(None, "programme"),
    )

    code_name: Mapped[str] = mapped_column(String(60))
    programme: Mapped[str] = mapped_column(String(40))
    programme_version: Mapped[int]
    state: Mapped[GroupState] = mapped_column(default=GroupState.RECRUITING)
    capacity: Mapped[int]
    # How many it takes to run, and a child's age on the first day. None: as the programme says.
    minimum: Mapped[int | None]
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    venue: Mapped[str | None] = mapped_column(EncryptedText)
    online_link: Mapped[str | None] = mapped_column(EncryptedText)
    # How many sessions must be covered to complete: kept with the run, whatever the template says.
    sessions_offered: Mapped[int]
    sessions_to_complete: Mapped[int]
    # In a rolling group it is topics that count, and not these: how many there are. None elsewhere.
    topics_to_complete: Mapped[int | None]
    # The rhythm its sessions follow. Where the first five are empty, the sessions themselves tell.
    rhythm_from: Mapped[date | None]  # weeks are counted from the week of this day
    weekdays: Mapped[str | None] = mapped_column(String(7))  # "02": Mondays and Wednesdays
    meets_at: Mapped[time | None]
    minutes: Mapped[int | None]
    breaks: Mapped[list[list[str]] | None] = mapped_column(JSON)  # first and last days
    interval_weeks: Mapped[int] = mapped_column(default=1)
    region: Mapped[str] = mapped_column(String(20), default="England")
    # Where sessions added to it meet; each session has a room of its own.
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    # When its state last changed: calendars that follow it are told.
    changed_at: Mapped[datetime | None]


class Facilitation(Base):
    """Who runs a group, and so who may see the people in it; for some days only where she
    stands in for somebody."""

    __tablename__ = "facilitations"
    __table_args__ = (
        UniqueConstraint("account_id", "group_id"),
        Index(None, "group_id"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    is_lead: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]  # from the group's first day where empty
    ends_on: Mapped[date | None]  # to its last

    account: Mapped[Account] = relationship(lazy="raise")


class GroupSession(Referable, Versioned, Base):
    """One meeting of a group. The instant is kept in UTC, the wall time as people agreed it."""

    __tablename__ = "group_sessions"
    __table_args__ = (
        # A cancelled session keeps the number it had; the next one that takes place has it now.
        Index(
            "uq_group_sessions_number",
            "group_id",
            "number",
            unique=True,
            sqlite_where=_TAKES_PLACE_SQL,
            postgresql_where=_TAKES_PLACE_SQL,
        ),
        Index(None, "group_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("finished_at IS NULL OR state = 'held'", name="finished_when_held"),
        Index(None, "starts_at", "id"),
        # The registers still to be finished: short whatever the programme's size.
        Index(
            "ix_group_sessions_unfinished",
            "starts_at",
            sqlite_where=text("finished_at IS NULL AND state IN ('planned', 'held')"),
            postgresql_where=text("finished_at IS NULL AND state IN ('planned', 'held')"),
        ),
        # What the service had to cancel, the latest first.
        Index(
            "ix_group_sessions_cancelled",
            "starts_at",
            sqlite_where=_CANCELLED_SQL,
            postgresql_where=_CANCELLED_SQL,
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    number: Mapped[int]
    topic: Mapped[str]
    # In a pair of groups alone: whether its two halves meet together or apart.
    shape: Mapped[SessionShape | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    local_start: Mapped[datetime] = mapped_column(DateTime)
    zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    state: Mapped[SessionState] = mapped_column(default=SessionState.PLANNED)
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    # Counted up with every change to its day, time, room, topic or number: calendars follow it.
    sequence: Mapped[int] = mapped_column(default=0)
    # When it was to begin before it alone was moved; a session moved stays planned until held.
    moved_from: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None] = mapped_column(EncryptedText)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="RESTRICT"))
    # Why it stands here although a room or somebody is needed elsewhere at the same time.
    despite: Mapped[str | None] = mapped_column(EncryptedText)
    # When its time or state was last set: calendars that follow it are told.
    changed_at: Mapped[datetime | None]
    # How often its register was opened again: from the first time on, changed marks are kept.
    reopened: Mapped[int] = mapped_column(default=0)

    group: Mapped[Group] = relationship(lazy="raise")


class Place(Referable, Versioned, Base):
    """One person's place in one group, from waiting list to completion."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joining"),
        CheckConstraint("attended >= 0 AND covered >= attended", name="covered_at_least_attended"),
        CheckConstraint("expected >= covered", name="expected_at_least_covered"),
        Index(
            "uq_places_current",
            "person_id",
            "group_id",
            unique=True,
            sqlite_where=_CURRENT_SQL,
            postgresql_where=_CURRENT_SQL,
        ),
        CheckConstraint("offered_until IS NULL OR state = 'offered'", name="until_when_offered"),
        Index(None, "group_id", "state", "asked_at"),
        # Offers that stand: a short list whatever the programme's size.
        Index(
            "ix_places_offered",
            "offered_until",
            sqlite_where=_OFFERED_SQL,
            postgresql_where=_OFFERED_SQL,
        ),
        # Asked at the start and came to nothing: they may have waited for the next group.
        Index(
            "ix_places_waited",
            "person_id",
            sqlite_where=_WAITED_SQL,
            postgresql_where=_WAITED_SQL,
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    state: Mapped[PlaceState]
    asked_at: Mapped[datetime]  # the fair order of the waiting list
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None] = mapped_column(String(40))  # a key of the list of reasons
    left_reason: Mapped[str | None] = mapped_column(EncryptedText)
    # A seat is offered until a moment and then passes on. `lapsed_at`: her last offer passed by
    # without an answer; she keeps her position, and is not offered a seat by itself again.
    offered_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    offered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    lapsed_at: Mapped[datetime | None]
    # The place in another group that she came from.
    moved_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("places.id", ondelete="RESTRICT"), index=True
    )
    # Why she came although the group was closed to new people.
    late_reason: Mapped[str | None] = mapped_column(EncryptedText)
    # Why it is right for this person although an age or another group stands against it.
    fit_reason: Mapped[str | None] = mapped_column(EncryptedText)
    # Why she was placed here although there was something to weigh (domain §4.3).
    despite: Mapped[str | None] = mapped_column(EncryptedText)
    # Kept as marks are saved, so that nobody has to add up a register again.
    attended: Mapped[int] = mapped_column(default=0)
    covered: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int] = mapped_column(default=0)
    # In a rolling group alone: how many of its topics she has covered, in whichever of the
    # programme's groups.
    topics_covered: Mapped[int] = mapped_column(default=0)
    # And as forms are saved: total x 100 at the start and at the end, None where there is none,
    # by measure:respondent. So a mark changes the counts of dose without reading a form.
    measured: Mapped[dict[str, list[int | None]] | None] = mapped_column(JSON(none_as_null=True))

    group: Mapped[Group] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
