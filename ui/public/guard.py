"""What stands between a public page and a fault: a page in plain words, the rest in the log."""

import logging
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from services.errors import SetupError
from ui import startup
from ui.public.page import page
from ui.turns import turns

_RESTING = "These pages are resting just now. Please try again in a few minutes."
_log = logging.getLogger("alongside.public")


def guarded(work: Callable[..., Response], *arguments: Any) -> Response:
    """The page `work` makes, once everything is prepared."""
    try:
        startup.prepare()
        with turns.public():
            return work(*arguments)
    except SetupError as error:
        _log.warning("A public page could not be shown: %s", error)
    except Exception:  # noqa: BLE001 - she gets a page in plain words; the log gets the rest
        _log.exception("A public page could not be shown.")
    return page("message.html", 503, heading="Please come back", sentence=_RESTING, kept=())
