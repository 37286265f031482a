"""A form as a table to edit, a line a question, and the form that such a table makes."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from services.errors import InvalidInputError
from services.forms.definition import FormDefinition, Kind, Question
from services.forms.words import ENGLISH, Words, spoken

KINDS: dict[Kind, str] = {
    "scale": "Scale",
    "faces": "Faces, for children",
    "choice": "One of some answers",
    "several": "Several answers",
    "text": "Own words",
    "quote": "May her words be quoted: no; yes",
}
_BY_PLACE: tuple[Kind, ...] = ("scale", "faces", "quote")
_CONDITION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[:=]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it stands in the table. `key` is empty for a new one.

    Answers are parted by semicolons. `only_if` names an earlier question by its number, and
    the answers that bring this one up: "4: Too fast; Too slow".
    """

    key: str
    place: float
    text: str
    kind: str
    answers: str = ""
    hint: str = ""
    section: str = ""
    only_if: str = ""


def rows(form: FormDefinition) -> list[Row]:
    """The questions in English, numbered as on the page."""
    places = {question.key: place for place, question in enumerate(form.questions, 1)}
    asked = {question.key: question for question in form.questions}
    return [
        Row(
            key=question.key,
            place=places[question.key],
            text=spoken(question.text),
            kind=question.kind,
            answers="; ".join(question.labels.values()),
            hint=_said(question.hint),
            section=_said(question.section),
            only_if=_only_if(question, asked, places),
        )
        for question in form.questions
    ]


def draft(
    key: str, title: str, intro: str, table: Sequence[Row], before: Sequence[FormDefinition] = ()
) -> dict[str, Any]:
    """What the table says, ready for FormDefinition; `before` are the form's versions so far.

    Words that stay the same in English keep their other languages. A question whose answers
    become others is a new question: what was counted under the old ones is not mixed with it.
    Raises InvalidInputError naming the line.
    """
    past: defaultdict[str, list[Question]] = defaultdict(list)
    for form in before:
        for one in form.questions:
            past[one.key].append(one)
    in_order = sorted((row for row in table if _asks(row)), key=lambda row: row.place)
    taken = set(past)
    made: dict[float, dict[str, Any]] = {}
    for row in in_order:
        made[row.place] = _question(key, row, past.get(row.key, []), taken)
        if row.only_if.strip():
            made[row.place]["shown_when"] = _condition(row, made)
    if len(made) < len(in_order):
        raise InvalidInputError({"questions": "Give each question a number of its own."})
    newest = before[-1] if before else None
    return {
        "key": key,
        "title": _words(title, newest.title if newest else None),
        "intro": _words(intro, newest.intro if newest else None),
        "questions": list(made.values()),
    }


def _asks(row: Row) -> bool:
    """Whether a line is a question. An empty one is none, and one that was emptied goes."""
    if row.text.strip() or row.key:
        return bool(row.text.strip())
    if any(typed.strip() for typed in (row.answers, row.hint, row.section, row.only_if)):
        raise InvalidInputError(
            {"questions": f"Line {row.place:g}: write the question, or take out what stands there."}
        )
    return False


def _question(form: str, row: Row, past: Sequence[Question], taken: set[str]) -> dict[str, Any]:
    """A line as a question; `past` is what it was in each version so far."""
    kind = cast("Kind", row.kind)
    labels = [label.strip() for label in row.answers.split(";") if label.strip()]
    options = [] if kind == "text" else _options(kind, labels, past)
    old = past[-1] if past else None
    key = old.key if old and _counts_on(kind, options, old) else _new_key(form, taken)
    taken.add(key)
    made: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "text": _words(row.text, old.text if old else None),
        "options": options,
    }
    for field, typed in (("hint", row.hint), ("section", row.section)):
        if typed.strip():
            made[field] = _words(typed, getattr(old, field) if old else None)
    if old is not None and kind == "text":
        made["max_length"] = old.max_length
    return made


def _options(kind: Kind, labels: Sequence[str], past: Sequence[Question]) -> list[dict[str, Any]]:
    """On a scale the place is the number; elsewhere an answer has its number for good."""
    known = {spoken(option.label): option for old in past for option in old.options}
    values = list(range(len(labels)))
    if kind not in _BY_PLACE:
        free = count(max((option.value for option in known.values()), default=0) + 1)
        values = [known[one].value if one in known else next(free) for one in labels]
    return [
        {"value": value, "label": _words(label, known[label].label if label in known else None)}
        for value, label in zip(values, labels, strict=True)
    ]


def _counts_on(kind: Kind, options: Sequence[Mapping[str, Any]], old: Question) -> bool:
    """Whether what was answered before can be counted together with what will be."""
    now = {option["value"]: option["label"][ENGLISH] for option in options}
    return old.kind == kind and (kind not in _BY_PLACE or now == old.labels)


def _condition(row: Row, made: Mapping[float, Mapping[str, Any]]) -> dict[str, Any]:
    found = _CONDITION.fullmatch(row.only_if)
    asked = made.get(float(found[1])) if found else None
    if not found or asked is None or float(found[1]) == row.place:
        raise InvalidInputError(
            {
                "questions": f"Line {row.place:g}: write the number of an earlier question, a "
                "colon, and the answers, as in “4: Too fast”."
            }
        )
    values = {option["label"][ENGLISH]: option["value"] for option in asked["options"]}
    wanted = [label.strip() for label in found[2].split(";") if label.strip()]
    if unknown := [label for label in wanted if label not in values]:
        raise InvalidInputError(
            {
                "questions": f"Line {row.place:g}: question {found[1]} has no answer "
                f"“{unknown[0]}”. Write it as it stands there."
            }
        )
    return {"question": asked["key"], "answers": [values[label] for label in wanted]}


def _only_if(question: Question, asked: Mapping[str, Question], places: Mapping[str, int]) -> str:
    when = question.shown_when
    if when is None:
        return ""
    labels = asked[when.question].labels
    return f"{places[when.question]}: {'; '.join(labels[value] for value in when.answers)}"


def _words(typed: str, old: Words | None) -> Words:
    """The other languages stay as long as the English does."""
    tidy = " ".join(typed.split())
    return dict(old) if old and old[ENGLISH] == tidy else {ENGLISH: tidy}


def _said(words: Words | None) -> str:
    return "" if words is None else spoken(words)


def _new_key(form: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{form}_q{number}" in taken:
        number += 1
    return f"{form}_q{number}"
