"""How likely two records are of one person: a score, and what speaks for it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from rapidfuzz.distance import JaroWinkler

from services.search.names import normalised
from services.search.nicknames import other_forms
from services.search.sounds import sounds

POSSIBLE = 60  # from here on it is worth a person's look
# What the parts are worth, of 100: a birthday tells more than a name that many have.
_FIRST, _LAST, _BORN, _PHONE = 30, 30, 40, 20
_SOUNDS, _SHORT_FORM, _SPELT_ALIKE = 0.85, 0.8, 0.6
_ALIKE = 0.88  # Jaro-Winkler; below it two names share no more than some letters
_UNKNOWN_BORN = 0.5  # as much for as against


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is compared of one record."""

    first_names: tuple[str, ...]  # with those she is known as
    last_name: str
    born: date | None = None
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 100, and the reasons in the order of their weight."""

    score: int
    reasons: tuple[str, ...]
    same_first_name: bool  # or one that may stand for it


def likeness(one: Known, other: Known) -> Likeness:
    """Compare two records. The score of a record with itself is 100."""
    first, first_reason = _names(one.first_names, other.first_names, "first name")
    last, last_reason = _names((one.last_name,), (other.last_name,), "last name")
    born, born_reason = _births(one.born, other.born)
    same_phone = bool(one.phones & other.phones)
    score = _FIRST * first + _LAST * last + _BORN * born + _PHONE * same_phone
    if first == last == 1:
        first_reason, last_reason = "same name", None
    reasons = [born_reason, first_reason, last_reason, "same telephone" if same_phone else None]
    return Likeness(min(100, round(score)), tuple(filter(None, reasons)), first > 0)


def _names(ones: tuple[str, ...], others: tuple[str, ...], what: str) -> tuple[float, str | None]:
    """The best that any two of the names come to."""
    return max(
        (_two_names(one, other, what) for one, other in product(ones, others)),
        key=lambda found: found[0],
        default=(0.0, None),
    )


def _two_names(one: str, other: str, what: str) -> tuple[float, str | None]:
    ones, others = normalised(one), normalised(other)
    if ones == others and ones:
        return 1.0, f"same {what}"
    if any(short in others for word in ones for short in other_forms(word)):
        return _SHORT_FORM, f"short form of the {what}"
    if not set(_heard(ones)).isdisjoint(_heard(others)):
        return _SOUNDS, f"{what} sounds alike"
    alike = JaroWinkler.similarity(" ".join(ones), " ".join(others))
    return (_SPELT_ALIKE, f"{what} spelt much alike") if alike >= _ALIKE else (0.0, None)


def _heard(words: list[str]) -> Iterator[str]:
    for word in words:
        yield from sounds(word)


def _births(one: date | None, other: date | None) -> tuple[float, str | None]:
    if one is None or other is None:
        return _UNKNOWN_BORN, None
    if one == other:
        return 1.0, "same date of birth"
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 0.8, "day and month of birth the other way round"
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return (0.6, "date of birth differs in one part") if same == 2 else (0.0, None)  # noqa: PLR2004
