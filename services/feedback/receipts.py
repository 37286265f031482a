"""How many forms came in on a day, written into the audit log once that day is over.

Were it written as each comes in, the log would keep the minute of somebody's answers, and a
database that numbers its transactions would say which of them they are.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import FeedbackAnswer, GroupSession
from services import audit, clock


def note_received(db: Session) -> int:
    """An entry for each session and day that is over, and how many forms they count.

    No permission of its own: it falls due by itself, without anybody asking.
    """
    over = (FeedbackAnswer.received_on < clock.today()) & ~FeedbackAnswer.noted
    query = (
        select(GroupSession.ref, FeedbackAnswer.received_on, func.count())
        .join(GroupSession, GroupSession.id == FeedbackAnswer.session_id)
        .where(over)
        .group_by(GroupSession.ref, FeedbackAnswer.received_on)
        .order_by(FeedbackAnswer.received_on, GroupSession.ref)
    )
    came_in = db.execute(query).all()
    # One by one by their numbers, which are in no order: rows that are written anew lie so too.
    numbers = db.scalars(select(FeedbackAnswer.id).where(over).order_by(FeedbackAnswer.id))
    if noted := [{"id": number, "noted": True} for number in numbers]:
        db.execute(update(FeedbackAnswer), noted)
    for session, day, forms in came_in:
        audit.record(
            db, None, "feedback.received", f"session:{session}", on=day.isoformat(), forms=forms
        )
    return len(noted)
