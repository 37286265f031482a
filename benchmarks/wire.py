"""A browser tab as the server sees one: Streamlit's own messages over a websocket, timed."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

LONGEST_RUN = 60.0  # seconds; a page that takes longer has hung


@dataclass(frozen=True, slots=True)
class Page:
    """What a tab asks for: an address with its query, and the cookie that says who asks."""

    address: str = ""
    query: tuple[tuple[str, str], ...] = ()
    cookie: str = ""


@dataclass(frozen=True)
class Run:
    """One run of a page as it came over the wire; `ms` until the server said it was done."""

    ms: float
    size: int
    messages: Sequence[ForwardMsg]
    unexpected: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Every exception and error shown to the person, and what else was not as it should."""
        return (*_problems(self.messages), *self.unexpected)

    def component(self, name: str) -> tuple[BidiComponent, str]:
        """A component of ours by its name, and the fragment it is drawn in."""
        for message in self.messages:
            found = message.delta.new_element.bidi_component
            if found.component_name.endswith(name):
                return found, message.delta.fragment_id
        raise LookupError(f"The page shows no {name}.")


class Tab:
    """An open page. Asks again the way a browser does, with what it holds already."""

    def __init__(self, socket: websockets.ClientConnection, page: Page) -> None:
        self._socket, self.page = socket, page
        self._script = ""
        self._held: set[str] = set()

    async def run(self) -> Run:
        """Ask for the page, the first time by its name and then again as the same page."""
        return await self._ask(BackMsg())

    async def go(self, page: Page) -> Run:
        """Open another page in this tab; who is signed in here stays the same."""
        self.page, self._script = page, ""
        return await self.run()

    async def send(self, component: BidiComponent, fragment: str, event: str, value: Any) -> Run:
        """Hand the server what somebody did in a component of ours, as its script does."""
        request = BackMsg()
        request.rerun_script.fragment_id = fragment
        state = request.rerun_script.widget_states.widgets.add()
        state.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component.id}__events"
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self._ask(request)

    async def look_again(self, fragment: str) -> Run:
        """Ask for one part of the page anew, as it asks for by itself every few seconds."""
        request = BackMsg()
        request.rerun_script.fragment_id = fragment
        request.rerun_script.is_auto_rerun = True
        return await self._ask(request)

    async def _ask(self, request: BackMsg) -> Run:
        asked = request.rerun_script
        asked.query_string = urlencode(self.page.query)
        asked.page_script_hash = self._script
        asked.page_name = "" if self._script else self.page.address
        asked.cached_message_hashes.extend(self._held)
        async with asyncio.timeout(LONGEST_RUN):
            run = await self._timed(request.SerializeToString())
        self._remember(run)
        return run

    async def _timed(self, request: bytes) -> Run:
        messages: list[ForwardMsg] = []
        size = 0
        started = perf_counter()
        await self._socket.send(request)
        while not (messages and is_last(messages[-1])):
            data = await self._socket.recv(decode=False)
            messages.append(ForwardMsg.FromString(data))
            size += len(data)
        return Run((perf_counter() - started) * 1000, size, messages)

    def _remember(self, run: Run) -> None:
        for message in run.messages:
            if message.metadata.cacheable:
                self._held.add(message.hash)
            if message.WhichOneof("type") == "navigation":
                self._script = message.navigation.page_script_hash
            elif message.WhichOneof("type") == "new_session" and not self._script:
                self._script = message.new_session.page_script_hash


@asynccontextmanager
async def open_tab(port: int, page: Page) -> AsyncIterator[Tab]:
    """A tab connected to the server at this port of this machine."""
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": page.cookie} if page.cookie else None,
        max_size=None,
        open_timeout=LONGEST_RUN,
    ) as socket:
        yield Tab(socket, page)


def is_last(message: ForwardMsg) -> bool:
    """Whether the page is done; a run that starts over by itself is not."""
    if message.WhichOneof("type") != "script_finished":
        return False
    return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _problems(messages: Sequence[ForwardMsg]) -> Iterator[str]:
    for message in messages:
        match message.WhichOneof("type"):
            case "delta":
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    yield f"{element.exception.type}: {element.exception.message}"
                # One with an icon of its own tells of the work: an alarm is no fault of the page.
                elif element.alert.format == Alert.ERROR and not element.alert.icon:
                    yield element.alert.body
            case "page_not_found":
                yield "The page was not found."
            case "session_event":
                yield "The script could not be read."
