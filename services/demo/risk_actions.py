"""An answer about immediate risk in the demonstration that nobody has finished acting on."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupState, MeasureForm, Place, PlaceState, Point, RiskAction
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink

_IN_THE_MORNING = timedelta(hours=8)


def write(db: Session, sink: Sink, chance: Chance, *, today: date) -> None:
    """One form somebody began to correct this morning. Reads what is in the database already."""
    query = (
        select(MeasureForm.place_id, MeasureForm.respondent, MeasureForm.recorded_by_id)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            MeasureForm.measure == "core10",
            MeasureForm.point == Point.START,
            Place.state == PlaceState.STARTED,
            Group.state == GroupState.RUNNING,
        )
        .order_by(MeasureForm.id)
        .limit(1)
    )
    for row in db.execute(query):
        sink.add(
            RiskAction,
            ref=chance.ref(),
            place_id=row.place_id,
            measure="core10",
            respondent=row.respondent,
            point=Point.START,
            opened_at=clock.start_of_day(today) + _IN_THE_MORNING,
            opened_by_id=row.recorded_by_id,
        )
