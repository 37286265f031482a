"""Counts and times of requests, for a monitor on this machine; no link is ever in a label."""

from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCREENS = "screens"  # everything that Streamlit answers
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_BY_PROXY = ("x-forwarded-", "x-real-ip", "forwarded", "via")

REGISTRY = CollectorRegistry()
_REQUESTS = Counter(
    "alongside_requests",
    "Requests answered.",
    ("route", "method", "status"),
    registry=REGISTRY,
)
_SECONDS = Histogram(
    "alongside_request_seconds",
    "Seconds from the request to the end of the answer.",
    ("route",),
    registry=REGISTRY,
)
ProcessCollector(registry=REGISTRY)


class Measured:
    """Counts every HTTP request under its route's template."""

    def __init__(self, app: ASGIApp, templates: frozenset[str]) -> None:
        self.app = app
        self.templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went; one that breaks counts as 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = perf_counter()
        try:
            await self.app(scope, receive, noting)
        finally:
            route = self._template(scope.get("route"))
            method = scope["method"] if scope["method"] in _METHODS else "other"
            _REQUESTS.labels(route, method, str(status)).inc()
            _SECONDS.labels(route).observe(perf_counter() - began)

    def _template(self, route: Any) -> str:
        path = getattr(route, "path", "")
        return path if path in self.templates else SCREENS


async def show(request: Request) -> Response:
    """The counts, to this machine only; a proxy's visitors are not this machine."""
    if not _is_local(request):
        return PlainTextResponse("Only this machine may read this.", status_code=403)
    return Response(
        generate_latest(REGISTRY),
        media_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _is_local(request: Request) -> bool:
    """Whether the request was made on this machine, to this machine, with nobody between."""
    by_proxy = any(name.startswith(_BY_PROXY) for name in request.headers)
    client = request.client.host if request.client else ""
    return not by_proxy and client in _HERE and request.url.hostname in _HERE
