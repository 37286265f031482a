"""What came of what was said: notes of the running groups, words to read today, forms chosen."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Facilitation,
    FeedbackAlert,
    FeedbackAnswer,
    FeedbackReply,
    FormChoice,
    Group,
    GroupSession,
    GroupState,
    Occasion,
    SessionState,
)
from services import clock
from services.demo.chance import Chance
from services.demo.said import answer_id
from services.demo.sink import Sink
from services.feedback import counting
from services.forms.checking import Answer

_MOST = 20
_CAME_UP = (
    ("Breaks", "The break felt short.", "It is fifteen minutes now."),
    ("Room", "The room was cold.", "The heating is on from nine."),
    ("Pace", "Some of it went too fast.", "We do one exercise less each week."),
    ("Time", "The school run is tight.", None),
)
_WORRYING = "I am scared to go home this week."
_ASKED = {"steps_forward": (Occasion.END,), "open_door": (Occasion.END,)}


def write(db: Session, sink: Sink, chance: Chance, *, today: date) -> None:
    """Reads which groups run, so the sink must have been emptied into the database."""
    for programme, occasions in _ASKED.items():
        for when in occasions:
            sink.add(FormChoice, programme=programme, occasion=when, form=when.value)
    running = (
        select(Group.id, Facilitation.account_id, Group.programme, Group.starts_on)
        .join(Facilitation, Facilitation.group_id == Group.id)
        .where(Group.state == GroupState.RUNNING, Facilitation.is_lead)
        .order_by(Group.id)
        .limit(_MOST)
    )
    groups = db.execute(running).all()
    for group, lead, *_ in groups:
        for theme, said, did in chance.sample(_CAME_UP, 2):
            sink.add(
                FeedbackReply, ref=chance.ref(), group_id=group, theme=theme, said=said, did=did,
                noted_on=today, noted_by_id=lead, version=1,
            )  # fmt: skip
    if groups:
        _worrying(db, sink, chance, groups[0], today=today)


def _worrying(
    db: Session,
    sink: Sink,
    chance: Chance,
    group: tuple[int, int, str, date],
    *,
    today: date,
) -> None:
    """Words about the latest session of one group, which nobody has read yet."""
    number, lead, programme, starts = group
    latest = (
        select(GroupSession.id)
        .where(GroupSession.group_id == number, GroupSession.state == SessionState.HELD)
        .order_by(GroupSession.starts_at.desc())
    )
    session = db.scalars(latest.limit(1)).first()
    if session is None:
        return
    said: dict[str, Answer] = {"one_change": _WORRYING}
    answer = sink.add(
        FeedbackAnswer, id=answer_id(sink), session_id=session, form="after_session",
        form_version=1, received_on=today, form_number=chance.randbytes(32).hex(),
        answers=said,
    )  # fmt: skip
    period = clock.quarter(starts)
    sink.counts.update(counting.of_form(programme, period, "after_session", said))
    sink.add(
        FeedbackAlert, ref=chance.ref(), session_id=session, answer_id=answer, named_id=lead,
        raised_on=today,
    )  # fmt: skip
