"""What can go wrong beneath the programme, each in a sentence that says what to do."""

import errno
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from models.encryption import KeyringError
from services.errors import AppError

_UNREACHED = "OperationalError"  # what every driver calls it (PEP 249), whichever is in use


def sentence(error: Exception) -> str:
    """What to do about it, for somebody who did not write the programme."""
    if isinstance(error, AppError | KeyringError):
        return str(error)
    if isinstance(error, ValidationError):
        return f"The setting {error.errors()[0]['loc'][0]} cannot be used: check how it is written."
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "DATABASE_URL cannot be used. Write sqlite:///FILE or postgresql://USER@HOST/NAME."
    if isinstance(error, OSError):
        return _about_file(error)
    return _about_database(error.orig if isinstance(error, DBAPIError) and error.orig else error)


def _about_file(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full. Nothing was changed; free some space and try again."
    where = Path(str(error.filename)).name if error.filename else "A file"
    return (
        f"{where} cannot be used: {error.strerror or error}. Check the folder and its permissions."
    )


def _about_database(error: BaseException) -> str:
    reason = str(error).lower()
    if "full" in reason or "no space" in reason:
        return "The disk is full. Nothing was changed; free some space and try again."
    if "readonly" in reason or "read-only" in reason:
        return "The database may not be written to. Check the permissions of its file and folder."
    if "not a database" in reason:
        return "The file that DATABASE_URL names is not a database. Check the address."
    if "locked" in reason:
        return "The database is busy. Nothing was changed; please try again in a moment."
    if any(kind.__name__ == _UNREACHED for kind in type(error).__mro__):
        return "The database cannot be reached. Check that it is running and DATABASE_URL is right."
    first_line = str(error).partition("\n")[0]
    return f"The database refused this, and nothing was changed: {first_line}."
