"""The data key and the cookie key: from the environment, or made on the first run."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from models.encryption import KeyringError, use_keys
from services.config import settings
from services.errors import SetupError

OWNER_ONLY = 0o600
COOKIE_KEY_BYTES = 48


def load_data_keys(*, may_create: bool) -> None:
    """Put the data keys to use, making a first one only when the database is new as well.

    Raises SetupError when the key is missing or malformed: a new key beside old data would
    leave every name unreadable, so it is never made up.
    """
    try:
        use_keys(data_keys(may_create=may_create))
    except KeyringError as error:
        raise SetupError(str(error)) from error


def data_keys(*, may_create: bool = False) -> tuple[str, ...]:
    """The data keys, newest first."""
    given = settings().data_key
    if given is None:
        file = data_key_file()
        if not file.exists() and not may_create:
            raise SetupError(
                f"The data key is missing: {file.name} is not beside the database and "
                "ALONGSIDE_DATA_KEY is not set. Put the key back from your backup; "
                "without it no name can be read."
            )
        given = _read_or_create(file, Fernet.generate_key().decode())
    return tuple(key.strip() for key in given.split(",") if key.strip())


def data_key_file() -> Path:
    """Where the data keys are kept when the environment does not give them."""
    return _beside_database("data.key")


def cookie_key() -> str:
    """What sign-in cookies are signed with; changing it signs everybody out."""
    given = settings().cookie_key
    if given is None:
        file = _beside_database("cookie.key")
        return _read_or_create(file, secrets.token_urlsafe(COOKIE_KEY_BYTES))
    if len(given) < 32:  # noqa: PLR2004 - the signing library's own lower limit, in bytes
        raise SetupError("ALONGSIDE_COOKIE_KEY is too short: use at least 32 random characters.")
    return given


def write_private(file: Path, content: str) -> None:
    """Write a secret so that nobody else on this machine can read it, replacing it whole."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)


def _beside_database(suffix: str) -> Path:
    config = settings()
    stem = config.database_file.stem if config.is_embedded else "alongside"
    return config.key_folder / f"{stem}.{suffix}"


def _read_or_create(file: Path, fresh: str) -> str:
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_private(file, fresh)
        return file.read_text().strip()
    except OSError as error:
        raise SetupError(
            f"The key file {file.name} cannot be read or written: {error.strerror}. "
            "Check the folder's permissions and free space."
        ) from error
