"""Finding people by name without decrypting anybody: keyed hashes of the parts of a name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from models.encryption import blind_index

MIN_PREFIX = 2
MAX_PREFIX = 20
# Letters that Unicode does not take apart, as people without them on their keyboard type them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_NOT_A_LETTER = re.compile(r"[^\w]+|_")


def normalised(text: str) -> list[str]:
    """The words of a name as they are compared: no case, no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.translate(_PLAIN)
    return [word for word in _NOT_A_LETTER.split(plain) if word]


def tokens(kind: str, names: Iterable[str]) -> set[str]:
    """What to store for one record: each word and each beginning of it, hashed."""
    return {blind_index(f"{kind}:{part}")[0] for part in set(_parts(names))}


def lookups(kind: str, search: str) -> list[tuple[str, ...]]:
    """What to look for: one entry a word typed, each holding its hash under every key in use."""
    words = [word[:MAX_PREFIX] for word in normalised(search) if len(word) >= MIN_PREFIX]
    return [blind_index(f"{kind}:{word}") for word in words]


def _parts(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for word in normalised(name):
            for end in range(MIN_PREFIX, min(len(word), MAX_PREFIX) + 1):
                yield word[:end]
