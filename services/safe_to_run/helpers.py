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
from services.safe_to_run.verdict import Adult
from services.support.kept import long_overdue
from services.training.eligible import run_out
from services.vetting.eligible import checked_until

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
    """Who is placed with which group, and what is known of each by her number."""

    placed: dict[int, list[tuple[Placement, Volunteer]]]
    checked: dict[int, date]
    untrained: dict[tuple[int, PlacementRole], dict[str, date | None]]
    overdue: dict[int, list[str]]
    named: bool

    def on(self, group: Group, day: date) -> list[Adult]:
        """Those who are to help in a group's session on a day.

        Somebody who has stepped back is away, and no more is said. To those who may not see
        volunteers, neither is what is to be settled with one.
        """
        return [
            self._adult(placement, her, day)
            for placement, her in self.placed[group.id]
            if placement.starts_on <= day
            and (placement.ends_on is None or day <= placement.ends_on)
        ]

    def _adult(self, placement: Placement, her: Volunteer, day: date) -> Adult:
        return Adult(
            name=her.first_name if self.named else _SOMEBODY,
            is_facilitator=False,
            in_induction=placement.role is PlacementRole.SHADOWING,
            is_away=her.stage not in (Stage.ACTIVE, Stage.SHADOWING),
            checked_until=self.checked.get(her.id),
            remarks=tuple(self._to_settle(placement, her, day)) if self.named else (),
        )

    def _to_settle(self, placement: Placement, her: Volunteer, day: date) -> list[str]:
        """A course that is missing or has run out by then, and support that is long overdue."""
        courses = self.untrained.get((her.id, placement.role), {})
        missing = [
            f"{her.first_name} needs the course “{name}” for what she does here."
            for name, until in courses.items()
            if until is None or until < day
        ]
        return [*missing, *self.overdue.get(her.id, [])]


def of_groups(db: Session, actor: Actor, group_ids: Collection[int]) -> Helpers:
    """The volunteers placed with these groups, a fixed number of statements for all of them."""
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
    pairs = [pair for several in placed.values() for pair in several]
    volunteers = {her.id: her for _placement, her in pairs}
    named = actor.may(Permission.READ_VOLUNTEERS)
    return Helpers(
        placed,
        checked_until(db, volunteers),
        run_out(db, {(her.id, placement.role) for placement, her in pairs}) if named else {},
        long_overdue(db, list(volunteers.values())) if named else {},
        named,
    )
