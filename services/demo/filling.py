"""Filling an empty database, part by part, in the order in which one part needs another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupSession,
    GroupState,
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
    waited,
    worries,
)
from services.demo.agreements import Agreements, leads_of
from services.demo.cast import Cast
from services.demo.chance import Chance
from services.demo.courses import Scribe
from services.demo.former import Former
from services.demo.history import MARKS_A_PERSON, all_runs, facilitators_for
from services.demo.house import House
from services.demo.referred import Referrals
from services.demo.runs import Course, Run
from services.demo.sink import Sink
from services.demo.staff import NAMED, PASSWORD, Staff, hire
from services.demo.surroundings import Surroundings
from services.errors import ConflictError
from services.organisation import OrganisationSettings
from services.places import milestones
from services.search import index_everybody
from services.tallies import tallies

NAME = "Lantern House (demonstration)"
_PEOPLE = 60
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
    runs = all_runs(people, marks, seed=seed, today=today)
    total = sum(run.marks for run in runs)
    wanted = people if people is not None else max(_PEOPLE, total // MARKS_A_PERSON)
    sink = Sink(db)
    opened = clock.start_of_day(today - _OPENED)
    staff = hire(sink, Chance(f"{seed} staff"), facilitators_for(total), at=opened)
    house = House(db, sink, seed, today, staff)
    cast = house.cast(runs, wanted)
    referrals = house.referrals()
    scribe = house.scribe(cast, referrals)
    attended = _courses(house, runs, cast, scribe)
    cast.add_the_rest()
    _referred(house, cast, referrals)
    linked.write(sink, scribe, cast.households, today=today)
    left_lately = _volunteers(
        house, attended, _VOLUNTEERS + (wanted - _PEOPLE) // _PEOPLE_A_VOLUNTEER
    )
    _families(house, attended, cast, referrals)
    _kept_safe(house, attended)
    _what_came_of_it(house, left_lately)
    tallies.add(db, sink.counts)
    index_everybody(db)
    bulk.settle(db)
    released.take_out(db, staff.lead)
    audit.record(db, None, "demonstration.filled", seed=seed, marks=sink.made(Mark))
    return _summary(sink, staff)


class _Attended(NamedTuple):
    """The groups there were, and who sat in each."""

    courses: list[Course]
    sitting: list[list[tuple[int, ...]]]

    def over(self) -> list[list[tuple[int, ...]]]:
        """Who sat in groups that have ended."""
        ended = (GroupState.FINISHED, GroupState.CLOSED)
        both = zip(self.courses, self.sitting, strict=True)
        return [seats for course, seats in both if course.run.state in ended]


def _courses(house: House, runs: Sequence[Run], cast: Cast, scribe: Scribe) -> _Attended:
    attended = _Attended([], [])
    for run in runs:
        seats = cast.take_seats(run)
        attended.sitting.append(seats)
        attended.courses.append(scribe.write(run, seats))
        house.sink.flush_when_many()
    return attended


def _referred(house: House, cast: Cast, referrals: Referrals) -> None:
    """How everybody may be reached, and referrals that led to no place."""
    by = (house.staff.coordinator, *house.staff.facilitators)
    contacts.keep(house.sink, house.chance("contacts"), cast.households, by, today=house.today)
    referrals.without_a_place(cast.households)
    referrals.forms()


def _volunteers(house: House, attended: _Attended, count: int) -> tuple[Former, ...]:
    """Survivor volunteers; those who left lately, of whom more is written later."""
    sink, today, coordinator = house.sink, house.today, house.staff.coordinator
    left_lately = former.write(
        sink, house.chance("former"),
        coordinator=coordinator, supervisor=house.staff.supervisors[0], today=today,
    )  # fmt: skip
    volunteers = helpers.welcome(
        sink, house.chance("helpers"), attended.courses,
        count=count, coordinator=coordinator, today=today,
    )  # fmt: skip
    applicants.write(
        sink, house.chance("applicants"), volunteers, attended.over(), by=coordinator, today=today
    )
    cover.keep(sink, house.chance("cover"), attended.courses, house.staff, today=today)
    checked.write(
        house.db, sink, house.chance("checked"), volunteers, coordinator=coordinator, today=today
    )
    return left_lately


def _families(house: House, attended: _Attended, cast: Cast, referrals: Referrals) -> None:
    """What was agreed with each family, and what is around it."""
    agreements = Agreements(
        house.sink, house.chance("agreements"), house.staff,
        interventions=referrals.interventions, leads=leads_of(attended.courses, attended.sitting),
        agencies=referrals.agencies, today=house.today,
    )  # fmt: skip
    around = Surroundings(house.sink, house.chance("surroundings"), today=house.today)
    for household in cast.households:
        agreements.write(household)
        around.write(household)
        house.sink.flush_when_many()
    for household in cast.households:
        agreements.share(household)
        house.sink.flush_when_many()


def _kept_safe(house: House, attended: _Attended) -> None:
    """Risk, pairs kept apart, concerns, and the agreements that rows leave under."""
    sink, staff, today = house.sink, house.staff, house.today
    risks.write(sink, house.chance("risks"), *attended, today=today)
    kept_apart.write(sink, house.chance("apart"), *attended, by=staff.coordinator, today=today)
    worries.write(sink, house.chance("worries"), *attended, lead=staff.lead, today=today)
    released.agree(sink, house.chance("released"), by=staff.administrator, today=today)


def _what_came_of_it(house: House, left_lately: tuple[Former, ...]) -> None:
    """What is written about rows that are in the database by now."""
    db, sink, staff, today, chance = house.db, house.sink, house.staff, house.today, house.chance
    sink.flush()
    aftermath.write(db, sink, chance("aftermath"), today=today)
    risk_actions.write(db, sink, chance("risk actions"), today=today)
    seen.write(db, sink, chance("seen"), today=today)
    collecting.write(db, sink, chance("collecting"), by=staff.coordinator, today=today)
    sink.flush()
    former.helped(db, sink, chance("helped"), left_lately, today)
    cared_for.write(db, sink, chance("cared for"), staff.supervisors, today=today)
    turns.write(db, sink, chance("turns"), by=staff.coordinator, today=today)
    heard.write(db, sink, chance("heard"), today=today)
    voices.write(db, sink, chance("voices"), today=today)
    waited.write(db, sink, chance("waited"))
    sink.flush()
    milestones.settle_topics(db)
    own_part.write(
        db, sink, chance("own part"), account=staff.volunteer, by=staff.coordinator, today=today
    )
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
