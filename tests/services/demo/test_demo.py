"""The demonstration: the same for the same seed, at any size, and consistent."""

import bcrypt
import pytest
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Account,
    Base,
    GroupSession,
    Mark,
    MeasureForm,
    Organisation,
    Person,
    Place,
    SessionState,
)
from services import audit, bulk, demo
from services.errors import ConflictError
from services.permissions import Actor
from services.registers import who_is_on
from services.registers.who_is_on import expected
from services.tallies import recount, tallies
from services.visibility import visible_sessions
from tests.make import make_person
from tests.services.demo.programmes import LARGE, TODAY, actor

# Releases go the way of every other, with a reference and an hour of their own.
NOT_COMPARED = {
    "organisation", "audit_entries", "audit_head", "accounts", "tallies", "releases",
}  # fmt: skip


def everything(db: Session) -> dict[str, list[object]]:
    """Every value that is not encrypted, and every name and answer that is."""
    plain = {
        table.name: [
            [value for value in row if not str(value).startswith("gAAAA")]
            for row in bulk.read(db, table)
        ]
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_COMPARED
    }
    read = [
        (person.first_name, person.last_name, person.date_of_birth)
        for person in db.scalars(select(Person).order_by(Person.id))
    ]
    answers = list(db.scalars(select(MeasureForm.answers).order_by(MeasureForm.id)))
    counts = sorted(map(str, tallies.stored(db).items()))
    return plain | {"read": read, "answers": answers, "counts": list(counts)}


def made_with(db: Session, seed: int) -> dict[str, list[object]]:
    """What a seed makes, in a transaction that is then undone."""
    with db.begin_nested() as undone:
        demo.fill(db, people=None, marks=600, seed=seed, today=TODAY)
        found = everything(db)
        undone.rollback()
    db.expunge_all()
    return found


def test_the_same_seed_makes_the_same_programme(db: Session) -> None:
    assert made_with(db, 7) == made_with(db, 7)


def test_another_seed_makes_other_people(db: Session) -> None:
    one, other = made_with(db, 7), made_with(db, 8)

    assert one["read"] != other["read"]
    assert one["answers"] != other["answers"]
    assert one["people"] != other["people"]


def test_a_database_in_use_is_left_alone(db: Session, amina: Actor) -> None:
    make_person(db, amina)

    with pytest.raises(ConflictError, match="in use already"):
        demo.fill(db, people=None, marks=None, today=TODAY)


def test_the_organisation_is_plainly_a_demonstration(small: Session) -> None:
    organisation = small.get_one(Organisation, 1)

    assert (organisation.name, organisation.is_demonstration) == (demo.NAME, True)


def test_each_account_opens_with_the_printed_password(small: Session) -> None:
    hashes = dict(small.execute(select(Account.username, Account.password_hash)).all())

    for account in demo.accounts().itertuples():
        assert bcrypt.checkpw(account.password.encode(), hashes[account[1]].encode())


def test_the_audit_log_holds_afterwards(small: Session) -> None:
    assert audit.verify(small).faults == ()


def test_every_count_agrees_with_the_data(life: Session) -> None:
    assert recount.differences(life) == []


def test_there_are_as_many_people_and_marks_as_asked_for(life: Session) -> None:
    assert life.scalar(select(func.count(Mark.id))) == LARGE
    assert life.scalar(select(func.count(Person.id))) == 700


@pytest.mark.parametrize(("people", "marks"), [(1, 0), (12, 7), (90, 371), (40, 3_600)])
def test_any_size_is_met_exactly(db: Session, people: int, marks: int) -> None:
    made = demo.fill(db, people=people, marks=marks, today=TODAY)

    assert made.marks == marks
    assert made.people == people or people < 60  # a group needs people, however few were asked
    assert recount.differences(db) == []


def test_nobody_has_two_marks_for_a_session(life: Session) -> None:
    twice = (
        select(Mark.session_id).group_by(Mark.session_id, Mark.place_id).having(func.count() > 1)
    )
    assert life.execute(twice).all() == []


def test_marks_are_only_where_somebody_was_expected(life: Session) -> None:
    day = func.date(GroupSession.local_start)
    unexpected = (
        select(Mark.id)
        .join(Place, Place.id == Mark.place_id)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(
            or_(
                (GroupSession.state == SessionState.CANCELLED) != (Mark.code == "X"),
                GroupSession.group_id != Place.group_id,
                day < func.date(Place.joined_on),
                day > func.date(Place.left_on),
            )
        )
    )
    assert life.execute(unexpected).all() == []


def test_everybody_expected_at_a_session_the_service_cancelled_has_the_mark_for_it(
    life: Session,
) -> None:
    cancelled = life.scalars(
        select(GroupSession).where(GroupSession.state == SessionState.CANCELLED)
    ).all()
    assert cancelled
    for session in cancelled:
        on_it = select(Place.id).where(expected(session))
        marked = select(Mark.place_id).where(Mark.session_id == session.id, Mark.code == "X")
        assert set(life.scalars(on_it)) == set(life.scalars(marked)) != set()


def test_a_finished_register_has_a_mark_for_everybody(life: Session) -> None:
    lead = actor(life, "facilitator3")
    finished = life.scalars(
        select(GroupSession).where(visible_sessions(lead), GroupSession.finished_at.is_not(None))
    ).all()

    assert len(finished) > 100
    for held in finished[::5]:
        expected = select(func.count()).where(who_is_on.on_register(lead, held))
        marked = select(func.count()).where(Mark.session_id == held.id)
        assert life.scalar(marked) == life.scalar(expected)


def test_nobody_stands_on_a_finished_register_without_a_mark(small: Session) -> None:
    """Among them those who waited: they came to no session of the place they could not take up."""
    day = func.date(GroupSession.local_start)
    unmarked = (
        select(Place.id)
        .join(GroupSession, GroupSession.group_id == Place.group_id)
        .outerjoin(Mark, (Mark.session_id == GroupSession.id) & (Mark.place_id == Place.id))
        .where(
            GroupSession.finished_at.is_not(None),
            Place.state.not_in(NEVER_TAKEN_UP),
            day >= func.date(Place.joined_on),
            or_(Place.left_on.is_(None), day <= func.date(Place.left_on)),
            Mark.id.is_(None),
        )
    )
    assert small.scalars(unmarked).all() == []
