"""The measures the programme can score, each described by one file in data/measures."""

from functools import cache
from pathlib import Path

from services.config import DATA
from services.definitions import DefinitionError, read_definition
from services.measure_definition import Measure
from services.measure_wording import WORDINGS, with_wording

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


def load_measure(path: Path) -> Measure:
    """Read and check one file. Raises DefinitionError naming the file and the field."""
    found = read_definition(path, Measure)
    if found.key != path.stem:
        raise DefinitionError(f"{path.name}, field key: must be {path.stem}, like the file.")
    return found


@cache
def _library() -> dict[str, Measure]:
    """Read once: a wording that is put there later shows after the next start."""
    return {
        path.stem: with_wording(load_measure(path), WORDINGS)
        for path in sorted(FOLDER.glob("*.yaml"))
    }
