"""What a changed schedule does to marks, places and counts, in the transaction that changes it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models import Group, GroupSession, Mark, Place
from services import attendance, clock
from services.attendance import AttendanceCode
from services.permissions import Actor
from services.programmes import programmes
from services.registers import finishing, who_is_on
from services.tallies import recount


@contextmanager
def counts_following(db: Session, group: Group, *, new_start: date) -> Iterator[None]:
    """Change a group's schedule inside the block; the programme's counts follow.

    They are kept by the quarter a group starts in and by session number, so the group's part is
    taken out and put back in; all of it only where the quarter becomes another.
    """
    everything = clock.quarter(new_start) != clock.quarter(group.starts_on)
    with recount.keeping(db, [group.id], everything=everything):
        yield


def to_complete(db: Session, group: Group, offered: int) -> int:
    """How many sessions complete a series of another length: never more than was promised. The
    topics that complete a rolling group stay as they are."""
    if group.topics_to_complete is not None:
        return group.sessions_to_complete
    share = programmes.of_group(db, group).completion_share
    return min(group.sessions_to_complete, attendance.sessions_to_complete(offered, share))


def mark_cancelled(db: Session, group: Group, held: GroupSession, *, by: Actor) -> None:
    """Everybody expected at a session the service cancelled gets the mark that says so.

    Apologies sent ahead give way to it: she missed nothing. No mark of it has counted.
    """
    query = select(Mark).where(Mark.session_id == held.id)
    made = {one.place_id: one for one in db.scalars(query)}
    expected = set(db.scalars(select(Place.id).where(who_is_on.expected(held))))
    for mark in made.values():
        if mark.code is not None or mark.place_id in expected:
            mark.code, mark.minutes = AttendanceCode.CANCELLED.value, None
            mark.version += 1
            mark.changed_at, mark.changed_by_id = clock.now(), by.account_id
    new = [
        {
            "session_id": held.id,
            "place_id": place_id,
            "code": AttendanceCode.CANCELLED.value,
            "version": 1,
            "changed_at": clock.now(),
            "changed_by_id": by.account_id,
        }
        for place_id in sorted(expected - made.keys())
    ]
    if new:
        db.execute(insert(Mark), new)
    finishing.finish_group_after_last(db, group, held)


def unmark_cancelled(db: Session, held: GroupSession, *, by: Actor) -> None:
    """A session that takes place after all is to be marked; who was not expected stays so.

    For one that was only moved there is nothing to take back.
    """
    query = select(Mark).where(
        Mark.session_id == held.id, Mark.code == AttendanceCode.CANCELLED.value
    )
    for mark in db.scalars(query):
        mark.code = None
        mark.version += 1
        mark.changed_at, mark.changed_by_id = clock.now(), by.account_id


def marked_ahead(db: Session, numbers: Sequence[int]) -> int:
    """How many marks were made ahead, apologies most of all, for these sessions by their number."""
    codes = (AttendanceCode.APOLOGIES.value, AttendanceCode.NOT_EXPECTED.value)
    query = select(Mark.id).where(Mark.session_id.in_(numbers), Mark.code.in_(codes))
    return len(db.scalars(query).all())


def move_first_days(db: Session, group: Group, before: date) -> None:
    """Those who were to come from a group's first day on come from its first day on now."""
    if group.starts_on != before:
        from_the_start = update(Place).where(
            Place.group_id == group.id, Place.joined_on == before, Place.left_on.is_(None)
        )
        db.execute(from_the_start.values(joined_on=group.starts_on))
