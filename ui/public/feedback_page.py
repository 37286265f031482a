"""The page of questions itself, and the page there is instead when there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from services import feedback
from services.feedback import FormClosedError, drafts
from services.feedback.own_code import PARTS
from services.feedback.results import SHOWN_FROM
from services.forms.conditions import conditions
from services.forms.definition import FormDefinition
from services.forms.lines import Lines
from ui.public import steps
from ui.public.page import page
from ui.public.sent_form import SentForm

# Forms that were on somebody's screen, by name and version: whatever breaks, they can be drawn.
form_drawn: dict[str, FormDefinition] = {}
_MOST_DRAWN = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as it was asked for: of which link, in which language; `marks` are the fields that
    say whether on a tablet passed round, and whether one question at a time."""

    token: str
    lines: Lines
    marks: Mapping[str, str]

    @property
    def shared(self) -> bool:
        """Whether it is on a tablet that is passed round."""
        return "kiosk" in self.marks


def form_page(
    token: str,
    form: FormDefinition,
    sent: SentForm,
    lines: Lines,
    problems: dict[str, str] | None = None,
    status: int = 200,
    held_on: date | None = None,
    kept: bool = False,
) -> Response:
    """The questions with whatever stands in them; `kept` says that they have just been kept."""
    number = feedback.usable_number(sent.number)
    sent = steps.at_fault(form, sent, problems or {})
    step = steps.step_of(form, sent)
    name = f"{form.key}.{form.version}"
    if len(form_drawn) < _MOST_DRAWN:
        form_drawn[name] = form
    return page(
        "form.html",
        status,
        form=form,
        name=name,
        shown=steps.shown(form, step),
        step=step,
        elsewhere=steps.elsewhere(form, step, sent) if step else {},
        asked={question.key: question for question in form.questions},
        fields=sent.fields,
        number=number,
        word=feedback.grouped(number) if kept else None,
        way_out=f"/exit?kept={drafts.name_of(number)}" if sent.is_kept else "/exit",
        conditions=conditions(form, lines.code),
        problems=problems or {},
        held_on=lines.day(held_on) if held_on else None,
        path=path_of(token),
        kiosk=f"{path_of(token)}/kiosk" if sent.is_shared else None,
        shown_from=SHOWN_FROM,
        code_parts=PARTS,
        lines=lines,
    )


def closed(error: FormClosedError, lines: Lines, sent: SentForm | None = None) -> Response:
    kept = sent.words() if sent else ()
    heading, sentence = lines.say("closed_heading"), lines.say(error.line)
    return page("message.html", 404, heading=heading, sentence=sentence, kept=kept, lines=lines)


def path_of(token: str) -> str:
    """The address of the form, as plain as it came in."""
    return f"/f/{token}"
