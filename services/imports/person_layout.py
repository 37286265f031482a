"""What a spreadsheet of participants may hold."""

import re
from collections.abc import Hashable
from datetime import date
from functools import partial

from models import ImportKind, PersonKind
from services import clock
from services.imports import shared_fields
from services.imports import understanding as read
from services.imports.find_names import full_name, plain_name, take_apart
from services.imports.layout import Field, Layout, Rule, Values
from services.imports.reading import Cell
from services.people import person_draft

GROWN_UP = 18
KIND_BY_AGE = "kind_by_age"  # so that a birthday alone never changes a record
_OLDEST_CHILD, _YOUNGEST_ADULT = 19, 13  # at their edges an age says little
_CODE = re.compile(r"[2-9A-HJ-NP-Z]{3}-?[2-9A-HJ-NP-Z]{4}")
_KINDS = {
    "adult": PersonKind.ADULT,
    "a": PersonKind.ADULT,
    "parent": PersonKind.ADULT,
    "mother": PersonKind.ADULT,
    "mum": PersonKind.ADULT,
    "child": PersonKind.CHILD,
    "c": PersonKind.CHILD,
    "cyp": PersonKind.CHILD,
    "young person": PersonKind.CHILD,
}


def birthday(cell: Cell) -> date:
    """A date of birth: of two centuries, the one that is past."""
    return read.day(cell, latest=clock.today())


def code(cell: Cell) -> str:
    """The reference this programme gave her."""
    written = read.line(cell).upper()
    if not _CODE.fullmatch(written):
        raise ValueError("This is not a reference of ours, such as K7M-4XPR.")
    marks = written.replace("-", "")
    return f"{marks[:3]}-{marks[3:]}"


def settle(values: Values) -> Values:
    """A whole name taken apart, and adult or child from the age where it is not said."""
    take_apart(values)
    if "kind" not in values and "date_of_birth" in values:
        grown_up = _age(values["date_of_birth"]) >= GROWN_UP
        values["kind"] = PersonKind.ADULT if grown_up else PersonKind.CHILD
        values[KIND_BY_AGE] = True
    return values


def identities(values: Values) -> list[Hashable]:
    """What a row is known by: its references, and name and date of birth together."""
    known: list[Hashable] = [
        (field, values[field].casefold())
        for field in ("earlier_reference", "code")
        if field in values
    ]
    return known if known and "date_of_birth" not in values else [*known, name_and_birth(values)]


def name_and_birth(values: Values) -> tuple[str, str, date | None]:
    """Whom a row is about where no reference says so; case and accents do not count."""
    return (*plain_name(values), values.get("date_of_birth"))


def _age(born: date) -> int:
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _may_be_born(born: date) -> bool:
    return (clock.today() - born).days >= 0 and _age(born) <= person_draft.OLDEST


def _fits_age(kind: PersonKind, born: date) -> bool:
    age = _age(born)
    return age < _OLDEST_CHILD if kind is PersonKind.CHILD else age >= _YOUNGEST_ADULT


PARTICIPANTS = Layout(
    kind=ImportKind.PARTICIPANTS,
    title="Participants",
    fields=(
        Field(
            key="earlier_reference",
            label="Earlier reference",
            about="What she is called in your list: by it she is found the next time.",
            example="NC-0142",
            read=read.reference,
            also=("ID", "Ref", "Reference", "Client ID", "Client number", "Case number", "URN",
                  "Unique ID", "Record number", "Participant ID"),
        ),
        Field(
            key="code",
            label="Alongside reference",
            about="The reference Alongside gave her, if your list has it.",
            example="",
            read=code,
            also=("Code", "Alongside code"),
        ),
        *shared_fields.names(
            "Dana", "Okoro", "Client name", "Participant", "Client", "Participant name"
        ),
        Field(
            key="known_as",
            label="Known as",
            about="What she likes to be called.",
            example="",
            read=read.name,
            also=("Preferred name", "Nickname", "Likes to be called"),
        ),
        Field(
            key="date_of_birth",
            label="Date of birth",
            about="Day first: 3/6/1988, 03.06.88 or 3 June 1988.",
            example="3/6/1988",
            read=birthday,
            also=("DOB", "D.O.B.", "Birthday", "Birth date", "Born"),
        ),
        Field(
            key="kind",
            label="Adult or child",
            about="Adult or child. Empty: by the date of birth.",
            example="Adult",
            read=read.one_of(_KINDS, "Write adult or child."),
            also=("Type", "Adult/child", "Person type", "Client type"),
        ),
        Field(
            key="family",
            label="Family",
            about="The same word or number for everybody of one family.",
            example="F1",
            read=read.line,
            also=("Family ID", "Family reference", "Family number", "Household"),
        ),
        *shared_fields.contacts(
            "07700 900123",
            "dana@example.org",
            about_phone="One number. It is kept as not safe to use until somebody has asked her.",
            about_email="One address. It is kept as not safe to use until somebody has asked her.",
        ),
        Field(
            key="language",
            label="Language",
            about="The language she speaks best.",
            example="English",
            read=read.line,
            also=("First language", "Main language", "Preferred language"),
        ),
        Field(
            key="needs_interpreter",
            label="Needs an interpreter",
            about="Yes or no.",
            example="No",
            read=read.yes_no,
            also=("Interpreter", "Interpreter needed", "Interpreter required"),
        ),
        Field(
            key="access_needs",
            label="Access needs",
            about="What she needs at every session, such as a ramp.",
            example="",
            read=partial(read.text, most=person_draft.MAX_NOTE),
            also=("Access", "Accessibility", "Disability needs", "Support needs"),
        ),
    ),
    columns=shared_fields.NAMED,
    columns_missing=shared_fields.NAMES_MISSING,
    needed=shared_fields.NAMES_NEEDED,
    rules=(
        Rule(
            field="date_of_birth",
            sentence="Check the date of birth: it is in the future, or too long ago.",
            of=("date_of_birth",),
            holds=_may_be_born,
        ),
        Rule(
            field="kind",
            sentence="Adult or child and the date of birth do not fit together.",
            of=("kind", "date_of_birth"),
            holds=_fits_age,
        ),
        Rule(
            field="language",
            sentence=f"Shorten the language to {person_draft.MAX_LANGUAGE} letters.",
            of=("language",),
            holds=lambda language: len(language) <= person_draft.MAX_LANGUAGE,
        ),
    ),
    settle=settle,
    identities=identities,
    about=full_name,
)  # fmt: skip
