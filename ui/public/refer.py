"""The form through which professionals refer somebody: light, without a script, never read back."""

import logging
import traceback

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services import interventions, referral_forms
from services.db import reading, transaction
from services.errors import AppError, InvalidInputError
from services.feedback import usable_number
from services.referral_form import QUESTIONS, SECTIONS
from services.referral_forms import ReferralsClosedError
from ui import startup
from ui.public import sent_form
from ui.public.guard import guarded
from ui.public.pace import Pace
from ui.public.page import HEADERS, page
from ui.public.sent_form import SentForm, TooLargeError

_UNSAVED = "The form could not be saved just now. Please wait a moment and press Send again."
_BUSY = "Many forms are coming in just now. Please wait a minute and press Send again."
_TOO_LARGE = "That was more than this page can take. Please go back and write a little less."
_EVERYBODY = "everybody"
_log = logging.getLogger("alongside.public")
# A duty desk may send several in a row; a machine soon has to wait, and so do many machines.
_pace = Pace(at_once=10, per_second=1 / 30)
_pace_of_all = Pace(at_once=120, per_second=1 / 5)


async def start(_request: Request) -> Response:
    """What to know before the first question, the way out above all."""
    return await run_in_threadpool(guarded, _start)


async def form(_request: Request) -> Response:
    """The questions, nothing chosen beforehand."""
    return await run_in_threadpool(guarded, _blank)


async def thanks(_request: Request) -> Response:
    """After sending; it holds nothing of what was sent."""
    return page("refer_thanks.html")


async def lost(_request: Request) -> Response:
    """An address with something too much."""
    return RedirectResponse("/refer", 303, HEADERS)


async def send(request: Request) -> Response:
    """Keep the form to be checked, or show it as it was typed with what to do next."""
    try:
        sent = await sent_form.read(request)
    except TooLargeError:
        return page("message.html", 413, heading="Too much at once", sentence=_TOO_LARGE, kept=())
    sender = request.client.host if request.client else ""
    return await run_in_threadpool(_send, sent, sender)


def _start() -> Response:
    try:
        with reading() as db:
            referral_forms.require_open(db)
    except ReferralsClosedError as error:
        return _closed(error)
    return page("refer_start.html")


def _blank() -> Response:
    try:
        with reading() as db:
            referral_forms.require_open(db)
    except ReferralsClosedError as error:
        return _closed(error)
    return _form_page(SentForm({}))


def _send(sent: SentForm, sender: str) -> Response:
    """Whatever goes wrong on the way, what was typed is on the page that comes back."""
    try:
        startup.prepare()
        if not (_pace.allows(sender) and _pace_of_all.allows(_EVERYBODY)):
            return _form_page(sent, {"form": _BUSY}, 429)
        _keep(sent)
    except ReferralsClosedError as error:
        return _closed(error, sent)
    except InvalidInputError as error:
        return _form_page(sent, error.problems, 422)
    except AppError as error:
        _log.warning("A referral form could not be saved: %s", error)
        return _form_page(sent, {"form": _UNSAVED}, 503)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost anybody the form
        # Where it happened, but not the message: that might quote what was written.
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("A referral form could not be saved: %s\n%s", type(error).__name__, where)
        return _form_page(sent, {"form": _UNSAVED}, 500)
    return RedirectResponse("/refer/thanks", 303, HEADERS)


def _keep(sent: SentForm) -> None:
    if sent.fields.get("website"):
        raise InvalidInputError({"form": "Please press Send once more."})
    with transaction() as db:
        referral_forms.submit(db, sent.number, sent.fields)


def _form_page(
    sent: SentForm, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    return page(
        "refer_form.html",
        status,
        sections=SECTIONS,
        asked=QUESTIONS,
        wishes=_wishes(),
        fields=sent.fields,
        number=usable_number(sent.number),
        problems=problems or {},
    )


def _wishes() -> dict[str, str]:
    """What can be asked for; none while the database does not answer."""
    try:
        with reading() as db:
            return interventions.choices(db)
    except Exception:  # noqa: BLE001 - the form is shown all the same, with what was typed
        return {}


def _closed(error: ReferralsClosedError, sent: SentForm | None = None) -> Response:
    written = sent.fields.get("reason", "").strip() if sent else ""
    kept = (written,) if written else ()
    return page(
        "message.html", 404, heading="No referrals here now", sentence=str(error), kept=kept
    )
