"""What every table has in common: naming, column types, references and versions."""

import enum
import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware out, stored in UTC. SQLite alone forgets the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone before it can be stored.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def new_ref() -> str:
    """A random public identifier: what stands in addresses in place of a row's number."""
    return secrets.token_urlsafe(9)


class Base(DeclarativeBase):
    """The root of every mapped class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UTCDateTime,
        str: String(200),
        # Enums are stored by value, so renaming a Python member never rewrites data.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=30,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class Referable:
    """A record that can stand in an address: by its random reference, never by its number."""

    ref: Mapped[str] = mapped_column(String(12), default=new_ref, unique=True, sort_order=-1)


class Versioned:
    """A record two people may edit: the second save fails instead of winning silently.

    SQLAlchemy counts the version up with each change; services compare it with the one seen.
    """

    version: Mapped[int] = mapped_column(sort_order=900)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a mixin's directive gets the class
        return {"version_id_col": cls.version}
