"""The questions of the public forms, and what makes an answer to one usable."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from services.errors import InvalidInputError

Answers: TypeAlias = dict[str, str | list[str]]
# The answers to choose from where they are not the question's own, by the question's key.
Offered: TypeAlias = Mapping[str, Mapping[str, str]]

MAX_LINE = 200
MAX_TEXT = 2_000
_EARLIEST_BIRTH = 110  # years ago
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `missing` is the sentence when it has to be answered and was not."""

    key: str
    text: str
    kind: Literal["line", "text", "date", "choice", "checks"] = "line"
    hint: str = ""
    missing: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading."""

    heading: str
    intro: str
    questions: tuple[Question, ...]


def by_key(sections: Sequence[Section]) -> dict[str, Question]:
    """Every question of a form, in order."""
    return {one.key: one for section in sections for one in section.questions}


def checked(
    questions: Mapping[str, Question], fields: Mapping[str, str], offered: Offered, *, today: date
) -> Answers:
    """The answers of a form as it was sent, blanks left out.

    Raises InvalidInputError with a sentence a question.
    """
    answers: Answers = {}
    problems: dict[str, str] = {}
    for key, question in questions.items():
        try:
            answer = _answer(question, fields, offered, today)
        except ValueError as error:
            problems[key] = str(error)
            continue
        if answer:
            answers[key] = answer
        elif question.missing:
            problems[key] = question.missing
    if problems:
        raise InvalidInputError(problems)
    return answers


def in_words(
    questions: Mapping[str, Question], answers: Mapping[str, str | list[str]], offered: Offered
) -> dict[str, str]:
    """Each question that was answered, with the answer as people read it."""
    return {
        question.text: _in_words(question, answers[key], offered.get(key, question.options))
        for key, question in questions.items()
        if key in answers
    }


def _in_words(question: Question, answer: str | list[str], options: Mapping[str, str]) -> str:
    if isinstance(answer, list):
        return ", ".join(options.get(one, "no longer offered") for one in answer)
    if question.kind == "date":
        born = date.fromisoformat(answer)
        return f"{born.day} {born:%B %Y}"
    return options.get(answer, answer)


def _answer(
    question: Question, fields: Mapping[str, str], offered: Offered, today: date
) -> str | list[str]:
    if question.kind == "checks":
        options = offered.get(question.key, question.options)
        return [option for option in options if f"{question.key}.{option}" in fields]
    typed = fields.get(question.key, "").replace("\r\n", "\n").strip()
    most = MAX_TEXT if question.kind == "text" else MAX_LINE
    if len(typed) > most:
        raise ValueError(f"Please shorten this to {most:,} letters; it has {len(typed):,}.")
    if question.kind == "choice" and typed and typed not in question.options:
        raise ValueError("Choose one of the answers.")
    return _birth(typed, today) if question.kind == "date" and typed else typed


def _birth(typed: str, today: date) -> str:
    """Day, month and year as people write them, or an ISO date."""
    numbers = [int(number[:6]) for number in _NUMBERS.findall(typed)]
    if len(numbers) != 3:  # noqa: PLR2004 - day, month, year
        raise ValueError("Write the day, month and year in figures, such as 27 3 1985.")
    day, month, year = numbers if numbers[0] <= 31 else numbers[::-1]  # noqa: PLR2004
    try:
        born = date(year, month, day)
    except ValueError as error:
        raise ValueError("There is no such date. Please check the day, month and year.") from error
    if not today.year - _EARLIEST_BIRTH <= born.year or born > today:
        raise ValueError("Please check the year: write it in four figures, such as 1985.")
    return born.isoformat()
