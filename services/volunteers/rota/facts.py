"""A rota's problem from what is in the database: the one place that puts it together.

Every offer, answer, swap and filled term is checked against what is found here. What it costs
depends on the groups and roles asked about, not on how many volunteers there are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import Group, GroupSession, PlacementRole, Shift, Volunteer
from services.placing import eligibility, placing
from services.placing.eligibility import Task
from services.placing.placing import Answer
from services.volunteers.availability import facts as availability
from services.volunteers.availability.facts import Availability
from services.volunteers.availability.hours import Away, is_free
from services.volunteers.rota import needs, stored
from services.volunteers.rota.problem import Helper, Meeting, Need, Problem, Rule, Stint
from services.volunteers.rota.stored import day_of

_NEW_FOR = timedelta(days=91)  # three months from becoming active (domain §4.2)
_BACK = timedelta(weeks=60)  # nothing further back keeps anybody from another group


@dataclass(frozen=True, slots=True)
class Facts:
    """The problem, what an obstacle says of a volunteer in a role with a group, and which languages
    besides English the people of each group speak."""

    problem: Problem
    says: Mapping[tuple[int, int, str], str]
    spoken: Mapping[int, Mapping[str, str]]  # in small letters to how it is written


def gather(
    db: Session,
    sessions: Sequence[GroupSession],
    volunteers: Sequence[Volunteer],
    *,
    without: Collection[int] = (),
    weighed: Collection[tuple[int, int]] = (),
) -> Facts:
    """Everything there is to know about covering these sessions with these volunteers.

    `without` are the numbers of shifts to be thought away, `weighed` volunteers with a group where
    a coordinator has just said why it is right all the same. A step of services that have asked.
    """
    since = min(day_of(one) for one in sessions)
    here = stored.shifts_in(db, [one.id for one in sessions], without)
    people = [*volunteers, *stored.others(db, here, volunteers)]
    numbers = [one.id for one in people]
    hers = stored.shifts_of(db, numbers, since - _BACK, without)
    asked = {one.id for one in sessions}
    elsewhere = {held.id: held for _shift, held in hers if held.id not in asked}
    expected = stored.expected_at(db, numbers, sessions, asked | elsewhere.keys())
    elsewhere |= {one.id: one for one, _placement in expected}
    taken = stored.commitments(db, numbers, since - _BACK, hers)
    groups = stored.groups_of(db, {one.group_id for one in sessions})
    needed = needs.of_groups(db, groups)
    settled = stored.settled(db, numbers, hers) | set(weighed)
    ruled_out, says = _ruled_out(db, sessions, people, groups, needed, settled)
    spoken = stored.languages_in(db, groups)
    problem = Problem(
        helpers=tuple(_helpers(db, people, sessions, since, spoken)),
        meetings=(
            *(_meeting(one, needed[one.group_id]) for one in sessions),
            *(_meeting(one, ()) for one in elsewhere.values()),
        ),
        terms={number: _term(sessions, group) for number, group in groups.items()},
        ruled_out=ruled_out,
        fixed=frozenset(
            [
                *(counted(shift) for shift, _session in (*here, *hers)),
                *(
                    Stint(one.id, placed.role.value, placed.volunteer_id)
                    for one, placed in expected
                ),
            ]
        ),
        commitments=tuple(taken),
    )
    return Facts(problem, says, spoken)


def _ruled_out(
    db: Session,
    sessions: Sequence[GroupSession],
    people: Sequence[Volunteer],
    groups: Mapping[int, Group],
    needed: Mapping[int, tuple[Need, ...]],
    settled: Collection[tuple[int, int]],
) -> tuple[dict[tuple[int, int, str], str], dict[tuple[int, int, str], str]]:
    """Which rule keeps whom from a role with a group; and what to say, where it may be said."""
    out: dict[tuple[int, int, str], str] = {}
    says: dict[tuple[int, int, str], str] = {}
    for number in {one.group_id for one in sessions}:
        days = [day_of(one) for one in sessions if one.group_id == number]
        answers = placing.for_volunteers(db, people, number, since=min(days))
        for need in needed[number]:
            task = Task(groups[number], PlacementRole(need.role), min(days), max(days))
            for who, against in eligibility.obstacles(
                db, people, task, eligibility.ABOUT_HER
            ).items():
                said = [one for one in against if one.rule != eligibility.SEALED]
                if said:
                    out[who, number, need.role] = said[0].rule
                    says[who, number, need.role] = said[0].says
                elif against:
                    out[who, number, need.role] = Rule.CONFLICT
            for who, answer in answers.items():
                if not placing.is_settled(answer, "" if (who, number) in settled else None):
                    rule = Rule.CONFLICT if answer is Answer.HARD else Rule.WEIGH
                    out.setdefault((who, number, need.role), rule)
    return out, says


def _term(sessions: Sequence[GroupSession], group: Group) -> tuple[date, date]:
    """From the first session asked about to the group's last: what taking it on would mean now."""
    days = [day_of(one) for one in sessions if one.group_id == group.id]
    return min(days), max(*days, group.ends_on)


def _helpers(
    db: Session,
    people: Sequence[Volunteer],
    sessions: Sequence[GroupSession],
    since: date,
    spoken: Mapping[int, Mapping[str, str]],
) -> Iterator[Helper]:
    numbers = [one.id for one in people]
    known = availability.of_many(db, numbers, since=since)
    active = stored.active_since(db, numbers)
    for number in numbers:
        wishes = known[number].wishes
        hers = {language.casefold() for language in wishes.languages}
        yield Helper(
            number=number,
            roles=frozenset(role.value for role in needs.ROLES),
            free_for=frozenset(one.id for one in sessions if _is_free(known[number], one)),
            a_month=wishes.most_a_month,
            groups_at_once=wishes.groups_at_once,
            weeks_between=wishes.weeks_between,
            is_new=active.get(number, since) > since - _NEW_FOR,
            wishes=frozenset(role.value for role in wishes.roles),
            speaks_for=frozenset(group for group, there in spoken.items() if hers & there.keys()),
        )


def _is_free(hers: Availability, session: GroupSession) -> bool:
    """Whether her hours hold the session, in a room she does not avoid.

    Whoever has not told her hours counts as free apart from her days away: an offer asks her.
    """
    if session.room_id in hers.wishes.avoided_rooms:
        return False
    if hers.hours:
        return is_free(hers.hours, hers.exceptions, session.starts_at, session.ends_at)
    away = (one for one in hers.exceptions if isinstance(one, Away))
    return not any(one.starts_on <= day_of(session) <= one.ends_on for one in away)


def _meeting(session: GroupSession, needed: tuple[Need, ...]) -> Meeting:
    return Meeting(
        session.id, session.group_id, session.starts_at, session.ends_at, day_of(session), needed
    )


def stint(shift: Shift) -> Stint:
    """A shift as the rules know it."""
    return Stint(shift.session_id, shift.role.value, shift.volunteer_id)


def counted(shift: Shift) -> Stint:
    """The same among what is fixed: whoever is asked to take over is not free then, and covers
    nothing that is needed, since the other does until she says yes."""
    return replace(stint(shift), role="") if shift.takes_over else stint(shift)
