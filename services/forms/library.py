"""The forms that ship, each described by one file in data/forms."""

from functools import cache
from pathlib import Path

from services.config import DATA
from services.definitions import DefinitionError, read_definition
from services.forms.definition import FormDefinition

FOLDER = DATA / "forms"


def shipped() -> dict[str, FormDefinition]:
    """Every form that ships by its key, in alphabetical order of the keys."""
    return dict(_library())


def load_form(path: Path) -> FormDefinition:
    """Read and check one file. Raises DefinitionError naming the file and the field."""
    found = read_definition(path, FormDefinition)
    if found.key != path.stem:
        raise DefinitionError(f"{path.name}, field key: must be {path.stem}, like the file.")
    return found


@cache
def _library() -> dict[str, FormDefinition]:
    return {path.stem: load_form(path) for path in sorted(FOLDER.glob("*.yaml"))}
