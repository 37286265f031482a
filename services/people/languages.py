"""The languages offered first; the list is in data/reference, and any other can be typed in."""

from functools import cache

from services.config import DATA
from services.definitions import Definition, read_definition


class Languages(Definition):
    """What the file holds."""

    languages: tuple[str, ...]


@cache
def languages() -> tuple[str, ...]:
    """The names of the languages, in alphabetical order."""
    return read_definition(DATA / "reference" / "languages.yaml", Languages).languages
