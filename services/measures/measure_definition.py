"""The shape of a measure's description, and the checks that its parts fit together."""

import math
from collections import Counter
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from services.definitions import Definition, Keyed

Direction = Literal["up", "down"]
Respondent = Literal["self", "parent", "practitioner"]


class Range(Definition):
    """The lowest and highest score there can be."""

    low: float
    high: float


class Item(Definition):
    """One question by its number on the form. The topic is our own label, never its wording."""

    number: int
    topic: str = Field(min_length=2, max_length=60)
    reverse: bool = False
    subscale: str | None = None


class Options(Definition):
    """What may be entered for an item, and what it is worth when that differs."""

    low: int
    high: int
    decimals: int = Field(default=0, ge=0, le=1)
    labels: dict[int, str] = Field(default_factory=dict)
    not_seen: str | None = None
    worth: dict[int, int] = Field(default_factory=dict)

    def points(self, times: int = 1) -> Range:
        """The fewest and the most points that this many items can give."""
        values = self.worth.values() or (self.low, self.high)
        return Range(low=min(values) * times, high=max(values) * times)


class Sourced(Definition):
    """A figure with where it comes from; one that only the field repeats is not confirmed."""

    source: str
    confirmed: bool = True

    @property
    def named_source(self) -> str:
        """The source as it stands beside the figure, with a warning where nobody published it."""
        return self.source if self.confirmed else f"{self.source}, not confirmed by a publication"


class Cutoff(Sourced):
    """A published threshold, and on which side of it somebody is in the clinical range."""

    value: float
    clinical: Literal["at_or_above", "below", "at_or_below"]
    meaning: str
    age_min: int | None = None
    age_max: int | None = None


class Subscale(Definition):
    """A part of a measure that is scored by itself."""

    key: str
    label: str
    rule: Literal["sum", "mean"]
    direction: Direction
    range: Range
    at_least: int = Field(ge=1)
    cutoffs: tuple[Cutoff, ...] = ()


class Total(Definition):
    """How the items become one number; `of` names the subscales that are added."""

    rule: Literal["sum", "mean", "mean_times_ten", "lookup", "subscales", "none"]
    of: tuple[str, ...] = ()
    table: dict[int, float] = Field(default_factory=dict)


class Missing(Definition):
    """How many items may be unanswered, and how a score estimated from the rest is rounded."""

    at_most: int | None = Field(default=None, ge=0)
    rounding: Literal["half_up", "none"]


class Band(Definition):
    """A named stretch of scores, both ends included."""

    label: str = Field(min_length=2, max_length=60)
    low: float
    high: float


class Figure(Sourced):
    """A published number, what kind it is and where it comes from."""

    value: float = Field(gt=0)
    kind: str


class ReliableChange(Sourced):
    """The smallest change that is more than the measure's own noise, in points."""

    points: float = Field(gt=0)
    inclusive: bool
    criterion: float | None
    at_least: int | None = None  # items answered, where fewer give no sound verdict


class RiskItem(Definition):
    """An item that asks for action the same day when its answer is above a value."""

    number: int
    above: float
    meaning: str


class WorkedExample(Definition):
    """One form scored by hand; the tests score it again."""

    answers: dict[int, float | None]
    total: float | None
    subscales: dict[str, float | None] = Field(default_factory=dict)
    band: str | None = None
    missing: int = 0


class Measure(Keyed):
    """Everything the programme knows of one measure."""

    key: str
    version: int = Field(ge=1)
    title: str
    short_title: str
    who: str
    respondents: tuple[Respondent, ...] = Field(min_length=1)
    age_min: int
    age_max: int | None
    options: Options
    items: tuple[Item, ...] = Field(min_length=1)
    orders: dict[str, dict[int, int]] = Field(default_factory=dict)
    subscales: tuple[Subscale, ...] = ()
    total: Total
    missing: Missing
    range: Range | None
    direction: Direction | None
    decimals: int = Field(default=0, ge=0, le=2)
    bands: tuple[Band, ...] = ()
    respondent_bands: dict[Respondent, tuple[Band, ...]] = Field(default_factory=dict)
    cutoffs: tuple[Cutoff, ...] = ()
    reliability: Figure | None = None
    sd: Figure | None = None
    reliable_change: ReliableChange | None = None
    risk_items: tuple[RiskItem, ...] = ()
    licence: str
    text_included: bool
    entry_without_licence: Literal["items", "scores", "paper"]  # paper: never by items
    registration_reference: str | None = None
    attribution_line: str
    note: str | None = None
    worked_example: WorkedExample

    @property
    def higher_is_better(self) -> bool | None:
        """Whether a rise is an improvement; None where the scales run different ways."""
        return None if self.direction is None else self.direction == "up"

    @property
    def cutoff(self) -> Cutoff | None:
        """The threshold used for clinical change: the first of those published."""
        return self.cutoffs[0] if self.cutoffs else None

    def printed(self, order: str | None = None) -> dict[int, Item]:
        """The items by the number each has on a printing, in its order; None is the usual one."""
        items = {item.number: item for item in self.items}
        return {n: items[own] for n, own in self.orders[order].items()} if order else items

    def items_in(self, subscale: str) -> tuple[int, ...]:
        """The numbers of the items that belong to a subscale."""
        return tuple(item.number for item in self.items if item.subscale == subscale)

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        _check_items(self)
        _check_subscales(self)
        _check_total(self)
        for bands in filter(None, (self.bands, *self.respondent_bands.values())):
            _check_bands(self, bands)
        return self


def _check_items(measure: Measure) -> None:
    numbers = [item.number for item in measure.items]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("items must be numbered from 1 without gaps")
    for name, order in measure.orders.items():
        if not sorted(order) == sorted(order.values()) == numbers:
            raise ValueError(f"orders.{name} must name every item once on each side")
    for risk in measure.risk_items:
        if risk.number not in numbers:
            raise ValueError(f"risk_items names item {risk.number}, which there is none of")
    entered = list(range(measure.options.low, measure.options.high + 1))
    if measure.options.worth and sorted(measure.options.worth) != entered:
        raise ValueError("options.worth must say what every answer is worth")


def _check_subscales(measure: Measure) -> None:
    sizes = Counter(item.subscale for item in measure.items if item.subscale is not None)
    if set(sizes) != {subscale.key for subscale in measure.subscales}:
        raise ValueError("subscales must be exactly those the items belong to")
    for subscale in measure.subscales:
        size = sizes[subscale.key]
        if subscale.at_least > size:
            raise ValueError(f"subscales.{subscale.key}.at_least is more than its {size} items")
        if subscale.range != measure.options.points(1 if subscale.rule == "mean" else size):
            raise ValueError(f"subscales.{subscale.key}.range does not follow from its items")


def _check_total(measure: Measure) -> None:
    total, complete = measure.total, measure.missing.at_most == 0
    unknown = set(total.of) - {subscale.key for subscale in measure.subscales}
    if unknown or bool(total.of) != (total.rule == "subscales"):
        raise ValueError("total.of must name the subscales that are added, and only then")
    if measure.range != _total_range(measure):
        raise ValueError("range does not follow from the items and the rule for the total")
    if (measure.missing.at_most is None) != (total.rule in {"subscales", "none"}):
        raise ValueError("missing.at_most is needed where the total comes from the items")
    raw = measure.options.points(len(measure.items))
    wanted = list(range(int(raw.low), int(raw.high) + 1)) if total.rule == "lookup" else []
    if sorted(total.table) != wanted or (wanted and not complete):
        raise ValueError("total.table must hold every raw score of a complete form")


def _total_range(measure: Measure) -> Range | None:
    total = measure.total
    if total.rule == "none":
        return None
    if total.rule == "lookup":
        values = total.table.values()
        return Range(low=min(values, default=0), high=max(values, default=0))
    if total.rule == "subscales":
        parts = [part.range for part in measure.subscales if part.key in total.of]
        return Range(low=sum(part.low for part in parts), high=sum(part.high for part in parts))
    times = {"mean": 1, "mean_times_ten": 10}.get(total.rule, len(measure.items))
    return measure.options.points(times)


def _check_bands(measure: Measure, bands: tuple[Band, ...]) -> None:
    step = 10.0**-measure.decimals
    joined = all(math.isclose(b.low - a.high, step) for a, b in pairwise(bands))
    whole = Range(low=bands[0].low, high=bands[-1].high)
    if not joined or whole != measure.range or any(band.low > band.high for band in bands):
        raise ValueError("bands must cover the whole range without gaps or overlaps")
