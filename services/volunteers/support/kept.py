"""The rule that support comes first: while it is long overdue, nothing new is taken on."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from models import Volunteer
from services import clock
from services.placing.obstacles import Found, Obstacle, Task
from services.volunteers.support import rhythm as rules
from services.volunteers.support.facts import Helper, facts_of
from services.volunteers.support.rhythm import Kind, Owed, State
from services.volunteers.support.settings import rhythm_of

OWED = {
    Kind.CHECK_IN: "Nobody has asked how she is since {on}.",
    Kind.SUPERVISOR: "She has had no supervisor since {on}.",
    Kind.SUPERVISION: "Her supervision has been due since {on}.",
    Kind.REFLECTIVE_GROUP: "A reflective group has been due for her since {on}.",
    Kind.REVIEW: "The review of her role has been due since {on}.",
}
FIRST = {
    Kind.CHECK_IN: "Check in with her first, then place her.",
    Kind.SUPERVISOR: "Name one under “Support” first.",
    Kind.SUPERVISION: "Have it first, then place her.",
    Kind.REFLECTIVE_GROUP: "Have it first, then place her.",
    Kind.REVIEW: "Have it first, then place her.",
}


def support_is_kept(db: Session, volunteers: Sequence[Volunteer], _task: Task) -> Found:
    """Nobody whose support is red takes anything new on; what she has goes on as it is."""
    return {
        number: [Obstacle("supervision", "stage", f"{_owed(one)} {FIRST[one.kind]}") for one in red]
        for number, red in _red(db, volunteers).items()
    }


def long_overdue(db: Session, volunteers: Collection[Helper]) -> dict[int, list[str]]:
    """What these volunteers have been owed for so long that it stops anything new, in a sentence
    each that asks for nothing else; by number, nobody who is owed nothing."""
    return {number: [_owed(one) for one in red] for number, red in _red(db, volunteers).items()}


def _red(db: Session, volunteers: Collection[Helper]) -> dict[int, list[Owed]]:
    rhythm, today = rhythm_of(db), clock.today()
    found = {
        number: [
            one for one in rules.owed(rhythm, facts) if rules.state(one, rhythm, today) is State.RED
        ]
        for number, facts in facts_of(db, volunteers).items()
    }
    return {number: red for number, red in found.items() if red}


def _owed(one: Owed) -> str:
    return OWED[one.kind].format(on=f"{one.due_on.day} {one.due_on:%B %Y}")
