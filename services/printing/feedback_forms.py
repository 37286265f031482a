"""A feedback form to fill in with a pen, in each language; it names neither group nor charity."""

from typing import Any

from sqlalchemy.orm import Session

from services.feedback import paper
from services.forms.conditions import conditions
from services.forms.corrections import lines_in
from services.forms.definition import FormDefinition, Question
from services.forms.lines import Lines
from services.forms.words import spoken
from services.permissions import Actor, Permission
from services.printing import pdf


def of_session(db: Session, actor: Actor, session_ref: str, language: str) -> bytes:
    """The form of a session of hers on paper, as a PDF in this language."""
    actor.require(Permission.READ_FEEDBACK)
    return sheet(paper.form_of(db, actor, session_ref), lines_in(db, language))


def sheet(form: FormDefinition, lines: Lines) -> bytes:
    """The questions in their order; what nobody has put into the language yet is English.

    No permission of its own: a blank form holds nobody's words.
    """
    asked = conditions(form, lines.code)
    values = {
        "language": lines.code,
        "direction": lines.direction,
        "title": spoken(form.title, lines.code),
        "intro": spoken(form.intro, lines.code),
        "danger": f"{lines.say('danger_first')} {lines.say('danger_now')}",
        "not_today": lines.say("not_today"),
        "questions": [_question(one, asked.get(one.key), lines) for one in form.questions],
    }
    return pdf("feedback_form", values)


def _question(one: Question, when: str | None, lines: Lines) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "section": spoken(one.section, lines.code) if one.section else "",
        "text": spoken(one.text, lines.code),
        "when": lines.say("only_if", answers=when) if when else "",
        "hint": spoken(one.hint, lines.code) if one.hint else "",
        "options": [spoken(option.label, lines.code) for option in one.options],
    }
