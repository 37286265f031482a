"""Scoring a form: raw answers in, a total, subscales and a band out. Pure arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, nan
from numbers import Real

from services.measures.measure_definition import Measure, RiskItem
from services.measures.measure_library import measure

Answers = Mapping[int, float | None]
FLOAT_NOISE = 1e-9  # 0.1 + 0.2 is still one decimal place


@dataclass(frozen=True, slots=True)
class Score:
    """What a form comes to. A total or subscale is None where too little was answered."""

    total: float | None
    subscales: dict[str, float | None]
    band: str | None
    missing: int
    scored: bool


def score(
    measure_key: str,
    answers: Answers,
    *,
    order: str | None = None,
    respondent: str | None = None,
) -> Score:
    """Score one form from `{item number: answer or None}`; an item left out counts as missing.

    `order` names another printing of the form (Rosenberg: "alternative"); `respondent` picks the
    bands of her version of the form (SDQ). Where a measure has no total, `total` stays None and
    `scored` says whether all its subscales could be worked out. Rules are those of the measure's
    file. Raises ValueError with a sentence naming the item.
    """
    form = measure(measure_key)
    points = _points(form, answers, order)
    subscales = _subscales(form, points)
    total = _total(form, points, subscales)
    return Score(
        total=None if total is None else float(total),
        subscales={k: None if part is None else float(part) for k, part in subscales.items()},
        band=_band(form, total, respondent),
        missing=len(form.items) - len(points),
        scored=_has_total(form, total, subscales),
    )


def band(measure_key: str, total: float, *, respondent: str | None = None) -> str | None:
    """The band of a total that was added up elsewhere; None where the measure has no bands."""
    return _band(measure(measure_key), Fraction(str(total)), respondent)


def risks_raised(measure_key: str, answers: Answers) -> tuple[RiskItem, ...]:
    """The risk items answered above their threshold: each asks for action the same day.

    Works on a form too incomplete to score. Raises ValueError as `score` does.
    """
    form = measure(measure_key)
    points = _points(form, answers, None)
    return tuple(risk for risk in form.risk_items if points.get(risk.number, 0) > risk.above)


def sdq_added_value(
    baseline_total: int, baseline_impact: int, baseline_emotional: int, follow_up_total: int
) -> float:
    """How much better a group of children did than expected without help, in SDQ points.

    2.3 + 0.8 x total + 0.2 x impact - 0.3 x emotional, all at baseline, less the total at follow-up
    (Ford and others 2009). Parents' forms of children seen by services; for groups, not for one
    child. Raises ValueError for a score outside its range.
    """
    for label, value, high in (
        ("baseline total", baseline_total, 40),
        ("baseline impact", baseline_impact, 10),
        ("baseline emotional score", baseline_emotional, 10),
        ("follow-up total", follow_up_total, 40),
    ):
        _exact(value, 0, high, 0, f"The {label}")
    tenths = 23 + 8 * baseline_total + 2 * baseline_impact - 3 * baseline_emotional
    return (tenths - 10 * follow_up_total) / 10


def _points(form: Measure, answers: Answers, order: str | None) -> dict[int, Fraction]:
    """What each answered item is worth, by its number in the order of the measure's file."""
    numbering = _numbering(form, order)
    items = {item.number: item for item in form.items}
    options, worth = form.options, form.options.points()
    points: dict[int, Fraction] = {}
    for number, answer in answers.items():
        if isinstance(number, bool) or number not in numbering:
            raise ValueError(
                f"{form.short_title} has no item {number!r}; its items are 1 to {len(items)}."
            )
        if answer is None:
            continue
        name = f"{form.short_title} item {number}"
        value = _exact(answer, options.low, options.high, options.decimals, name)
        value = Fraction(options.worth.get(int(value), value))
        item = items[numbering[number]]
        points[item.number] = Fraction(worth.low + worth.high) - value if item.reverse else value
    return points


def _numbering(form: Measure, order: str | None) -> dict[int, int]:
    """From the number printed on the form to the number in the measure's file."""
    if order is None:
        return {item.number: item.number for item in form.items}
    if order not in form.orders:
        known = ", ".join(form.orders) or "none but the usual one"
        raise ValueError(f"{form.short_title} has no order {order!r}. Choose one of: {known}.")
    return form.orders[order]


def _exact(value: object, low: int, high: int, decimals: int, name: str) -> Fraction:
    """The value as an exact number, refused unless it is in range with few enough decimals."""
    steps = _number(value) * 10**decimals
    if not low * 10**decimals <= steps <= high * 10**decimals or _is_between_steps(steps):
        kind = "a whole number" if decimals == 0 else "a number with at most one decimal place"
        raise ValueError(f"{name} must be {kind} from {low} to {high}, not {value!r}.")
    return Fraction(round(steps), 10**decimals)


def _number(value: object) -> float:
    """The value as a float; what is no number becomes NaN, which is in no range."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return nan
    try:
        return float(value)
    except OverflowError:
        return nan


def _is_between_steps(steps: float) -> bool:
    return abs(steps - round(steps)) > FLOAT_NOISE


def _subscales(form: Measure, points: Mapping[int, Fraction]) -> dict[str, Fraction | None]:
    scores: dict[str, Fraction | None] = {}
    for subscale in form.subscales:
        items = form.items_in(subscale.key)
        answered = [points[number] for number in items if number in points]
        enough = len(answered) >= subscale.at_least
        scores[subscale.key] = _combine(form, subscale.rule, answered, len(items), enough)
    return scores


def _total(
    form: Measure, points: Mapping[int, Fraction], subscales: Mapping[str, Fraction | None]
) -> Fraction | None:
    rule, size = form.total.rule, len(form.items)
    if rule == "none":
        return None
    if rule == "subscales":
        parts = [subscales[key] for key in form.total.of]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction()) if len(known) == len(parts) else None
    enough = size - len(points) <= (form.missing.at_most or 0)
    found = _combine(form, rule, list(points.values()), size, enough)
    if rule == "lookup" and found is not None:
        return Fraction(str(form.total.table[int(found)]))
    return found


def _combine(
    form: Measure, rule: str, answered: Sequence[Fraction], size: int, enough: bool
) -> Fraction | None:
    """One score from the answered items; those missing are given the mean of the others."""
    if not enough or not answered:
        return None
    mean = sum(answered, Fraction()) / len(answered)
    found = mean * {"mean": 1, "mean_times_ten": 10}.get(rule, size)
    if form.missing.rounding == "none":
        return found
    scale = 10**form.options.decimals
    return Fraction(floor(found * scale + Fraction(1, 2)), scale)


def _band(form: Measure, total: Fraction | None, respondent: str | None) -> str | None:
    bands = form.bands
    if respondent is not None:
        if respondent not in form.respondents:
            known = ", ".join(form.respondents)
            raise ValueError(f"{form.short_title} has no form for {respondent!r}, only: {known}.")
        bands = form.respondent_bands.get(respondent, bands)
    if total is None:
        return None
    return next((band.label for band in bands if band.low <= float(total) <= band.high), None)


def _has_total(
    form: Measure, total: Fraction | None, subscales: Mapping[str, Fraction | None]
) -> bool:
    if form.total.rule == "none":
        return all(part is not None for part in subscales.values())
    return total is not None
