"""Finding people without decrypting anybody but those found: by name, reference or telephone."""

from services.search.finding import Hit, Position, Step, find
from services.search.index import (
    PEOPLE,
    VOLUNTEERS,
    Kind,
    index_everybody,
    index_new,
    particulars,
    phones_of,
    rebuild,
    reindex,
)
from services.search.keys import Particulars, likenesses, stored
from services.search.reasons import reason

__all__ = [
    "PEOPLE",
    "VOLUNTEERS",
    "Hit",
    "Kind",
    "Particulars",
    "Position",
    "Step",
    "find",
    "index_everybody",
    "index_new",
    "likenesses",
    "particulars",
    "phones_of",
    "reason",
    "rebuild",
    "reindex",
    "stored",
]
