"""A measure as questions that somebody answers herself, one after the other."""

from collections.abc import Mapping
from typing import Final

from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import FormDefinition, Option, Question
from services.forms.lines import english
from services.forms.words import ENGLISH
from services.measures.measure_definition import Item, Measure, Options

_KEY: Final = "item_"


def as_form(form: Measure) -> FormDefinition:
    """Its items in their order, in the wording the charity has or by our topics.

    Built without the limits of a feedback form: a licensed wording is longer than ours.
    """
    return FormDefinition.model_construct(
        key=form.key,
        version=form.version,
        title={ENGLISH: english().say("title_questions")},
        intro={ENGLISH: ""},
        questions=tuple(_question(item, form.options) for item in form.items),
    )


def as_answers(form: Measure, given: Mapping[str, Answer]) -> dict[int, float | None]:
    """Answers to those questions by item; what was left out or put off is None."""
    found = {item.number: given.get(f"{_KEY}{item.number}") for item in form.items}
    return {
        number: float(value) if isinstance(value, int) and value != NOT_TODAY else None
        for number, value in found.items()
    }


def _question(item: Item, options: Options) -> Question:
    offered = tuple(
        Option.model_construct(
            value=value, label={ENGLISH: f"{value} {options.labels.get(value, '')}".rstrip()}
        )
        for value in range(options.low, options.high + 1)
    )
    text = {ENGLISH: item.topic}
    return Question.model_construct(
        key=f"{_KEY}{item.number}", kind="scale", text=text, options=offered
    )
