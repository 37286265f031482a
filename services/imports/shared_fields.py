"""The columns that lists of participants and of volunteers have in common: names and contacts."""

from collections.abc import Mapping
from types import MappingProxyType

from services.imports import understanding as read
from services.imports.layout import Field

NAMED = (frozenset({"first_name", "last_name"}), frozenset({"whole_name"}))
NAMES_MISSING = "Match a column to “First name” and one to “Last name”, or one to “Whole name”."
NAMES_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "first_name": "There is no first name in this row.",
        "last_name": "There is no last name in this row.",
    }
)


def names(first: str, last: str, *also: str) -> tuple[Field, ...]:
    """First, last and whole name, with an invented one; `also` are other headings of the whole."""
    return (
        Field(
            key="first_name",
            label="First name",
            about="Her first name, in any script.",
            example=first,
            read=read.name,
            also=("Forename", "Given name", "Christian name", "First", "Firstname"),
        ),
        Field(
            key="last_name",
            label="Last name",
            about="Her family name.",
            example=last,
            read=read.name,
            also=("Surname", "Family name", "Last", "Lastname", "Second name"),
        ),
        Field(
            key="whole_name",
            label="Whole name",
            about=f"Instead of the two: “{first} {last}” or “{last}, {first}”.",
            example="",
            read=read.whole_name,
            also=("Name", "Full name", *also),
        ),
    )


def contacts(phone: str, email: str, *, about_phone: str, about_email: str) -> tuple[Field, ...]:
    """One telephone number and one address, with invented ones."""
    return (
        Field(
            key="phone",
            label="Phone",
            about=about_phone,
            example=phone,
            read=read.phone,
            also=("Mobile", "Telephone", "Tel", "Phone number", "Mobile number", "Contact number"),
        ),
        Field(
            key="email",
            label="Email",
            about=about_email,
            example=email,
            read=read.email,
            also=("E-mail", "Email address", "E-mail address"),
        ),
    )
