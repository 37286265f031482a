"""How long people waited from referral to first session: counted as the first session is noted."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Referral
from services import clock
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind


@contextmanager
def counting(db: Session, referral: Referral) -> Iterator[None]:
    """Note or take back a referral's first session inside the block; the count follows."""
    changes: Counter[Cell] = Counter()
    changes.subtract(waited(referral.received_on, referral.first_session_on))
    yield
    changes.update(waited(referral.received_on, referral.first_session_on))
    tallies.add(db, changes)


def waited(received: date, first_session: date | None) -> tuple[Cell, ...]:
    """Where a referral is counted once she has come to a first session: nowhere before."""
    if first_session is None:
        return ()
    days = (first_session - received).days
    return (Cell(Kind.WAIT, "", clock.quarter(received), "first_session", days),)


def recount(db: Session) -> Counter[Cell]:
    """The same from the referrals themselves."""
    columns = (Referral.received_on, Referral.first_session_on)
    query = select(*columns, func.count()).where(Referral.first_session_on.is_not(None))
    counted: Counter[Cell] = Counter()
    for received, first, count in db.execute(query.group_by(*columns)):
        counted.update(dict.fromkeys(waited(received, first), count))
    return counted
