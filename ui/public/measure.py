"""A measure on a tablet that staff hand over: one question a screen, and nothing else to see."""

import logging
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.db import reading, transaction
from services.errors import InvalidInputError
from services.feedback import FormClosedError
from services.forms.checking import checked
from services.forms.corrections import lines_in
from services.forms.definition import FormDefinition
from services.forms.lines import Lines, english
from services.forms.words import ENGLISH
from services.measures import handovers
from services.measures.measure_asked import as_answers, as_form
from services.measures.measure_definition import Measure
from ui.public import sent_form, steps
from ui.public.feedback_page import closed
from ui.public.guard import guarded
from ui.public.page import page
from ui.public.sent_form import SentForm, TooLargeError

_FIRST: Final = SentForm({"one": "0"})
_log = logging.getLogger("alongside.public")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The questions behind one address, in the language of the page."""

    token: str
    form: FormDefinition
    lines: Lines
    attribution: str

    @property
    def path(self) -> str:
        return f"/m/{self.token}"

    def screen(
        self, sent: SentForm, problems: dict[str, str] | None = None, status: int = 200
    ) -> Response:
        """The question she is at, with whatever she has chosen so far travelling with it."""
        sent = steps.at_fault(self.form, SentForm({"one": "0", **sent.fields}), problems or {})
        step = steps.step_of(self.form, sent)
        return page(
            "measure.html",
            status,
            step=step,
            elsewhere=steps.elsewhere(self.form, step, sent) if step else {},
            fields=sent.fields,
            problems=problems or {},
            path=self.path,
            kiosk=self.path,
            is_handed=True,
            attribution=self.attribution,
            lines=self.lines,
        )

    def done(self) -> Response:
        """On to the page that says so; loading it again sends nothing."""
        query = "" if self.lines.code == ENGLISH else f"?lang={self.lines.code}"
        return RedirectResponse(f"{self.path}{query}", 303, {"Referrer-Policy": "no-referrer"})


def _asked(token: str, form: Measure, lines: Lines) -> _Asked:
    return _Asked(token, as_form(form), lines, form.attribution_line)


async def show(request: Request) -> Response:
    """The first question; once it is answered, that the tablet can be given back."""
    token, code = request.path_params["token"], request.query_params.get("lang", "")
    return await run_in_threadpool(guarded, _show, token, code)


async def send(request: Request) -> Response:
    """The next screen, or the answers kept."""
    try:
        sent = await sent_form.read(request)
    except TooLargeError as error:
        sent = SentForm({**_FIRST.fields, "lang": error.language})
    return await run_in_threadpool(guarded, _send, request.path_params["token"], sent)


def _show(token: str, code: str) -> Response:
    lines = english()
    try:
        with reading() as db:
            lines = lines_in(db, code)
            handed = handovers.handed(db, token)
    except FormClosedError as error:
        return closed(error, lines)
    if handed.is_given:
        heading, sentence = lines.say("thanks_heading"), lines.say("tablet_back")
        return page("message.html", heading=heading, sentence=sentence, kept=(), lines=lines)
    return _asked(token, handed.form, lines).screen(_FIRST)


def _send(token: str, sent: SentForm) -> Response:
    """Whatever goes wrong on the way, what she chose is on the page she gets back."""
    lines = english()
    try:
        with reading() as db:
            lines = lines_in(db, sent.language)
            handed = handovers.handed(db, token)
    except FormClosedError as error:
        return closed(error, lines)
    asked = _asked(token, handed.form, lines)
    if handed.is_given:
        return asked.done()
    if way := steps.way_of(sent):
        return asked.screen(steps.turned(asked.form, sent, way))
    try:
        answers = checked(asked.form, sent.answers(asked.form, lines), lines)
        with transaction() as db:
            handovers.give(db, token, as_answers(handed.form, answers))
    except InvalidInputError as error:
        return asked.screen(sent, error.problems, 422)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost her what she chose
        _log.error("A measure could not be kept: %s", type(error).__name__)
        return asked.screen(sent, {"form": lines.say("unsaved")}, 503)
    return asked.done()
