"""The contact log: each time somebody was reached, or was not, by which route and what came of it.

It keeps routes, never numbers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models import Account, ContactAttempt, ContactOutcome, Person, Route
from services import audit, clock
from services.errors import InvalidInputError
from services.people import one_person
from services.permissions import Actor, Permission
from services.registers.welfare.following import follow
from services.visibility import visible_people

PAGE = 20
MAX_NOTE = 1_000
# Written down late; further back it is a slip of the pen.
LONGEST_AGO = timedelta(days=92)
# After these somebody else may have the phone, or know of us: contact has to stop (domain §5.2).
ASKS_TO_SUSPEND = frozenset(
    {ContactOutcome.SOMEONE_ELSE, ContactOutcome.NO_CODE_WORD, ContactOutcome.WRONG_NUMBER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptDraft:
    """One attempt as it was filled in; `at` is None for just now."""

    route: Route
    outcome: ContactOutcome
    note: str = ""
    at: datetime | None = None

    def checked(self, *, now: datetime) -> "AttemptDraft":
        """The same with its moment. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        at = self.at or now
        if at > now:
            problems["at"] = "This is still to come. Enter when it happened."
        elif at < now - LONGEST_AGO:
            problems["at"] = "Check the day: it is more than three months ago."
        note = self.note.strip()
        if len(note) > MAX_NOTE:
            problems["note"] = f"Shorten the note to {MAX_NOTE} letters; it has {len(note)}."
        if problems:
            raise InvalidInputError(problems)
        return AttemptDraft(route=self.route, outcome=self.outcome, note=note, at=at)


def log(db: Session, actor: Actor, person_ref: str, draft: AttemptDraft) -> bool:
    """Note an attempt; True when what came of it asks for contact to be suspended.

    Nothing is suspended by itself: whoever was there decides. A call she was owed after a
    session is done with once she was reached.
    """
    actor.require(Permission.RECORD_CONTACT)
    draft = draft.checked(now=clock.now())
    person = one_person.number_of(db, actor, person_ref)
    attempt = ContactAttempt(
        person_id=person,
        at=draft.at,
        route=draft.route,
        outcome=draft.outcome,
        note=draft.note or None,
        account_id=actor.account_id,
    )
    db.add(attempt)
    follow(db, person, draft.outcome, attempt.at, by=actor)
    audit.record(
        db, actor, "contact.attempted", f"person:{person_ref}",
        route=draft.route.value, outcome=draft.outcome.value,
    )  # fmt: skip
    return draft.outcome in ASKS_TO_SUSPEND


def history(
    db: Session, actor: Actor, person_ref: str, *, before: tuple[datetime, int] | None = None
) -> pd.DataFrame:
    """A page of a person's contact log, newest first.

    Columns: number, instant, at (wall time), route, outcome, note, by. Give the last row's
    (instant, number) as `before` for the next page.
    """
    actor.require(Permission.RECORD_CONTACT)
    query = (
        select(
            ContactAttempt.id,
            ContactAttempt.at,
            ContactAttempt.route,
            ContactAttempt.outcome,
            ContactAttempt.note,
            Account.display_name,
        )
        .join(Person, Person.id == ContactAttempt.person_id)
        .join(Account, Account.id == ContactAttempt.account_id)
        .where(Person.ref == person_ref, visible_people(actor))
        .order_by(ContactAttempt.at.desc(), ContactAttempt.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(tuple_(ContactAttempt.at, ContactAttempt.id) < before)
    rows = [
        (number, at, clock.wall(at), route.value, outcome.value, note, by)
        for number, at, route, outcome, note, by in db.execute(query)
    ]
    columns = ["number", "instant", "at", "route", "outcome", "note", "by"]
    return pd.DataFrame(rows, columns=columns)
