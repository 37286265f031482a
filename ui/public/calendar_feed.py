"""The feed that a colleague's own calendar reads: no account, no script, no name in it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from services.calendar import calendar_feeds, feed_text
from services.calendar.calendar_feeds import NoFeedError
from services.db import reading, transaction
from ui.public.guard import guarded
from ui.public.headers import policy
from ui.public.pace import Pace
from ui.public.page import page

_BUSY = "Calendars are asking very often just now. Please try again in a few minutes."
_WAIT = {"Retry-After": "300"}
_EVERYBODY = "everybody"
_HEADERS = {
    "Content-Security-Policy": policy("default-src 'none'", "frame-ancestors 'none'"),
    "Referrer-Policy": "no-referrer",
    # It may be kept, but asked about each time: an address taken back is empty at once.
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="calendar.ics"',
}
# A calendar asks a few times an hour. One service may ask for many people; a guesser has to wait.
_pace = Pace(at_once=60, per_second=1)
_pace_of_all = Pace(at_once=300, per_second=20)


async def show(request: Request) -> Response:
    """The calendar, or that it has not changed, or that there is none."""
    sender = request.client.host if request.client else ""
    if not (_pace.allows(sender) and _pace_of_all.allows(_EVERYBODY)):
        answer = page("message.html", 429, heading="Please wait", sentence=_BUSY, kept=())
        answer.headers.update(_WAIT)
        return answer
    token, known = request.path_params["token"], request.headers.get("if-none-match", "")
    return await run_in_threadpool(guarded, _show, token, known)


def _show(token: str, known: str) -> Response:
    try:
        with reading() as db:
            feed = calendar_feeds.for_token(db, token)
        if feed.under_old_key:
            with transaction() as db:
                calendar_feeds.renew_hash(db, token)
    except NoFeedError as error:
        return page(
            "message.html", 404, heading="No calendar here now", sentence=str(error), kept=()
        )
    tag = f'"{feed_text.edition(feed.events)}"'
    headers = {**_HEADERS, "ETag": tag}
    if _matches(tag, known):
        return Response(status_code=304, headers=headers)
    return Response(feed_text.written(feed.events), media_type="text/calendar", headers=headers)


def _matches(tag: str, known: str) -> bool:
    """Whether one of the editions a calendar has kept is this one; a proxy may call it weak."""
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in known.split(","))
