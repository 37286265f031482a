"""The tables: made from nothing, the same as the models, and taken away again."""

import pytest
from sqlalchemy import inspect, text

from services import schema
from services.db import engine
from services.errors import SetupError
from services.schema import SchemaState


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
