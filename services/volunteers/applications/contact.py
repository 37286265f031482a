"""How a survivor volunteer may be reached, by what she said: kept, changed and confirmed.

Whether a way may be used now is decided where it is for everybody, in services/safe_contact.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Organisation, Route, RouteAnswer, Volunteer, VolunteerContact
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.safe_contact import decide
from services.safe_contact.facts import Answer, Plan, Rule
from services.volunteers.finding import find_volunteer

MAX_WORDS = 500
_WORDS = ("times", "name_to_use", "code_word", "who_else_sees")
_ALLOWING = ("may_call", "may_text", "may_email", "may_leave_message")
_CHANGED = "{} changed this while you had it open. Look at what stands there now, and save again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """What she said, as it was filled in. Nothing is safe until she says so."""

    may_call: bool = False
    may_text: bool = False
    may_email: bool = False
    she_contacts_us: bool = False
    may_leave_message: bool = False
    times: str = ""
    name_to_use: str = ""
    code_word: str = ""
    who_else_sees: str = ""

    def checked(self) -> "ContactDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        tidy = {field: getattr(self, field).strip() for field in _WORDS}
        problems = {
            field: f"Shorten this to {MAX_WORDS} letters; it has {len(text)}."
            for field, text in tidy.items()
            if len(text) > MAX_WORDS
        }
        if problems:
            raise InvalidInputError(problems)
        return replace(self, **tidy)


@dataclass(frozen=True, slots=True)
class ContactView:
    """Her plan as it stands, and what it says of each way now; `version` 0 while there is none."""

    said: ContactDraft
    answers: tuple[Answer, ...]
    confirmed_on: date | None
    version: int


def of_volunteer(db: Session, actor: Actor, ref: str) -> ContactView:
    """How she may be reached now. The look is written with the look at her record."""
    actor.require(Permission.READ_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, ref)
    kept = _kept(db, volunteer.id)
    holds = db.scalars(select(Organisation.contact_days)).one()
    return ContactView(
        said=_said(kept),
        answers=_answers(volunteer, kept, holds),
        confirmed_on=kept.confirmed_on if kept else None,
        version=kept.version if kept else 0,
    )


def save(db: Session, actor: Actor, ref: str, draft: ContactDraft, *, version: int) -> None:
    """Keep what she said. What allows more than before waits until she has confirmed it.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    draft = draft.checked()
    volunteer = find_volunteer(db, actor, ref, lock=True)
    kept = _current(db, volunteer.id, version)
    before = _said(kept)
    kept = kept or VolunteerContact(volunteer_id=volunteer.id)
    if not _narrows(before, draft):
        kept.confirmed_on = None
    _write(kept, actor, draft)
    db.add(kept)
    audit.record(db, actor, "volunteer.contact_saved", f"volunteer:{ref}")


def confirm(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """Note that she said today that everything kept is right."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, ref, lock=True)
    kept = _current(db, volunteer.id, version)
    if kept is None:
        raise NotFoundError("plan")
    kept.confirmed_on = clock.today()
    kept.changed_at, kept.changed_by_id = clock.now(), actor.account_id
    audit.record(db, actor, "volunteer.contact_confirmed", f"volunteer:{ref}")


def keep_answers(
    db: Session, volunteer_id: int, answers: Mapping[str, str | list[str]], on: date, *, by: Actor
) -> None:
    """Her plan as she gave it in her application, on the day it came; a step of taking it up."""
    routes = frozenset(answers.get("routes", ()))
    draft = ContactDraft(
        may_call="call" in routes,
        may_text="text" in routes,
        may_email="email" in routes,
        she_contacts_us=routes == {"herself"},
        may_leave_message=answers.get("voicemail") == "yes",
        times=str(answers.get("when", "")),
        name_to_use=str(answers.get("say", "")),
        code_word=str(answers.get("code_word", "")),
        who_else_sees=str(answers.get("seen_by", "")),
    )
    kept = _kept(db, volunteer_id) or VolunteerContact(volunteer_id=volunteer_id)
    kept.confirmed_on = on
    _write(kept, by, draft)
    db.add(kept)


def _write(kept: VolunteerContact, actor: Actor, draft: ContactDraft) -> None:
    for field, value in asdict(draft).items():
        setattr(kept, field, (value or None) if field in _WORDS else value)
    kept.changed_at, kept.changed_by_id = clock.now(), actor.account_id


def _narrows(before: ContactDraft, after: ContactDraft) -> bool:
    """Whether nothing is allowed that was not before; other times or words have to be confirmed."""
    return all(getattr(before, field) >= getattr(after, field) for field in _ALLOWING) and all(
        getattr(before, field) == getattr(after, field) for field in ("times", "name_to_use")
    )


def _answers(
    volunteer: Volunteer, kept: VolunteerContact | None, holds_days: int
) -> tuple[Answer, ...]:
    plan = (
        None
        if kept is None
        else Plan(
            confirmed_on=kept.confirmed_on,
            holds_days=holds_days,
            she_contacts_us=kept.she_contacts_us,
            name_to_use=kept.name_to_use,
            has_code_word=kept.code_word is not None,
        )
    )
    rules = {
        Route.CALL: _rule(kept, may=bool(kept and kept.may_call), address=volunteer.phone),
        Route.TEXT: _rule(kept, may=bool(kept and kept.may_text), address=volunteer.phone),
        Route.EMAIL: _rule(kept, may=bool(kept and kept.may_email), address=volunteer.email),
    }
    return tuple(decide(plan, rules, route, clock.now()) for route in rules)


def _rule(kept: VolunteerContact | None, *, may: bool, address: str | None) -> Rule:
    if kept is None or not may:
        return Rule(answer=RouteAnswer.NO)
    return Rule(
        answer=RouteAnswer.ONLY_WHEN if kept.times else RouteAnswer.YES,
        has_address=address is not None,
        condition=kept.times,
        may_leave_message=kept.may_leave_message,
    )


def _said(kept: VolunteerContact | None) -> ContactDraft:
    if kept is None:
        return ContactDraft()
    given = {one.name: getattr(kept, one.name) for one in fields(ContactDraft)}
    return replace(
        ContactDraft(), **{key: value for key, value in given.items() if value is not None}
    )


def _kept(db: Session, volunteer_id: int) -> VolunteerContact | None:
    query = select(VolunteerContact).where(VolunteerContact.volunteer_id == volunteer_id)
    return db.scalar(query)


def _current(db: Session, volunteer_id: int, version: int) -> VolunteerContact | None:
    kept = _kept(db, volunteer_id)
    if (kept.version if kept else 0) != version:
        number = kept.changed_by_id if kept else None
        by = db.scalar(select(Account.display_name).where(Account.id == number))
        raise ConflictError(_CHANGED.format(by or "A colleague"))
    return kept
