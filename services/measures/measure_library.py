"""The measures the programme can score, each described by one file in data/measures."""

from functools import cache

from services.config import DATA
from services.definitions import read_folder
from services.measures.measure_definition import Measure
from services.measures.measure_wording import WORDINGS, with_wording

FOLDER = DATA / "measures"


def measure(key: str) -> Measure:
    """The measure with this key. Raises ValueError, naming the known keys, if there is none."""
    found = _library().get(key)
    if found is None:
        known = ", ".join(_library())
        raise ValueError(f"There is no measure called {key!r}. Choose one of: {known}.")
    return found


def measures() -> dict[str, Measure]:
    """Every measure by its key, in alphabetical order of the keys."""
    return dict(_library())


@cache
def _library() -> dict[str, Measure]:
    """Read once: a wording that is put there later shows after the next start."""
    return {
        key: with_wording(found, WORDINGS) for key, found in read_folder(FOLDER, Measure).items()
    }
