"""What the two halves of a pair need at the same time: who runs or helps both, and one room.

Together they are one session and need nothing twice. Where they part, somebody cannot be with
both; where they are apart from beginning to end, they cannot both be in one room.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Facilitation, Group
from services.groups.schedules import clashes
from services.groups.schedules.clashes import Clash, Kind
from services.groups.schedules.parts import Meeting, Schedule, Shape
from services.groups.schedules.stored import Stored
from services.groups.staff.in_force import runs_now


@dataclass(frozen=True, slots=True)
class Both:
    """The schedules of both halves, as they are or as they would be."""

    mine: Schedule
    theirs: Schedule

    def twin(self, ref: str) -> tuple[Meeting, Meeting] | None:
        """A session of mine and the one of theirs at that time, held or cancelled as it is."""
        one = next((one for one in self.mine.meetings if one.ref == ref), None)
        if one is None:
            return None
        at_that_time = [
            other
            for other in self.theirs.meetings
            if other.takes_place is one.takes_place and other.overlaps(one)
        ]
        return (one, at_that_time[0]) if at_that_time else None

    def parted(self) -> dict[tuple[str, str], Meeting]:
        """My sessions to come in which the halves part, each with theirs at that time."""
        return {
            (one.ref, other.ref): one
            for one, other in self._at_once()
            if one.shape is not Shape.TOGETHER
        }

    def in_one_room(self) -> dict[tuple[str, str], Meeting]:
        """My sessions to come that are apart from theirs, and in the same room."""
        return {
            (one.ref, other.ref): one
            for one, other in self._at_once()
            if one.shape is Shape.APART and one.room is not None and one.room == other.room
        }

    def _at_once(self) -> Iterable[tuple[Meeting, Meeting]]:
        for one in self.mine.meetings:
            for other in self.theirs.meetings:
                if one.is_planned and other.is_planned and one.overlaps(other):
                    yield one, other


def needed_twice(
    db: Session, mine: Stored, other: Group, now: Both, before: Both | None = None
) -> tuple[Clash, ...]:
    """What both halves need at once; of what they needed `before` already, nothing is said again.

    A step of services that have asked.
    """
    parted, roomed = now.parted(), now.in_one_room()
    if before is not None:
        parted = {pair: one for pair, one in parted.items() if pair not in before.parted()}
        roomed = {pair: one for pair, one in roomed.items() if pair not in before.in_one_room()}
    found = [
        _clash(Kind.ROOM, mine.rooms[room].name, other, [one])
        for room, one in {one.room: one for one in roomed.values() if one.room}.items()
    ]
    if parted:
        found += [
            _clash(kind, who, other, list(parted.values()))
            for kind, who in _in_both(db, mine.group, other)
        ]
    return tuple(found)


def _in_both(db: Session, mine: Group, other: Group) -> list[tuple[Kind, str]]:
    ours = select(Facilitation.account_id).where(Facilitation.group_id == mine.id, runs_now())
    running = clashes.run_by(db, db.scalars(ours).all(), [other.id])
    helping = clashes.helped_by(db, mine.id, [other.id])
    return [
        *((Kind.FACILITATOR, who) for _group, who in running),
        *((Kind.VOLUNTEER, who) for _group, who in helping),
    ]


def _clash(kind: Kind, who: str, other: Group, meetings: list[Meeting]) -> Clash:
    first = min(one.starts for one in meetings)
    return Clash(kind, who, 1, other.code_name, first, len(meetings))
