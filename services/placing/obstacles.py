"""What a volunteer would take on, and what stands against it: the words rules answer in.

Apart from eligibility.py, which asks them all, so that each rule can have its own module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from models import Group, PlacementRole, Volunteer


@dataclass(frozen=True, slots=True)
class Task:
    """What she would do: with which group, as what, and from which day to which."""

    group: Group
    role: PlacementRole
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands against it.

    `rule` names it in the code and in a rota, `field` is where a form says it, and `says` is one
    sentence for her coordinator with what to do next.
    """

    rule: str
    field: str
    says: str


Found: TypeAlias = dict[int, list[Obstacle]]
Rule: TypeAlias = Callable[[Session, Sequence[Volunteer], Task], Found]
