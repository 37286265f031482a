"""Reading the descriptions under data/: checked once, and broken files named plainly."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)
KeyedModel = TypeVar("KeyedModel", bound="Keyed")


class DefinitionError(ValueError):
    """A file under data/ cannot be used; the sentence names the file and the field."""


class Definition(BaseModel):
    """What every description shares: nothing unknown in it, nothing changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Keyed(Definition):
    """One of many of its kind, each in a file that is called by its key."""

    key: str


def read_keyed(path: Path, model: type[KeyedModel]) -> KeyedModel:
    """Read and check the file of one of many. Raises DefinitionError naming file and field."""
    found = read_definition(path, model)
    if found.key != path.stem:
        raise DefinitionError(f"{path.name}, field key: must be {path.stem}, like the file.")
    return found


def read_folder(folder: Path, model: type[KeyedModel]) -> dict[str, KeyedModel]:
    """Every one of a folder by its key, in alphabetical order of the keys."""
    return {path.stem: read_keyed(path, model) for path in sorted(folder.glob("*.yaml"))}


def read_definition(path: Path, model: type[Model]) -> Model:
    """Read one YAML file as `model`. Raises DefinitionError naming the file and the field."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        reason = " ".join(str(error).replace('in "<unicode string>", ', "").split())
        raise DefinitionError(f"{path.name} is not valid YAML: {reason}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        place = f"{path.name}, field {field}" if field else path.name
        reason = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise DefinitionError(f"{place}: {reason}.") from error
