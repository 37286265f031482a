"""The register: one row a person, one tap a mark, kept by the browser until it is saved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any, Final, Literal

import streamlit as st

from ui.components.answers import (
    Answer,
    answer,
    answers_given,
    is_count,
    is_name,
    mounted,
    refused,
    sent_by,
)
from ui.components.scripts import loader

MOST_MINUTES: Final = 180
_MOST_TAPS: Final = 500  # two for each place in the largest group imaginable


Where = Literal["in sight", "more", "never"]


@dataclass(frozen=True, slots=True)
class Code:
    """One way of taking part (domain §1.5).

    `adult` and `child` say where it is offered for them: in sight, under "More", or never, for a
    mark that is only shown where somebody has it. `minutes` asks for a number of minutes with
    this code ("Minutes late"); None asks for nothing.
    """

    letter: str
    label: str
    adult: Where = "more"
    child: Where = "more"
    minutes: str | None = None


CODES: Final = (
    Code("P", "Attended", "in sight", "in sight"),
    Code("L", "Arrived late", "in sight", "in sight", minutes="Minutes late"),
    Code("A", "Apologies", "in sight", "in sight"),
    Code("D", "Did not attend", "in sight", "more"),
    Code("B", "Was not brought", "never", "in sight"),
    Code("E", "Left early", minutes="Minutes early"),
    Code("O", "Attended online"),
    Code("N", "Not expected"),
    Code("C", "Catch-up done", "never", "never"),  # recorded with its day and who held it
    Code("X", "Cancelled by the service", "never", "never"),
)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person's line. `place` is an opaque reference, `version` 0 before the first mark.

    `by` names who made the mark when that was somebody else. Nobody `expected` is counted.
    Of a child: `collected_by` says who may collect, `barred` who must not.
    """

    place: str
    name: str
    child: bool = False
    code: str | None = None
    minutes: int | None = None
    version: int = 0
    needs: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    collected_by: str | None = None
    barred: tuple[str, ...] = ()
    by: str | None = None
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Tap:
    """A mark somebody made: `code` None takes it back; `version` is the one she was looking at."""

    id: str
    place: str
    code: str | None
    minutes: int | None
    version: int


_ROW: Final = tuple(one.name for one in fields(RegisterRow))
_CODE: Final = tuple(one.name for one in fields(Code))
_mount = st.components.v2.component("alongside.register", js=loader("register"))


def register(
    rows: Sequence[RegisterRow],
    codes: Sequence[Code] = CODES,
    *,
    key: str,
    session: str,
    marker: str,
    on_taps: Callable[[Sequence[Tap]], Mapping[str, Answer]],
    everyone: str | None = "P",
    locked: str | None = None,
) -> None:
    """Show the register of `session` and hand every new tap to `on_taps`, in order.

    `on_taps` runs before the page does, so rows read afterwards already hold the marks. It
    returns an answer for each `Tap.id` (SAVED, CONFLICT or refused("…")); what it leaves out
    is sent again. It must not call Streamlit, which could interrupt it half-way.

    `session` and `marker` (who is marking) are opaque references: taps made without a
    connection wait in the browser under both, so they are sent as hers or not at all.
    `everyone` is the code of the button for all who have no mark yet; None leaves it out.
    `locked` is the sentence that says why the register can only be read.
    """
    key = mounted(key)
    letters = frozenset(code.letter for code in codes)
    data = {
        "session": session,
        "marker": marker,
        # Every tap sends all of these: `asdict` copies what it finds, which costs as much again.
        "rows": [{name: getattr(row, name) for name in _ROW} for row in rows],
        "codes": _sent(tuple(codes)),
        "everyone": everyone,
        "locked": locked,
        "most_minutes": MOST_MINUTES,
        "answers": answers_given(key),
    }
    save = on_taps if locked is None else partial(_refuse_all, sentence=locked)
    # In a list: of a mapping Streamlit asks of each value whether it is a table.
    _mount(key=key, data=[data], on_taps_change=partial(_receive, key, letters, save))


@cache
def _sent(codes: tuple[Code, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(code, name) for name in _CODE} for code in codes]


def _receive(
    key: str,
    letters: frozenset[str],
    save: Callable[[Sequence[Tap]], Mapping[str, Answer]],
) -> None:
    taps = [tap for sent in sent_by(key, "taps")[:_MOST_TAPS] if (tap := _tap(sent, letters))]
    answer(key, taps, save)


def _refuse_all(taps: Sequence[Tap], sentence: str) -> dict[str, Answer]:
    return {tap.id: refused(sentence) for tap in taps}


def _tap(sent: Mapping[str, Any], letters: frozenset[str]) -> Tap | None:
    """The tap as sent, or None where only a tampered browser could have sent it."""
    name, place, version = sent.get("id"), sent.get("place"), sent.get("version")
    code, minutes = sent.get("code"), sent.get("minutes")
    if not (is_name(name) and is_name(place) and is_count(version)):
        return None
    if not (code is None or (isinstance(code, str) and code in letters)):
        return None
    if not (minutes is None or is_count(minutes, MOST_MINUTES)):
        return None
    return Tap(id=name, place=place, code=code, minutes=minutes, version=version)
