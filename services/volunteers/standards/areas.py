"""What the standard asks, area by area: the words are in data/reference/standards.yaml."""

from functools import cache
from typing import Literal, TypeAlias

from pydantic import Field

from services.config import DATA
from services.definitions import Definition, read_definition

# What can be counted: `services/volunteers/standards/evidence.py` has a number for each.
Key: TypeAlias = Literal[
    "colleagues", "groups", "owners", "covered", "applications", "hours_said", "wishes_kept",
    "references", "right", "checks", "courses", "supervisor", "supervision", "asked", "debriefs",
    "hours", "reviews", "trained", "reasons", "paid", "thanked",
]  # fmt: skip
FILE = DATA / "reference" / "standards.yaml"


class Line(Definition):
    """One piece of evidence: what is counted, and what is said of it and of who is without."""

    key: Key
    text: str
    missing: str = ""


class Area(Definition):
    """One area, what it asks, what answers it here, and what is held elsewhere."""

    title: str
    asks: str
    evidence: tuple[Line, ...] = Field(min_length=1)
    elsewhere: tuple[str, ...] = ()


class Areas(Definition):
    """What the file holds."""

    areas: tuple[Area, ...] = Field(min_length=1)


@cache
def areas() -> tuple[Area, ...]:
    """The areas in order."""
    return read_definition(FILE, Areas).areas
