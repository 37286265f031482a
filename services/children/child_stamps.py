"""What a child's Steps count by: its age band at the start, and whether a parent takes part.

Both are kept with the forms, so that counting reads nobody's birthday. A child who changes age
band half-way stays in the band of the start.
"""

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, Group, MeasureForm, Person, PersonKind, Place
from services import clock
from services.children.child_prompts import band_on
from services.groups.pairs.halves import linked
from services.measures.measure_counts import STEPS, cells
from services.tallies import tallies


def stamp(db: Session, place: Place, group: Group) -> None:
    """Bring what the Steps forms of a place count by up to date; the counts are the caller's.

    A statement of its own: a form's version says that its answers changed, and these did not.
    """
    child = db.get_one(Person, place.person_id)
    start = max(group.starts_on, place.joined_on)
    values = {
        "age_band": band_on(child.date_of_birth, start),
        "with_parent": _with_parent(db, child, group),
    }
    of_place = MeasureForm.place_id == place.id, MeasureForm.measure == STEPS
    db.flush()  # a form that has just been filled in is brought up to date as well
    without_sync = {"synchronize_session": False}
    db.execute(update(MeasureForm).where(*of_place).values(values), execution_options=without_sync)
    again = select(MeasureForm).where(*of_place).execution_options(populate_existing=True)
    db.scalars(again).all()


def stamp_again(db: Session, person_id: int | None = None) -> None:
    """The same with the counts, after a date of birth was put right.

    With nobody named, for all forms that have nothing yet: those kept before there were bands.
    """
    unsorted = MeasureForm.age_band.is_(None) if person_id is None else true()
    with_steps = select(MeasureForm.place_id).where(MeasureForm.measure == STEPS, unsorted)
    found = (
        select(Place, Group)
        .join(Group, Group.id == Place.group_id)
        .where(Place.id.in_(with_steps))
        .order_by(Place.id)
    )
    if person_id is not None:
        found = found.where(Place.person_id == person_id)
    for place, group in db.execute(found).all():
        period = clock.quarter(group.starts_on)
        forms = list(db.scalars(select(MeasureForm).where(MeasureForm.place_id == place.id)))
        before = cells(group.programme, period, forms)
        stamp(db, place, group)
        changes = cells(group.programme, period, forms)
        changes.subtract(before)
        tallies.add(db, changes)


def _with_parent(db: Session, child: Person, group: Group) -> bool:
    """Whether an adult of the family has or had a place in this group or its other half."""
    half = linked(db, group.id)
    groups = [group.id] if half is None else [group.id, half.other_id]
    query = (
        select(Place.id)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id.in_(groups),
            Place.state.not_in(NEVER_TAKEN_UP),
            Person.family_id == child.family_id,
            Person.kind == PersonKind.ADULT,
        )
    )
    return db.scalar(query.limit(1)) is not None
