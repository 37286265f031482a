"""A public form of questions: light, without a script if need be, and never read back."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.db import reading, transaction
from services.errors import AppError, FormClosedError, InvalidInputError
from services.feedback import usable_number
from services.public_forms.form_questions import Offered, Section, by_key
from ui import startup
from ui.public import sent_form
from ui.public.guard import guarded
from ui.public.pace import Pace
from ui.public.page import HEADERS, page
from ui.public.sent_form import SentForm, TooLargeError

_UNSAVED: Final = "The form could not be saved just now. Please wait a moment and press Send again."
_BUSY: Final = "Many forms are coming in just now. Please wait a minute and press Send again."
_TOO_LARGE: Final = "That was more than this page can take. Please go back and write a little less."
_EVERYBODY: Final = "everybody"
_log = logging.getLogger("alongside.public")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """How fast forms may come in: from one sender, and from all together."""

    one: Pace
    all: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class LightForm:
    """One such form: where it is, what it asks, and the service that keeps it.

    Its pages are the templates {name}_start, {name}_form and {name}_thanks. What was written in
    `own_words` comes back to whoever sent it where it could not be kept.
    """

    name: str
    closed: str
    sections: Sequence[Section]
    own_words: tuple[str, ...]
    require_open: Callable[[Any], None]
    submit: Callable[[Any, str, Mapping[str, str]], None]
    paces: Callable[[], Paces]
    offered: Callable[[Any], Offered] = lambda _db: {}

    @property
    def address(self) -> str:
        """Where it begins."""
        return f"/{self.name}"

    @property
    def routes(self) -> list[Route]:
        """Its pages, and whatever else is asked for beneath its address."""
        return [
            Route(self.address, self._start, methods=["GET"]),
            Route(self.address, self._send, methods=["POST"]),
            Route(f"{self.address}/form", self._form, methods=["GET"]),
            Route(f"{self.address}/thanks", self._thanks, methods=["GET"]),
            Route(f"{self.address}/{{rest:path}}", self._lost, methods=["GET"]),
        ]

    async def _start(self, _request: Request) -> Response:
        """What to know before the first question, the way out above all."""
        return await run_in_threadpool(
            guarded, self._if_open, lambda: page(f"{self.name}_start.html")
        )

    async def _form(self, _request: Request) -> Response:
        """The questions, nothing chosen beforehand."""
        return await run_in_threadpool(guarded, self._if_open, lambda: self._page(SentForm({})))

    async def _thanks(self, _request: Request) -> Response:
        """After sending; it holds nothing of what was sent."""
        return page(f"{self.name}_thanks.html")

    async def _lost(self, _request: Request) -> Response:
        """An address with something too much."""
        return RedirectResponse(self.address, 303, HEADERS)

    async def _send(self, request: Request) -> Response:
        """Keep the form to be checked, or show it as it was typed with what to do next."""
        try:
            sent = await sent_form.read(request)
        except TooLargeError:
            heading = "Too much at once"
            return page("message.html", 413, heading=heading, sentence=_TOO_LARGE, kept=())
        sender = request.client.host if request.client else ""
        return await run_in_threadpool(self._keep, sent, sender)

    def _if_open(self, shown: Callable[[], Response]) -> Response:
        try:
            with reading() as db:
                self.require_open(db)
        except FormClosedError as error:
            return self._closed(error)
        return shown()

    def _keep(self, sent: SentForm, sender: str) -> Response:
        """Whatever goes wrong on the way, what was typed is on the page that comes back."""
        try:
            startup.prepare()
            paces = self.paces()
            if not (paces.one.allows(sender) and paces.all.allows(_EVERYBODY)):
                return self._page(sent, {"form": _BUSY}, 429)
            self._submit(sent)
        except FormClosedError as error:
            return self._closed(error, sent)
        except InvalidInputError as error:
            return self._page(sent, error.problems, 422)
        except AppError as error:
            _log.warning("A form at %s could not be saved: %s", self.address, error)
            return self._page(sent, {"form": _UNSAVED}, 503)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not cost anybody the form
            # Where it happened, but not the message: that might quote what was written.
            where = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            _log.error("A form at %s could not be saved: %s\n%s", self.address, kind, where)
            return self._page(sent, {"form": _UNSAVED}, 500)
        return RedirectResponse(f"{self.address}/thanks", 303, HEADERS)

    def _submit(self, sent: SentForm) -> None:
        if sent.fields.get("website"):
            raise InvalidInputError({"form": "Please press Send once more."})
        with transaction() as db:
            self.submit(db, sent.number, sent.fields)

    def _page(
        self, sent: SentForm, problems: Mapping[str, str] | None = None, status: int = 200
    ) -> Response:
        return page(
            f"{self.name}_form.html",
            status,
            action=self.address,
            sections=self.sections,
            asked=by_key(self.sections),
            offered=self._offered(),
            fields=sent.fields,
            number=usable_number(sent.number),
            problems=problems or {},
        )

    def _offered(self) -> Offered:
        """What can be asked for; nothing while the database does not answer."""
        try:
            with reading() as db:
                return self.offered(db)
        except Exception:  # noqa: BLE001 - the form is shown all the same, with what was typed
            return {}

    def _closed(self, error: FormClosedError, sent: SentForm | None = None) -> Response:
        fields = sent.fields if sent else {}
        kept = [fields.get(key, "").strip() for key in self.own_words]
        return page(
            "message.html",
            404,
            heading=self.closed,
            sentence=str(error),
            kept=[words for words in kept if words],
        )
