"""The questions participants are asked after a session, from data/feedback/after_session.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from services.config import DATA
from services.definitions import Definition, DefinitionError, read_definition
from services.errors import InvalidInputError

FILE = DATA / "feedback" / "after_session.yaml"
NOT_TODAY = -1  # how "not today" is kept; a text is never a number, an option never below 0

Answer = str | int | None


class Option(Definition):
    """One answer to choose, and the number it is stored as."""

    value: int = Field(ge=0, le=100)
    label: str = Field(min_length=1, max_length=60)


class Question(Definition):
    """One question; none has to be answered, and each has its own "not today"."""

    key: str = Field(pattern=r"^[a-z][a-z_]*$", max_length=60)
    kind: Literal["scale", "choice", "text"]
    text: str = Field(min_length=1)
    hint: str | None = None
    not_today: str = Field(min_length=1)
    options: tuple[Option, ...] = ()
    max_length: int = Field(default=2_000, ge=1, le=10_000)

    @property
    def labels(self) -> dict[int, str]:
        """The answers to choose from, by the number they are stored as."""
        return {option.value: option.label for option in self.options}

    @model_validator(mode="after")
    def _has_its_answers(self) -> Self:
        if (self.kind == "text") != (not self.options):
            raise ValueError("options are needed for a scale or a choice, and only there")
        if len(self.labels) != len(self.options):
            raise ValueError("options must each have a value of their own")
        return self


class FeedbackForm(Definition):
    """The whole form, in the order the questions are asked."""

    key: str = Field(max_length=40)
    version: int = Field(ge=1)
    title: str
    intro: str
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        if len({question.key for question in self.questions}) != len(self.questions):
            raise ValueError("questions must each have a key of their own")
        return self


@cache
def current_form() -> FeedbackForm:
    """The form in use."""
    return load_form(FILE)


def load_form(path: Path) -> FeedbackForm:
    """Read and check one file. Raises DefinitionError naming the file and the field."""
    found = read_definition(path, FeedbackForm)
    if found.key != path.stem:
        raise DefinitionError(f"{path.name}, field key: must be {path.stem}, like the file.")
    return found


def checked(form: FeedbackForm, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What was answered, in the form's own order; blanks left out.

    Raises InvalidInputError with a sentence a question; "form" is about the whole.
    """
    questions = {question.key: question for question in form.questions}
    if not questions.keys() >= answers.keys():
        raise InvalidInputError({"form": "This form has changed. Please open the address again."})
    given: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    for key, question in questions.items():
        answer = answers.get(key)
        if isinstance(answer, str):
            answer = answer.replace("\r\n", "\n").strip() or None
        if answer is None:
            continue
        if problem := _problem(question, answer):
            problems[key] = problem
        given[key] = answer
    if problems:
        raise InvalidInputError(problems)
    return given


def _problem(question: Question, answer: str | int) -> str | None:
    if answer == NOT_TODAY:
        return None
    if question.kind != "text":
        fits = type(answer) is int and answer in question.labels
        return None if fits else "Choose one of the answers, or leave this question out."
    if not isinstance(answer, str):
        return "Write in your own words, or leave this question out."
    if len(answer) > question.max_length:
        return (
            f"This is {len(answer):,} characters long, and there is room for "
            f"{question.max_length:,}. Please make it shorter; nothing you wrote is lost."
        )
    return None
