"""What a form comes to, and how that differs from the start, in plain words (domain §3.2)."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, MeasureForm, MeasureVersion, Outcome, Person, Place, Point, Respondent
from services import audit, clock
from services.measures.measure_definition import Measure
from services.measures.measure_draft import PAPER_TOTAL
from services.measures.measure_forms import those_of
from services.measures.measure_library import measure
from services.measures.measure_words import OUTCOMES, POINTS, answered_by
from services.outcomes.outcome_change import BETTER, SAME, VERDICTS, WORSE
from services.permissions import Actor, Permission
from services.statistics import classify_change

_VERDICTS = {
    "improved": VERDICTS[BETTER],
    "recovered": VERDICTS[BETTER],
    "unchanged": VERDICTS[SAME],
    "deteriorated": VERDICTS[WORSE],
}


class Said(NamedTuple):
    """Which form it is, and what it comes to."""

    form: str
    sentences: tuple[str, ...]


def in_words(
    db: Session, actor: Actor, place_ref: str, key: str, respondent: Respondent, point: Point
) -> Said | None:
    """For whoever has just recorded a form; the look is written in the audit log."""
    actor.require(Permission.RECORD_MEASURES)
    query = (
        select(MeasureForm, Person.kind)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Person, Person.id == Place.person_id)
        .where(*those_of(actor, place_ref, key, respondent))
    )
    found = db.execute(query).all()
    forms = {form.point: form for form, _about in found}
    if point not in forms:
        return None
    about = found[0].kind
    audit.viewed(db, actor, f"measures:{place_ref}")
    form, now, start = measure(key), forms[point], forms.get(Point.START)
    title = f"{form.short_title}, {answered_by(respondent, about)}, {POINTS[point].lower()}"
    if now.outcome is not Outcome.ANSWERED:
        return Said(title, (f"{OUTCOMES[now.outcome].lower()}.",))
    said = [score_in_words(form, now.total, now.band)]
    if point is not Point.START and start is not None:
        compared = min(_compared(form, one.answers) for one in (start, now))
        said += change_in_words(form, start.total, now.total, items=compared)
    return Said(title, tuple(said))


def score_in_words(form: Measure, total: float | None, band: str | None) -> str:
    """A total with its range and band, or why there is none."""
    if form.total.rule == "none":
        return "kept. This form has no total."
    if total is None or form.range is None:
        return "kept. Too little was answered for a total."
    high = f"on a scale of {form.range.low:g} to {form.range.high:g}"
    better = "higher" if form.direction != "down" else "lower"
    named = f" ({band.lower()})" if band else ""
    return f"{total:.{form.decimals}f} {high}{named}; {better} is better."


def change_in_words(
    form: Measure, start: float | None, now: float | None, *, items: int
) -> list[str]:
    """How a total differs from that at the start, and whether that is more than noise.

    A verdict only where there is a published rule, and where it asks for a number of items
    only from that many on.
    """
    if start is None or now is None:
        return []
    gain = start - now if form.direction == "down" else now - start
    size = (
        f"{abs(gain):.{form.decimals}f}".rstrip("0").rstrip(".")
        if form.decimals
        else f"{abs(gain):g}"
    )
    way = "better" if gain > 0 else "worse"
    said = [
        "The same as at the start." if gain == 0
        else f"{size} {'point' if size == '1' else 'points'} {way} than at the start."
    ]  # fmt: skip
    rule = form.reliable_change
    if rule is None:
        return [*said, "Nobody has published from when on a change on this form is clear."]
    if rule.at_least is not None and items < rule.at_least:
        return [*said, f"No more can be said from fewer than {rule.at_least} answers."]
    found = classify_change(
        start, now, rule.points, higher_is_better=form.direction != "down",
        inclusive=rule.inclusive,
    )  # fmt: skip
    points = (
        f"from {rule.points:g} points on" if rule.inclusive else f"above {rule.points:g} points"
    )
    source = "" if rule.confirmed else f" ({rule.named_source})"
    return [*said, f"{_VERDICTS[found]}: a change is clear {points}{source}."]


def history(
    db: Session, actor: Actor, place_ref: str, key: str, respondent: Respondent, point: Point
) -> pd.DataFrame:
    """The versions a form had before it was corrected, the latest first.

    Columns: number, recorded (wall time), by, outcome, taken_on, total, answers (in words).
    The look is written in the audit log.
    """
    actor.require(Permission.RECORD_MEASURES)
    query = (
        select(MeasureVersion, Account.display_name)
        .join(MeasureForm, MeasureForm.id == MeasureVersion.form_id)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Account, Account.id == MeasureVersion.recorded_by_id)
        .where(*those_of(actor, place_ref, key, respondent), MeasureForm.point == point)
        .order_by(MeasureVersion.number.desc())
        .limit(50)
    )
    found: Sequence[tuple[MeasureVersion, str]] = [(row[0], row[1]) for row in db.execute(query)]
    if found:
        audit.viewed(db, actor, f"measures:{place_ref}")
    rows = [
        (
            old.number,
            clock.wall(old.recorded_at),
            by,
            OUTCOMES[old.outcome],
            old.taken_on,
            old.total,
            _answers_in_words(old.answers),
        )
        for old, by in found
    ]
    columns = ["number", "recorded", "by", "outcome", "taken_on", "total", "answers"]
    return pd.DataFrame(rows, columns=columns)


def _answers_in_words(answers: dict[str, float | None] | None) -> str:
    kept = answers or {}
    if PAPER_TOTAL in kept:
        return f"total: {_answer(kept[PAPER_TOTAL])}"
    return ", ".join(f"{number}: {_answer(kept[number])}" for number in sorted(kept, key=int))


def _answer(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _compared(form: Measure, answers: dict[str, float | None] | None) -> int:
    """How many items were answered; of a total from paper all of them."""
    if answers and PAPER_TOTAL in answers:
        return len(form.items)
    return sum(value is not None for value in (answers or {}).values())
