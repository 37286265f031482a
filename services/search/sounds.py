"""What a name sounds like, whatever its spelling: the consonants heard, and little else.

Written for the names that come here (docs/decisions, "Finding people by sound"): British and
Irish, South Asian, Polish, Arabic, African. It takes names as `names.normalised` gives
them: small letters without accents.
"""

import re
from functools import lru_cache

_VOWELS = "aeiouy"
# In order: each spelling becomes the letter that is heard. Later rules see what earlier ones left.
_SPELLINGS = tuple(
    (re.compile(spelling), heard)
    for spelling, heard in (
        ("^mac(?![aeiouy])|^mc", "mk"),
        ("^[kgp]n", "n"),
        ("^wr", "r"),
        ("^[pt]s|^x", "s"),
        ("^dj", "j"),
        ("(?<=[aeiouy])(?:ugh|gh)", "y"),  # Hughes, Leigh
        ("(?<=.)[bm]h", "v"),  # Siobhan, Niamh
        ("(?<=e)ph(?=e)", "v"),  # Stephen
        ("ph|ff", "f"),
        ("x", "ks"),
        ("szcz|sch|sz|ch|cz|sh|ci(?=[aou])|c(?=[eiy])", "s"),
        ("(?<=[kpt])rz|rz|zh", "s"),  # Katarzyna, Grażyna
        ("dz|dge?|g(?=[eiy])", "j"),
        ("[ckdgprqtz]h", lambda found: str(found[0][0])),  # Khadija, Fathima
        ("ck|qu|[cq]", "k"),
        ("z", "s"),
        ("mps", "ms"),  # Thompson
    )
)
_TWO_WAYS = re.compile("[jwg]")
_DOUBLED = re.compile(r"(.)\1+")
_NOT_HEARD = re.compile(f"[{_VOWELS}]+")


@lru_cache(maxsize=10_000)
def sounds(word: str) -> tuple[str, ...]:
    """The ways a word may sound: two where its j or w is a vowel in some of our languages."""
    heard = _DOUBLED.sub(r"\1", _heard(word).replace("h", ""))
    spoken = [_consonants(heard.replace("w", "v"))]
    if _TWO_WAYS.search(word):
        spoken.append(_consonants(heard.replace("j", "y").replace("w", "u")))
    return tuple(dict.fromkeys(spoken))


def _heard(word: str) -> str:
    for spelling, heard in _SPELLINGS:
        word = spelling.sub(heard, word)
    return word


def _consonants(heard: str) -> str:
    """Without its vowels, but for one it begins with, and for the first where little else is left.

    Which vowel it begins with is not told apart; of a short word only light from dark is.
    """
    left = _NOT_HEARD.sub("", heard)
    vowels = _NOT_HEARD.findall(heard)
    begins = "a" if heard[:1] and heard[0] in _VOWELS else ""
    if len(left) > 1 or not vowels:
        return begins + left
    return left + ("i" if vowels[0][0] in "eiy" else "a")
