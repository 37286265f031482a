"""DBS checks: asked for, seen, decided on by a named person, and asked again in time.

What a certificate says is never recorded, and its number goes after six months
(services/volunteers/vetting/retention.py).
"""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CheckDecision, CheckLevel, DbsCheck, Workforce, new_ref
from services import audit, clock
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer
from services.volunteers.vetting import roles
from services.volunteers.vetting.finding import MAX_TEXT, day_problem, held

JOIN_WITHIN = 30  # days from a certificate's issue in which the Update Service takes it
EARLIEST = date(2002, 3, 1)  # there were no such certificates before
_NUMBER = re.compile(r"[0-9]{12}")
_SPACES = re.compile(r"[\s-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for, for which kind of role."""

    role: str
    level: CheckLevel
    workforce: Workforce
    with_barred_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is kept of a certificate whose original the actor has in her hands."""

    number: str
    issued_on: date
    update_service_on: date | None = None

    def checked(self, today: date) -> "Certificate":
        """The same, its number in bare digits. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        digits = _SPACES.sub("", self.number)
        if not _NUMBER.fullmatch(digits):
            problems["number"] = "A certificate's number has 12 digits. Check it on the original."
        if problem := day_problem(self.issued_on, today, EARLIEST):
            problems["issued_on"] = problem
        if self.update_service_on is not None and (
            problem := joining_problem(self.update_service_on, self.issued_on, today)
        ):
            problems["update_service_on"] = problem
        if problems:
            raise InvalidInputError(problems)
        return Certificate(
            number=digits, issued_on=self.issued_on, update_service_on=self.update_service_on
        )


def ask(db: Session, actor: Actor, volunteer_ref: str, request: Request) -> str:
    """Note that a check was asked for today. More than the role entitles to is refused."""
    actor.require(Permission.KEEP_CHECKS)
    roles.refuse_above(
        request.role, request.level, request.workforce, with_barred_list=request.with_barred_list
    )
    her = find_volunteer(db, actor, volunteer_ref)
    one = DbsCheck(
        ref=new_ref(),
        volunteer_id=her.id,
        role=request.role,
        level=request.level,
        workforce=request.workforce,
        with_barred_list=request.with_barred_list,
        asked_on=clock.today(),
    )
    db.add(one)
    audit.record(
        db, actor, "dbs.asked", f"volunteer:{her.ref}", check=one.ref, level=request.level.value,
        barred_list=request.with_barred_list,
    )  # fmt: skip
    return one.ref


def see(
    db: Session, actor: Actor, check_ref: str, certificate: Certificate, *, version: int
) -> None:
    """Note that the actor has seen the original. Raises ConflictError as `held` does."""
    actor.require(Permission.KEEP_CHECKS)
    certificate = certificate.checked(clock.today())
    one, her = held(db, actor, DbsCheck, check_ref, version)
    if one.seen_on is not None:
        raise InvalidInputError({"check": "This certificate was seen already. Decide on it below."})
    one.number, one.issued_on = certificate.number, certificate.issued_on
    one.counts_from = certificate.issued_on
    one.update_service_on = certificate.update_service_on
    one.seen_on, one.seen_by_id = clock.today(), actor.account_id
    audit.record(db, actor, "dbs.seen", f"volunteer:{her.ref}", check=one.ref)


def decide(
    db: Session, actor: Actor, check_ref: str, decision: CheckDecision, *, reason: str, version: int
) -> None:
    """Decide what the check means for her role. Who decides is kept, the reason for six months."""
    actor.require(Permission.KEEP_CHECKS)
    if not 1 <= len(reason.strip()) <= MAX_TEXT:
        raise InvalidInputError({"reason": f"Write why, in up to {MAX_TEXT:,} letters."})
    one, her = held(db, actor, DbsCheck, check_ref, version)
    if one.seen_on is None:
        raise InvalidInputError({"check": "Note first that you have seen the certificate."})
    one.decision, one.reason = decision, reason.strip()
    one.decided_on, one.decided_by_id = clock.today(), actor.account_id
    one.details_removed_on = None  # the reason just written goes in its own time
    _put_in_force(db, one)
    audit.record(
        db, actor, "dbs.decided", f"volunteer:{her.ref}", check=one.ref, decision=decision.value
    )


def joining_problem(joined: date, issued: date, today: date) -> str | None:
    """What is wrong with the day she joined the Update Service; None when nothing is."""
    if problem := day_problem(joined, today, EARLIEST):
        return problem
    if (joined - issued).days > JOIN_WITHIN:
        return (
            f"The Update Service takes a certificate within {JOIN_WITHIN} days of its issue. "
            "Check both dates."
        )
    return None


def _put_in_force(db: Session, one: DbsCheck) -> None:
    """It takes the place of older ones it answers for, unless a newer one answers for it."""
    query = select(DbsCheck).where(
        DbsCheck.volunteer_id == one.volunteer_id, DbsCheck.is_current, DbsCheck.id != one.id
    )
    one.is_current = True
    for other in db.scalars(query):
        newer, older = (one, other) if _is_newer(one, other) else (other, one)
        if _answers_for(newer, older):
            older.is_current = False


def _answers_for(newer: DbsCheck, older: DbsCheck) -> bool:
    """A no always does; else a check that looks at as much, for as many."""
    return roles.covers(newer.workforce, older.workforce) and (
        newer.decision is CheckDecision.NOT_NOW or roles.reaches(newer.level, older.level)
    )


def _is_newer(one: DbsCheck, other: DbsCheck) -> bool:
    return (one.issued_on or EARLIEST, one.id) > (other.issued_on or EARLIEST, other.id)
