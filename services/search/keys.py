"""The keyed hashes somebody is found by: which are stored, and which are looked for.

Each hash is of a text that begins with the kind of record and what sort of thing it is, so that a
volunteer's name and a participant's, or a name and a reference, never hash alike.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from string import ascii_lowercase
from typing import TypeAlias

from models.encryption import blind_index, newest_index
from models.people import CODE_MARKS
from services.search.names import normalised
from services.search.nicknames import other_forms
from services.search.phones import FEWEST_DIGITS, plain_number
from services.search.sounds import sounds

MIN_PREFIX, MAX_PREFIX = 2, 20
MIN_HEARD = 3  # letters typed, before what merely sounds like them is worth showing
MIN_MISTYPED = 4  # a slip in fewer letters is another name
_MOST_MARKS = 40
_CODE_LETTERS = 7
# Marks that are read or heard as one another; not all of them stand in codes.
_CONFUSED = ("5S", "8B", "2Z", "6G", "MN", "VWU", "DQ0O", "LJ1I")
Hashed: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What one record can be found by, in plain text."""

    first_names: tuple[str, ...]  # with those she is known as, or was recorded under
    last_names: tuple[str, ...]
    phones: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    born: date | None = None


# --- Stored ------------------------------------------------------------------------------


def stored(kind: str, known: Particulars, hashed: Hashed = newest_index) -> set[str]:
    """The hashes to keep for one record, under the newest key.

    Whoever makes those of many gives a `hashed` that remembers: people share names, and most of
    what a name begins with.
    """
    texts = {
        *_names(kind, (*known.first_names, *known.last_names)),
        *(f"{kind} reference:{mark}" for text in known.references if (mark := _mark(text))),
    }
    for text in known.phones:
        if number := plain_number(text):
            texts |= {f"{kind} phone:{number}", f"{kind} phone end:{number[-FEWEST_DIGITS:]}"}
    return set(map(hashed, texts))


def likenesses(kind: str, known: Particulars, hashed: Hashed = newest_index) -> set[str]:
    """Hashes that two records of one person are likely to share, and few others do."""
    if known.born is None:
        return set(map(hashed, _both_names(kind, known, "unknown")))
    texts = {
        *_both_names(kind, known, known.born.year),
        *_with_birth(kind, known.first_names, known.last_names, known.born),
    }
    return set(map(hashed, texts))


def _both_names(kind: str, known: Particulars, year: object) -> Iterator[str]:
    for first, last in product(_all_heard(known.first_names), _all_heard(known.last_names)):
        yield f"{kind} both and year:{first} {last} {year}"


def _with_birth(
    kind: str, first_names: Iterable[str], last_names: Iterable[str], born: date
) -> Iterator[str]:
    for which, names in (("first", first_names), ("last", last_names)):
        for heard in _all_heard(names):
            yield f"{kind} {which} and born:{heard} {born}"


def _all_heard(names: Iterable[str]) -> set[str]:
    return {heard for name in names for word in normalised(name) for heard in sounds(word)}


def _names(kind: str, names: Iterable[str]) -> Iterator[str]:
    for word in {word for name in names for word in normalised(name)}:
        yield f"{kind} whole:{word[:MAX_PREFIX]}"
        for end in range(MIN_PREFIX, min(len(word), MAX_PREFIX) + 1):
            yield f"{kind}:{word[:end]}"
        for heard in sounds(word):
            yield f"{kind} sound:{heard}"


# --- Looked for, each under every key in use ---------------------------------------------


def whole(kind: str, word: str) -> list[str]:
    """Of a name that is this word."""
    return _every(f"{kind} whole:{word}")


def beginning(kind: str, word: str) -> list[str]:
    """Of a name that begins with this word."""
    return _every(f"{kind}:{word}")


def other_form(kind: str, word: str) -> list[str]:
    """Of a name this one is a short form of, or the other way round."""
    return [token for other in other_forms(word) for token in whole(kind, other)]


def alike(kind: str, word: str) -> list[str]:
    """Of a name that sounds like this word."""
    if len(word) < MIN_HEARD:
        return []
    return [token for heard in sounds(word) for token in _every(f"{kind} sound:{heard}")]


def mistyped(kind: str, word: str) -> list[str]:
    """Of a name that differs from this word by one letter, or by two in the wrong order."""
    if len(word) < MIN_MISTYPED:
        return []
    return [
        token for other in sorted(_one_letter_off(word) - {word}) for token in whole(kind, other)
    ]


def near(kind: str, name: str) -> list[str]:
    """Of a name with a word that is this one, a form of it, or sounds like it."""
    ways = (whole, other_form, alike)
    return [token for word in normalised(name) for way in ways for token in way(kind, word)]


def same_birth(kind: str, first_names: Iterable[str], last_name: str, born: date) -> list[str]:
    """Of somebody born that day with a first or a last name that sounds like these."""
    texts = _with_birth(kind, first_names, (last_name,), born)
    return [token for text in texts for token in _every(text)]


def reference(kind: str, text: str) -> list[str]:
    """Of an earlier reference, or of a telephone number: whole, or its last six digits."""
    texts = [f"{kind} reference:{mark}"] if (mark := _mark(text)) else []
    if number := plain_number(text):
        is_whole = number.startswith("0") and len(number) > FEWEST_DIGITS + 3
        end = f"{kind} phone end:{number[-FEWEST_DIGITS:]}"
        texts.append(f"{kind} phone:{number}" if is_whole else end)
    return [token for one in texts for token in _every(one)]


def codes(text: str) -> list[str]:
    """The spoken codes this may stand for, those that are read or heard alike among them."""
    marks = "".join(normalised(text)).upper()
    if len(marks) != _CODE_LETTERS:
        return []
    ways = [next((alike for alike in _CONFUSED if mark in alike), mark) for mark in marks]
    # Seven letters may as well be two beginnings of names: only codes there can be are looked for.
    standing = [[mark for mark in way if mark in CODE_MARKS] for way in ways]
    return ["".join(way[:3]) + "-" + "".join(way[3:]) for way in product(*standing)]


def _one_letter_off(word: str) -> set[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(before + after[1:] for before, after in parts if after),
        *(before + after[1] + after[0] + after[2:] for before, after in parts if after[1:]),
        *(before + new + after[1:] for before, after in parts if after for new in ascii_lowercase),
        *(before + new + after for before, after in parts for new in ascii_lowercase),
    }


def _mark(text: str) -> str:
    return "".join(normalised(text))[:_MOST_MARKS]


def _every(text: str) -> list[str]:
    return list(blind_index(text))
