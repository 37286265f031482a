"""Records that look like one person's and are two people's: noting it, and taking it back."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from models import Account, Person, TwoPeople
from services import audit, clock
from services.errors import NotFoundError
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.visibility import visible_people

PAGE = 50


def note(db: Session, actor: Actor, one_ref: str, other_ref: str) -> None:
    """Say that two records are two people's: the pair is not offered again. Twice is once."""
    actor.require(Permission.MERGE_PEOPLE)
    older, newer = _pair(db, actor, one_ref, other_ref)
    if db.scalar(is_noted(older.id, newer.id)) is not None:
        return
    db.add(
        TwoPeople(
            person_id=older.id,
            other_person_id=newer.id,
            noted_at=clock.now(),
            noted_by_id=actor.account_id,
        )
    )
    audit.record(db, actor, "people.told_apart", f"person:{older.ref}", other=newer.ref)


def take_back(db: Session, actor: Actor, one_ref: str, other_ref: str) -> None:
    """Take the note back: the two are offered again, and can be joined."""
    actor.require(Permission.MERGE_PEOPLE)
    older, newer = _pair(db, actor, one_ref, other_ref)
    noted = db.scalar(
        select(TwoPeople).where(
            TwoPeople.person_id == older.id, TwoPeople.other_person_id == newer.id
        )
    )
    if noted is None:
        raise NotFoundError("entry")
    db.delete(noted)
    audit.record(db, actor, "people.told_apart_undone", f"person:{older.ref}", other=newer.ref)


def noted(db: Session, actor: Actor) -> pd.DataFrame:
    """The pairs noted last, the newest first: one_ref, other_ref, one, other, at, by."""
    actor.require(Permission.MERGE_PEOPLE)
    one, other = aliased(Person), aliased(Person)
    seen = select(Person.id).where(visible_people(actor))
    query = (
        select(one, other, TwoPeople.noted_at, Account.display_name)
        .select_from(TwoPeople)
        .join(one, one.id == TwoPeople.person_id)
        .join(other, other.id == TwoPeople.other_person_id)
        .join(Account, Account.id == TwoPeople.noted_by_id)
        .where(one.id.in_(seen), other.id.in_(seen))
        .order_by(TwoPeople.id.desc())
        .limit(PAGE)
    )
    rows = [
        (first.ref, second.ref, full_name(first), full_name(second), at, by)
        for first, second, at, by in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["one_ref", "other_ref", "one", "other", "at", "by"])


def is_noted(older: Any, newer: Any) -> Select[int]:
    """The note about two records, given by number or column, the older first."""
    return select(TwoPeople.id).where(
        TwoPeople.person_id == older, TwoPeople.other_person_id == newer
    )


def _pair(db: Session, actor: Actor, one_ref: str, other_ref: str) -> tuple[Person, Person]:
    """Both records, the older first, held until the transaction ends."""
    query = select(Person).where(Person.ref.in_((one_ref, other_ref)), visible_people(actor))
    people = db.scalars(query.order_by(Person.id).with_for_update(of=Person)).all()
    if len(people) != 2:  # noqa: PLR2004 - the two
        raise NotFoundError("person")
    return people[0], people[1]
