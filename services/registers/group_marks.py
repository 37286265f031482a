"""Who of a group came to which session: for those who may see its people by name."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, Group, GroupSession, Mark, Person, Place, SessionState
from services import audit, clock
from services.attendance import CODES, AttendanceCode, rates
from services.groups import groups
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.tallies import session_counts
from services.tallies.shares import Share, share
from services.visibility import visible_places

MOST_SESSIONS = 30
THERE, CAUGHT_UP, TOLD, AWAY, NOT_COUNTED, OPEN = WHAT = (
    "There", "Caught up", "Told us before", "Away", "Not counted", "Not marked",
)  # fmt: skip
_WHAT = {
    AttendanceCode.CATCH_UP: CAUGHT_UP,
    AttendanceCode.APOLOGIES: TOLD,
    AttendanceCode.DID_NOT_ATTEND: AWAY,
    AttendanceCode.NOT_BROUGHT: AWAY,
    AttendanceCode.CANCELLED: NOT_COUNTED,
    AttendanceCode.NOT_EXPECTED: NOT_COUNTED,
}
COLUMNS = ["person", "order", "session", "code", "what", "label"]


@dataclass(frozen=True, slots=True)
class GroupMarks:
    """Marks of a group. frame: person, order, session, code (its letter; ? where there is none yet,
    – where she was not expected), what (one of `WHAT`), label. `live` is over those held;
    `left_out` sessions were before those shown.
    """

    frame: pd.DataFrame
    people: int
    sessions: int
    live: Share
    left_out: int


def marks(db: Session, actor: Actor, group_ref: str) -> GroupMarks:
    """The latest thirty sessions that have begun, by everybody with a place.

    Without whoever's record she is kept out of. The look is audited.
    """
    actor.require(Permission.READ_PEOPLE)
    group = groups.find(db, actor, group_ref)
    places = _places(db, actor, group)
    held = _sessions(db, group)
    shown = held[-MOST_SESSIONS:]
    made = _made(db, [place.id for place, _name in places], [one.id for one in shown])
    rows = [
        (name, order, one.number, *_cell(place, one, made.get((place.id, one.id))))
        for order, (place, name) in enumerate(places)
        for one in shown
    ]
    counted = {one.id for one in shown if session_counts.is_held(one)}
    found = rates(code for (_place, session), code in made.items() if session in counted)
    audit.viewed(db, actor, f"group:{group_ref}")
    return GroupMarks(
        frame=pd.DataFrame(rows, columns=COLUMNS),
        people=len(places),
        sessions=len(shown),
        live=share(found.attended, found.expected),
        left_out=len(held) - len(shown),
    )


def _places(db: Session, actor: Actor, group: Group) -> list[tuple[Place, str]]:
    """In the order of their names; two of one name are told apart by a number."""
    query = (
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id == group.id,
            Place.state.not_in(NEVER_TAKEN_UP),
            visible_places(actor),
        )
    )
    named = sorted(
        ((full_name(person), place.id, place) for place, person in db.execute(query)),
        key=lambda one: one[:2],
    )
    seen: dict[str, int] = {}
    found = []
    for name, _number, place in named:
        seen[name] = seen.get(name, 0) + 1
        found.append((place, name if seen[name] == 1 else f"{name} ({seen[name]})"))
    return found


def _sessions(db: Session, group: Group) -> list[GroupSession]:
    query = (
        select(GroupSession)
        .where(
            GroupSession.group_id == group.id,
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.starts_at <= clock.now(),
        )
        .order_by(GroupSession.number)
    )
    return list(db.scalars(query))


def _made(db: Session, places: list[int], sessions: list[int]) -> dict[tuple[int, int], str]:
    query = select(Mark.place_id, Mark.session_id, Mark.code).where(
        Mark.place_id.in_(places), Mark.session_id.in_(sessions), Mark.code.is_not(None)
    )
    return {(place, session): code or "" for place, session, code in db.execute(query)}


def _cell(place: Place, held: GroupSession, letter: str | None) -> tuple[str, str, str]:
    """The letter, what it comes to, and how it is read aloud."""
    if letter is None:
        if not _is_in(place, held.local_start):
            return "–", NOT_COUNTED, "Not expected"
        return "?", OPEN, "Not marked yet"
    code = CODES[letter]
    return letter, _WHAT.get(code, THERE), code.label


def _is_in(place: Place, starts: datetime) -> bool:
    day: date = starts.date()
    return place.joined_on <= day and (place.left_on is None or day <= place.left_on)
