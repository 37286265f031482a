"""Parts of a town as the post divides it: what a postcode says of an area, and no more. Pure."""

import re
from collections.abc import Iterable

_DISTRICT = r"([A-Z]{1,2}[0-9][A-Z0-9]?)"
_POSTCODE = re.compile(rf"\b{_DISTRICT}\s*([0-9])[A-Z]{{2}}\b")
_PART = re.compile(rf"{_DISTRICT}(?:\s+([0-9]))?")


def area(text: str) -> str | None:
    """The area a postcode or a part of one lies in, "NR2 4" or "NR2"; None for anything else."""
    marks = text.strip().upper()
    found = _POSTCODE.fullmatch(marks) or _PART.fullmatch(marks)
    return None if found is None else _written(*found.groups())


def areas_in(text: str) -> set[str]:
    """The areas of the postcodes that stand somewhere in a text."""
    return {_written(*found) for found in _POSTCODE.findall(text.upper())}


def lie_in(here: Iterable[str], there: Iterable[str]) -> bool:
    """Whether one area is, or lies within, one of the others."""
    there = set(there)
    return any(one in there or one.split()[0] in there for one in here)


def _written(district: str, figure: str | None = None) -> str:
    return f"{district} {figure}" if figure else district
