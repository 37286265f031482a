"""Which first names stand for one another: common English short forms, both ways."""

from collections import defaultdict
from functools import cache

from pydantic import field_validator

from services.config import DATA
from services.definitions import Definition, read_definition

FILE = DATA / "reference" / "nicknames.yaml"


class Nicknames(Definition):
    """The short forms of each name, in small letters."""

    names: dict[str, tuple[str, ...]]

    @field_validator("names")
    @classmethod
    def _small_letters(cls, names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        words = [*names, *(short for shorts in names.values() for short in shorts)]
        if wrong := [word for word in words if not (word.isalpha() and word == word.casefold())]:
            raise ValueError(f"{wrong[0]} must be one word in small letters")
        return names


def other_forms(word: str) -> tuple[str, ...]:
    """The names it is short for, and the short forms of it; nothing for most names."""
    return _both_ways().get(word, ())


@cache
def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, shorts in read_definition(FILE, Nicknames).names.items():
        for short in shorts:
            found[short].add(name)
            found[name].add(short)
    return {word: tuple(sorted(others)) for word, others in found.items()}
