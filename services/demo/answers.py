"""How people answer in the demonstration: where they start, and how they change.

Means, spreads and changes are those of the domain's "Synthetic data": a change of about half a
standard deviation, start and end correlated at 0.55, one in fourteen clearly worse, and one child
in eight flat or slipping. Scores come from the services' own rules.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import sqrt

from models import Point, Respondent
from services import scoring
from services.demo.chance import Chance
from services.measures.measure_counts import STEPS
from services.measures.measure_definition import Measure
from services.measures.measure_draft import MeasureDraft, Scored, takes_items
from services.measures.measure_library import measure

_CORRELATION = 0.55
_PROGRESS = {Point.START: 0.0, Point.MIDDLE: 0.5, Point.END: 1.0, Point.FOLLOW_UP: 0.9}
# A child sees more in itself than others do; each view stays with its own.
_VIEW = {Respondent.SELF: 0.25, Respondent.PARENT: 0.0, Respondent.PRACTITIONER: -0.1}
_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class _Level:
    """Where people start, how far apart, and how many points they gain (or lose: down is good)."""

    mean: float
    sd: float
    gain: float


_LEVELS = {
    "swemwbs": _Level(19.5, 3.9, 2.4),
    "rosenberg": _Level(14.0, 5.0, 2.8),
    "gbo": _Level(2.5, 1.3, 3.5),
    "bpses": _Level(15.5, 3.6, 1.9),
    "sdq": _Level(17.0, 6.5, -3.0),
    "sdq_impact": _Level(3.2, 2.4, -1.0),
}


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody is like, whichever form she fills in."""

    chance: Chance
    wellbeing: float  # standard normal, shared by all her measures
    gets_worse: bool
    goals: int
    strands: tuple[float, ...]
    step_gain: float


def somebody(chance: Chance, *, gets_worse: bool) -> Person:
    """A person as chance makes her."""
    slips = gets_worse or chance.happens(1 / 8)
    level = chance.gauss(1.5, 0.75)
    return Person(
        chance=chance,
        wellbeing=chance.gauss(0, 1),
        gets_worse=gets_worse,
        goals=chance.choice((2, 3, 3)),
        strands=tuple(level + chance.gauss(0, 0.4) for _ in measure(STEPS).items),
        step_gain=chance.gauss(-0.25, 0.2) if slips else chance.gauss(0.68, 0.35),
    )


def targets(person: Person, form: Measure) -> dict[Point, float]:
    """The score somebody is heading for at each point, before it is fitted to the form."""
    level, gauss = _level(form), person.chance.gauss
    sd = level.sd if level.gain > 0 else -level.sd  # so that above the mean is always better
    start = 0.6 * person.wellbeing + 0.8 * gauss(0, 1)
    end = _CORRELATION * start + sqrt(1 - _CORRELATION**2) * gauss(0, 1)
    at_start, at_end = level.mean + sd * start, level.mean + level.gain + sd * end
    if person.gets_worse:
        at_end = at_start - sd * abs(gauss(1.1, 0.2))
    return {
        Point.START: at_start,
        Point.MIDDLE: (at_start + at_end) / 2 + sd * gauss(0, 0.3),
        Point.END: at_end,
        Point.FOLLOW_UP: at_end - level.gain / 10 + sd * gauss(0, 0.4),
    }


def _level(form: Measure) -> _Level:
    """What is known of a measure, or something in the middle of its range."""
    if form.key in _LEVELS or form.range is None:
        return _LEVELS.get(form.key, _Level(0, 0, 0))
    sd = (form.range.high - form.range.low) / 6
    gain = sd / 2 if form.higher_is_better else -sd / 2
    return _Level((form.range.low + form.range.high) / 2, sd, gain)


def scored_near(person: Person, form: Measure, respondent: Respondent, target: float) -> Scored:
    """A form filled in so that it comes to about the target."""
    if not takes_items(form):
        return _scored(form.key, respondent, None, _paper_total(form, target))
    if form.total.rule == "mean":
        low, high = form.options.low, form.options.high
        rated = [person.chance.around(target, 1.0, low, high) for _ in range(person.goals)]
        items = (*(float(round(value)) for value in rated), None, None)[: len(form.items)]
        return _scored(form.key, respondent, items, None)
    least, most = (form.range.low, form.range.high) if form.range else (0.0, 0.0)
    total = round(min(max(target, least), most - len(form.risk_items) * form.options.high))
    items = _items_adding_up_to(form.key, total, person.chance.randrange(_VARIANTS))
    return _scored(form.key, respondent, items, None)


def _paper_total(form: Measure, target: float) -> float:
    """The whole number on the paper form that comes nearest."""
    if form.total.table:
        return _raw_for(form.key, round(target, 1))
    low, high = (form.range.low, form.range.high) if form.range else (0.0, 0.0)
    return float(round(min(max(target, low), high)))


@cache
def _raw_for(key: str, target: float) -> float:
    """The plain sum that is converted to about this."""
    table = measure(key).total.table
    return min(table, key=lambda raw: abs(table[raw] - target))


@cache
def _items_adding_up_to(key: str, total: int, variant: int) -> tuple[float, ...]:
    """Answers that come to a total, one of a few ways to give them.

    Nobody answers above zero about immediate risk: there would be something done about it.
    """
    form = measure(key)
    risky = {risk.number for risk in form.risk_items}
    worth = form.options.points()
    points = [worth.low] * len(form.items)
    chance = Chance(f"{key}:{total}:{variant}")
    while sum(points) < total:
        open_items = [
            n for n, value in enumerate(points) if value < worth.high and n + 1 not in risky
        ]
        points[chance.choice(open_items)] += 1
    return tuple(
        worth.low + worth.high - value if item.reverse else value
        for item, value in zip(form.items, points, strict=True)
    )


@cache
def _scored(
    key: str,
    respondent: Respondent,
    items: tuple[float | None, ...] | None,
    paper_total: float | None,
) -> Scored:
    """What the service would keep. The same answers come often, so each is scored once."""
    draft = MeasureDraft(
        measure=key,
        respondent=respondent,
        point=Point.START,
        taken_on=date.min,
        answers=None if items is None else dict(enumerate(items, 1)),
        paper_total=paper_total,
    )
    return draft.scored(today=date.max)


def steps(person: Person, respondent: Respondent, point: Point) -> Scored:
    """One view of a child's steps; a strand now and then was not seen."""
    chance = person.chance
    level = _VIEW[respondent] + person.step_gain * _PROGRESS[point]
    unseen = chance.sample(range(len(person.strands)), chance.choices((0, 1, 2), (80, 15, 5))[0])
    rated = [
        None if number in unseen else float(round(chance.around(at + level, 0.3, 0, 4)))
        for number, at in enumerate(person.strands)
    ]
    seen = tuple(sorted(value for value in rated if value is not None))
    answers = {str(number): value for number, value in enumerate(rated, 1)}
    return Scored(answers, _steps_total(seen))


@cache
def _steps_total(seen: tuple[float, ...]) -> float | None:
    """The total of a child's steps, for which the order of the strands makes no difference."""
    return scoring.score(STEPS, dict(enumerate(seen, 1))).total
