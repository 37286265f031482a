"""The forms that ship, each described by one file in data/forms."""

from functools import cache

from services.config import DATA
from services.definitions import read_folder
from services.forms.definition import FormDefinition

FOLDER = DATA / "forms"


def shipped() -> dict[str, FormDefinition]:
    """Every form that ships by its key, in alphabetical order of the keys."""
    return dict(_library())


@cache
def _library() -> dict[str, FormDefinition]:
    return read_folder(FOLDER, FormDefinition)
