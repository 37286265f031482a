"""What there is to thank a volunteer for: noted as it is reached, and kept until somebody has.

Hours are added up once an hour (services.jobs), so that no list adds them up at a click.
"""

from collections import defaultdict
from collections.abc import Collection

import pandas as pd
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models import Milestone, MilestoneKind, OtherHours, Stage, Volunteer
from services import audit, clock
from services.errors import ConflictError
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_volunteers
from services.volunteers.contribution.hours import minutes_between, spans
from services.volunteers.contribution.thanks import milestones
from services.volunteers.finding import find_volunteer
from services.volunteers.rota.stored import active_since

MOST = 50


def note_reached(db: Session) -> int:
    """Note what volunteers with groups have reached since the last time; how many milestones."""
    numbers = db.scalars(select(Volunteer.id).where(Volunteer.stage == Stage.ACTIVE)).all()
    given, since = _minutes(db, numbers), active_since(db, numbers)
    known: defaultdict[tuple[int, MilestoneKind], int] = defaultdict(int)
    query = select(Milestone.volunteer_id, Milestone.kind, func.max(Milestone.step))
    for number, kind, last in db.execute(query.group_by(Milestone.volunteer_id, Milestone.kind)):
        known[number, kind] = last or 0
    new = []
    for number in numbers:
        reached = milestones(given[number], since.get(number), clock.today())
        for kind, step in (
            (MilestoneKind.HOURS, reached.hours),
            (MilestoneKind.MONTHS, reached.months),
        ):
            if step is not None and step > known[number, kind]:
                new.append(
                    Milestone(volunteer_id=number, kind=kind, step=step, reached_on=clock.today())
                )
    db.add_all(new)
    if new:
        audit.record(db, None, "milestones.noted", milestones=len(new))
    return len(new)


def to_thank(db: Session, actor: Actor) -> pd.DataFrame:
    """What nobody has thanked for, of the volunteers she looks after or nobody does, the longest
    ago first: ref, name, kind, step, reached_on."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    rows = [
        (her.ref, f"{her.first_name} {her.last_name}", one.kind.value, one.step, one.reached_on)
        for one, her in db.execute(to_thank_select(actor))
    ]
    return pd.DataFrame(rows, columns=["ref", "name", "kind", "step", "reached_on"])


@once
def to_thank_select(actor: Actor) -> Select[Milestone, Volunteer]:
    """The select behind `to_thank`, for what only counts them."""
    hers = or_(Volunteer.owner_id == actor.account_id, Volunteer.owner_id.is_(None))
    return (
        select(Milestone, Volunteer)
        .join(Volunteer, Volunteer.id == Milestone.volunteer_id)
        .where(Milestone.thanked_on.is_(None), hers, visible_volunteers(actor))
        .order_by(Milestone.reached_on, Milestone.id)
        .limit(MOST)
    )


def thank(db: Session, actor: Actor, volunteer_ref: str) -> None:
    """Note that she was thanked for all there is; her letter is on her own page from then on."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref)
    query = select(Milestone).where(
        Milestone.volunteer_id == volunteer.id, Milestone.thanked_on.is_(None)
    )
    found = db.scalars(query.with_for_update()).all()
    if not found:
        raise ConflictError("A colleague has thanked her meanwhile. There is nothing left to note.")
    for one in found:
        one.thanked_on, one.thanked_by_id = clock.today(), actor.account_id
    audit.record(db, actor, "volunteer.thanked_for", f"volunteer:{volunteer_ref}")


def not_thanked(db: Session, actor: Actor, volunteer_ref: str) -> tuple[tuple[str, int], ...]:
    """What one volunteer has reached and nobody has thanked her for: kind and step."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(Milestone.kind, Milestone.step)
        .join(Volunteer, Volunteer.id == Milestone.volunteer_id)
        .where(
            Volunteer.ref == volunteer_ref,
            Milestone.thanked_on.is_(None),
            visible_volunteers(actor),
        )
        .order_by(Milestone.kind, Milestone.step)
    )
    return tuple((kind.value, step) for kind, step in db.execute(query))


def _minutes(db: Session, numbers: Collection[int]) -> defaultdict[int, int]:
    given: defaultdict[int, int] = defaultdict(int)
    for number, starts, ends in db.execute(spans(numbers)):
        given[number] += minutes_between(starts, ends)
    query = select(OtherHours.volunteer_id, func.sum(OtherHours.minutes))
    mine = query.where(OtherHours.volunteer_id.in_(numbers)).group_by(OtherHours.volunteer_id)
    for number, minutes in db.execute(mine):
        given[number] += minutes
    return given
