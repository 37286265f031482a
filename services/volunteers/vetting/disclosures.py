"""What she told us about her own record: a conversation, and a decision a person made (§4.4).

It is no automatic no. Coordinators alone read it, each reading is written down, and the words of
the conversation go after six months; what was decided and agreed stays.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CheckDecision, DisclosureTalk, Volunteer, new_ref
from services import audit, clock
from services.errors import InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.vetting.finding import day_problem

MAX_TOLD = 5_000
_FURTHEST_BACK = relativedelta(months=6)  # older words would be gone by now


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkDraft:
    """A conversation as it was written down, and what came of it."""

    talked_on: date
    told: str
    decision: CheckDecision
    agreed: str = ""

    def checked(self) -> "TalkDraft":
        """The same, if it can be kept. Raises InvalidInputError with a sentence a field."""
        today = clock.today()
        problems: dict[str, str] = {}
        if problem := day_problem(self.talked_on, today, today - _FURTHEST_BACK):
            problems["talked_on"] = problem
        if not 1 <= len(self.told.strip()) <= MAX_TOLD:
            problems["told"] = f"Write what was said and weighed, in up to {MAX_TOLD:,} letters."
        if len(self.agreed) > MAX_TOLD:
            problems["agreed"] = f"Shorten what was agreed to {MAX_TOLD:,} letters."
        elif self.decision is CheckDecision.ARRANGEMENTS and not self.agreed.strip():
            problems["agreed"] = "Write what was agreed with her."
        if problems:
            raise InvalidInputError(problems)
        return self


def record(db: Session, actor: Actor, volunteer_ref: str, draft: TalkDraft) -> str:
    """Keep a conversation with the decision that came of it."""
    actor.require(Permission.KEEP_CHECKS)
    draft.checked()
    her = find_volunteer(db, actor, volunteer_ref)
    talk = DisclosureTalk(
        ref=new_ref(),
        volunteer_id=her.id,
        talked_on=draft.talked_on,
        decided_by_id=actor.account_id,
        told=draft.told.strip(),
        decision=draft.decision,
        agreed=draft.agreed.strip() or None,
    )
    db.add(talk)
    audit.record(db, actor, "disclosure.recorded", f"volunteer:{her.ref}", talk=talk.ref)
    return talk.ref


def told(db: Session, actor: Actor, talk_ref: str) -> str | None:
    """The words of one conversation, None once they are gone; the look is written down."""
    actor.require(Permission.KEEP_CHECKS)
    query = (
        select(DisclosureTalk.told, Volunteer.ref)
        .join(Volunteer, Volunteer.id == DisclosureTalk.volunteer_id)
        .where(DisclosureTalk.ref == talk_ref, visible_volunteers(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("conversation")
    words, volunteer_ref = row
    subject = f"volunteer:{volunteer_ref}"
    audit.viewed(db, actor, subject, action="disclosure.viewed", talk=talk_ref)
    return words
