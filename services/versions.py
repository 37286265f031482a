"""Two people changed one record: what each of them has, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

# What belongs together stands in one field: nobody said the days of one and the hours of another.
Value: TypeAlias = str | int | bool | date | time | tuple[str | time | None, ...] | None
Values: TypeAlias = Mapping[str, Value]  # field → what stands in it


@dataclass(frozen=True, slots=True)
class Standing:
    """The fields of a record that this reader may change, as they stand, with their version."""

    version: int
    values: Values


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two versions differ, and who changed it since both saw the same."""

    field: str
    mine: Value
    theirs: Value
    changed_by_me: bool
    changed_by_them: bool

    @property
    def likely(self) -> Value:
        """What to suggest; only to be asked where one of the two alone changed the field."""
        return self.mine if self.changed_by_me else self.theirs

    @property
    def is_open(self) -> bool:
        """Whether both changed it, so that only a person can say which is right."""
        return self.changed_by_me and self.changed_by_them


def differences(seen: Values, mine: Values, theirs: Values) -> tuple[Difference, ...]:
    """The fields in which hers and what stands there now differ, in the order of hers."""
    return tuple(
        Difference(
            field,
            value,
            theirs[field],
            changed_by_me=value != seen[field],
            changed_by_them=theirs[field] != seen[field],
        )
        for field, value in mine.items()
        if value != theirs[field]
    )
