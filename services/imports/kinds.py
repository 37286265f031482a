"""The kinds of spreadsheet that can be brought in, and what each is planned and written by."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy.orm import Session

from models import ImportKind
from services.imports import (
    attendance_plan,
    attendance_write,
    group_plan,
    group_write,
    person_plan,
    person_write,
    volunteer_plan,
    volunteer_write,
)
from services.imports.attendance_layout import ATTENDANCE
from services.imports.group_layout import GROUPS
from services.imports.layout import Layout
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import Plan, PlannedRow
from services.imports.trail import Trail
from services.imports.volunteer_layout import VOLUNTEERS
from services.permissions import Actor


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its columns, what a file would do, and doing it."""

    layout: Layout
    plan: Callable[..., list[PlannedRow]]
    write: Callable[[Trail, Plan], None]
    undoing: Callable[
        [Session, int, Actor], AbstractContextManager[None]
    ]  # holds as records go back


KINDS: Mapping[ImportKind, Kind] = MappingProxyType(
    {
        ImportKind.PARTICIPANTS: Kind(
            PARTICIPANTS, person_plan.plan, person_write.write, person_write.undoing
        ),
        ImportKind.VOLUNTEERS: Kind(
            VOLUNTEERS, volunteer_plan.plan, volunteer_write.write, volunteer_write.undoing
        ),
        ImportKind.GROUPS: Kind(GROUPS, group_plan.plan, group_write.write, group_write.undoing),
        ImportKind.ATTENDANCE: Kind(
            ATTENDANCE, attendance_plan.plan, attendance_write.write, attendance_write.undoing
        ),
    }
)
