"""What is compared and chosen of two records, field by field."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from models import Person

Value: TypeAlias = str | bool | date | None

# Chosen by whoever joins them, in the order of the screen.
CHOSEN = (
    "first_name",
    "last_name",
    "known_as",
    "date_of_birth",
    "language",
    "needs_interpreter",
    "access_needs",
    "earlier_reference",
)
# Not for everybody's eyes: what both say is kept, one beneath the other.
KEPT_FROM_BOTH = ("complex_needs", "alert")


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both records."""

    field: str
    kept: Value
    gone: Value

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.kept != self.gone


def compared(kept: Person, gone: Person) -> tuple[Compared, ...]:
    """The fields to choose from."""
    return tuple(Compared(name, getattr(kept, name), getattr(gone, name)) for name in CHOSEN)


def joined(kept: Person, gone: Person, from_gone: set[str]) -> dict[str, Value]:
    """What the kept record says after joining: only what changes."""
    after = {name: getattr(gone, name) for name in CHOSEN if name in from_gone}
    for name in KEPT_FROM_BOTH:
        said = dict.fromkeys(filter(None, (getattr(kept, name), getattr(gone, name))))
        after[name] = "\n".join(said) or None
    return {name: value for name, value in after.items() if value != getattr(kept, name)}


def as_json(value: Value) -> str | bool | None:
    """A value as it is remembered."""
    return value.isoformat() if isinstance(value, date) else value


def from_json(field: str, value: str | bool | None) -> Value:
    """The value again."""
    return date.fromisoformat(value) if field == "date_of_birth" and value else value  # type: ignore[arg-type]
