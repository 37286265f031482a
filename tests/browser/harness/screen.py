"""Starts the harness application and looks at it as a person would."""

import json
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[3]
_START = 90  # seconds: the machine may be busy with something else


class Server:
    """The harness application in a process of its own, which can be stopped and started."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.harness.app", str(self.port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _START
        while time.monotonic() < until:
            with suppress(OSError):
                self.ask("GET", "/_stcore/health")
                return
            time.sleep(0.1)
        raise TimeoutError("The harness did not start.")

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, path, body)
            return line.getresponse().read().decode()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Screen:
    """One test's page, and its own records on the server."""

    def __init__(self, page: Page, server: Server, name: str) -> None:
        self.page, self.server, self.name = page, server, name

    def open(self, page: Page | None = None, **ask: object) -> "Screen":
        words = "&".join(f"{name}={value}" for name, value in ask.items())
        page = page or self.page
        page.goto(f"{self.server.url}/?records={self.name}&{words}")
        page.locator(".register, .note").wait_for()
        return self

    @property
    def kept(self) -> Any:
        """The records on the server as they are now."""
        return json.loads(self.server.ask("GET", f"/harness/{self.name}"))

    def act(self, **deeds: object) -> None:
        """Change the records behind her back, as another person or a failing server would."""
        self.server.ask("POST", f"/harness/{self.name}", json.dumps(deeds))

    def saved(self) -> list[tuple[str, str | None]]:
        """Who was marked what on the server, in order."""
        kept = self.kept
        return [(kept["rows"][t["place"]]["name"].split()[0], t["code"]) for t in kept["taps"]]

    def row(self, name: str) -> Locator:
        return self.page.locator("li.row").filter(has_text=name)

    def mark(self, name: str, label: str) -> Locator:
        return self.row(name).get_by_role("radio", name=label, exact=True)

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    def status(self, name: str) -> Locator:
        return self.row(name).locator(".status")

    def focused(self) -> str:
        """The name of whatever has the focus, inside the component."""
        return str(
            self.page.evaluate(
                """() => {
                  let one = document.activeElement;
                  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
                  const row = one.closest(".row")?.querySelector(".name").textContent ?? "";
                  return `${row}: ${one.textContent || one.tagName}`.replace(/^: /, "");
                }"""
            )
        )

    def stored(self) -> str:
        return str(self.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])"))
