"""A form as participants will see it, to look at before anybody answers it."""

import base64

from services.feedback.own_code import PARTS
from services.feedback.results import SHOWN_FROM
from services.forms.conditions import conditions
from services.forms.definition import FormDefinition
from services.forms.lines import Lines
from ui.public.page import render


def preview(form: FormDefinition, lines: Lines) -> str:
    """The page as an address that holds it whole: nothing in it can reach Alongside."""
    text = render(
        "form.html",
        form=form,
        name="",
        asked={question.key: question for question in form.questions},
        shown=form.questions,
        step=None,
        elsewhere={},
        fields={},
        number="",
        word=None,
        problems={},
        held_on=None,
        path="",
        kiosk=None,
        shown_from=SHOWN_FROM,
        code_parts=PARTS,
        conditions=conditions(form, lines.code),
        lines=lines,
        script="",
    )
    return f"data:text/html;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
