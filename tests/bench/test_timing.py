"""Figures of the bench: what a tab hears, whose turn it is, and what a quantile is."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.servers import Server
from benchmarks.taps import NOT_SAVED, Register, next_tap
from benchmarks.timing import Lane, quantile, race
from benchmarks.wire import Run, is_last

THIS_PROCESS = Server(0, psutil.Process())


@given(
    st.lists(st.floats(0, 1e6), min_size=1),
    st.sampled_from((0.05, 0.5, 0.95, 1.0)),
)
def test_a_quantile_is_the_least_value_that_enough_values_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


class Told:
    """A tab that writes down when it is asked."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    async def run(self) -> Run:
        self.log.append(self.name)
        return Run(1.0, 10, [ForwardMsg()])


def test_lanes_take_turns_and_every_other_round_goes_backwards() -> None:
    log: list[str] = []
    lanes = {name: Lane(THIS_PROCESS, [Told(name, log)]) for name in ("blank", "page")}
    asyncio.run(race(lanes, 2, {"blank": 1, "page": 2}))
    opened, first, second = log[:2], log[2:5], log[5:]
    assert opened == ["blank", "page"]
    assert first == ["blank", "page", "page"]
    assert second == ["page", "page", "blank"]


def test_the_first_run_of_a_tab_is_not_counted_among_the_others() -> None:
    lane = Lane(THIS_PROCESS, [Told("a", []), Told("b", [])])
    asyncio.run(race({"page": lane}, 3, {"page": 4}))
    assert len(lane.first) == 2
    assert lane.timing().runs == 2 * 3 * 4


def finished(status: "ForwardMsg.ScriptFinishedStatus.ValueType") -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = status
    return message


def test_a_page_that_starts_over_by_itself_is_not_done() -> None:
    assert not is_last(finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert is_last(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    assert is_last(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))


def shown(change: Callable[[ForwardMsg], None]) -> tuple[str, ...]:
    message = ForwardMsg()
    change(message)
    return Run(1.0, 10, [message]).problems


def test_an_exception_on_a_page_is_noticed() -> None:
    def exception(message: ForwardMsg) -> None:
        message.delta.new_element.exception.type = "KeyError"
        message.delta.new_element.exception.message = "'ref'"

    assert shown(exception) == ("KeyError: 'ref'",)


@pytest.mark.parametrize(
    ("kind", "icon", "problems"),
    [
        (Alert.ERROR, "", ("Call the office.",)),
        (Alert.ERROR, ":material/alarm:", ()),
        (Alert.INFO, "", ()),
    ],
)
def test_an_error_on_a_page_is_noticed_and_an_alarm_or_advice_is_none(
    kind: "Alert.Format.ValueType", icon: str, problems: tuple[str, ...]
) -> None:
    def alert(message: ForwardMsg) -> None:
        message.delta.new_element.alert.format = kind
        message.delta.new_element.alert.icon = icon
        message.delta.new_element.alert.body = "Call the office."

    assert shown(alert) == problems


def test_a_page_that_is_not_there_is_noticed() -> None:
    assert shown(lambda message: message.page_not_found.SetInParent()) != ()


ROWS: list[dict[str, Any]] = [
    {"place": "one", "code": "P", "version": 3},
    {"place": "two", "code": None, "version": 0},
]


def test_taps_go_down_the_list_and_change_each_mark() -> None:
    taps = [next_tap(ROWS, number) for number in range(3)]
    assert [(tap["place"], tap["code"], tap["version"]) for tap in taps] == [
        ("one", "A", 3), ("two", "P", 0), ("one", "A", 3),
    ]  # fmt: skip
    assert len({tap["id"] for tap in taps}) == 3


class Screen:
    """A register whose server answers every tap with the same word, or not at all."""

    def __init__(self, word: str | None) -> None:
        self.word = word

    async def run(self) -> Run:
        return self.drawn({})

    async def send(
        self, _component: object, _fragment: str, _event: str, taps: Sequence[dict[str, str]]
    ) -> Run:
        return self.drawn({tap["id"]: self.word for tap in taps} if self.word else {})

    def drawn(self, answers: dict[str, str | None]) -> Run:
        message = ForwardMsg()
        component = message.delta.new_element.bidi_component
        component.component_name = "alongside.register"
        component.json = json.dumps([{"rows": ROWS, "answers": answers}])
        return Run(1.0, 10, [message])


@pytest.mark.parametrize(
    ("word", "problems"),
    [("saved", ()), ("conflict", (f"{NOT_SAVED} conflict",)), (None, (f"{NOT_SAVED} nothing",))],
)
def test_a_tap_without_the_answer_saved_is_noticed_with_the_answer_it_had(
    word: str | None, problems: tuple[str, ...]
) -> None:
    async def open_and_tap() -> Run:
        register = Register(Screen(word))
        await register.run()
        return await register.run()

    assert asyncio.run(open_and_tap()).problems == problems
