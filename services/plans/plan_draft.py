"""A plan for a family as it was filled in, and what its dates and words may be."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from services.errors import InvalidInputError

MAX_TEXT = 2_000
REVIEW_AFTER = relativedelta(months=3)  # what a form suggests
_LONGEST_AGO = relativedelta(years=5)  # for writing down late; further back it is a slip
_FURTHEST = relativedelta(years=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """One intervention for some or all of a family."""

    intervention_ref: str
    worker_ref: str
    member_refs: Collection[str]
    starts_on: date
    review_on: date | None = None
    note: str = ""

    def checked(self, *, today: date) -> "PlanDraft":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not today - _LONGEST_AGO <= self.starts_on <= today + _FURTHEST:
            problems["starts_on"] = "Check the day: within the last five years or the next one."
        problems |= review_problems(self.review_on, self.starts_on, today=today)
        problems |= member_problems(self.member_refs)
        problems |= text_problems("note", self.note)
        if problems:
            raise InvalidInputError(problems)
        return self


def review_problems(review_on: date | None, starts_on: date, *, today: date) -> dict[str, str]:
    """What is wrong with the day of a review, if anything."""
    if review_on is None or starts_on <= review_on <= today + _FURTHEST:
        return {}
    return {"review_on": "Choose a day after the start and within a year, or leave it empty."}


def member_problems(refs: Collection[str]) -> dict[str, str]:
    """What is wrong with whom a plan is for, if anything."""
    return {} if refs else {"members": "Choose at least one person the plan is for."}


def text_problems(field: str, text: str) -> dict[str, str]:
    """What is wrong with something written, if anything."""
    if len(text.strip()) <= MAX_TEXT:
        return {}
    return {field: f"Shorten this to {MAX_TEXT} letters."}
