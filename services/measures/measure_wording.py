"""The wording of a form that a charity has a licence for, from a file of its own.

`data/wordings/KEY.yaml` is never part of the programme: whoever may use a form's wording puts it
there, with the number or date of the permission. Without it a form shows our topic labels.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.config import DATA
from services.definitions import Definition, DefinitionError, read_definition
from services.measures.measure_definition import Measure

WORDINGS = DATA / "wordings"
_Words = Annotated[str, Field(min_length=1, max_length=400)]


class Wording(Definition):
    """What stands on the licensed form, by item and by answer, and under whose permission."""

    registration_reference: str = Field(min_length=2, max_length=200)
    attribution_line: str | None = None
    items: dict[int, _Words]
    options: dict[int, _Words] = Field(default_factory=dict)


def with_wording(form: Measure, folder: Path) -> Measure:
    """The form in the charity's licensed wording, or as it is. Raises DefinitionError."""
    path = folder / f"{form.key}.yaml"
    if not path.exists():
        return form
    given = read_definition(path, Wording)
    numbers = {item.number for item in form.items}
    if given.items.keys() != numbers:
        raise DefinitionError(
            f"{path.name}, field items: needs the items 1 to {len(numbers)}, no more and no fewer."
        )
    if not given.options.keys() <= set(range(form.options.low, form.options.high + 1)):
        raise DefinitionError(
            f"{path.name}, field options: the answers are {form.options.low} to "
            f"{form.options.high}."
        )
    labels = {**form.options.labels, **given.options}
    return form.model_copy(
        update={
            "registration_reference": given.registration_reference,
            "attribution_line": given.attribution_line or form.attribution_line,
            "items": tuple(
                item.model_copy(update={"topic": given.items[item.number]}) for item in form.items
            ),
            "options": form.options.model_copy(update={"labels": labels}),
            "text_included": True,
        }
    )
