"""Women who could not take up a place, answered the same form again for the next, and came then."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models import (
    Facilitation,
    Group,
    GroupState,
    MeasureForm,
    Outcome,
    Place,
    PlaceState,
    Point,
    Respondent,
)
from services import clock
from services.demo import answers, scores
from services.demo.chance import Chance
from services.demo.scores import Form
from services.demo.sink import Sink
from services.measures.measure_counts import cells, measured_of
from services.measures.measure_library import measure
from services.measures.measure_sums import dose_cells
from services.places import milestones

_FORM: Final = "swemwbs"
_MOST: Final = 16
_LEAST_WAIT, _MOST_WAIT = timedelta(weeks=4), timedelta(weeks=70)
_BEFORE = timedelta(days=9)  # from the first meeting to the first session
_SAID_BEFORE = timedelta(days=1)
_GAIN, _SCATTER = 0.4, 2.2  # of the score while she waits
_WHY: Final = (("childcare", "Childcare fell through"), ("work_or_study", "Started a new job"))


@dataclass(frozen=True, slots=True)
class _Came:
    """Somebody who came to a group with a form at its start."""

    person: int
    joined: date
    total: float
    age_from: int | None


@dataclass(frozen=True, slots=True)
class _Missed:
    """A group that is over."""

    number: int
    programme: str
    starts_on: date
    to_complete: int
    topics_to_complete: int | None
    lead: int


def write(db: Session, sink: Sink, chance: Chance) -> None:
    """A place in an earlier group for each of a few, to which she came to no session.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    over = _over(db)
    written = 0
    for came in _came(db):
        near = [one for one in over if _LEAST_WAIT <= came.joined - one.starts_on <= _MOST_WAIT]
        if near and written < _MOST:
            # The latest of them, or the one before it: nobody is asked to wait longer than that.
            _waited(sink, chance, came, chance.choice(near[:2]))
            written += 1


def _came(db: Session) -> list[_Came]:
    """Those in a group for the first time, the latest first."""
    earlier = aliased(Place)
    query = (
        select(Place.person_id, Place.joined_on, MeasureForm.total, MeasureForm.age_from)
        .join(MeasureForm, MeasureForm.place_id == Place.id)
        .where(
            MeasureForm.measure == _FORM,
            MeasureForm.respondent == Respondent.SELF,
            MeasureForm.point == Point.START,
            Place.attended > 0,
            ~select(earlier.id)
            .where(earlier.person_id == Place.person_id, earlier.joined_on < Place.joined_on)
            .exists(),
        )
        .order_by(Place.joined_on.desc(), Place.id)
        .limit(4 * _MOST)
    )
    return [
        _Came(person, joined, total, age_from)
        for person, joined, total, age_from in db.execute(query)
        if total is not None
    ]


def _over(db: Session) -> list[_Missed]:
    """The latest groups that are over and took this form, each with who led it."""
    took = (
        select(Place.group_id)
        .join(MeasureForm, MeasureForm.place_id == Place.id)
        .where(MeasureForm.measure == _FORM, Place.group_id == Group.id)
    )
    query = (
        select(
            Group.id,
            Group.programme,
            Group.starts_on,
            Group.sessions_to_complete,
            Group.topics_to_complete,
            func.min(Facilitation.account_id),
        )
        .join(Facilitation, Facilitation.group_id == Group.id)
        .where(Group.state.in_((GroupState.FINISHED, GroupState.CLOSED)), took.exists())
        .group_by(Group.id)
        .order_by(Group.starts_on.desc(), Group.id)
        .limit(_MOST)
    )
    return [_Missed(*row) for row in db.execute(query)]


def _waited(sink: Sink, chance: Chance, came: _Came, missed: _Missed) -> None:
    """What she answered at the first meeting, and why she came to no session after it."""
    because, why = chance.choice(_WHY)
    form = _form(chance, came, missed)
    where = missed.programme, clock.quarter(missed.starts_on)
    kept = measured_of([form])
    never_came: dict[str, Any] = {
        "state": PlaceState.LEFT_EARLY, "left_because": because,
        "attended": 0, "covered": 0, "expected": 0, "topics_covered": 0,
    }  # fmt: skip
    group = Group(
        programme=missed.programme, starts_on=missed.starts_on,
        sessions_to_complete=missed.to_complete, topics_to_complete=missed.topics_to_complete,
    )  # fmt: skip
    sink.counts.update(milestones.cells(Place(**never_came), group))
    sink.counts.update(cells(*where, [form]))
    sink.counts.update(dose_cells(*where, kept, 0, 0))
    asked = clock.start_of_day(missed.starts_on - 2 * _BEFORE) + timedelta(hours=12)
    number = sink.add(
        Place,
        ref=chance.ref(),
        group_id=missed.number,
        person_id=came.person,
        asked_at=asked,
        # She says so before the first session, so that she stands on no register.
        joined_on=missed.starts_on - _SAID_BEFORE,
        left_on=missed.starts_on - _SAID_BEFORE,
        left_reason=f"{why}: asked for the next group.",
        measured=kept,
        **never_came,
    )
    scores.write(sink, form, place=number, by=missed.lead)


def _form(chance: Chance, came: _Came, missed: _Missed) -> Form:
    asked = measure(_FORM)
    person = answers.somebody(chance, gets_worse=False)
    before = came.total - chance.gauss(_GAIN, _SCATTER)
    scored = answers.scored_near(person, asked, Respondent.SELF, before)
    return Form(
        measure=_FORM,
        measure_version=asked.version,
        respondent=Respondent.SELF,
        point=Point.START,
        outcome=Outcome.ANSWERED,
        taken_on=missed.starts_on - _BEFORE,
        answers=scored.answers,
        total=scored.total,
        band=scored.band,
        age_from=came.age_from,
    )
