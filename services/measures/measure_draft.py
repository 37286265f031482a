"""A form as it was filled in: checked, and scored by the rules of its measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models import Outcome, Point, Respondent
from services import scoring
from services.errors import InvalidInputError
from services.measures.immediate_risk.response import RiskResponse
from services.measures.measure_definition import Measure, RiskItem
from services.measures.measure_library import measure, measures

_TWO_DIGITS = 10
PAPER_TOTAL = "total"  # kept among the answers, where all other keys are item numbers


@dataclass(frozen=True, slots=True)
class Scored:
    """What is kept of a form: its answers by item number, its total and its band."""

    answers: dict[str, float | None] | None = None
    total: float | None = None
    band: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDraft:
    """One form as it was filled in.

    `answers` has every item by its number, None for one not seen or not answered. A measure
    whose wording may not be shown has the `paper_total` that was added up on paper instead
    (for SWEMWBS the plain sum, which is converted here). `version` is that of the form she was
    looking at, 0 when there was none yet. `response` is what was done about an answer that asks
    for action the same day.
    """

    measure: str
    respondent: Respondent
    point: Point
    taken_on: date
    outcome: Outcome = Outcome.ANSWERED
    answers: Mapping[int, float | None] | None = None
    paper_total: float | None = None
    version: int = 0
    response: RiskResponse | None = None

    def scored(self, *, today: date) -> Scored:
        """What would be kept of it. Raises InvalidInputError with a sentence a field."""
        if self.measure not in measures():
            raise InvalidInputError({"measure": "Choose a form from the list."})
        form = measure(self.measure)
        if self.taken_on > today:
            raise InvalidInputError({"taken_on": "The date cannot be in the future."})
        if self.outcome is not Outcome.ANSWERED:
            return Scored()
        return _from_items(self, form) if takes_items(form) else _from_paper(self, form)


def takes_items(form: Measure) -> bool:
    """Whether answers are entered item by item, or only the total of the paper form.

    Lines that are measured in millimetres are added up on paper in any case, and so is what a
    scoring sheet turns round that we do not have.
    """
    if form.entry_without_licence == "paper" or form.options.decimals:
        return False
    return form.entry_without_licence == "items" or form.registration_reference is not None


def can_be_handed_over(form: Measure) -> bool:
    """Whether somebody can answer it by herself: it needs its sentences, not our topics.

    A topic names the item to whoever copies from paper; alone it asks nothing, and of an item
    that counts the other way round it asks the wrong thing.
    """
    return takes_items(form) and form.text_included


def can_be_typed(form: Measure) -> bool:
    """Whether the answers fit in one line, a digit each."""
    return takes_items(form) and form.options.high < _TWO_DIGITS


def turned_round(form: Measure, printing: str | None = None) -> tuple[int, ...]:
    """The items that scoring turns round, as they are numbered there.

    Only of a form entered from paper by our topics: many print the points beside such a box
    already turned round, and whoever copied those would have them turned twice.
    """
    if form.text_included or not takes_items(form):
        return ()
    return tuple(number for number, item in form.printed(printing).items() if item.reverse)


def typed(form: Measure, line: str, printing: str | None = None) -> dict[int, float | None]:
    """The answers of a paper form typed one after the other: a digit each, "-" for none.

    `printing` names the form's order where there are several; what comes back is by the numbers
    of the measure. Spaces are passed over. Raises InvalidInputError saying where it goes wrong,
    so that no answer slips to the next item unseen.
    """
    signs = "".join(line.split())
    low, high, items = form.options.low, form.options.high, form.items
    for number, sign in enumerate(signs[: len(items)], 1):
        if sign != "-" and not (sign.isascii() and sign.isdigit() and low <= int(sign) <= high):
            raise InvalidInputError(
                {"typed": f"Item {number} cannot be {sign}: type {low} to {high}, or - for none."}
            )
    if len(signs) != len(items):
        raise InvalidInputError(
            {"typed": f"Type {len(items)} answers, one for each item; there are {len(signs)}."}
        )
    return {
        item.number: None if sign == "-" else int(sign)
        for item, sign in zip(form.printed(printing).values(), signs, strict=True)
    }


def raised_by(draft: MeasureDraft) -> tuple[RiskItem, ...]:
    """The items whose answers ask for action the same day, also on a form not yet complete."""
    if draft.outcome is not Outcome.ANSWERED or not measure(draft.measure).risk_items:
        return ()
    try:
        return scoring.risks_raised(draft.measure, draft.answers or {})
    except ValueError as error:
        raise InvalidInputError({"answers": str(error)}) from error


def _from_items(draft: MeasureDraft, form: Measure) -> Scored:
    """Every item needs an answer, if only that it was not seen; then the measure's own rules."""
    given = draft.answers or {}
    problems = {
        f"item_{item.number}": f"{item.topic}: choose an answer, or “{blank_word(form)}”."
        for item in form.items
        if item.number not in given
    }
    if problems:
        raise InvalidInputError(problems)
    try:
        score = scoring.score(draft.measure, given, respondent=draft.respondent.value)
    except ValueError as error:
        raise InvalidInputError({"answers": str(error)}) from error
    kept = {str(number): given[number] for number in sorted(given)}
    return Scored(kept, score.total, score.band)


def blank_word(form: Measure) -> str:
    """What an item without an answer is called: it is an answer too."""
    return form.options.not_seen or "Not answered"


def _from_paper(draft: MeasureDraft, form: Measure) -> Scored:
    """A total added up on paper; where there is a conversion table, the plain sum."""
    low, high, decimals = paper_range(form)
    given = draft.paper_total
    whole_steps = given is not None and round(given, decimals) == given
    if given is None or not whole_steps or not low <= given <= high:
        kind = "a whole number" if decimals == 0 else "a number"
        raise InvalidInputError(
            {"paper_total": f"Enter the total from the paper form: {kind} from {low} to {high}."}
        )
    total = form.total.table[int(given)] if form.total.table else given
    band = scoring.band(draft.measure, total, respondent=draft.respondent.value)
    return Scored({PAPER_TOTAL: given}, float(total), band)


def paper_range(form: Measure) -> tuple[int, int, int]:
    """The lowest and highest total on paper, and with how many decimals."""
    if form.total.table:
        return min(form.total.table), max(form.total.table), 0
    if form.range is None:
        raise InvalidInputError(
            {"measure": f"{form.short_title} has no single total. Keep it on paper for now."}
        )
    return int(form.range.low), int(form.range.high), form.decimals
