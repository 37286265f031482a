"""What safe-to-run said of a session stays with it once its register was finished."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, Role, SessionCover
from services.errors import NotPermittedError
from services.groups.safe_to_run import kept
from services.groups.safe_to_run.verdict import Light
from services.groups.staff import facilitators, records
from services.groups.staff.records import TrainingDraft
from services.permissions import Actor
from services.registers import finishing
from tests.conftest import Clock
from tests.make import make_actor, make_group, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def joss(db: Session) -> Actor:
    return make_actor(db, "joss", Role.FACILITATOR)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor, joss: Actor) -> Group:
    """Two trained colleagues and a venue, met today and the weeks before."""
    group = make_group(db, amina, [ben, joss], first_day=TODAY - timedelta(weeks=1))
    group.venue = "The Old Button Works"
    for one in (ben, joss):
        draft = TrainingDraft(
            account_ref=one.ref, programme=group.programme, trained_on=TODAY, valid_until=None
        )
        records.record_training(db, amina, draft)
    return group


def finish(db: Session, ben: Actor, group: Group, number: int) -> str:
    ref = session_of(db, group, number).ref
    finishing.finish(db, ben, ref)
    return ref


def test_a_session_with_all_it_takes_is_kept_as_green_and_is_in_no_list(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    found = kept.of_session(db, ben, finish(db, ben, craft, 2))

    assert found is not None
    assert (found.light, found.adults, found.needed, found.rules) == (Light.GREEN, 2, 2, ())
    assert kept.ran_short(db, amina) == ()


def test_a_session_held_one_short_says_so_whatever_is_put_right_later(
    db: Session, amina: Actor, ben: Actor, joss: Actor, craft: Group, time_stands_still: Clock
) -> None:
    records.add_absence(db, amina, joss.ref, first_on=TODAY, last_on=TODAY)
    ref = finish(db, ben, craft, 2)
    (absence,) = records.absences(db, amina)["absence"]
    records.remove_absence(db, amina, absence)
    time_stands_still.go_on(days=1)
    finishing.reopen(db, ben, ref, reason="A mark was wrong.")
    finishing.finish(db, ben, ref)

    (short,) = kept.ran_short(db, amina)
    assert (short.group_ref, short.session, short.day) == (craft.ref, 2, TODAY)
    assert (short.kept.light, short.kept.adults, short.kept.rules) == (
        Light.RED, 1, ("ratio", "away")
    )  # fmt: skip
    assert kept.of_session(db, ben, ref) == short.kept


def test_what_ran_short_comes_a_page_at_a_time_the_newest_first(
    db: Session,
    amina: Actor,
    ben: Actor,
    joss: Actor,
    craft: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facilitators.end(db, amina, craft.ref, joss.ref, on=TODAY - timedelta(days=30))
    for number in (1, 2):
        finish(db, ben, craft, number)
    monkeypatch.setattr(kept, "PAGE", 1)

    (newest,) = kept.ran_short(db, amina)
    (older,) = kept.ran_short(db, amina, before=(newest.day, newest.number))
    assert (newest.session, older.session) == (2, 1)
    assert kept.ran_short(db, amina, before=(older.day, older.number)) == ()


def test_it_names_nobody_and_a_stranger_reads_nothing(
    db: Session, ben: Actor, chloe: Actor, craft: Group
) -> None:
    ref = finish(db, ben, craft, 1)
    row = db.scalars(select(SessionCover)).one()
    assert "Ben" not in str(vars(row))
    assert kept.of_session(db, chloe, ref) is None
    with pytest.raises(NotPermittedError):
        kept.ran_short(db, ben)
