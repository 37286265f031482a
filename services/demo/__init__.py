"""A demonstration programme of any size that looks like life and is plainly invented.

One generator serves every size: the same eight groups at different stages, and as many years of
history before them as it takes. Rows go in bulk, because a history cannot be made through the
services, which know only today; counts are made with the services' own functions.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupSession,
    GroupState,
    Intervention,
    Mark,
    MeasureForm,
    Organisation,
    Person,
    PipelineRules,
    Volunteer,
)
from services import audit, bulk, clock, organisation
from services.demo import (
    aftermath,
    applicants,
    cared_for,
    checked,
    collecting,
    contacts,
    cover,
    former,
    heard,
    helpers,
    kept_apart,
    linked,
    own_part,
    released,
    risk_actions,
    risks,
    seen,
    turns,
    voices,
    worries,
)
from services.demo.agreements import Agreements, leads_of
from services.demo.cast import Cast
from services.demo.chance import Chance
from services.demo.courses import Scribe
from services.demo.former import Former
from services.demo.history import facilitators_for, history
from services.demo.referred import Referrals
from services.demo.runs import Course, Run
from services.demo.scenes import of_families_known, scenes
from services.demo.sink import Sink
from services.demo.staff import NAMED, PASSWORD, Staff, hire
from services.demo.surroundings import Surroundings
from services.errors import ConflictError
from services.organisation import OrganisationSettings
from services.places import milestones
from services.search import index_everybody
from services.tallies import tallies

NAME = "Lantern House (demonstration)"
_PEOPLE, _MARKS_A_PERSON = 60, 16
_VOLUNTEERS, _PEOPLE_A_VOLUNTEER = 20, 300
_OPENED = timedelta(days=365 * 11)


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was made, and who can sign in to look at it."""

    people: int
    groups: int
    sessions: int
    marks: int
    forms: int
    volunteers: int
    facilitators: int
    accounts: pd.DataFrame  # user name, name, role, password; at least one of each role


def fill(
    db: Session, *, people: int | None, marks: int | None, seed: int = 1, today: date
) -> DemoSummary:
    """Fill an empty database with so many people and marks; None leaves the number open.

    The same seed, numbers and day give the same programme. Raises ConflictError when anybody
    has begun to use the database.
    """
    _start(db)
    runs = _runs(marks, people, seed=seed, today=today)
    total = sum(run.marks for run in runs)
    wanted = people if people is not None else max(_PEOPLE, total // _MARKS_A_PERSON)
    sink = Sink(db)
    opened = clock.start_of_day(today - _OPENED)
    staff = hire(sink, Chance(f"{seed} staff"), facilitators_for(total), at=opened)
    seated = sum(len(run.seats) * run.people for run in runs)
    cast = Cast(
        sink,
        Chance(f"{seed} cast"),
        Chance(f"{seed} said"),
        people=wanted,
        seated=seated,
        today=today,
    )
    offered = db.scalars(select(Intervention.id).order_by(Intervention.position)).all()
    referrals = Referrals(sink, Chance(f"{seed} referrals"), staff, offered, today)
    referrals.partners()
    scribe = Scribe(
        sink,
        Chance(f"{seed} courses"),
        staff.facilitators,
        referrals=referrals,
        born=cast.born,
        today=today,
    )
    courses: list[Course] = []
    sitting: list[list[tuple[int, ...]]] = []
    for run in runs:
        sitting.append(cast.take_seats(run))
        courses.append(scribe.write(run, sitting[-1]))
        sink.flush_when_many()
    cast.add_the_rest()
    for run in of_families_known(today) if people is None and marks is None else ():
        sitting.append(cast.known_families(run))
        seats = run.seats[: len(sitting[-1])]
        courses.append(scribe.write(replace(run, seats=seats), sitting[-1]))
    contacts.keep(
        sink,
        Chance(f"{seed} contacts"),
        cast.households,
        (staff.coordinator, *staff.facilitators),
        today=today,
    )
    referrals.without_a_place(cast.households)
    referrals.forms()
    linked.write(sink, scribe, cast.households, today=today)
    left_lately = former.write(
        sink,
        Chance(f"{seed} former"),
        coordinator=staff.coordinator,
        supervisor=staff.supervisors[0],
        today=today,
    )
    volunteers = helpers.welcome(
        sink,
        Chance(f"{seed} helpers"),
        courses,
        count=_VOLUNTEERS + (wanted - _PEOPLE) // _PEOPLE_A_VOLUNTEER,
        coordinator=staff.coordinator,
        today=today,
    )
    applicants.write(
        sink,
        Chance(f"{seed} applicants"),
        volunteers,
        [seats for course, seats in zip(courses, sitting, strict=True) if _is_over(course)],
        by=staff.coordinator,
        today=today,
    )
    cover.keep(sink, Chance(f"{seed} cover"), courses, staff, today=today)
    checked.write(
        db, sink, Chance(f"{seed} checked"), volunteers, coordinator=staff.coordinator, today=today
    )
    agreements = Agreements(
        sink,
        Chance(f"{seed} agreements"),
        staff,
        interventions=offered,
        leads=leads_of(courses, sitting),
        agencies=referrals.agencies,
        today=today,
    )
    around = Surroundings(sink, Chance(f"{seed} surroundings"), today=today)
    for household in cast.households:
        agreements.write(household)
        around.write(household)
        sink.flush_when_many()
    for household in cast.households:
        agreements.share(household)
        sink.flush_when_many()
    risks.write(sink, Chance(f"{seed} risks"), courses, sitting, today=today)
    kept_apart.write(
        sink, Chance(f"{seed} apart"), courses, sitting, by=staff.coordinator, today=today
    )
    worries.write(sink, Chance(f"{seed} worries"), courses, sitting, lead=staff.lead, today=today)
    released.agree(sink, Chance(f"{seed} released"), by=staff.administrator, today=today)
    _what_came_of_it(db, sink, seed, staff, left_lately, today)
    tallies.add(db, sink.counts)
    index_everybody(db)
    bulk.settle(db)
    released.take_out(db, staff.lead)
    audit.record(db, None, "demonstration.filled", seed=seed, marks=sink.made(Mark))
    return _summary(sink, staff)


def _what_came_of_it(
    db: Session, sink: Sink, seed: int, staff: Staff, left_lately: tuple[Former, ...], today: date
) -> None:
    """What is written about rows that are in the database by now."""
    sink.flush()
    aftermath.write(db, sink, Chance(f"{seed} aftermath"), today=today)
    risk_actions.write(db, sink, Chance(f"{seed} risk actions"), today=today)
    seen.write(db, sink, Chance(f"{seed} seen"), today=today)
    collecting.write(db, sink, Chance(f"{seed} collecting"), by=staff.coordinator, today=today)
    sink.flush()
    former.helped(db, sink, Chance(f"{seed} helped"), left_lately, today)
    cared_for.write(db, sink, Chance(f"{seed} cared for"), staff.supervisors, today=today)
    turns.write(db, sink, Chance(f"{seed} turns"), by=staff.coordinator, today=today)
    heard.write(db, sink, Chance(f"{seed} heard"), today=today)
    voices.write(db, sink, Chance(f"{seed} voices"), today=today)
    sink.flush()
    milestones.settle_topics(db)
    own_part.write(
        db, sink, Chance(f"{seed} own part"), account=staff.volunteer, by=staff.coordinator,
        today=today,
    )  # fmt: skip
    sink.flush()


def accounts() -> pd.DataFrame:
    """Who can sign in to look round: user name, name, role, password."""
    rows = [(username, name, role.value, PASSWORD) for username, name, role in NAMED]
    return pd.DataFrame(rows, columns=["user name", "name", "role", "password"])


def _start(db: Session) -> None:
    if db.scalar(select(Account.id).limit(1)) or db.scalar(select(Person.id).limit(1)):
        raise ConflictError(
            "This database is in use already, and invented people must not be mixed with real "
            "ones. Choose an empty database for the demonstration."
        )
    settings = OrganisationSettings(name=NAME, is_demonstration=True, referrals_open=True)
    if (started := db.get(Organisation, 1)) is None:
        organisation.start(db, settings)
    else:
        started.name, started.is_demonstration = NAME, True
        started.referrals_open = True
    db.add(PipelineRules(id=1, stage_days={}, own_group_months=6, applications_open=True))


def _runs(marks: int | None, people: int | None, *, seed: int, today: date) -> list[Run]:
    """The groups there have been, in the order they began."""
    shown = scenes(today)
    if marks is None:
        least = sum(run.marks for run in shown)
        marks = least if people is None else max(least, people * _MARKS_A_PERSON)
    kept: list[Run] = []
    for run in shown:
        if sum(other.marks for other in kept) + run.marks <= marks:
            kept.append(run)
    missing = marks - sum(run.marks for run in kept)
    past = history(Chance(f"{seed} history"), missing, today=today)
    return sorted([*kept, *past], key=lambda run: run.starts_on)


def _is_over(course: Course) -> bool:
    return course.run.state in (GroupState.FINISHED, GroupState.CLOSED)


def _summary(sink: Sink, staff: Staff) -> DemoSummary:
    return DemoSummary(
        people=sink.made(Person),
        groups=sink.made(Group),
        sessions=sink.made(GroupSession),
        marks=sink.made(Mark),
        forms=sink.made(MeasureForm),
        volunteers=sink.made(Volunteer),
        facilitators=len(staff.facilitators),
        accounts=accounts(),
    )


__all__ = ["NAME", "PASSWORD", "DemoSummary", "accounts", "fill"]
