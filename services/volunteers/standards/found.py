"""What one count came to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Found:
    """How many, of how many where that can be said, and from which day the newest of it is."""

    count: int
    of: int | None = None
    newest: date | None = None
    is_hidden: bool = False  # from this reader, because it is small
