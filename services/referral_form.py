"""The questions of the public referral form, and what makes an answer usable.

It is filled in by professionals. It asks what is needed to reach somebody safely and to see
whether we can help, and nothing that can wait until she is asked herself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from services.errors import InvalidInputError

Answers: TypeAlias = dict[str, str | list[str]]

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


_YES_NO = {"yes": "Yes", "no": "No"}
_YOU = (
    Question(
        key="sender_name",
        text="Your name",
        missing="Tell us your name, so that we can speak with you about her.",
    ),
    Question(
        key="sender_agency",
        text="Where you work",
        missing="Tell us where you work.",
    ),
    Question(
        key="sender_contact",
        text="Your work phone or email",
        missing="Tell us how to reach you at work.",
    ),
)
_HER = (
    Question(
        key="kind",
        text="Is she an adult or a child?",
        kind="choice",
        options={"adult": "An adult", "child": "A child, under 18"},
        missing="Choose adult or child.",
    ),
    Question(key="first_name", text="First name", missing="Tell us her first name."),
    Question(key="last_name", text="Last name", missing="Tell us her last name."),
    Question(
        key="date_of_birth",
        text="Date of birth, if you know it",
        kind="date",
        hint="Day, month and year, such as 27 3 1985.",
    ),
    Question(
        key="agrees",
        text="Does she know about this referral, and agree to it?",
        kind="choice",
        hint="For a child under 16: does the parent who looks after the child agree?",
        options=_YES_NO,
        missing="Tell us whether she knows and agrees.",
    ),
)
_SAFE = (
    Question(
        key="routes",
        text="Which ways to reach her has she said are safe?",
        kind="checks",
        hint="Tick only what she told you. If nothing is ticked, we speak with you first.",
        options={
            "call": "A phone call",
            "text": "A text message",
            "email": "An email",
            "worker": "Only through me",
        },
    ),
    Question(key="phone", text="Her phone number, if it is safe"),
    Question(key="email", text="Her email, if it is safe"),
    Question(
        key="voicemail",
        text="May we leave a message?",
        kind="choice",
        options={**_YES_NO, "unknown": "I do not know"},
    ),
    Question(key="when", text="Days and times that are safe"),
    Question(key="say", text="Who may we say is calling?"),
    Question(key="seen_by", text="Who else may see her phone, email or post?"),
)
_HELP = (
    Question(key="wishes", text="What would she like?", kind="checks"),
    Question(
        key="reason",
        text="What would help, and why now?",
        kind="text",
        hint="A few sentences in neutral words. We ask her about the rest ourselves.",
        missing="Tell us in a few words what would help.",
    ),
    Question(
        key="risk",
        text="Her present level of risk, if it has been assessed",
        kind="choice",
        options={
            "high": "High",
            "medium": "Medium",
            "standard": "Standard",
            "unknown": "Not assessed, or I do not know",
        },
    ),
    Question(
        key="needs",
        text="What does she need to take part?",
        kind="text",
        hint="An interpreter, step-free access, a crèche, transport or anything else.",
    ),
)
SECTIONS = (
    Section("About you", "We may ring you back about her.", _YOU),
    Section("About her", "Or about him or them: whoever the place would be for.", _HER),
    Section(
        "Reaching her safely",
        "A call or a letter can put somebody in danger. We use no way that is not named here, "
        "and we ask her again before we use it.",
        _SAFE,
    ),
    Section("What would help", "", _HELP),
)
QUESTIONS = {question.key: question for section in SECTIONS for question in section.questions}


def checked(fields: Mapping[str, str], wishes: Mapping[str, str], *, today: date) -> Answers:
    """The answers of a form as it was sent, blanks left out.

    `wishes` are the interventions offered now. Raises InvalidInputError with a sentence a
    question.
    """
    answers: Answers = {}
    problems: dict[str, str] = {}
    for key, question in QUESTIONS.items():
        try:
            answer = _answer(question, fields, wishes, today)
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


def in_words(answers: Mapping[str, str | list[str]], wishes: Mapping[str, str]) -> dict[str, str]:
    """Each question that was answered, with the answer as people read it."""
    return {
        question.text: _in_words(question, answers[key], wishes)
        for key, question in QUESTIONS.items()
        if key in answers
    }


def _in_words(question: Question, answer: str | list[str], wishes: Mapping[str, str]) -> str:
    options = wishes if question.key == "wishes" else question.options
    if isinstance(answer, list):
        return ", ".join(options.get(one, "no longer offered") for one in answer)
    if question.kind == "date":
        born = date.fromisoformat(answer)
        return f"{born.day} {born:%B %Y}"
    return options.get(answer, answer)


def _answer(
    question: Question, fields: Mapping[str, str], wishes: Mapping[str, str], today: date
) -> str | list[str]:
    if question.kind == "checks":
        options = wishes if question.key == "wishes" else question.options
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
