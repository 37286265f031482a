"""Whether what was sent can be an answer to a form: by question, with a sentence for each fault."""

from collections.abc import Mapping
from typing import TypeAlias

from services.errors import InvalidInputError
from services.forms.definition import CHOSEN, FormDefinition, Question
from services.forms.lines import Lines, english

NOT_TODAY = -1  # how "not today" is kept; a text is never a number, an option never below 0

Answer: TypeAlias = str | int | list[int] | None


def checked(
    form: FormDefinition, answers: Mapping[str, Answer], lines: Lines | None = None
) -> dict[str, Answer]:
    """What was answered, in the form's own order; blanks left out.

    A question whose condition does not hold may be answered all the same: without scripts it is
    on the page, and nothing she typed is thrown away. Raises InvalidInputError with a sentence
    a question, in the language of `lines`; "form" is about the whole.
    """
    said = lines or english()
    questions = {question.key: question for question in form.questions}
    if not questions.keys() >= answers.keys():
        raise InvalidInputError({"form": said.say("form_changed")})
    tidied = {key: _tidy(answers.get(key)) for key in questions}
    given: dict[str, Answer] = {key: answer for key, answer in tidied.items() if answer is not None}
    problems = {
        key: problem
        for key, answer in given.items()
        if (problem := _problem(questions[key], answer, said))
    }
    if problems:
        raise InvalidInputError(problems)
    return given


def _tidy(answer: Answer) -> Answer:
    if isinstance(answer, str):
        return answer.replace("\r\n", "\n").strip() or None
    return None if answer == [] else answer


def _problem(question: Question, answer: Answer, said: Lines) -> str | None:
    if answer == NOT_TODAY:
        return None
    if question.kind in CHOSEN:
        fits = type(answer) is int and answer in question.labels
        return None if fits else said.say("choose_one")
    if question.kind == "several":
        return None if _are_options(question, answer) else said.say("choose_several")
    if not isinstance(answer, str):
        return said.say("own_words")
    if len(answer) > question.max_length:
        return said.say("too_long", length=_spaced(len(answer)), most=_spaced(question.max_length))
    return None


def _are_options(question: Question, answer: Answer) -> bool:
    if not isinstance(answer, list) or len(set(map(str, answer))) != len(answer):
        return False
    return all(type(value) is int and value in question.labels for value in answer)


def _spaced(number: int) -> str:
    """As it is read everywhere: a comma would be a decimal point to some."""
    return f"{number:_}".replace("_", "\u00a0")
