"""What stands in the way of joining two records, each in a sentence that says what to do."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import (
    CURRENT_PLACES,
    Conflict,
    Consent,
    Group,
    GroupSession,
    Kinship,
    Mark,
    Person,
    Place,
)
from services.merging.two_people import is_noted


def stops(db: Session, kept: Person, gone: Person) -> list[str]:
    """Everything in the way, so that all of it can be put right in one go."""
    return [
        *_different_kinds(kept, gone),
        *_places_in_one_group(db, kept.id, gone.id),
        *_marks_in_one_session(db, kept.id, gone.id),
        *_consent_against_consent(db, kept.id, gone.id),
        *_between_the_two(db, kept.id, gone.id),
    ]


def _different_kinds(kept: Person, gone: Person) -> Iterator[str]:
    if kept.kind is not gone.kind:
        yield "One record is an adult's and the other a child's. Put right which it is first."


def _places_in_one_group(db: Session, kept: int, gone: int) -> Iterator[str]:
    """Both at once take up two seats; one of the two places has to be ended by hand."""
    ours, theirs = aliased(Place), aliased(Place)
    query = (
        select(Group.code_name)
        .join(ours, ours.group_id == Group.id)
        .join(theirs, theirs.group_id == Group.id)
        .where(
            ours.person_id == kept,
            theirs.person_id == gone,
            ours.state.in_(CURRENT_PLACES),
            theirs.state.in_(CURRENT_PLACES),
        )
        .distinct()
    )
    for name in db.scalars(query):
        yield f"Both records have a place in {name} now. End one of the two places first."


def _marks_in_one_session(db: Session, kept: int, gone: int) -> Iterator[str]:
    ours, theirs = aliased(Place), aliased(Place)
    hers, others = aliased(Mark), aliased(Mark)
    query = (
        select(Group.code_name, GroupSession.number)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(hers, hers.session_id == GroupSession.id)
        .join(ours, ours.id == hers.place_id)
        .join(others, others.session_id == GroupSession.id)
        .join(theirs, theirs.id == others.place_id)
        .where(
            ours.person_id == kept,
            theirs.person_id == gone,
            hers.code.is_not(None),
            others.code.is_not(None),
        )
        .order_by(Group.code_name, GroupSession.number)
        .limit(1)
    )
    for name, number in db.execute(query):
        yield (
            f"Both records have a mark in session {number} of {name}: they may be two people. If "
            "they are one, take one of the two marks back first."
        )


def _consent_against_consent(db: Session, kept: int, gone: int) -> Iterator[str]:
    """What she took back on one record must not go on standing on the other."""
    query = select(
        Consent.person_id, Consent.purpose, Consent.agency_id, Consent.withdrawn_on
    ).where(Consent.person_id.in_((kept, gone)))
    standing: dict[int, set[object]] = {kept: set(), gone: set()}
    withdrawn: dict[int, set[object]] = {kept: set(), gone: set()}
    for person, purpose, agency, withdrawn_on in db.execute(query):
        (withdrawn if withdrawn_on else standing)[person].add((purpose, agency))
    if any(
        standing[one] & (withdrawn[other] - standing[other])
        for one, other in ((kept, gone), (gone, kept))
    ):
        yield (
            "A consent stands on one record and was withdrawn on the other, or she said no there. "
            "Ask her, and withdraw it on both or record it on both first."
        )


def _between_the_two(db: Session, kept: int, gone: int) -> Iterator[str]:
    both = (kept, gone)
    kin = select(Kinship.id).where(Kinship.person_id.in_(both), Kinship.relative_id.in_(both))
    if db.scalar(kin.limit(1)) is not None:
        yield "The two are recorded as relatives of one another. Take that away first."
    if db.scalar(is_noted(min(both), max(both))) is not None:
        yield "Somebody noted that the two are two people. Take the note back first."
    apart = select(Conflict.id).where(
        Conflict.person_id.in_(both), Conflict.other_person_id.in_(both)
    )
    if db.scalar(apart.limit(1)) is not None:
        yield "The two are recorded as people to be kept apart, so they cannot be one."
