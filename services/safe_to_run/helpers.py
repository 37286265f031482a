"""The volunteers placed with some groups, and what stands in the way of counting on each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Group, Placement, PlacementRole, Stage, Volunteer
from services import clock
from services.permissions import Actor, Permission
from services.programme_library import ProgrammeTemplate
from services.safe_to_run.verdict import Adult

# Whoever writes or telephones is not in the room.
_IN_THE_ROOM = (
    PlacementRole.CO_FACILITATOR,
    PlacementRole.CRECHE,
    PlacementRole.WELCOME,
    PlacementRole.SHADOWING,
)
_SOMEBODY = "A volunteer"


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who is placed with which group."""

    placed: dict[int, list[tuple[Placement, Volunteer]]]
    named: bool

    def on(self, group: Group, _programme: ProgrammeTemplate, day: date) -> list[Adult]:
        """Those who are to help in a group's session on a day.

        Somebody who has stepped back is away, for those who may not know more too.
        """
        return [
            Adult(
                name=her.first_name if self.named else _SOMEBODY,
                is_facilitator=False,
                in_induction=placement.role is PlacementRole.SHADOWING,
                is_away=her.stage not in (Stage.ACTIVE, Stage.SHADOWING),
            )
            for placement, her in self.placed[group.id]
            if placement.starts_on <= day
            and (placement.ends_on is None or day <= placement.ends_on)
        ]


def of_groups(db: Session, actor: Actor, group_ids: Collection[int]) -> Helpers:
    """The volunteers placed with these groups, a query for each kind of record."""
    query = (
        select(Placement, Volunteer)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .where(
            Placement.group_id.in_(group_ids),
            Placement.role.in_(_IN_THE_ROOM),
            or_(Placement.ends_on.is_(None), Placement.ends_on >= clock.today()),
        )
        .order_by(Placement.starts_on, Placement.id)
    )
    placed: defaultdict[int, list[tuple[Placement, Volunteer]]] = defaultdict(list)
    for placement, her in db.execute(query):
        placed[placement.group_id].append((placement, her))
    return Helpers(placed, actor.may(Permission.READ_VOLUNTEERS))
