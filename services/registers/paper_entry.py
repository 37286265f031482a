"""Marks entered later from a sheet of paper: who wrote them down, who entered them, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import GroupSession, PaperEntry, SessionState
from services import audit, clock
from services.attendance import AttendanceCode
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.registers import marking, register_locking, who_is_on
from services.registers.marking import NewMark

MAX_WRITER, MAX_REASON = 100, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was on the paper: `marks` by place, each with the version she was looking at, and the
    `minutes` of whoever came late or left early.

    `entry` is the form's own name for itself, so that a sheet sent twice counts once.
    """

    entry: str
    written_by: str
    marks: Mapping[str, AttendanceCode]
    versions: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""

    def checked(self) -> "Sheet":
        """The same, tidied. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        writer, reason = " ".join(self.written_by.split()), self.reason.strip()
        if not writer:
            problems["written_by"] = "Say who wrote the marks on paper."
        elif len(writer) > MAX_WRITER:
            problems["written_by"] = f"Shorten this to {MAX_WRITER} letters."
        if len(reason) > MAX_REASON:
            problems["reason"] = f"Shorten the reason to {MAX_REASON} letters."
        if not self.marks:
            problems["marks"] = "Choose at least one mark from the sheet."
        elif any(self.marks.get(place) not in marking.WITH_MINUTES for place in self.minutes):
            problems["marks"] = (
                "Minutes go with “Arrived late” or “Left early”. Leave them out else."
            )
        if problems:
            raise InvalidInputError(problems)
        return replace(self, written_by=writer, reason=reason)


def needs_reason(db: Session, actor: Actor, session_ref: str) -> bool:
    """Whether this session is so long ago that entering its paper asks for a reason."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = who_is_on.find_session(db, actor, session_ref)
    return _is_late(db, held)


def enter(db: Session, actor: Actor, session_ref: str, sheet: Sheet) -> None:
    """Save every mark of a sheet, or none. The history of the register says it came from paper.

    A finished register has to be opened again first, and a locked one by whoever may, with the
    reason; one that was never finished asks for the reason here once its days are over.
    """
    actor.require(Permission.TAKE_REGISTER)
    sheet = sheet.checked()
    held, _group = who_is_on.find_session(db, actor, session_ref, lock=True)
    if db.scalar(select(PaperEntry.id).where(PaperEntry.entry == sheet.entry)) is not None:
        return
    _check(db, held, sheet)
    _save(db, actor, session_ref, sheet)
    db.add(
        PaperEntry(
            entry=sheet.entry,
            session_id=held.id,
            at=clock.now(),
            account_id=actor.account_id,
            written_by=sheet.written_by,
            marks=len(sheet.marks),
            reason=sheet.reason or None,
        )
    )
    subject = f"session:{held.ref}"
    audit.record(db, actor, "register.from_paper", subject, marks=len(sheet.marks))


def _check(db: Session, held: GroupSession, sheet: Sheet) -> None:
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there are no marks to enter.")
    if held.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Enter the sheet afterwards.")
    if register_locking.is_locked(db, held):
        raise ConflictError(register_locking.LOCKED)
    if held.finished_at is not None:
        raise ConflictError("This register is finished. Reopen it with a reason, then enter.")
    if _is_late(db, held) and not sheet.reason:
        raise InvalidInputError({"reason": "Say why the sheet is entered so late."})


def _is_late(db: Session, held: GroupSession) -> bool:
    """The days in which a register may be changed are over, and nobody has opened it since."""
    day = clock.local(held.starts_at, held.zone).date()
    return not held.reopened and register_locking.has_locked(day, register_locking.days(db))


def _save(db: Session, actor: Actor, session_ref: str, sheet: Sheet) -> None:
    new = [
        NewMark(
            tap=f"{sheet.entry}.{place}", place_ref=place, code=code,
            minutes=sheet.minutes.get(place), version=sheet.versions.get(place, 0),
        )
        for place, code in sheet.marks.items()
    ]  # fmt: skip
    for one in marking.mark(db, actor, session_ref, new):
        if one.conflict:
            raise ConflictError(
                "A colleague has made some of these marks meanwhile. Look at the register, then "
                "enter what is still missing."
            )
        if one.refusal:
            raise ConflictError(one.refusal)
