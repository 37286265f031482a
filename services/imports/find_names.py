"""Finding whom many rows name, by the hashes of the words of their names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bulk import batches
from services.imports.checking import Row
from services.imports.layout import Values
from services.search import Kind, keys
from services.search.names import normalised

FULL_NAME = ("first_name", "last_name")
AT_ONCE = 5_000  # values in one statement


def by_name(db: Session, kind: Kind, rows: Sequence[Row]) -> dict[int, set[int]]:
    """Row number to the records that have every word of its names somewhere in theirs."""
    words = {row.number: list(_words(row.values)) for row in rows}
    tokens = {
        word: keys.whole(kind.name, word[: keys.MAX_PREFIX])
        for word in {word for some in words.values() for word in some}
    }
    found = having(db, kind, {token for some in tokens.values() for token in some})
    records = {
        word: {one for token in some for one in found[token]} for word, some in tokens.items()
    }
    return {
        number: set.intersection(*(records[word] for word in some)) if some else set()
        for number, some in words.items()
    }


def having(db: Session, kind: Kind, tokens: Iterable[str]) -> defaultdict[str, set[int]]:
    """Token to the records that have it."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    query = select(kind.tokens.token, kind.owner)
    for some in batches(tokens, AT_ONCE):
        for token, number in db.execute(query.where(kind.tokens.token.in_(some))):
            found[token].add(number)
    return found


def plain_name(values: Values) -> tuple[str, str]:
    """First and last name as they are compared: case and accents do not count."""
    first, last = (" ".join(normalised(values[field])) for field in FULL_NAME)
    return first, last


def full_name(values: Values) -> str:
    """The names of a row as they stand in it."""
    return " ".join(str(values[field]) for field in FULL_NAME if values.get(field))


def take_apart(values: Values) -> Values:
    """A whole name as first and last, where those are not given themselves."""
    if "whole_name" in values:
        first, last = values.pop("whole_name")
        values.setdefault("first_name", first)
        values.setdefault("last_name", last)
    return values


def is_named(values: Values) -> bool:
    """Whether a row says what she is called."""
    return all(field in values for field in FULL_NAME)


def _words(values: Values) -> Iterator[str]:
    for name in FULL_NAME:
        yield from normalised(values[name])
