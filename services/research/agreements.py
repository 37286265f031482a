"""Data agreements: under which project rows may leave for research, and from when until when."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import DataAgreement, new_ref
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission

MAX_PROJECT, LEAST_PARTNER, MAX_PARTNER = 40, 2, 120
_PROJECT = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDraft:
    """An agreement as it was filled in: the project's short name, with whom, and its days."""

    project: str
    partner: str
    starts_on: date | None
    ends_on: date | None

    def checked(self) -> "AgreementDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        project, partner = self.project.strip().lower(), self.partner.strip()
        problems: dict[str, str] = {}
        if not _PROJECT.fullmatch(project) or len(project) > MAX_PROJECT:
            problems["project"] = (
                f"Enter a short name of up to {MAX_PROJECT} small letters, digits and hyphens."
            )
        if not LEAST_PARTNER <= len(partner) <= MAX_PARTNER:
            problems["partner"] = "Enter with whom the agreement is."
        if self.starts_on is None or self.ends_on is None:
            problems["ends_on"] = "Choose the first and the last day of the agreement."
        elif self.ends_on < self.starts_on:
            problems["ends_on"] = "The last day is before the first: change one of the two."
        if problems:
            raise InvalidInputError(problems)
        return replace(self, project=project, partner=partner)


def listed(db: Session, actor: Actor) -> pd.DataFrame:
    """Every agreement, the newest first: project, partner, starts_on, ends_on, stands."""
    actor.require(Permission.MANAGE_SETTINGS)
    query = select(
        DataAgreement.project,
        DataAgreement.partner,
        DataAgreement.starts_on,
        DataAgreement.ends_on,
    ).order_by(DataAgreement.id.desc())
    today = clock.today()
    rows = [(*row, row.starts_on <= today <= row.ends_on) for row in db.execute(query)]
    return pd.DataFrame(rows, columns=["project", "partner", "starts_on", "ends_on", "stands"])


def record(db: Session, actor: Actor, draft: AgreementDraft) -> str:
    """Keep an agreement that was signed, with a secret of its own for its pseudonyms.

    Raises ConflictError when there is one of that name.
    """
    actor.require(Permission.MANAGE_SETTINGS)
    draft = draft.checked()
    assert draft.starts_on is not None  # noqa: S101 - checked
    assert draft.ends_on is not None  # noqa: S101 - checked
    agreement = DataAgreement(
        ref=new_ref(),
        project=draft.project,
        partner=draft.partner,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        secret=secrets.token_hex(32),
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.add(agreement)
    try:
        audit.record(db, actor, "agreement.recorded", f"agreement:{agreement.ref}")
    except IntegrityError as error:
        raise ConflictError(
            "There is an agreement of this name already: choose another name for the project."
        ) from error
    return agreement.ref


def standing(db: Session, project: str) -> DataAgreement:
    """The agreement of a project, if it stands today. Raises InvalidInputError with why not."""
    found = db.scalar(select(DataAgreement).where(DataAgreement.project == project))
    if found is None:
        sentence = (
            f"There is no agreement recorded for the project “{project}”. An administrator "
            "records it under Settings, once it is signed."
        )
    elif found.starts_on > clock.today():
        sentence = f"The agreement for “{project}” begins on {found.starts_on:%d/%m/%Y}: wait."
    elif found.ends_on < clock.today():
        sentence = (
            f"The agreement for “{project}” ended on {found.ends_on:%d/%m/%Y}. Sign a new one and "
            "record it under Settings."
        )
    else:
        return found
    raise InvalidInputError({"project": sentence})
