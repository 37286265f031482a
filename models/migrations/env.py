"""Runs the migrations, on the database the caller names or the application's own."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from models import Base
from models.base import UTCDateTime
from models.encryption import EncryptedBytes, EncryptedDate, EncryptedJSON, EncryptedText


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write plain column types into migrations: they must outlive the application's own."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(
        item, EncryptedBytes | EncryptedDate | EncryptedJSON | EncryptedText
    ):
        return "sa.Text()"
    return False


def run(connection: Connection) -> None:
    """Bring the connection's database to the revision that was asked for."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
