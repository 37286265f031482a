"""Answers given on a form as they are read: each question with its answer in words."""

from collections.abc import Iterator, Mapping

from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import FormDefinition, Question
from services.forms.lines import english
from services.forms.words import spoken


def in_words(form: FormDefinition, given: Mapping[str, Answer]) -> tuple[tuple[str, str], ...]:
    """What was answered, question by question in the form's order; blanks left out."""
    return tuple(
        (spoken(question.text), ", ".join(_said(question, given[question.key])))
        for question in form.questions
        if question.key in given
    )


def _said(question: Question, answer: Answer) -> Iterator[str]:
    for value in answer if isinstance(answer, list) else [answer]:
        if value == NOT_TODAY:
            yield english().say("not_today")
        elif isinstance(value, int):
            yield question.labels[value]
        elif value is not None:
            yield value
