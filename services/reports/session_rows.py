"""Numbers of sessions in a few rows of equal width, the last for all beyond. Pure."""

WIDTH, _MANY = 4, 4


def _words(number: int) -> str:
    first = number * WIDTH + 1
    return f"{first} or more" if number == _MANY - 1 else f"{first} to {first + WIDTH - 1}"


ROWS = tuple(map(_words, range(_MANY)))


def of(session: int) -> str:
    """The row that this many sessions, or the session of this number, falls into."""
    return ROWS[min(max(session - 1, 0) // WIDTH, _MANY - 1)]
