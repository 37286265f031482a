"""One question a screen: which one, how far she is, and the way on and back within her own form.

All she has typed travels with the page, so it works without scripts and nothing is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.forms.checking import Answer
from services.forms.definition import FormDefinition, Question
from ui.public.sent_form import SentForm

Way = Literal["next", "back", "all"]
_WAYS: Final[Mapping[str, Way]] = {"next": "next", "back": "back", "all": "all"}
_ALONE, _TURN = "one", "go"  # fields: which question stands alone on the screen, and where to


@dataclass(frozen=True, slots=True)
class Step:
    """A question on a screen of its own, or None on the last screen, from which she sends."""

    question: Question | None
    place: int
    count: int
    is_first: bool


def step_of(form: FormDefinition, sent: SentForm) -> Step | None:
    """What is on the screen alone; None where everything is on one page."""
    if _ALONE not in sent.fields:
        return None
    places, count = _places(form, sent), len(form.questions)
    at = next(place for place in places if place >= _place(form, sent))
    return Step(form.questions[at] if at < count else None, at, count, at == places[0])


def shown(form: FormDefinition, step: Step | None) -> tuple[Question, ...]:
    """The questions on the screen."""
    if step is None:
        return form.questions
    return (step.question,) if step.question else ()


def way_of(sent: SentForm) -> Way | None:
    """Where to she turned the page; None where she pressed something else."""
    return _WAYS.get(sent.fields.get(_TURN, ""))


def turned(form: FormDefinition, sent: SentForm, way: Way) -> SentForm:
    """The form with the next question on the screen, the one before, or all of them."""
    fields = {name: typed for name, typed in sent.fields.items() if name != _TURN}
    if way == "all":
        fields.pop(_ALONE, None)
        return SentForm(fields)
    here, places = _place(form, sent), _places(form, sent)
    ahead = [place for place in places if place > here] or places[-1:]
    behind = [place for place in places if place < here] or places[:1]
    return SentForm(fields | {_ALONE: str(ahead[0] if way == "next" else behind[-1])})


def at_fault(form: FormDefinition, sent: SentForm, problems: Mapping[str, str]) -> SentForm:
    """The form with the first question on the screen that something is wrong with."""
    if _ALONE not in sent.fields:
        return sent
    wrong = [at for at, question in enumerate(form.questions) if question.key in problems]
    return SentForm({**sent.fields, _ALONE: str(wrong[0])}) if wrong else sent


def elsewhere(form: FormDefinition, step: Step, sent: SentForm) -> dict[str, str]:
    """What stands in the other questions, to travel with the page."""
    others = {question.key for question in form.questions}
    if step.question is not None:
        # The three parts of her own code are asked on the last screen.
        others = others - {step.question.key} | {"code"}
    return {name: typed for name, typed in sent.fields.items() if name.split(".")[0] in others}


def of_step(step: Step, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answer on the screen alone, to be checked before the page is turned."""
    key = step.question.key if step.question else None
    return {name: answer for name, answer in answers.items() if name == key}


def _place(form: FormDefinition, sent: SentForm) -> int:
    typed = sent.fields.get(_ALONE, "")
    place = int(typed[:3]) if typed.isascii() and typed.isdecimal() else 0
    return min(place, len(form.questions))


def _places(form: FormDefinition, sent: SentForm) -> list[int]:
    """The questions that are for her, those without a condition and those whose holds; and the end.

    Whether a condition holds is known only once she has turned the page.
    """
    asked = [at for at, question in enumerate(form.questions) if _is_for_her(question, sent)]
    return [*asked, len(form.questions)]


def _is_for_her(question: Question, sent: SentForm) -> bool:
    when = question.shown_when
    if when is None:
        return True
    chosen = sent.fields.get(when.question)
    return any(
        chosen == str(value) or f"{when.question}.{value}" in sent.fields for value in when.answers
    )
