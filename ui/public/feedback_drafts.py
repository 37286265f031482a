"""Going on with a form that was kept for some hours, by the word that opens it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from services import feedback
from services.db import reading
from services.feedback import FormClosedError, drafts
from services.forms.corrections import lines_in
from services.forms.lines import Lines, english
from ui.public import sent_form
from ui.public.feedback_page import closed, form_page, path_of
from ui.public.guard import guarded
from ui.public.pace import Pace
from ui.public.page import page
from ui.public.sent_form import SentForm, TooLargeError

# Nobody guesses a word of eighty bits; this keeps a machine from trying.
_pace = Pace(at_once=20, per_second=0.5)


async def ask(request: Request) -> Response:
    """Where she types her word."""
    token, code = request.path_params["token"], request.query_params.get("lang", "")
    return await run_in_threadpool(guarded, _ask, token, code)


async def go_on(request: Request) -> Response:
    """The form as she left it, or a kind sentence."""
    token = request.path_params["token"]
    try:
        sent = await sent_form.read(request)
    except TooLargeError as error:
        sent = SentForm({"lang": error.language})
    return await run_in_threadpool(guarded, _go_on, token, sent)


def _ask(token: str, code: str) -> Response:
    with reading() as db:
        return _asking(token, lines_in(db, code))


def _go_on(token: str, sent: SentForm) -> Response:
    lines, word = english(), sent.fields.get("word", "")
    try:
        with reading() as db:
            lines = lines_in(db, sent.language)
            allowed = _pace.allows(feedback.token_digest(token))
            fields = drafts.find(db, token, word) if allowed else None
            if fields is None:
                return _asking(token, lines, typed=word, status=404)
            kept = SentForm(fields)
            form = feedback.form_seen(db, token, kept.seen)
            lines = lines_in(db, kept.language)
    except FormClosedError as error:
        return closed(error, lines)
    return form_page(token, form, kept, lines)


def _asking(token: str, lines: Lines, *, typed: str = "", status: int = 200) -> Response:
    wrong = status != 200  # noqa: PLR2004 - the status of a page as it should be
    return page(
        "again.html", status, path=path_of(token), lines=lines, typed=typed[:100], wrong=wrong
    )
