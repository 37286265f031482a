"""What a referral form says of reaching somebody, put into her safe-contact plan to be confirmed.

A professional's word is no word of hers: nothing of it counts before she has confirmed it, and
what she has said herself stays as it is.
"""

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy.orm import Session

from models import Route, RouteAnswer
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.public_forms.form_questions import Answers
from services.safe_contact import plans, standing
from services.safe_contact.drafts import MAX_ADDRESS, MAX_NAME, MAX_TEXT, PlanDraft, RouteDraft

_SAID = ("routes", "phone", "email", "voicemail", "when", "say", "seen_by")
_SENDER = ("sender_name", "sender_agency", "sender_contact")
# What was ticked, the route it is, and the answers that say where it leads.
_ROUTES = (
    ("call", Route.CALL, ("phone",)),
    ("text", Route.TEXT, ("phone",)),
    ("email", Route.EMAIL, ("email",)),
    ("worker", Route.VIA_WORKER, _SENDER),
)


def fill(db: Session, actor: Actor, person_ref: str, answers: Answers) -> bool:
    """Fill the plan of somebody who has none, if the form says anything of reaching her; whether
    it did."""
    actor.require(Permission.RECORD_CONTACT)
    has_plan = standing.of_plan(db, actor, person_ref).version > 0
    if has_plan or not any(map(answers.get, _SAID)):
        return False
    routes = list(_routes(answers))
    plans.save(db, actor, person_ref, _plan(answers, routes), version=0)
    for draft in routes:
        db.flush()
        version = standing.of_plan(db, actor, person_ref).version
        plans.save_route(db, actor, person_ref, draft, version=version)
    return True


def _routes(answers: Answers) -> Iterator[RouteDraft]:
    """The ways that were ticked, as far as it is known where they lead."""
    ticked, when = answers.get("routes", ()), _text(answers, "when")
    leaves = answers.get("voicemail") == "yes"
    for key, route, sources in _ROUTES:
        address = ", ".join(filter(None, (_text(answers, one) for one in sources)))
        if key not in ticked or not address:
            continue
        draft = RouteDraft(
            route=route,
            answer=RouteAnswer.ONLY_WHEN if when else RouteAnswer.YES,
            address=address[:MAX_ADDRESS],
            condition=when,
            may_leave_message=leaves and route is Route.CALL,
        )
        with suppress(InvalidInputError):  # not a number, or no address: it stands in the note
            yield draft.checked()


def _plan(answers: Answers, routes: list[RouteDraft]) -> PlanDraft:
    name, when = _text(answers, "say"), _text(answers, "when")
    reached = {draft.address for draft in routes}
    sender = " of ".join(_text(answers, key) for key in _SENDER[:2])
    unused = [_text(answers, key) for key in ("phone", "email")]
    words = [
        f"From the referral form of {sender}; she has not been asked here yet.",
        *(f"Given as well: {one}." for one in unused if one and one not in reached),
        *([f"Who we may say is calling: {name}."] if len(name) > MAX_NAME else []),
        *([f"Days and times that are safe: {when}."] if when and not routes else []),
    ]
    return PlanDraft(
        name_to_use=name if len(name) <= MAX_NAME else "",
        who_else_sees=_text(answers, "seen_by"),
        note=" ".join(words)[:MAX_TEXT],
    )


def _text(answers: Answers, key: str) -> str:
    return str(answers.get(key, ""))
