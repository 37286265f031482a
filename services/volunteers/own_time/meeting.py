"""Whom a survivor volunteer knows from her own time here: asked by services/placing alone.

Each question is one statement, sent whether or not anybody is linked: how long an answer takes
says nothing either.
"""

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    and_,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models import (
    CURRENT_PLACES,
    CURRENT_SHIFTS,
    NEVER_TAKEN_UP,
    Group,
    GroupSession,
    Kinship,
    OwnTime,
    Person,
    Place,
    Placement,
    Shift,
)
from services.short_lists import each_time, instant

Ids: TypeAlias = Select[int] | CompoundSelect[int] | Collection[int]
Pairs: TypeAlias = dict[tuple[int, int], bool]  # volunteer and participant → a hard stop


def with_groups() -> Subquery:
    """Each volunteer with the groups she is with now: placed there, or in the rota to come."""
    placed = select(Placement.volunteer_id, Placement.group_id).where(Placement.ends_on.is_(None))
    begins = GroupSession.starts_at
    in_rota = (
        select(Shift.volunteer_id, GroupSession.group_id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(Shift.state.in_(CURRENT_SHIFTS), begins > each_time(begins, instant))
    )
    return placed.union(in_rota).subquery()


def selves() -> Subquery:
    """Each linked volunteer with the number of her own record; of two joined the one kept."""
    kept = func.coalesce(Person.merged_into_id, Person.id).label("person_id")
    linked = select(OwnTime.volunteer_id, kept).join(Person, Person.id == OwnTime.person_id)
    return linked.subquery()


def selves_of(volunteers: Ids) -> Select[int]:
    """The numbers these volunteers have as participants."""
    own = selves()
    return select(own.c.person_id).where(own.c.volunteer_id.in_(volunteers))


def volunteers_of(people: Ids) -> Select[int]:
    """The numbers these participants have as volunteers."""
    own = selves()
    return select(own.c.volunteer_id).where(own.c.person_id.in_(people))


def links(people: Ids, volunteers: Ids) -> Select[int, int]:
    """Volunteer and participant who are one of these people or volunteers."""
    own = selves()
    one_of = or_(own.c.person_id.in_(people), own.c.volunteer_id.in_(volunteers))
    return select(own.c.volunteer_id, own.c.person_id).where(one_of)


def known(db: Session, volunteers: Ids, people: Ids) -> Pairs:
    """Which of these volunteers know which of these participants from their own time.

    Hard: herself, her family or kin, and whoever was in a group with her at the same time. To be
    weighed: whoever was in the same group at another time (domain §4.3).
    """
    own = selves()
    couples = (
        select(own.c.volunteer_id, own.c.person_id, Person.id.label("other_id"))
        .select_from(own)
        .join(Person, Person.id.in_(people))
        .where(own.c.volunteer_id.in_(volunteers))
        .cte("couples")
    )
    found: Pairs = {}
    for volunteer, person, is_hard in db.execute(union_all(*_known(couples, couples.c.other_id))):
        found[volunteer, person] = bool(is_hard) or found.get((volunteer, person), False)
    return found


def meeting_now(db: Session, volunteers: Ids | None = None) -> set[tuple[int, int]]:
    """Volunteers who are with a group now that is not theirs: volunteer and group."""
    return pairs(db, meeting_select(volunteers))


def pairs(db: Session, query: CompoundSelect[Any]) -> set[tuple[int, int]]:
    """What a `meeting_select` finds, without what is only to be weighed."""
    return {(volunteer, group) for volunteer, group, is_hard in db.execute(query) if is_hard}


def meeting_select(volunteers: Ids | None = None) -> CompoundSelect[Any]:
    """The select behind `meeting_now`, for whoever asks the same on many clicks."""
    own, helps = selves(), with_groups().alias("helps")
    which = true() if volunteers is None else own.c.volunteer_id.in_(volunteers)
    couples = (
        select(own.c.volunteer_id, own.c.person_id, Place.person_id.label("other_id"),
               helps.c.group_id)
        .join(helps, helps.c.volunteer_id == own.c.volunteer_id)
        .join(Place, Place.group_id == helps.c.group_id)
        .where(which, Place.state.in_(CURRENT_PLACES))
        .cte("couples")
    )  # fmt: skip
    hers = (
        select(own.c.volunteer_id, helps.c.group_id, true())
        .join(helps, helps.c.volunteer_id == own.c.volunteer_id)
        .join(Place, and_(Place.group_id == helps.c.group_id, Place.person_id == own.c.person_id))
        .where(which, Place.state.not_in(NEVER_TAKEN_UP))
    )
    return union_all(hers, *_known(couples, couples.c.group_id))


def of_this_cohort(db: Session, volunteers: Ids, group_id: int) -> set[int]:
    """Those of these volunteers who are or were participants in this very group."""
    own = selves()
    query = (
        select(own.c.volunteer_id)
        .join(Place, Place.person_id == own.c.person_id)
        .where(
            own.c.volunteer_id.in_(volunteers),
            Place.group_id == group_id,
            Place.state.not_in(NEVER_TAKEN_UP),
        )
    )
    return set(db.scalars(query))


def families(db: Session, volunteers: Ids) -> dict[int, tuple[int, str]]:
    """The family and surname these volunteers have as participants."""
    own = selves()
    query = (
        select(own.c.volunteer_id, Person.family_id, Person.last_name)
        .join(Person, Person.id == own.c.person_id)
        .where(own.c.volunteer_id.in_(volunteers))
    )
    return {volunteer: (family, name) for volunteer, family, name in db.execute(query)}


def _known(couples: CTE, shown: ColumnElement[int]) -> Iterator[Select[Any]]:
    """Of couples of a volunteer and a participant, those who know each other, three ways."""
    her, other = aliased(Person), aliased(Person)
    yield (
        select(couples.c.volunteer_id, shown, true())
        .join(her, her.id == couples.c.person_id)
        .join(other, other.id == couples.c.other_id)
        .where(other.family_id == her.family_id)
    )
    # Related across families too: a sister's household is another one.
    either_way = or_(
        and_(Kinship.person_id == couples.c.person_id, Kinship.relative_id == couples.c.other_id),
        and_(Kinship.relative_id == couples.c.person_id, Kinship.person_id == couples.c.other_id),
    )
    yield select(couples.c.volunteer_id, shown, true()).join(Kinship, either_way)
    hers, theirs = aliased(Place), aliased(Place)
    at_the_same_time = and_(
        hers.joined_on <= func.coalesce(theirs.left_on, Group.ends_on),
        theirs.joined_on <= func.coalesce(hers.left_on, Group.ends_on),
    )
    yield (
        select(couples.c.volunteer_id, shown, at_the_same_time)
        .join(hers, hers.person_id == couples.c.person_id)
        .join(theirs, theirs.person_id == couples.c.other_id)
        .join(Group, Group.id == hers.group_id)
        .where(
            theirs.group_id == hers.group_id,
            hers.state.not_in(NEVER_TAKEN_UP),
            theirs.state.not_in(NEVER_TAKEN_UP),
        )
    )
