"""The tables: made from nothing, the same as the models, and taken away again."""

from datetime import date, time

import pytest
from alembic import command
from sqlalchemy import inspect, select, text

from models import Concern, Incident, Person, ReferralState, Role, SafeNow
from services import clock, schema
from services.concerns import concerns
from services.concerns.concern_draft import ConcernDraft
from services.db import engine, reading, transaction
from services.errors import SetupError
from services.referrals import referral_steps
from services.schema import SchemaState
from services.tallies import recount
from tests.conftest import Clock
from tests.make import make_actor, make_person, make_referral

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 1)


def test_migrations_and_models_agree(database: str) -> None:
    schema.check_matches_models(engine())


def test_migrations_go_all_the_way_down_and_up_again(database: str) -> None:
    schema.downgrade(engine())
    assert set(inspect(engine()).get_table_names()) <= {"alembic_version"}
    assert schema.state() is SchemaState.EMPTY

    schema.upgrade()

    assert schema.state() is SchemaState.CURRENT


def test_a_database_that_is_behind_says_what_to_run(database: str) -> None:
    _set_revision("0001")

    with pytest.raises(SetupError, match=r"services\.manage init"):
        schema.require_current()


def test_a_database_from_a_newer_version_is_left_alone(database: str) -> None:
    _set_revision("9999")

    with pytest.raises(SetupError, match="newer version"):
        schema.upgrade()


def _set_revision(revision: str) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_what_an_older_database_holds_is_counted_and_linked_as_if_it_came_today(
    database: str, time_stands_still: Clock
) -> None:
    with transaction() as db:
        amina = make_actor(db, "amina", Role.COORDINATOR)
        people = [make_person(db, amina) for _ in range(3)]
        for person, day in zip(people, (MARCH, APRIL, APRIL), strict=True):
            sent = make_referral(db, amina, person, received_on=day)
            concerns.raise_concern(db, amina, _ticked(person))
            time_stands_still.go_on(minutes=2)
        referral_steps.move(
            db, amina, sent.ref, ReferralState.CONTACT_ATTEMPTED, on=APRIL, version=1
        )
        numbers = {person.id for person in people}
    with schema._connection(engine()) as connection:
        command.downgrade(schema._config(connection), "0032")
        assert not connection.scalar(text("SELECT count(*) FROM tallies WHERE kind = 'referred'"))

    schema.upgrade()

    with reading() as db:
        assert recount.differences(db) == []
        linked = select(Incident.person_id, Concern.person_id).join(
            Concern, Concern.id == Incident.concern_id
        )
        assert {tuple(row) for row in db.execute(linked)} == {
            (number, number) for number in numbers
        }


def _ticked(person: Person) -> ConcernDraft:
    return ConcernDraft(
        person_ref=person.ref, noticed_on=clock.today(), noticed_time=time(0), facts="He waited",
        safe_now=SafeNow.YES, is_incident=True,
    )  # fmt: skip
