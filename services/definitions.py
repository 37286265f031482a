"""Reading the descriptions under data/: checked once, and broken files named plainly."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class DefinitionError(ValueError):
    """A file under data/ cannot be used; the sentence names the file and the field."""


class Definition(BaseModel):
    """What every description shares: nothing unknown in it, nothing changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
