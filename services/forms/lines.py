"""Everything a public page says beside the questions themselves, in each language.

A catalogue is a file in data/languages. Whatever a charity has corrected stands in its place,
and what nobody has translated yet is said in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from pydantic import Field

from services.config import DATA
from services.definitions import Definition, read_definition
from services.forms.words import CODES, ENGLISH

FOLDER = DATA / "languages"


class Catalogue(Definition):
    """One language: how it is called there, which way it runs, how it writes a day, its lines."""

    code: Literal["en", "cy", "pl", "lt", "pt", "ro", "ar", "uk"]
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"] = "ltr"
    checked: bool  # read through by somebody who grew up with the language
    day: str
    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    lines: dict[str, str]


@dataclass(frozen=True, slots=True)
class Lines:
    """A language as it is spoken here: the catalogue, and what the charity has corrected."""

    catalogue: Catalogue
    corrections: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The language's code, as a page declares it."""
        return self.catalogue.code

    @property
    def direction(self) -> str:
        """Whether it runs from left to right."""
        return self.catalogue.direction

    def say(self, key: str, **values: object) -> str:
        """One line, with values in their places; in English where there is none."""
        text = (
            self.corrections.get(key)
            or self.catalogue.lines.get(key)
            or catalogues()[ENGLISH].lines[key]
        )
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def day(self, day: date) -> str:
        """A day in full."""
        parts = {
            "weekday": self.catalogue.weekdays[day.weekday()],
            "day": str(day.day),
            "month": self.catalogue.months[day.month - 1],
            "year": str(day.year),
        }
        text = self.catalogue.day
        for name, value in parts.items():
            text = text.replace(f"{{{name}}}", value)
        return text


@cache
def catalogues() -> dict[str, Catalogue]:
    """Every language there is a file for, in the order they are offered."""
    found = {path.stem: read_definition(path, Catalogue) for path in FOLDER.glob("*.yaml")}
    return {code: found[code] for code in CODES if code in found}


@cache
def english() -> Lines:
    """What staff read, and whatever has no other language."""
    return Lines(catalogues()[ENGLISH])
