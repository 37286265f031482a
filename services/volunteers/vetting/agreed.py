"""What a person decided after a conversation holds until another one: a rule for what is new."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import CheckDecision, DisclosureTalk, Volunteer
from services.placing.obstacles import Found, Obstacle, Task
from services.short_lists import NUMBERS

NOT_NOW = (
    "After the last conversation about her record it was decided: not now. Talk with her again, "
    "and record under “Checks” what you decide."
)


def decided_for_her(db: Session, volunteers: Sequence[Volunteer], _task: Task) -> Found:
    """Nothing new while the last conversation ended with "not now"; what she has goes on."""
    asked = {NUMBERS.key: [one.id for one in volunteers]}
    last = dict(db.execute(_decisions(), asked).all())
    return {
        number: [Obstacle("checks", "stage", NOT_NOW)]
        for number, decision in last.items()
        if decision is CheckDecision.NOT_NOW
    }


@cache
def _decisions() -> Select[int, CheckDecision]:
    """In the order of the conversations: of each volunteer the last one stays."""
    return (
        select(DisclosureTalk.volunteer_id, DisclosureTalk.decision)
        .where(DisclosureTalk.volunteer_id.in_(NUMBERS))
        .order_by(DisclosureTalk.talked_on, DisclosureTalk.id)
    )
