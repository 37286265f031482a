"""Who may give consent, and a consent as it was filled in (domain §5.1).

At 16 a person decides for herself. Below, it takes a judgement that she can decide this thing
(Gillick), or somebody with parental responsibility; this programme never tells the other parent.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from models import Basis, Person, PersonKind, Purpose
from services.errors import InvalidInputError

DECIDES_FROM = 16
MAX_TEXT = 2_000
LONGEST_AGO = relativedelta(years=5)  # for paper forms; further back it is a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """A consent, or a no, as it was filled in; `after` is the latest row for it that she saw."""

    purpose: Purpose
    basis: Basis
    given_on: date
    is_refusal: bool = False
    agency_ref: str | None = None
    given_by_ref: str | None = None
    judged_by_ref: str | None = None
    judged_on: date | None = None
    judgement: str = ""
    after: str | None = None

    def checked(self, *, today: date) -> "ConsentDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not today - LONGEST_AGO <= self.given_on <= today:
            problems["given_on"] = "Check the day: today, or within the last five years."
        if self.purpose is Purpose.SHARE and self.agency_ref is None:
            problems["agency"] = "Choose the agency. Each one needs a consent of its own."
        if self.basis is Basis.RESPONSIBILITY and self.given_by_ref is None:
            problems["given_by"] = "Choose who gave it."
        if self.is_refusal and self.basis is Basis.GILLICK:
            problems["basis"] = "A no needs no judgement: choose that she said so herself."
        elif self.basis is Basis.GILLICK:
            problems |= self._judgement_problems()
        if problems:
            raise InvalidInputError(problems)
        return self

    def _judgement_problems(self) -> dict[str, str]:
        problems: dict[str, str] = {}
        if self.judged_by_ref is None:
            problems["judged_by"] = "Choose who judged that she can decide this."
        if self.judged_on is None or self.judged_on > self.given_on:
            problems["judged_on"] = "Enter the day it was judged, no later than the consent."
        if not 1 <= len(self.judgement.strip()) <= MAX_TEXT:
            problems["judgement"] = (
                f"Write why she can decide this herself, in up to {MAX_TEXT} letters."
            )
        return problems


def decides_alone(born: date | None, kind: PersonKind, *, on: date) -> bool:
    """Whether she decides for herself on a day. A child whose age is unknown is under 16."""
    if born is None:
        return kind is PersonKind.ADULT
    return relativedelta(on, born).years >= DECIDES_FROM


def refuse_wrong_giver(person: Person, draft: ConsentDraft) -> None:
    """Raise InvalidInputError unless she could answer so on that day."""
    born, on = person.date_of_birth, draft.given_on
    if born is not None and on < born:
        raise InvalidInputError({"given_on": "Check the day: it is before she was born."})
    alone = decides_alone(born, person.kind, on=on)
    if alone and draft.basis is not Basis.SELF:
        raise InvalidInputError(
            {"basis": f"On that day she was {DECIDES_FROM} or over: only she can give it."}
        )
    # A child's own no counts at any age.
    if not alone and draft.basis is Basis.SELF and not draft.is_refusal:
        raise InvalidInputError(
            {
                "basis": f"On that day she was under {DECIDES_FROM}, or her age is not known. "
                "Record a judgement that she can decide this, or who with parental "
                "responsibility gave it."
            }
        )
