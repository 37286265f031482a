"""Two groups that are one: parents and their children, who meet at the same times."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class GroupPair(Base):
    """The parents' half and the children's half of a programme for both; each is a group."""

    __tablename__ = "group_pairs"
    __table_args__ = (CheckConstraint("parents_id <> children_id", name="two_groups"),)

    parents_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), unique=True
    )
    children_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), unique=True
    )
    made_at: Mapped[datetime]
