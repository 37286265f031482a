"""The measures the programme can score, each described by one file in data/measures."""

from functools import cache
from typing import NamedTuple

from services.config import DATA
from services.definitions import DefinitionError, read_folder
from services.measures.measure_definition import Measure
from services.measures.measure_wording import WORDINGS, with_wording

FOLDER = DATA / "measures"


class _Library(NamedTuple):
    """Every measure by its key, and what is wrong with a wording that could not be used."""

    measures: dict[str, Measure]
    faults: dict[str, str]


def measure(key: str) -> Measure:
    """The measure with this key. Raises ValueError, naming the known keys, if there is none."""
    found = _library().measures.get(key)
    if found is None:
        known = ", ".join(_library().measures)
        raise ValueError(f"There is no measure called {key!r}. Choose one of: {known}.")
    return found


def measures() -> dict[str, Measure]:
    """Every measure by its key, in alphabetical order of the keys."""
    return dict(_library().measures)


def wording_fault(key: str) -> str | None:
    """Why the charity's wording of this measure is passed over; None where nothing is wrong."""
    return _library().faults.get(key)


@cache
def _library() -> _Library:
    """Read once: a wording that is put there later shows after the next start.

    One that does not fit its form must not keep every other form from being recorded.
    """
    found, faults = dict[str, Measure](), dict[str, str]()
    for key, form in read_folder(FOLDER, Measure).items():
        try:
            found[key] = with_wording(form, WORDINGS)
        except DefinitionError as error:
            found[key], faults[key] = form, str(error)
    return _Library(found, faults)
