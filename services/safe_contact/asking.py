"""Asking the decision about people in the records: may we, and who may be reached now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Route
from services import clock
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.safe_contact.decision import decide
from services.safe_contact.facts import FOR_ALL_ROUTES, Answer, Plan, Rules, Why
from services.safe_contact.stored import kept


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person may be reached at a moment: an answer for each route, and all in one.

    `why` and `reason` are those of the first open route, or what stands in the way of every one.
    """

    answers: tuple[Answer, ...]
    why: Why
    reason: str

    @property
    def now(self) -> tuple[Answer, ...]:
        """The routes that are safe now."""
        return tuple(answer for answer in self.answers if answer.allowed)

    @property
    def to_check(self) -> tuple[Answer, ...]:
        """The routes that are safe once somebody has found her condition met."""
        return tuple(answer for answer in self.answers if answer.why is Why.CHECK_FIRST)


def may_we(db: Session, actor: Actor, person_ref: str, route: Route) -> Answer:
    """Whether a route to a person may be used now; see `decide`.

    Raises NotFoundError for somebody this reader may not see.
    """
    actor.require(Permission.RECORD_CONTACT)
    known = kept(db, actor, [person_ref])
    if person_ref not in known:
        raise NotFoundError("person")
    plan, rules = known[person_ref]
    return decide(plan, rules, route, clock.now())


def reachable(db: Session, actor: Actor, person_refs: Collection[str]) -> dict[str, Reach]:
    """Who of a list may be reached now, and by which routes: a `Reach` a person.

    In the order asked. Two statements whatever the list's length. Whoever this reader may not
    see is left out.
    """
    actor.require(Permission.RECORD_CONTACT)
    moment = clock.now()
    known = kept(db, actor, person_refs)
    return {ref: reach(*known[ref], moment) for ref in person_refs if ref in known}


def reach(plan: Plan | None, rules: Rules, at: datetime) -> Reach:
    """Every route asked at once."""
    answers = tuple(decide(plan, rules, route, at) for route in Route)
    why, reason = _in_one(answers)
    return Reach(answers, why, reason)


def _in_one(answers: tuple[Answer, ...]) -> tuple[Why, str]:
    by_why = {answer.why: answer.reason for answer in reversed(answers)}
    for why in (*FOR_ALL_ROUTES, Why.SAFE, Why.CHECK_FIRST):
        if why in by_why:
            return why, by_why[why]
    if Why.NOT_NOW in by_why:
        return Why.NOT_NOW, "Not now: no route is safe at this hour."
    return Why.NOT_SAID_SAFE, "Do not contact her: there is no safe route."
