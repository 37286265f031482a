"""Why places end early and why volunteers move on: the lists are in data/reference."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import Field

from services.config import DATA
from services.definitions import Definition, read_definition


class LeavingReasons(Definition):
    """What the file holds: a key that stays, and the words shown for it."""

    reasons: dict[str, str] = Field(min_length=1)


@cache
def leaving_reasons() -> Mapping[str, str]:
    """The reasons by key, in the order they are offered."""
    return _reasons("leaving_reasons.yaml")


@cache
def moving_on_reasons() -> Mapping[str, str]:
    """Why a volunteer moves on, by key; stepping back is no leaving and not among them."""
    return _reasons("moving_on_reasons.yaml")


def _reasons(file: str) -> Mapping[str, str]:
    found = read_definition(DATA / "reference" / file, LeavingReasons)
    return MappingProxyType(found.reasons)
