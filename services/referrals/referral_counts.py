"""What a referral counts for: how far it came, and how long she waited for a first session."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Referral, ReferralState
from services import clock
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind


@contextmanager
def counting(db: Session, referral: Referral) -> Iterator[None]:
    """Change how far a referral came inside the block; the counts follow."""
    changes: Counter[Cell] = Counter()
    changes.subtract(_cells(referral))
    yield
    changes.update(_cells(referral))
    tallies.add(db, changes)


def taken_down(db: Session, referral: Referral) -> None:
    """Count a referral that is new."""
    tallies.add(db, Counter(_cells(referral)))


def cells(
    received: date,
    state: ReferralState,
    *,
    contacted: date | None,
    offered: date | None,
    first_session: date | None,
) -> tuple[Cell, ...]:
    """Where a referral is counted: by its quarter, and in no programme, since it names none."""
    quarter = clock.quarter(received)
    reached = Cell(
        Kind.REFERRED,
        "",
        quarter,
        state.value,
        int(contacted is not None),
        int(offered is not None),
    )
    if first_session is None:
        return (reached,)
    days = (first_session - received).days
    return reached, Cell(Kind.WAIT, "", quarter, "first_session", days)


def recount(db: Session) -> Counter[Cell]:
    """The same from the referrals themselves."""
    columns = (
        Referral.received_on, Referral.state, Referral.first_contact_on, Referral.offered_on,
        Referral.first_session_on,
    )  # fmt: skip
    counted: Counter[Cell] = Counter()
    for received, state, contacted, offered, first, count in db.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        found = cells(received, state, contacted=contacted, offered=offered, first_session=first)
        counted.update(dict.fromkeys(found, count))
    return counted


def _cells(referral: Referral) -> tuple[Cell, ...]:
    return cells(
        referral.received_on,
        referral.state,
        contacted=referral.first_contact_on,
        offered=referral.offered_on,
        first_session=referral.first_session_on,
    )
