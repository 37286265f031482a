"""The rota: what a group's sessions need, and who has been asked to cover it."""

import enum
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedText
from models.groups import GroupSession
from models.volunteers import PlacementRole, Volunteer


class ShiftState(enum.Enum):
    """The life of a shift. Every way out of it is as good as any other: none is a mark on her."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    SWAPPED = "swapped"


# Somebody stands in the rota with one of these; the others are history.
CURRENT_SHIFTS = (ShiftState.OFFERED, ShiftState.ACCEPTED)
_CURRENT = text("state IN ('offered', 'accepted')")
# Whoever is asked to take a shift over has no place before she has said yes: it is still the
# other's.
_IN_A_PLACE = text("state = 'accepted' OR (state = 'offered' AND came_from_id IS NULL)")


class Relief(enum.Enum):
    """What has come of her asking somebody to take a session she has said yes to."""

    ASKED = "asked"
    NOBODY = "nobody"


class GroupNeeds(Versioned, Base):
    """How many volunteers each session of a group needs, where that is not what is usual."""

    __tablename__ = "group_needs"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), unique=True)
    needs: Mapped[dict[str, int]] = mapped_column(JSON)  # PlacementRole to how many


class Shift(Referable, Versioned, Base):
    """One volunteer's part in one session; who held the place before and after her are others."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("slot >= 1", name="slot_from_one"),
        CheckConstraint(
            "(state = 'offered') = (answered_at IS NULL AND ended_at IS NULL)",
            name="offered_until_answered",
        ),
        CheckConstraint(
            "(state IN ('offered', 'accepted')) = (ended_at IS NULL)", name="current_until_ended"
        ),
        # Once she is out of it, nothing says that she asked.
        CheckConstraint("relief IS NULL OR state = 'accepted'", name="relief_while_accepted"),
        # One person to a place, and one place in a session to a person.
        Index(
            "uq_shifts_current_slot",
            "session_id",
            "role",
            "slot",
            unique=True,
            sqlite_where=_IN_A_PLACE,
            postgresql_where=_IN_A_PLACE,
        ),
        Index(
            "uq_shifts_current_volunteer",
            "volunteer_id",
            "session_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(None, "session_id", "state"),
        Index(None, "volunteer_id", "state"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id", ondelete="RESTRICT"))
    role: Mapped[PlacementRole]
    slot: Mapped[int]  # which of the places in that role, from 1
    state: Mapped[ShiftState] = mapped_column(default=ShiftState.OFFERED)
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Only what she wished to say, for coordinators: no reason is ever asked for.
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    # Why she was asked although there was something to weigh (domain §4.3).
    despite: Mapped[str | None] = mapped_column(EncryptedText)
    # The shift she took over in a swap, or is asked to.
    came_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("shifts.id", ondelete="RESTRICT"), index=True
    )
    # That she would like somebody else to take it; she stays in it until somebody has.
    relief: Mapped[Relief | None]

    session: Mapped[GroupSession] = relationship(lazy="raise")
    volunteer: Mapped[Volunteer] = relationship(lazy="raise")

    @property
    def takes_over(self) -> bool:
        """Whether she is only asked to take over what somebody else still holds."""
        return self.state is ShiftState.OFFERED and self.came_from_id is not None
