"""Why places end early; the short list is in data/reference, and can be added to there."""

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
    found = read_definition(DATA / "reference" / "leaving_reasons.yaml", LeavingReasons)
    return MappingProxyType(found.reasons)
