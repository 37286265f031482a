"""What a spreadsheet of one kind may hold: its columns, and what must hold of every row."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from models import ImportKind
from services.imports.reading import Cell

Values: TypeAlias = dict[str, Any]  # field → what was understood; an empty cell has no entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: what it is called, what may stand in it, and how that is read."""

    key: str
    label: str
    about: str
    example: str
    read: Callable[[Cell], object]
    also: tuple[str, ...] = ()  # other headings people give it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold in a row that has all the fields of `of`; `field` is where it is said."""

    field: str
    sentence: str
    of: tuple[str, ...]
    holds: Callable[..., bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of spreadsheet."""

    kind: ImportKind
    title: str
    fields: tuple[Field, ...]
    # Columns without which nothing can be done: one set of them must be there, whole.
    columns: tuple[frozenset[str], ...]
    columns_missing: str
    needed: Mapping[str, str]  # field → the sentence where a row has nothing in it
    rules: tuple[Rule, ...]
    settle: Callable[[Values], Values]  # puts together what stands in several columns
    # What a row is known by: no two rows of a file may share any of it.
    identities: Callable[[Values], list[Hashable]]
    about: Callable[[Values], str]  # whom or what a row is about, in its own words
    # A heading that says something itself, such as the day of a session, as the field it is.
    across: Callable[[str], Field | None] | None = None
    columns_across: tuple[frozenset[str], ...] = ()  # enough, where there are such headings
    replacing: str = (
        ""  # the choice to write over what differs, in words; empty where there is none
    )

    def fitted(self, headings: Iterable[str]) -> "Layout":
        """The layout for a file: with a field for each heading that says something itself."""
        found = [field for heading in headings if self.across and (field := self.across(heading))]
        if not found:
            return self
        more = {field.key: field for field in reversed(found)}
        return replace(
            self,
            fields=(*self.fields, *reversed(more.values())),
            columns=(*self.columns, *self.columns_across),
        )

    def field(self, key: str) -> Field:
        """The field of this name."""
        return next(field for field in self.fields if field.key == key)

    def labels(self) -> dict[str, str]:
        """Field to label, in order."""
        return {field.key: field.label for field in self.fields}
