"""The register: one row a person, one tap a mark, kept by the browser until it is saved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class Code:
    """One way of taking part (domain §1.5).

    `common` codes are always in sight, the others under "More". `minutes` asks for a number
    of minutes with this code ("Minutes late"); None asks for nothing.
    """

    letter: str
    label: str
    common: bool = False
    minutes: str | None = None


CODES: Final = (
    Code("P", "Attended", common=True),
    Code("L", "Arrived late", common=True, minutes="Minutes late"),
    Code("A", "Apologies", common=True),
    Code("D", "Did not attend", common=True),
    Code("E", "Left early", minutes="Minutes early"),
    Code("O", "Attended online"),
    Code("C", "Catch-up done"),
    Code("B", "Was not brought"),
    Code("N", "Not expected"),
)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person's line. `place` is an opaque reference, `version` 0 before the first mark.

    `by` names who made the mark when that was somebody else. Nobody `expected` is counted.
    Of a child: `collected_by` says who may collect, `barred` who must not.
    """

    place: str
    name: str
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
        "rows": [asdict(row) for row in rows],
        "codes": [asdict(code) for code in codes],
        "everyone": everyone,
        "locked": locked,
        "most_minutes": MOST_MINUTES,
        "answers": answers_given(key),
    }
    save = on_taps if locked is None else partial(_refuse_all, sentence=locked)
    _mount(key=key, data=data, on_taps_change=partial(_receive, key, letters, save))


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
