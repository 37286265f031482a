"""The public pages as a real server on this machine, and a plain way to ask it."""

import http.client
import re
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from threading import Thread
from time import sleep
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette

from ui.public import middleware, routes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as a browser without scripts sees it."""

    status: int
    headers: Message
    text: str


def expect_light_and_private(answer: Answer, titles: Collection[str]) -> None:
    """What holds for every page anybody may open: small, on no record, and neutral in a tab."""
    assert answer.status == 200
    assert len(answer.text.encode()) < 30_000
    assert re.findall(r'<link [^>]*href="([^"]*)"', answer.text) == ["data:,"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    title = re.search("<title>(.*)</title>", answer.text)
    assert title
    assert title[1] in titles
    assert "Lantern House" not in answer.text
    assert "Set-Cookie" not in answer.headers


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, fields: Mapping[str, str] | bytes) -> Answer:
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body=body, headers=kind)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()


@contextmanager
def running() -> Iterator[Site]:
    """Serve the public pages, and nothing else, for the length of the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=routes, middleware=middleware)
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="info"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            sleep(0.01)
        yield Site(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
