"""What staff should know of a measure before they use it or believe it, in plain words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from models import Respondent
from services.measures.measure_definition import Band, Cutoff, Measure, Subscale
from services.measures.measure_draft import takes_items
from services.measures.measure_library import measures, wording_fault
from services.measures.measure_words import answered_by

_BETTER = {"up": "higher is better", "down": "lower is better", None: "read part by part"}
_SIDES = {"at_or_above": "from", "below": "below", "at_or_below": "up to"}
_RULES = {
    "sum": "the answers added up",
    "mean": "the mean of the answers",
    "mean_times_ten": "ten times the mean of the answers",
    "lookup": "the answers added up, then converted by the published table",
    "subscales": "the parts added up",
}


class Fact(NamedTuple):
    """One line: what it is about, and what there is to say."""

    about: str
    said: str


def directory() -> pd.DataFrame:
    """Every measure. Columns: ref, name, title, who, words.

    No permission of its own: what a form is, not what anybody answered.
    """
    rows = [
        (key, form.short_title, form.title, form.who, _whose_words(form))
        for key, form in measures().items()
    ]
    return pd.DataFrame(rows, columns=["ref", "name", "title", "who", "words"])


def facts(form: Measure) -> tuple[Fact, ...]:
    """Who answers it, what it comes to, how far that can be believed, and who allows its use."""
    return tuple(Fact(about, said) for about, said in _facts(form) if said)


def blank_wording(form: Measure) -> str:
    """A wording file for whoever holds a permission: not taken while a sentence is missing."""
    items = "".join(f'  {item.number}: ""  # {item.topic}\n' for item in form.items)
    options = "".join(
        f'#  {value}: "{form.options.labels.get(value, "")}"\n'
        for value in range(form.options.low, form.options.high + 1)
    )
    return (
        f"# {form.title}, in the words of the licensed form: data/wordings/{form.key}.yaml\n"
        'registration_reference: ""  # the number or date of your permission\n'
        f"items:\n{items}"
        "# options:  # what each answer is called, where the form says so\n"
        f"{options}"
    )


def _facts(form: Measure) -> Iterator[tuple[str, str]]:
    yield "For", form.who
    yield "Ages", _ages(form)
    yield "Answered by", ", ".join(answered_by(Respondent(one)) for one in form.respondents)
    yield "Questions", _questions(form)
    yield "Comes to", _total(form)
    yield "Parts", "; ".join(_part(part) for part in form.subscales if part.rule == "sum")
    yield "Bands", _bands(form.bands)
    for respondent, bands in form.respondent_bands.items():
        yield f"Bands of {answered_by(Respondent(respondent))}", _bands(bands)
    yield "Thresholds", "; ".join(_cutoff(one) for one in form.cutoffs)
    yield "A change is clear", _change(form)
    if form.reliability is not None:
        one = form.reliability
        yield "Reliability", f"{one.value:g}, {one.kind} ({one.named_source})"
    if form.sd is not None:
        yield "Spread (SD)", f"{form.sd.value:g}, {form.sd.kind} ({form.sd.named_source})"
    yield "Left out", _missing(form)
    yield (
        "Action the same day",
        "; ".join(
            f"item {risk.number} ({risk.meaning.lower()}), answered above {risk.above:g}"
            for risk in form.risk_items
        ),
    )
    yield "Note", form.note or ""
    yield "Licence", form.licence
    yield "Words", _words(form)
    yield "Stands beneath the form", form.attribution_line
    yield "Version", str(form.version)


def _whose_words(form: Measure) -> str:
    if form.registration_reference:
        return "Yours, by permission"
    if form.text_included:
        return "Our own"
    return "Topics only" if takes_items(form) else "None: a total from paper"


def _words(form: Measure) -> str:
    if fault := wording_fault(form.key):
        return f"The file with your words could not be used. {fault}"
    if form.registration_reference:
        return f"Those of the form, under your permission: {form.registration_reference}"
    if form.text_included:
        return "Our own, free to use"
    entered = (
        "topics of ours, to enter answers from the paper form by"
        if takes_items(form)
        else "none; the total of the paper form is entered"
    )
    return (
        f"{entered[0].upper()}{entered[1:]}. If you hold a permission, whoever looks after the "
        f"server puts your words there as data/wordings/{form.key}.yaml."
    )


def _ages(form: Measure) -> str:
    return f"from {form.age_min}" if form.age_max is None else f"{form.age_min} to {form.age_max}"


def _questions(form: Measure) -> str:
    many = "one question" if len(form.items) == 1 else f"{len(form.items)} questions"
    turned = sum(item.reverse for item in form.items)
    said = f"{many}, each {form.options.low} to {form.options.high}"
    printed = f"; {len(form.orders)} printings with different orders" if form.orders else ""
    return f"{said}; {turned} turned round when scored{printed}" if turned else f"{said}{printed}"


def _total(form: Measure) -> str:
    if form.range is None:
        return f"no total; {_BETTER[form.direction]}"
    span = f"{form.range.low:g} to {form.range.high:g}"
    return f"{span}, {_RULES[form.total.rule]}; {_BETTER[form.direction]}"


def _part(part: Subscale) -> str:
    span = f"{part.range.low:g} to {part.range.high:g}"
    thresholds = "".join(f", {_cutoff(one)}" for one in part.cutoffs)
    return f"{part.label}, {span}, {_BETTER[part.direction]}{thresholds}"


def _bands(bands: Sequence[Band]) -> str:
    return "; ".join(f"{one.label.lower()} {one.low:g} to {one.high:g}" for one in bands)


def _cutoff(one: Cutoff) -> str:
    return f"{_SIDES[one.clinical]} {one.value:g}: {one.meaning} ({one.named_source})"


def _change(form: Measure) -> str:
    rule = form.reliable_change
    if rule is None:
        return "Nobody has published from when on; it is given no verdict"
    side = "from" if rule.inclusive else "above"
    fewest = f", of at least {rule.at_least} answers" if rule.at_least else ""
    return f"{side} {rule.points:g} points on{fewest} ({rule.named_source})"


def _missing(form: Measure) -> str:
    most = form.missing.at_most
    if form.total.rule == "none" or most is None:
        return "each part says how many of its questions it needs"
    if most == 0:
        return "every question has to be answered for a total"
    return f"a total up to {most} unanswered, estimated from the others"
