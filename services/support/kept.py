"""The rule that support comes first: while it is long overdue, nothing new is taken on."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import Volunteer
from services import clock
from services.obstacles import Found, Obstacle, Task
from services.support import rhythm as rules
from services.support.facts import facts_of
from services.support.rhythm import Kind, State
from services.support.settings import rhythm_of

SAYS = {
    Kind.CHECK_IN: "Nobody has asked how she is since {on}. Check in with her first, then place "
    "her.",
    Kind.SUPERVISOR: "She has had no supervisor since {on}. Name one under “Support” first.",
    Kind.SUPERVISION: "Her supervision has been due since {on}. Have it first, then place her.",
    Kind.REFLECTIVE_GROUP: "A reflective group has been due for her since {on}. Have it first, "
    "then place her.",
    Kind.REVIEW: "The review of her role has been due since {on}. Have it first, then place her.",
}


def support_is_kept(db: Session, volunteers: Sequence[Volunteer], _task: Task) -> Found:
    """Nobody whose support is red takes anything new on; what she has goes on as it is."""
    rhythm, today, found = rhythm_of(db), clock.today(), Found()
    for number, facts in facts_of(db, volunteers).items():
        red = [
            one for one in rules.owed(rhythm, facts) if rules.state(one, rhythm, today) is State.RED
        ]
        if red:
            found[number] = [_obstacle(one) for one in red]
    return found


def _obstacle(one: rules.Owed) -> Obstacle:
    day = f"{one.due_on.day} {one.due_on:%B %Y}"
    return Obstacle("supervision", "stage", SAYS[one.kind].format(on=day))
