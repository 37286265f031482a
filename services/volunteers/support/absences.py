"""When a supervisor is away, and who stands in: nobody goes unsupported meanwhile."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, SupervisorAbsence, new_ref
from services import audit, clock
from services.accounts import colleagues
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.volunteers.support import circles

MOST = 50
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceDraft:
    """An absence as it was filled in: who is away, from the first day to the last, and for whom
    somebody stands in."""

    supervisor_ref: str
    stand_in_ref: str
    starts_on: date
    ends_on: date

    def checked(self) -> "AbsenceDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if self.stand_in_ref == self.supervisor_ref:
            problems["stand_in"] = "Choose somebody else: she cannot stand in for herself."
        if self.ends_on < max(self.starts_on, clock.today()):
            problems["ends_on"] = "Choose a last day from today on, and not before the first."
        elif self.ends_on - self.starts_on > LONGEST:
            problems["ends_on"] = "Choose a last day within a year of the first."
        if problems:
            raise InvalidInputError(problems)
        return self


def listed(db: Session, actor: Actor) -> pd.DataFrame:
    """Absences now and to come: ref, supervisor, stand_in, starts, ends, version."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    away, stand_in = aliased(Account), aliased(Account)
    query = (
        select(
            SupervisorAbsence.ref, away.display_name, stand_in.display_name,
            SupervisorAbsence.starts_on, SupervisorAbsence.ends_on, SupervisorAbsence.version,
        )
        .join(away, away.id == SupervisorAbsence.account_id)
        .join(stand_in, stand_in.id == SupervisorAbsence.stand_in_id)
        .where(SupervisorAbsence.ends_on >= clock.today())
        .order_by(SupervisorAbsence.starts_on, SupervisorAbsence.id)
        .limit(MOST)
    )  # fmt: skip
    columns = ["ref", "supervisor", "stand_in", "starts", "ends", "version"]
    return pd.DataFrame(db.execute(query).all(), columns=columns)


def add(db: Session, actor: Actor, draft: AbsenceDraft) -> str:
    """Note that a supervisor is away and who stands in; gives back the absence's reference.

    The one who stands in is here all that time: so no absence leads on to another, or back.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    draft = draft.checked()
    db.execute(select(Organisation.id).with_for_update())
    may = Permission.SUPERVISE
    away = colleagues.chosen(db, draft.supervisor_ref, may, field="supervisor")
    stand_in = colleagues.chosen(db, draft.stand_in_ref, may, field="stand_in")
    _refuse_away(db, away, stand_in, draft)
    _refuse_supervised(db, away, stand_in)
    absence = SupervisorAbsence(
        ref=new_ref(),
        account_id=away.id,
        stand_in_id=stand_in.id,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    db.add(absence)
    audit.record(
        db, actor, "support.away", f"account:{away.ref}", absence=absence.ref,
        stand_in=stand_in.ref,
    )  # fmt: skip
    return absence.ref


def end(db: Session, actor: Actor, ref: str, *, version: int) -> None:
    """She is back, or not away after all: from today on she answers for her volunteers again."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    absence = db.scalar(
        select(SupervisorAbsence).where(SupervisorAbsence.ref == ref).with_for_update()
    )
    if absence is None:
        raise NotFoundError("absence")
    today = clock.today()
    if absence.version != version or absence.ends_on < today:
        raise ConflictError("Somebody else changed this absence meanwhile. Look at it again here.")
    if absence.starts_on < today:
        absence.ends_on = today - timedelta(days=1)
    else:
        db.delete(absence)
    audit.record(db, actor, "support.back", f"absence:{ref}")


def _refuse_away(db: Session, away: Account, stand_in: Account, draft: AbsenceDraft) -> None:
    query = select(SupervisorAbsence.account_id, SupervisorAbsence.stand_in_id).where(
        SupervisorAbsence.starts_on <= draft.ends_on, SupervisorAbsence.ends_on >= draft.starts_on
    )
    for absent, standing_in in db.execute(query):
        if absent == away.id:
            says = "An absence of hers is noted in these days already. End that one first."
            raise InvalidInputError({"supervisor": says})
        if absent == stand_in.id:
            says = "She is away herself on some of these days. Choose somebody who is here."
            raise InvalidInputError({"stand_in": says})
        if standing_in == away.id:
            says = (
                "She stands in for a colleague in these days. End that absence and note it again "
                "with somebody else first."
            )
            raise InvalidInputError({"supervisor": says})


def _refuse_supervised(db: Session, away: Account, stand_in: Account) -> None:
    supervised = circles.supervised_by(db)
    answered_by = circles.answered_by(supervised, circles.stand_ins(db))
    hers = [own for own, supervisor in supervised.items() if supervisor == away.id]
    if any(circles.leads_back([stand_in.id], own, answered_by) for own in hers):
        says = (
            "The colleague who is away supervises her, or whoever supervises her. Choose somebody "
            "else."
        )
        raise InvalidInputError({"stand_in": says})
