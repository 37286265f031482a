"""Taps on a register: from the tap to the answer that says it is saved."""

import json
from dataclasses import replace
from secrets import token_hex
from typing import Any, Protocol

from streamlit.proto.BidiComponent_pb2 import BidiComponent

from benchmarks.wire import Run

NOT_SAVED = "A tap was not saved but answered:"


class Screen(Protocol):
    """A tab, as far as tapping needs one."""

    async def run(self) -> Run: ...

    async def send(
        self, component: BidiComponent, fragment: str, event: str, value: list[dict[str, Any]]
    ) -> Run: ...

    async def look_again(self, fragment: str) -> Run: ...


class Register:
    """A register open in a tab: opened at the first run, one tap at each that follows."""

    def __init__(self, tab: Screen) -> None:
        self._tab = tab
        self._taps = 0
        self._latest: Run | None = None

    async def run(self) -> Run:
        """Open the register, or change one mark on it and wait for the answer."""
        if self._latest is None:
            self._latest = await self._tab.run()
        else:
            self._latest = await self._tap(self._latest)
        return self._latest

    async def look_again(self) -> Run:
        """What the register does by itself every few seconds; it has been opened before."""
        assert self._latest is not None  # noqa: S101 - said in the docstring
        _component, fragment = self._latest.component("alongside.register")
        return await self._tab.look_again(fragment)

    async def _tap(self, seen: Run) -> Run:
        component, fragment = seen.component("alongside.register")
        tap = next_tap(_data(component)["rows"], self._taps)
        self._taps += 1
        answered = await self._tab.send(component, fragment, "taps", [tap])
        answers = _data(answered.component("alongside.register")[0])["answers"]
        said = answers.get(tap["id"])
        if said == "saved":
            return answered
        return replace(answered, unexpected=(f"{NOT_SAVED} {said or 'nothing'}",))


def next_tap(rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The tap a facilitator makes next: down the list, and another mark than there is."""
    row = rows[number % len(rows)]
    return {
        "id": token_hex(8),
        "place": row["place"],
        "code": "A" if row["code"] == "P" else "P",
        "minutes": None,
        "version": row["version"],
    }


def _data(component: BidiComponent) -> Any:
    (content,) = json.loads(component.mixed.json or component.json)
    return content
