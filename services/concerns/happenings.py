"""What happened to somebody, each incident with everything that was corrected about it since."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from models import Account, Incident, IncidentCorrection
from services import clock
from services.people import one_person
from services.permissions import Actor, Permission

MOST = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, on which day; `happened_on` is None where it is taken back.

    Of what was noted with a concern nobody's name is told, and first there are no words.
    """

    on: date
    by: str
    happened_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One incident: what was said first, and each correction after it."""

    number: int
    said: tuple[Said, ...]
    is_answered: bool  # a review came after it

    @property
    def is_taken_back(self) -> bool:
        """Whether it did not happen, or not to her."""
        return self.said[-1].happened_on is None

    @property
    def is_waiting(self) -> bool:
        """Whether her risk is to be looked at again for it."""
        return not (self.is_answered or self.is_taken_back)

    @property
    def can_be_corrected(self) -> bool:
        """Whether it stands, and it is said here what it was."""
        return bool(self.said[0].words) and not self.is_taken_back

    @property
    def happened_on(self) -> date:
        """The day as it was said last."""
        return next(one.happened_on for one in reversed(self.said) if one.happened_on)


def of_person(db: Session, actor: Actor, person_ref: str) -> tuple[Happening, ...]:
    """Her latest incidents in the order in which they happened, those taken back as well."""
    actor.require(Permission.RECORD_RISK)
    query = (
        select(Incident, _noted_by())
        .join(Account, Account.id == Incident.account_id)
        .where(Incident.person_id == one_person.number_of(db, actor, person_ref))
        .order_by(Incident.happened_on.desc(), Incident.id.desc())
        .limit(MOST)
    )
    rows = db.execute(query).all()
    since = _corrections(db, [one.id for one, _by in rows])
    found = [
        Happening(
            one.id,
            (_said(one, by), *since[one.id]),
            is_answered=one.review_id is not None,
        )
        for one, by in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.happened_on, one.number)))


def _said(one: Incident | IncidentCorrection, by: str | None) -> Said:
    on = clock.local(one.recorded_at).date()
    return Said(on, by or "", one.happened_on, one.words or "")


def _noted_by() -> ColumnElement[str | None]:
    """Whose words they are, but for what was noted with a concern."""
    return case((Incident.words.is_not(None), Account.display_name))


def _corrections(db: Session, numbers: list[int]) -> dict[int, list[Said]]:
    found: defaultdict[int, list[Said]] = defaultdict(list)
    if numbers:
        query = (
            select(IncidentCorrection, _noted_by())
            .join(Account, Account.id == IncidentCorrection.account_id)
            .join(Incident, Incident.id == IncidentCorrection.incident_id)
            .where(IncidentCorrection.incident_id.in_(numbers))
            .order_by(IncidentCorrection.id)
        )
        for one, by in db.execute(query):
            found[one.incident_id].append(_said(one, by))
    return found
