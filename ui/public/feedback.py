"""The form a participant fills in after a session: no account, no script, an easy way out."""

import logging
import traceback
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services import feedback, organisation
from services.db import reading, transaction
from services.errors import AppError, InvalidInputError
from services.feedback import FormClosedError, drafts
from services.forms.checking import checked
from services.forms.corrections import lines_in
from services.forms.definition import FormDefinition
from services.forms.lines import Lines, catalogues, english
from services.forms.words import ENGLISH
from ui import startup
from ui.public import sent_form, steps
from ui.public.feedback_page import Asked, closed, form_drawn, form_page, path_of
from ui.public.guard import guarded
from ui.public.pace import Pace
from ui.public.page import page
from ui.public.sent_form import SentForm, TooLargeError
from ui.turns import turns

Work: TypeAlias = Callable[[Any, Asked], Response]  # in an open block of the database

ELSEWHERE = "https://www.bbc.co.uk/weather"

_NOT_KEPT = {"keep", "website", "go"}
_NO_REFERRER = {"Referrer-Policy": "no-referrer"}
_log = logging.getLogger("alongside.public")
# A whole group may send at the same moment; a machine soon has to wait.
_pace = Pace(at_once=60, per_second=1)
# Whoever agreed to it has every answer kept as she goes: many more, and each of them small.
_keeping = Pace(at_once=300, per_second=10)


async def leave(request: Request) -> Response:
    """Off to the weather. In the browser nothing is kept; what she asked to keep here is gone."""
    if kept := request.query_params.get("kept", ""):
        await run_in_threadpool(_throw_away, kept)
    return RedirectResponse(ELSEWHERE, 303, {"Cache-Control": "no-store", **_NO_REFERRER})


async def welcome(request: Request) -> Response:
    """What to know before the first question, the way out above all."""
    return await _answer(_welcome, request)


async def form(request: Request) -> Response:
    """The questions, nothing chosen beforehand."""
    return await _answer(_form, request)


async def thanks(request: Request) -> Response:
    """After sending; loading it again sends nothing."""
    return await _answer(_thanks, request)


async def kiosk(request: Request) -> Response:
    """Where a tablet that is passed round begins, and comes back to after each person."""
    return await _answer(_kiosk, request)


async def privately(request: Request) -> Response:
    """How to look at pages without leaving traces."""
    return await _answer(_privately, request)


async def lost(_request: Request) -> Response:
    """An address with something missing or too much."""
    return closed(FormClosedError(feedback.NO_FORM), english())


async def send(request: Request) -> Response:
    """Keep the answers, or show everything as it was typed with what to do next."""
    try:
        sent = await sent_form.read(request)
    except TooLargeError as error:
        return await run_in_threadpool(guarded, _too_much, error.language)
    return await run_in_threadpool(_send_first, request.path_params["token"], sent)


async def _answer(work: Work, request: Request) -> Response:
    token, query = request.path_params["token"], request.query_params
    marks = {name: "0" for name in ("kiosk", "one") if name in query}
    return await run_in_threadpool(guarded, _open, work, token, query.get("lang", ""), marks)


def _open(work: Work, token: str, code: str, marks: dict[str, str]) -> Response:
    with reading() as db:
        lines = lines_in(db, code)
        try:
            return work(db, Asked(token, lines, marks))
        except FormClosedError as error:
            return closed(error, lines)


def _throw_away(name: str) -> None:
    """Whatever happens to the draft, she is on her way."""
    try:
        with transaction() as db:
            drafts.erase(db, name)
    except Exception as error:  # noqa: BLE001 - the way out stays open; it is gone in hours anyway
        _log.error("A draft could not be thrown away: %s", type(error).__name__)


def _welcome(db: Any, asked: Asked) -> Response:
    return _start(db, "welcome.html", asked)


def _kiosk(db: Any, asked: Asked) -> Response:
    return _start(db, "kiosk.html", asked)


def _start(db: Any, template: str, asked: Asked) -> Response:
    blank = feedback.form_for_token(db, asked.token)
    return page(
        template,
        form=blank.form,
        held_on=asked.lines.day(blank.held_on),
        told=feedback.told(db, asked.token),
        path=path_of(asked.token),
        lines=asked.lines,
        languages=[other for other in catalogues().values() if other.code != asked.lines.code],
    )


def _form(db: Any, asked: Asked) -> Response:
    blank = feedback.form_for_token(db, asked.token)
    sent = SentForm({"number": blank.form_number, **asked.marks})
    return form_page(asked.token, blank.form, sent, asked.lines, held_on=blank.held_on)


def _privately(_db: Any, asked: Asked) -> Response:
    return page("privately.html", path=path_of(asked.token), lines=asked.lines)


def _thanks(db: Any, asked: Asked) -> Response:
    house = organisation.current(db)
    text = house.support_text if house and house.support_text else asked.lines.say("support")
    support = [line for line in text.splitlines() if line.strip()]
    home = f"{path_of(asked.token)}/kiosk" if asked.shared else None
    return page("thanks.html", support=support, lines=asked.lines, kiosk=home)


def _too_much(code: str) -> Response:
    with reading() as db:
        lines = lines_in(db, code)
    heading, sentence = lines.say("too_much_heading"), lines.say("too_much")
    return page("message.html", 413, heading=heading, sentence=sentence, kept=(), lines=lines)


def _send_first(token: str, sent: SentForm) -> Response:
    """What somebody sent goes before what staff look at."""
    with turns.public():
        return _send(token, sent)


def _send(token: str, sent: SentForm) -> Response:
    """Whatever goes wrong on the way, what she typed is on the page she gets back."""
    lines, form = english(), form_drawn.get(sent.seen)
    try:
        startup.prepare()
        with reading() as db:
            lines = lines_in(db, sent.language)
            form = feedback.form_seen(db, token, sent.seen)
            again = feedback.is_kept(db, sent.number)
        if again:
            # Also when a tablet was turned back: what came in is not shown to the next person.
            return _thank(token, sent, lines)
        return _keep(token, form, sent, lines)
    except FormClosedError as error:
        return closed(error, lines, sent)
    except AppError as error:
        _log.warning("A form could not be saved: %s", error)
        return _unsaved(token, form, sent, lines, 503)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost her what she wrote
        # Where it happened, but not the message: that might quote what she wrote.
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("A form could not be saved: %s\n%s", type(error).__name__, where)
        return _unsaved(token, form, sent, lines, 500)


def _keep(token: str, form: FormDefinition, sent: SentForm, lines: Lines) -> Response:
    if way := steps.way_of(sent):
        return _turn(token, form, sent, lines, way)
    if not (_keeping if sent.is_quiet else _pace).allows(feedback.token_digest(token)):
        return form_page(token, form, sent, lines, {"form": lines.say("busy")}, 429)
    if sent.to_keep:
        kept = _kept(token, sent)
        return (
            Response(status_code=204)
            if sent.is_quiet
            else form_page(token, form, kept, lines, kept=True)
        )
    try:
        answers = sent.answers(form, lines)
        with transaction() as db:
            feedback.submit(
                db, token, sent.number, answers, seen=sent.seen, lines=lines, code=sent.own_code
            )
            drafts.erase(db, drafts.name_of(sent.number))
    except InvalidInputError as error:
        return form_page(token, form, sent, lines, error.problems, 422)
    return _thank(token, sent, lines)


def _turn(
    token: str, form: FormDefinition, sent: SentForm, lines: Lines, way: steps.Way
) -> Response:
    """Another screen of the same form, once the answer on this one can be one."""
    step = steps.step_of(form, sent)
    try:
        if step and way == "next":
            checked(form, steps.of_step(step, sent.answers(form, lines)), lines)
    except InvalidInputError as error:
        if step and step.question and step.question.key in error.problems:
            return form_page(token, form, sent, lines, error.problems, 422)
    turned = steps.turned(form, sent, way)
    if sent.is_kept and not sent.is_shared and _keeping.allows(feedback.token_digest(token)):
        turned = _kept(token, turned)
    return form_page(token, form, turned, lines)


def _kept(token: str, sent: SentForm) -> SentForm:
    """What she typed, kept under a word; nothing is checked, for she is not done."""
    number = sent.number
    if feedback.usable_number(number) != number or feedback.plainly(number) != number:
        number = feedback.usable_number("")
    fields = {name: typed for name, typed in sent.fields.items() if name not in _NOT_KEPT}
    fields |= {"number": number, "kept": "1"}
    with transaction() as db:
        drafts.keep(db, token, number, fields)
    return SentForm(fields)


def _thank(token: str, sent: SentForm, lines: Lines) -> Response:
    query = {"lang": lines.code} if lines.code != ENGLISH else {}
    query |= {"kiosk": "1"} if sent.is_shared else {}
    address = f"{path_of(token)}/thanks" + (f"?{urlencode(query)}" if query else "")
    return RedirectResponse(address, 303, _NO_REFERRER)


def _unsaved(
    token: str, form: FormDefinition | None, sent: SentForm, lines: Lines, status: int
) -> Response:
    sentence = lines.say("unsaved")
    if form is not None:
        return form_page(token, form, sent, lines, {"form": sentence}, status)
    heading = lines.say("title_questions")
    return page(
        "message.html", status, heading=heading, sentence=sentence, kept=sent.words(), lines=lines
    )
