"""The form a participant fills in after a session: no account, no script, an easy way out."""

import logging
import traceback
from collections.abc import Callable
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services import feedback, organisation
from services.db import reading, transaction
from services.errors import AppError, InvalidInputError
from services.feedback import FormClosedError
from services.feedback.form import current_form
from services.feedback.results import SHOWN_FROM
from ui import startup
from ui.components import words
from ui.public import sent_form
from ui.public.guard import guarded
from ui.public.pace import Pace
from ui.public.page import page
from ui.public.sent_form import SentForm, TooLargeError

ELSEWHERE = "https://www.bbc.co.uk/weather"
SUPPORT = "The people who run your group are there for you. Speak to them when you next can."
_UNSAVED = "Your answers could not be saved just now. Please wait a moment and press Send again."
_BUSY = "Many people are sending just now. Please wait a few seconds and press Send again."
_TOO_LARGE = "That was more than this page can take. Please go back and write a little less."

_NO_REFERRER = {"Referrer-Policy": "no-referrer"}
_log = logging.getLogger("alongside.public")
# A whole group may send at the same moment; a machine soon has to wait.
_pace = Pace(at_once=60, per_second=1)


async def leave(_request: Request) -> Response:
    """Off to the weather. Nothing is kept here or in the browser, so nothing is to be cleared."""
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


async def privately(request: Request) -> Response:
    """How to look at pages without leaving traces."""
    return page("privately.html", path=_path(request.path_params["token"]))


async def lost(_request: Request) -> Response:
    """An address with something missing or too much."""
    return _closed(FormClosedError(feedback.NO_FORM))


async def send(request: Request) -> Response:
    """Keep the answers, or show everything as it was typed with what to do next."""
    try:
        sent = await sent_form.read(request)
    except TooLargeError:
        return page("message.html", 413, heading="Too much at once", sentence=_TOO_LARGE, kept=())
    return await run_in_threadpool(_send, request.path_params["token"], sent)


async def _answer(work: Callable[[str], Response], request: Request) -> Response:
    return await run_in_threadpool(guarded, _open, work, request.path_params["token"])


def _open(work: Callable[[str], Response], token: str) -> Response:
    try:
        return work(token)
    except FormClosedError as error:
        return _closed(error)


def _welcome(token: str) -> Response:
    with reading() as db:
        blank = feedback.form_for_token(db, token)
    return page(
        "welcome.html", form=blank.form, held_on=words.day(blank.held_on), path=_path(token)
    )


def _form(token: str) -> Response:
    with reading() as db:
        blank = feedback.form_for_token(db, token)
    return _form_page(token, SentForm({"number": blank.form_number}), held_on=blank.held_on)


def _thanks(_token: str) -> Response:
    with reading() as db:
        house = organisation.current(db)
    text = house.support_text if house and house.support_text else SUPPORT
    return page("thanks.html", support=[line for line in text.splitlines() if line.strip()])


def _send(token: str, sent: SentForm) -> Response:
    """Whatever goes wrong on the way, what she typed is on the page she gets back."""
    try:
        startup.prepare()
        if not _pace.allows(feedback.token_digest(token)):
            return _form_page(token, sent, {"form": _BUSY}, 429)
        with transaction() as db:
            feedback.submit(db, token, sent.number, sent.answers(current_form()))
    except FormClosedError as error:
        return _closed(error, sent)
    except InvalidInputError as error:
        return _form_page(token, sent, error.problems, 422)
    except AppError as error:
        _log.warning("A form could not be saved: %s", error)
        return _form_page(token, sent, {"form": _UNSAVED}, 503)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost her what she wrote
        # Where it happened, but not the message: that might quote what she wrote.
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("A form could not be saved: %s\n%s", type(error).__name__, where)
        return _form_page(token, sent, {"form": _UNSAVED}, 500)
    return RedirectResponse(f"{_path(token)}/thanks", 303, _NO_REFERRER)


def _form_page(
    token: str,
    sent: SentForm,
    problems: dict[str, str] | None = None,
    status: int = 200,
    held_on: date | None = None,
) -> Response:
    asked = current_form()
    return page(
        "form.html",
        status,
        form=asked,
        asked={question.key for question in asked.questions},
        fields=sent.fields,
        number=feedback.usable_number(sent.number),
        problems=problems or {},
        held_on=words.day(held_on) if held_on else None,
        path=_path(token),
        shown_from=SHOWN_FROM,
    )


def _closed(error: FormClosedError, sent: SentForm | None = None) -> Response:
    kept = sent.words(current_form()) if sent else ()
    return page(
        "message.html", 404, heading="No questions here now", sentence=str(error), kept=kept
    )


def _path(token: str) -> str:
    """The address of the form, as plain as it came in."""
    return f"/f/{token}"
