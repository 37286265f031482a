"""Keeping a safe-contact plan: saving, confirming, suspending, lifting.

One version stands for the whole plan with its routes. Whatever adds a permission waits until she
has confirmed it; whatever takes one away counts at once.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models import Account, ContactPlan, ContactRoute, Route, RouteAnswer
from services import audit, clock
from services.errors import AppError, ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.permissions import Actor, Permission
from services.safe_contact import wording
from services.safe_contact.decision import narrows
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.facts import BY_PHONE
from services.safe_contact.stored import rules_of
from services.search import reindex

MAX_REASON = 500
_MISSING = {
    Route.EMAIL: "Enter the email address.",
    Route.POST: "Enter where post may go.",
    Route.VIA_WORKER: "Say through whom, and how to reach them.",
    Route.ONLINE: "Say where you meet, or how the link reaches her.",
}


def save(db: Session, actor: Actor, person_ref: str, draft: PlanDraft, *, version: int) -> None:
    """Keep what holds for every route.

    Raises ConflictError when somebody else has changed the plan since `version` (0: none yet).
    """
    actor.require(Permission.RECORD_CONTACT)
    draft = draft.checked()
    plan = _to_change(db, actor, person_ref, version)
    _require_instruction(plan, draft)
    if _adds(plan, draft):
        _unconfirm(plan)
    plan.name_to_use = draft.name_to_use or None
    plan.without_code_word = draft.without_code_word or None
    plan.who_else_sees = draft.who_else_sees or None
    plan.note = draft.note or None
    plan.withhold_number = draft.withhold_number
    plan.she_contacts_us = draft.she_contacts_us
    if draft.code_word is not None:
        plan.code_word = draft.code_word or None
    if draft.our_code_word is not None:
        plan.our_code_word = draft.our_code_word or None
    audit.record(db, actor, "contact.plan_saved", f"person:{person_ref}")


def save_route(
    db: Session, actor: Actor, person_ref: str, draft: RouteDraft, *, version: int
) -> None:
    """Keep what she said of one route.

    Raises ConflictError when somebody else has changed the plan since `version` (0: none yet).
    """
    actor.require(Permission.RECORD_CONTACT)
    draft = draft.checked()
    plan = _to_change(db, actor, person_ref, version)
    before = rules_of(db, [plan.person_id]).get(plan.person_id, {}).get(draft.route)
    row = _route(db, plan.person_id, draft.route)
    new_address = draft.address is not None and (draft.address or None) != row.address
    if draft.address is not None:
        row.address = draft.address or None
    _require_address(db, row, draft)
    row.answer = draft.answer
    row.weekdays = "".join(map(str, draft.weekdays)) or None
    row.from_time, row.until_time = draft.from_time, draft.until_time
    row.condition = draft.condition or None
    row.may_leave_message, row.may_say_who = draft.may_leave_message, draft.may_say_who
    if new_address:
        reindex(db, plan.person_id)
    adds = not narrows(before, draft.rule(has_address=row.address is not None))
    if adds or (new_address and draft.answer is not RouteAnswer.NO):
        _unconfirm(plan)
    audit.record(
        db, actor, "contact.route_saved", f"person:{person_ref}",
        route=draft.route.value, answer=draft.answer.value, address=new_address,
    )  # fmt: skip


def confirm(db: Session, actor: Actor, person_ref: str, *, version: int) -> None:
    """Note that she said today that everything kept is right.

    Raises ConflictError when the plan has changed since `version`: what she confirmed is not what
    is kept any more.
    """
    actor.require(Permission.RECORD_CONTACT)
    plan = _to_change(db, actor, person_ref, version)
    if plan.suspended_at is not None:
        raise ConflictError("Contact with her is suspended. Lift that first, if it is safe again.")
    plan.confirmed_on, plan.confirmed_by_id = clock.today(), actor.account_id
    audit.record(db, actor, "contact.confirmed", f"person:{person_ref}")


def suspend(db: Session, actor: Actor, person_ref: str, reason: str) -> None:
    """Stop all contact with somebody at once, whatever her plan says.

    Asks for no version: nobody's change may stand in the way of it.
    """
    actor.require(Permission.RECORD_CONTACT)
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInputError(
            {"reason": f"Say why in up to {MAX_REASON} letters, so that a colleague understands."}
        )
    plan = _held(db, actor, person_ref)
    if plan.suspended_at is not None:
        raise ConflictError("Contact with her is suspended already. The reason stands above.")
    plan.suspended_at, plan.suspended_reason = clock.now(), reason
    _touch(plan, actor)
    audit.record(db, actor, "contact.suspended", f"person:{person_ref}")


def lift(db: Session, actor: Actor, person_ref: str, *, version: int) -> None:
    """End a suspension. Nothing is safe yet: the plan waits to be confirmed with her."""
    actor.require(Permission.RECORD_CONTACT)
    plan = _to_change(db, actor, person_ref, version)
    if plan.suspended_at is None:
        raise ConflictError("Contact with her is not suspended any more.")
    plan.suspended_at = plan.suspended_reason = None
    _unconfirm(plan)
    audit.record(db, actor, "contact.lifted", f"person:{person_ref}")


def _to_change(db: Session, actor: Actor, person_ref: str, version: int) -> ContactPlan:
    """Her plan, held and as it was seen, with who changes it and when already noted."""
    plan = _held(db, actor, person_ref)
    if (plan.version or 0) != version:
        raise _changed_meanwhile(db, plan)
    _touch(plan, actor)
    return plan


def _held(db: Session, actor: Actor, person_ref: str) -> ContactPlan:
    """Her plan or a new one, held until the transaction ends; her record is what is locked."""
    person = one_person.number_of(db, actor, person_ref, lock=True)
    plan = db.scalar(select(ContactPlan).where(ContactPlan.person_id == person))
    if plan is None:
        plan = ContactPlan(person_id=person)
        db.add(plan)
    return plan


def _touch(plan: ContactPlan, actor: Actor) -> None:
    plan.changed_at, plan.changed_by_id = clock.now(), actor.account_id
    # A change of her routes alone counts as one of the plan, even within the same instant.
    flag_modified(plan, "changed_at")


def _unconfirm(plan: ContactPlan) -> None:
    plan.confirmed_on = plan.confirmed_by_id = None


def _adds(plan: ContactPlan, draft: PlanDraft) -> bool:
    """Whether a draft says what she has not confirmed; holding back more needs no word of hers."""
    if plan.confirmed_on is None:
        return False
    words = ("name_to_use", "without_code_word", "code_word", "our_code_word")
    new = {field: getattr(draft, field) for field in words}
    return (
        any(
            text is not None and (text or None) != getattr(plan, field)
            for field, text in new.items()
        )
        or plan.withhold_number > draft.withhold_number
        or plan.she_contacts_us > draft.she_contacts_us
    )


def _require_instruction(plan: ContactPlan, draft: PlanDraft) -> None:
    """A code word is of no use to whoever does not know what to do when it is not given."""
    asks = plan.code_word if draft.code_word is None else draft.code_word
    if asks and not draft.without_code_word:
        raise InvalidInputError(
            {
                "without_code_word": "Say what to do if she does not give her code word, for "
                "example: ask for somebody else, say it is a wrong number, and suspend contact."
            }
        )


def _route(db: Session, person_id: int, route: Route) -> ContactRoute:
    query = select(ContactRoute).where(
        ContactRoute.person_id == person_id, ContactRoute.route == route
    )
    row = db.scalar(query)
    if row is None:
        row = ContactRoute(person_id=person_id, route=route)
        db.add(row)
    return row


def _require_address(db: Session, row: ContactRoute, draft: RouteDraft) -> None:
    """Nothing can be sent nowhere; what goes by phone may use the number kept for calls."""
    if draft.answer is RouteAnswer.NO or row.address:
        return
    calls = select(ContactRoute.id).where(
        ContactRoute.person_id == row.person_id,
        ContactRoute.route == Route.CALL,
        ContactRoute.address.is_not(None),
    )
    if draft.route not in BY_PHONE or db.scalar(calls) is None:
        raise InvalidInputError({"address": _MISSING.get(draft.route, "Enter the number.")})


def _changed_meanwhile(db: Session, plan: ContactPlan) -> AppError:
    if not plan.version:
        return NotFoundError("plan")
    by = db.scalar(select(Account.display_name).where(Account.id == plan.changed_by_id))
    when = clock.local(plan.changed_at)
    return ConflictError(
        f"{by} changed her safe-contact plan at {clock.spoken(when.time())} on "
        f"{wording.day(when.date())}, while you had it open. Nothing of yours is saved yet. Look "
        "at what stands there now, and save again if it is still right."
    )
