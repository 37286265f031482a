"""Which DBS check may be asked for which role: a rule kept in data, for it will change."""

from functools import cache
from typing import Self

from pydantic import Field, model_validator

from models import CheckLevel, Workforce
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import InvalidInputError

FILE = DATA / "reference" / "dbs_roles.yaml"
_LEVELS = list(CheckLevel)
_COVERS = {
    Workforce.CHILDREN: {Workforce.CHILDREN},
    Workforce.ADULTS: {Workforce.ADULTS},
    Workforce.BOTH: {Workforce.CHILDREN, Workforce.ADULTS},
}


class CheckRole(Definition):
    """The most that may be asked for one kind of role; its key is kept with each check."""

    key: str = Field(max_length=40)
    title: str
    level: CheckLevel
    workforce: Workforce
    barred_list: bool

    @model_validator(mode="after")
    def _list_needs_children(self) -> Self:
        if self.barred_list and (
            self.level is not CheckLevel.ENHANCED or self.workforce is Workforce.ADULTS
        ):
            raise ValueError("barred_list goes with an enhanced check for work with children only")
        return self


class CheckRoles(Definition):
    """What the file holds."""

    roles: tuple[CheckRole, ...] = Field(min_length=1)
    with_children: CheckLevel


@cache
def check_roles() -> CheckRoles:
    """The rule as it stands in the file."""
    return read_definition(FILE, CheckRoles)


def titles() -> dict[str, str]:
    """The roles a check can be asked for, in the file's order: key to title."""
    return {role.key: role.title for role in check_roles().roles}


def covers(workforce: Workforce, other: Workforce) -> bool:
    """Whether a check for one workforce answers for the other as well."""
    return _COVERS[other] <= _COVERS[workforce]


def reaches(level: CheckLevel, least: CheckLevel) -> bool:
    """Whether a check of this level is at least the other."""
    return _LEVELS.index(level) >= _LEVELS.index(least)


def refuse_above(
    key: str, level: CheckLevel, workforce: Workforce, *, with_barred_list: bool
) -> None:
    """Raise InvalidInputError when more is asked for than the role entitles to."""
    role = next((one for one in check_roles().roles if one.key == key), None)
    if role is None:
        raise InvalidInputError({"role": "Choose what she will do from the list."})
    problems: dict[str, str] = {}
    if not reaches(role.level, level):
        problems["level"] = (
            f"This role entitles to a check up to “{role.level.value}”, and asking for more is "
            "an offence. Choose a lower level, or another role if she will do more."
        )
    if not covers(role.workforce, workforce):
        problems["workforce"] = (
            f"This role is with {role.workforce.value} only. Choose that workforce, or another "
            "role if she will do more."
        )
    if with_barred_list and (not role.barred_list or level is not CheckLevel.ENHANCED):
        problems["with_barred_list"] = (
            "The barred list may not be asked for in this role, and asking is an offence. "
            "Leave it out, or choose another role if she will look after children herself."
        )
    elif with_barred_list and workforce is Workforce.ADULTS:
        problems["with_barred_list"] = (
            "The children's barred list goes with a check for work with children. "
            "Choose that workforce, or leave the list out."
        )
    if problems:
        raise InvalidInputError(problems)
