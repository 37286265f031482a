"""The volunteers of some sessions, and what stands in the way of counting on each.

Somebody helps where she has said yes to the session. Where nobody was ever asked to a session,
those placed with its group help: a group may keep no rota. Shadowing is never asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol, TypeAlias

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from models import (
    Placement,
    PlacementRole,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
)
from services import clock
from services.groups.safe_to_run.verdict import Adult
from services.short_lists import NUMBERS, each_time
from services.volunteers.support.kept import long_overdue
from services.volunteers.training.eligible import run_out
from services.volunteers.vetting.eligible import checked_until

# Whoever writes or telephones is not in the room.
_IN_THE_ROOM = tuple(role for role in PlacementRole if role is not PlacementRole.PEER_CONTACT)
_SOMEBODY = "A volunteer"
_Part: TypeAlias = tuple[PlacementRole, int]  # what she does, and her number
_Placed: TypeAlias = Row[int, int, PlacementRole, date, date | None]
_Her: TypeAlias = Row[int, str, Stage, date]


class Meeting(Protocol):
    """What is needed of a session."""

    @property
    def id(self) -> int: ...
    @property
    def group_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who helps where: asked to a session, or placed with a group; and what is known of each."""

    asked: dict[int, list[_Part]]
    placed: dict[int, list[_Placed]]
    volunteers: dict[int, _Her]
    checked: dict[int, date]
    untrained: dict[tuple[int, PlacementRole], dict[str, date | None]]
    overdue: dict[int, list[str]]
    named: bool

    def at(self, session: Meeting, day: date) -> list[Adult]:
        """Those who are to help at a session.

        Somebody who has stepped back is away, and no more is said. To those who may not see
        volunteers, neither is what is to be settled with one.
        """
        here = [
            (placement.role, placement.volunteer_id)
            for placement in self.placed[session.group_id]
            if placement.starts_on <= day
            and (placement.ends_on is None or day <= placement.ends_on)
        ]
        if session.id in self.asked:
            learning = [part for part in here if part[0] is PlacementRole.SHADOWING]
            here = [*self.asked[session.id], *learning]
        return [self._adult(role, self.volunteers[number], day) for role, number in here]

    def _adult(self, role: PlacementRole, her: _Her, day: date) -> Adult:
        return Adult(
            name=her.first_name if self.named else _SOMEBODY,
            is_facilitator=False,
            in_induction=role is PlacementRole.SHADOWING,
            is_away=her.stage not in (Stage.ACTIVE, Stage.SHADOWING),
            checked_until=self.checked.get(her.id),
            remarks=tuple(self._to_settle(role, her, day)) if self.named else (),
        )

    def _to_settle(self, role: PlacementRole, her: _Her, day: date) -> list[str]:
        """A course that is missing or has run out by then, and support that is long overdue."""
        courses = self.untrained.get((her.id, role), {})
        missing = [
            f"{her.first_name} needs the course “{name}” for what she does here."
            for name, until in courses.items()
            if until is None or until < day
        ]
        return [*missing, *self.overdue.get(her.id, [])]


def of_sessions(db: Session, sessions: Sequence[Meeting], *, named: bool, in_full: bool) -> Helpers:
    """Who helps at these sessions, a fixed number of statements for all of them.

    `named` for those who may see volunteers, and then `in_full` with what is to be settled with
    each. A step of services that have asked.
    """
    asked = _asked(db, {one.id for one in sessions})
    placed = _placed(db, {one.group_id for one in sessions})
    doing = {(number, role) for several in asked.values() for role, number in several} | {
        (one.volunteer_id, one.role) for several in placed.values() for one in several
    }
    volunteers = _volunteers(db, {number for number, _role in doing})
    return Helpers(
        asked=asked,
        placed=placed,
        volunteers=volunteers,
        checked=checked_until(db, volunteers),
        untrained=run_out(db, doing) if named and in_full else {},
        overdue=long_overdue(db, volunteers.values()) if named and in_full else {},
        named=named,
    )


def _asked(db: Session, session_ids: Collection[int]) -> dict[int, list[_Part]]:
    """Of each session to which somebody was asked: those who have said yes."""
    found: dict[int, list[_Part]] = {}
    asked = {NUMBERS.key: session_ids}
    for session_id, state, role, number in db.execute(_shifts(), asked):
        said_yes = found.setdefault(session_id, [])
        if state is ShiftState.ACCEPTED:
            said_yes.append((role, number))
    return found


@cache
def _shifts() -> Select[int, ShiftState, PlacementRole, int]:
    return (
        select(Shift.session_id, Shift.state, Shift.role, Shift.volunteer_id)
        .where(Shift.session_id.in_(NUMBERS), Shift.role.in_(_IN_THE_ROOM))
        .order_by(Shift.id)
    )


def _placed(db: Session, group_ids: Collection[int]) -> defaultdict[int, list[_Placed]]:
    found: defaultdict[int, list[_Placed]] = defaultdict(list)
    for one in db.execute(_placements(), {NUMBERS.key: group_ids}):
        found[one.group_id].append(one)
    return found


@cache
def _placements() -> Select[int, int, PlacementRole, date, date | None]:
    one, ends = Placement, Placement.ends_on
    return (
        select(one.group_id, one.volunteer_id, one.role, one.starts_on, ends)
        .where(
            Placement.group_id.in_(NUMBERS),
            Placement.role.in_(_IN_THE_ROOM),
            or_(ends.is_(None), ends >= each_time(ends, clock.today)),
        )
        .order_by(Placement.starts_on, Placement.id)
    )


def _volunteers(db: Session, numbers: Collection[int]) -> dict[int, _Her]:
    """Each read once, however many groups she is with: names are decrypted as they are read."""
    found = db.execute(_known(), {NUMBERS.key: numbers}) if numbers else ()
    return {her.id: her for her in found}


@cache
def _known() -> Select[int, str, Stage, date]:
    return select(Volunteer.id, Volunteer.first_name, Volunteer.stage, Volunteer.stage_since).where(
        Volunteer.id.in_(NUMBERS)
    )
