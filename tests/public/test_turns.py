"""Public pages go first, and screens wait for one another, but never for long."""

import threading
from collections.abc import Callable

import pytest

from ui import turns
from ui.turns import Turns


@pytest.fixture
def taken() -> Turns:
    return Turns()


def begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def screen_of(one: Turns, made: list[str]) -> threading.Thread:
    """Somebody of staff who opens a screen."""

    def make() -> None:
        with one.screen():
            made.append("screen")

    return begun(make)


def test_one_screen_too_many_waits_until_another_is_made(taken: Turns) -> None:
    made: list[str] = []
    with taken.screen():
        with taken.screen():
            waiting = screen_of(taken, made)
            waiting.join(0.05)
            assert made == []
        waiting.join(5)
        assert made == ["screen"]


def test_while_a_public_page_is_made_screens_hold_back_and_public_pages_do_not(
    taken: Turns,
) -> None:
    made: list[str] = []
    with taken.public(), taken.public(), taken.screen():
        waiting = screen_of(taken, made)
        waiting.join(0.05)
        assert made == []
    waiting.join(5)
    assert made == ["screen"]


def test_nobody_waits_for_ever(taken: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    made: list[str] = []
    with taken.public(), taken.screen():
        screen_of(taken, made).join(5)
        assert made == ["screen"]


def test_a_screen_that_ends_in_a_fault_gives_its_turn_back(taken: Turns) -> None:
    for _screen in range(2 * turns.AT_ONCE):
        with pytest.raises(SystemExit), taken.screen():
            raise SystemExit
    made: list[str] = []
    screen_of(taken, made).join(5)
    assert made == ["screen"]
