"""For whoever watches over the server: is it up, and can it do its work?"""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from services import schema
from services.errors import SetupError
from ui import startup

_NO_STORE = {"Cache-Control": "no-store"}
_log = logging.getLogger("alongside.health")


async def alive(_request: Request) -> PlainTextResponse:
    """The process answers; nothing else is looked at."""
    return PlainTextResponse("up", headers=_NO_STORE)


async def ready(_request: Request) -> PlainTextResponse:
    """The database answers, fits this version, and its key is here. The reason is in the log."""
    try:
        await run_in_threadpool(_check)
    except SetupError as error:
        _log.warning("Not ready: %s", error)
        return PlainTextResponse("not ready", status_code=503, headers=_NO_STORE)
    return PlainTextResponse("ready", headers=_NO_STORE)


def _check() -> None:
    startup.prepare()
    # What was prepared once may have gone since.
    schema.require_current()
