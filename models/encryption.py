"""Column types that keep names, contacts, dates of birth and free text encrypted.

The keys are given once, at start, by `use_keys`; without them no encrypted column can be
read or written. Lookups go through `blind_index`, a keyed hash, because equal plain texts
never encrypt to equal cipher texts.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

BLIND_INDEX_BYTES = 12  # 96 bits: a chance clash within a million tokens is below 1 in 10^16


class KeyringError(RuntimeError):
    """The data key is missing, malformed, or not the one this database was written with."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The data keys, newest first: the first one writes, every one may read."""

    fernet: MultiFernet
    index_keys: tuple[bytes, ...]


def keyring(keys: Sequence[str]) -> Keyring:
    """Build a keyring from Fernet keys, newest first. Raises KeyringError in plain words."""
    try:
        ciphers = [Fernet(key.encode()) for key in keys]
    except ValueError as error:
        raise KeyringError(
            "The data key is not a valid key: it must be 44 characters as the programme made it."
        ) from error
    if not ciphers:
        raise KeyringError("There is no data key.")
    # The index key is derived, so that one secret is enough and the two uses never share bytes.
    index_keys = tuple(hmac.digest(key.encode(), b"alongside blind index", sha256) for key in keys)
    return Keyring(MultiFernet(ciphers), index_keys)


_current: Keyring | None = None


def use_keys(keys: Sequence[str]) -> None:
    """From now on read and write encrypted columns with these keys, newest first."""
    global _current  # noqa: PLW0603 - one process serves one database with one set of keys
    _current = keyring(keys)


def current_keys() -> Keyring:
    """The keys in use; KeyringError when none were given."""
    if _current is None:
        raise KeyringError("The data key has not been loaded.")
    return _current


def encrypt(text: str) -> str:
    """The text under the newest key, as printable ASCII.

    A token carries the second it was made, readable to anybody: an anonymous answer must not
    say when it was given, so all of them claim the same instant.
    """
    return current_keys().fernet.encrypt_at_time(text.encode(), 0).decode()


def decrypt(token: str) -> str:
    """The text again; KeyringError when none of the keys fits."""
    try:
        return current_keys().fernet.decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise KeyringError(
            "The data key does not fit this database: put back the key it was written with."
        ) from error


def newest_index(text: str) -> str:
    """The first of `blind_index`, under which a text is kept."""
    key = current_keys().index_keys[0]
    return hmac.digest(key, text.encode(), "sha256")[:BLIND_INDEX_BYTES].hex()


def blind_index(text: str) -> tuple[str, ...]:
    """Keyed hashes of a text, one a key, newest first: write the first, look up by any."""
    return tuple(
        hmac.digest(key, text.encode(), sha256)[:BLIND_INDEX_BYTES].hex()
        for key in current_keys().index_keys
    )


class EncryptedText(TypeDecorator[str]):
    """Text that is unreadable in the database file, its log and its backups."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(value)


class EncryptedBytes(TypeDecorator[bytes]):
    """A small file, kept like encrypted text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(b64encode(value).decode())

    def process_result_value(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else b64decode(decrypt(value))


class EncryptedDate(TypeDecorator[date]):
    """A date kept like encrypted text: a date of birth finds a person as surely as a name."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(value.isoformat())

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(decrypt(value))


class EncryptedJSON(TypeDecorator[Any]):
    """Small structured answers (a form's items), encrypted as one text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(json.dumps(value, sort_keys=True))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(decrypt(value))
