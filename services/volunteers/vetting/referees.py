"""Who speaks for her: two referees from different parts of her life, asked, chased and decided."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Referee, RefereeContext, new_ref
from services import audit, clock
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.vetting.finding import MAX_TEXT, held

MAX_NAME = 100
MAX_CONTACT = 200
LEAST_YEARS, MOST_YEARS = 2, 80


class Step(enum.Enum):
    """What has been done about a reference today."""

    ASKED = "asked"
    CHASED = "chased"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefereeDraft:
    """A referee as the volunteer named her."""

    name: str
    contact: str
    context: RefereeContext
    known_years: int
    is_related: bool

    def checked(self) -> "RefereeDraft":
        """The same, if she can be asked. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not 1 <= len(self.name.strip()) <= MAX_NAME:
            problems["name"] = f"Enter the referee's name, in up to {MAX_NAME} letters."
        if not 1 <= len(self.contact.strip()) <= MAX_CONTACT:
            problems["contact"] = f"Enter how to reach the referee, in up to {MAX_CONTACT} letters."
        if not LEAST_YEARS <= self.known_years <= MOST_YEARS:
            problems["known_years"] = (
                "A referee has known her for at least two years. Ask her for somebody else."
            )
        if self.is_related:
            problems["is_related"] = "A referee is not related to her. Ask her for somebody else."
        if problems:
            raise InvalidInputError(problems)
        return self


def add(db: Session, actor: Actor, volunteer_ref: str, draft: RefereeDraft) -> str:
    """Add a referee and give back the reference of the record."""
    actor.require(Permission.KEEP_CHECKS)
    draft.checked()
    her = find_volunteer(db, actor, volunteer_ref, lock=True)
    _refuse_same_context(db, her.id, draft.context)
    one = Referee(
        ref=new_ref(),
        volunteer_id=her.id,
        name=draft.name.strip(),
        contact=draft.contact.strip(),
        context=draft.context,
        known_years=draft.known_years,
    )
    db.add(one)
    audit.record(db, actor, "referee.added", f"volunteer:{her.ref}", referee=one.ref)
    return one.ref


def note(db: Session, actor: Actor, referee_ref: str, step: Step, *, version: int) -> None:
    """Note that a referee was asked, was asked again, or has answered, today.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.KEEP_CHECKS)
    one, her = held(db, actor, Referee, referee_ref, version)
    if one.is_enough is not None:
        raise InvalidInputError({"step": "This reference is decided on. Add another referee."})
    _NOTE[step](one)
    audit.record(
        db, actor, "referee.noted", f"volunteer:{her.ref}", referee=one.ref, step=step.value
    )


def decide(
    db: Session, actor: Actor, referee_ref: str, *, is_enough: bool, reason: str, version: int
) -> None:
    """Decide whether a reference that came is enough, and why. The name of who decides is kept.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.KEEP_CHECKS)
    if not 1 <= len(reason.strip()) <= MAX_TEXT:
        raise InvalidInputError({"reason": f"Write why, in up to {MAX_TEXT:,} letters."})
    one, her = held(db, actor, Referee, referee_ref, version)
    if one.received_on is None:
        raise InvalidInputError({"referee": "Note first that this reference has come."})
    if is_enough:
        _refuse_same_context(db, her.id, one.context, besides=one.id, decided=True)
    one.is_enough, one.reason = is_enough, reason.strip()
    one.decided_on, one.decided_by_id = clock.today(), actor.account_id
    audit.record(
        db, actor, "referee.decided", f"volunteer:{her.ref}", referee=one.ref, enough=is_enough
    )


def _ask(one: Referee) -> None:
    if one.asked_on is not None:
        raise InvalidInputError({"step": "She was asked already. Note a reminder instead."})
    one.asked_on = clock.today()


def _chase(one: Referee) -> None:
    if one.asked_on is None or one.received_on is not None:
        raise InvalidInputError({"step": "Only who was asked and has not answered is reminded."})
    one.chased_on = clock.today()


def _receive(one: Referee) -> None:
    if one.asked_on is None:
        raise InvalidInputError({"step": "Note first that this referee was asked."})
    if one.received_on is not None:
        raise InvalidInputError({"step": "This reference has come already. Decide on it below."})
    one.received_on = max(clock.today(), one.asked_on)


_NOTE: dict[Step, Callable[[Referee], None]] = {
    Step.ASKED: _ask,
    Step.CHASED: _chase,
    Step.RECEIVED: _receive,
}


def _refuse_same_context(
    db: Session,
    volunteer_id: int,
    context: RefereeContext,
    *,
    besides: int = 0,
    decided: bool = False,
) -> None:
    """Two who know her from one place say one thing: unless the other reference was not enough."""
    enough = Referee.is_enough.is_(True)
    stands = enough if decided else enough | Referee.is_enough.is_(None)
    query = select(Referee.id).where(
        Referee.volunteer_id == volunteer_id,
        Referee.context == context,
        Referee.id != besides,
        stands,
    )
    if db.scalar(query.limit(1)) is not None:
        raise InvalidInputError(
            {"context": "Another referee knows her from there. Ask for somebody from another "
                        "part of her life."}
        )  # fmt: skip
