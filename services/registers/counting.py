"""What marks count for: nothing while their session is still to be held, from then on all of them.

One transaction adds to counts once and in one order, so marks and milestones are counted together.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, GroupState, Mark, Place, PlaceState, SessionState
from services import clock
from services.attendance import CODES, AttendanceCode
from services.permissions import Actor
from services.places.milestones import following
from services.tallies import session_counts, tallies
from services.tallies.tallies import Cell, Kind


@dataclass(slots=True)
class Counting:
    """The counts of one session, kept in step with each place's own sums."""

    held: GroupSession
    group: Group
    changes: Counter[Cell]
    waiting: dict[Place, AttendanceCode | None] = field(default_factory=dict)

    def changed(
        self, place: Place, before: AttendanceCode | None, after: AttendanceCode | None
    ) -> None:
        """Follow a mark; one that does not count yet waits for `hold`."""
        if session_counts.is_held(self.held):
            self._count(place, before, -1)
            self._count(place, after, 1)
        else:
            self.waiting[place] = after

    def hold(self) -> None:
        """The session takes place, so that all its marks count, and the group is running."""
        if session_counts.is_held(self.held):
            return
        self.held.state = SessionState.HELD
        self.changes[session_counts.held_cell(self.held, self.group)] += 1
        for place, code in self.waiting.items():
            self._count(place, code, 1)
        if self.group.state in (GroupState.RECRUITING, GroupState.CONFIRMED):
            self.group.state = GroupState.RUNNING

    def _count(self, place: Place, code: AttendanceCode | None, by: int) -> None:
        if code is None:
            return
        self.changes.update(dict.fromkeys(self._cells(code), by))
        place.attended += by * code.attended
        place.covered += by * code.covers_content
        place.expected += by * code.expected
        if place.state in (PlaceState.ACCEPTED, PlaceState.STARTED):
            place.state = PlaceState.STARTED if place.attended else PlaceState.ACCEPTED

    def _cells(self, code: AttendanceCode) -> tuple[Cell, Cell]:
        programme, period = self.group.programme, clock.quarter(self.group.starts_on)
        month = tallies.month(self.held.local_start)
        return (
            Cell(Kind.MARK, programme, period, code.value, self.held.number),
            Cell(Kind.MONTH, programme, period, code.value, month),
        )


@contextmanager
def counting(
    db: Session, held: GroupSession, group: Group, *places: Place, by: Actor, may_hold: bool
) -> Iterator[Counting]:
    """Change marks of these places inside the block; counts, milestones and referrals follow.

    Only where it may be held there is anything to look up: the marks made ahead, once a session.
    """
    waiting = _made_ahead(db, held) if may_hold and not session_counts.is_held(held) else {}
    with following(db, group, *dict.fromkeys([*places, *waiting]), by=by) as changes:
        yield Counting(held, group, changes, waiting)


def _made_ahead(db: Session, held: GroupSession) -> dict[Place, AttendanceCode | None]:
    query = (
        select(Place, Mark.code)
        .join(Mark, Mark.place_id == Place.id)
        .where(Mark.session_id == held.id, Mark.code.is_not(None))
        .order_by(Place.id)
    )
    return {place: CODES[code or ""] for place, code in db.execute(query)}
