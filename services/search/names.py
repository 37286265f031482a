"""The words of a name, as they are compared: no case, no accents, no punctuation."""

import re
import unicodedata

# Letters that Unicode does not take apart, as people without them on their keyboard type them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_NOT_A_LETTER = re.compile(r"[^\w]+|_")


def normalised(text: str) -> list[str]:
    """The words of a name as they are compared: no case, no accents, no punctuation."""
    plain = text.casefold() if text.isascii() else _without_accents(text)
    return [word for word in _NOT_A_LETTER.split(plain) if word]


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.translate(_PLAIN)
