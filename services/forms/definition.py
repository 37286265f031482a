"""What a form is: its questions in order, with sections, conditions and their answers."""

from typing import Literal, Self

from pydantic import Field, model_validator

from services.definitions import Definition, Keyed
from services.forms.words import Label, Paragraph, Sentence, spoken

# "quote" asks whether her own words on this form may be quoted: 0 is no, 1 is yes.
Kind = Literal["scale", "faces", "choice", "several", "text", "quote"]
CHOSEN: tuple[Kind, ...] = ("scale", "faces", "choice", "quote")  # one answer of some
MOST_QUESTIONS, MOST_ANSWERS = 25, 80  # so that the page stays small on a slow line
MOST_FACES = 5


class Option(Definition):
    """One answer to choose, and the number it is stored as."""

    value: int = Field(ge=0, le=100)
    label: Label


class Condition(Definition):
    """Asked only of those who chose one of these answers to an earlier question."""

    question: str
    answers: tuple[int, ...] = Field(min_length=1)


class Question(Definition):
    """One question; none has to be answered, and each can be put off with "not today"."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    kind: Kind
    text: Sentence
    hint: Sentence | None = None
    section: Sentence | None = None  # a heading above it: here another part of the form begins
    options: tuple[Option, ...] = ()
    max_length: int = Field(default=2_000, ge=1, le=10_000)
    shown_when: Condition | None = None

    @property
    def labels(self) -> dict[int, str]:
        """The answers to choose from in English, by the number they are stored as."""
        return {option.value: spoken(option.label) for option in self.options}

    @property
    def good(self) -> dict[int, str]:
        """The better half of its answers, which stand last."""
        answers = list(self.labels.items())
        return dict(answers[-(len(answers) // 2) :])

    @model_validator(mode="after")
    def _has_its_answers(self) -> Self:
        if (self.kind == "text") != (not self.options):
            raise ValueError("answers are needed wherever something is chosen, and only there")
        if len(self.labels) != len(self.options):
            raise ValueError("answers must each have a value of their own")
        if len(set(self.labels.values())) != len(self.options):
            raise ValueError("answers must differ from each other")
        if len(self.options) == 1:
            raise ValueError("there must be two answers to choose from, or more")
        if self.kind == "faces" and len(self.options) > MOST_FACES:
            raise ValueError(f"there are {MOST_FACES} faces at most")
        if self.kind == "quote" and set(self.labels) != {0, 1}:
            raise ValueError("whether words may be quoted has two answers: no, and then yes")
        return self


class FormDefinition(Keyed):
    """The whole form, in the order the questions are asked."""

    key: str = Field(max_length=40)
    version: int = Field(default=1, ge=1)  # counted where it is kept: services.forms.stored
    title: Sentence
    intro: Paragraph
    questions: tuple[Question, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        earlier: dict[str, Question] = {}
        for question in self.questions:
            if question.key in earlier:
                raise ValueError("questions must each have a key of their own")
            _check_condition(question, earlier)
            earlier[question.key] = question
        if sum(len(question.options) for question in self.questions) > MOST_ANSWERS:
            raise ValueError(f"there is room for {MOST_ANSWERS} answers in all")
        if [question.kind for question in self.questions].count("quote") > 1:
            raise ValueError("whether words may be quoted is asked once")
        return self

    @property
    def quote_question(self) -> str | None:
        """The question whose yes lets her own words be quoted; without one nothing may be."""
        return next((one.key for one in self.questions if one.kind == "quote"), None)


def _check_condition(question: Question, earlier: dict[str, Question]) -> None:
    """Only what was asked before, and answered by choosing, can decide what is asked."""
    if question.shown_when is None:
        return
    asked = earlier.get(question.shown_when.question)
    if asked is None:
        raise ValueError(f"“{spoken(question.text)}” waits for a question that is not before it")
    if not asked.labels.keys() >= set(question.shown_when.answers):
        raise ValueError(f"“{spoken(question.text)}” waits for an answer that nobody can choose")
