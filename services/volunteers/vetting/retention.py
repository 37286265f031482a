"""What goes by itself: a certificate's number and the words around a decision, after six months.

What stays is level, workforce, dates and the decision, with who made it (domain §4.4).
"""

from dateutil.relativedelta import relativedelta
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from models import DbsCheck, DisclosureTalk
from services import audit, clock

KEPT = relativedelta(months=6)


def remove_details(db: Session) -> int:
    """Remove what has been kept its time, and give back from how many records."""
    today = clock.today()
    limit = today - KEPT
    certificates = (
        update(DbsCheck)
        .where(
            DbsCheck.seen_on <= limit,
            DbsCheck.details_removed_on.is_(None),
            or_(DbsCheck.decided_on.is_(None), DbsCheck.decided_on <= limit),
        )
        .values(number=None, reason=None, details_removed_on=today, version=DbsCheck.version + 1)
        .returning(DbsCheck.id)
    )
    talks = (
        update(DisclosureTalk)
        .where(DisclosureTalk.talked_on <= limit, DisclosureTalk.told_removed_on.is_(None))
        .values(told=None, told_removed_on=today)
        .returning(DisclosureTalk.id)
    )
    removed = len(db.scalars(certificates).all()) + len(db.scalars(talks).all())
    if removed:
        audit.record(db, None, "checks.details_removed", records=removed)
    return removed
