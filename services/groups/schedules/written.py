"""Days as somebody writes them, a line each: pure rules, with no database in sight."""

import re
from datetime import date

_DAY = r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:to|until|-|–)\s*{_DAY})?")
EXAMPLE = "21/12/2026, or 21/12/2026 to 03/01/2027"


def spans(text: str) -> list[tuple[date, date]]:
    """Days, and first and last days. Raises ValueError with the line that is neither."""
    return [_span(line) for line in map(str.strip, text.splitlines()) if line]


def days(text: str) -> list[date]:
    """Single days, in order and each once. Raises ValueError as `spans` does."""
    found = spans(text)
    for first, last in found:
        if first != last:
            raise ValueError(f"Write each day on a line of its own, not {first} to {last}.")
    return sorted({first for first, _last in found})


def _span(line: str) -> tuple[date, date]:
    match = _LINE.fullmatch(line)
    try:
        numbers = [int(part) for part in match.groups() if part] if match else []
        first, *more = (date(*reversed(numbers[at : at + 3])) for at in range(0, len(numbers), 3))
    except ValueError as error:
        raise ValueError(f"“{line[:40]}” is no day. Write {EXAMPLE}.") from error
    last = more[0] if more else first
    if last < first:
        raise ValueError(f"“{line[:40]}” ends before it begins. Write the earlier day first.")
    return first, last
