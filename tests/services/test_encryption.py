"""Encrypted columns: unreadable without the key, silent about when they were written."""

from base64 import urlsafe_b64decode

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from models.encryption import (
    KeyringError,
    blind_index,
    decrypt,
    encrypt,
    keyring,
    use_keys,
)
from tests.conftest import DATA_KEY


@pytest.fixture(autouse=True, scope="module")
def keys() -> None:
    use_keys([DATA_KEY])


@given(st.text())
def test_what_was_encrypted_is_read_again(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert encrypt("Dana") != encrypt("Dana")


def test_a_token_does_not_say_when_it_was_made() -> None:
    made_at = urlsafe_b64decode(encrypt("Dana"))[1:9]

    assert int.from_bytes(made_at, "big") == 0


def test_an_older_key_still_reads_and_finds_what_it_wrote() -> None:
    token, (index,) = encrypt("Dana"), blind_index("Dana")
    try:
        use_keys([Fernet.generate_key().decode(), DATA_KEY])
        assert decrypt(token) == "Dana"
        assert index in blind_index("Dana")
        assert blind_index("Dana")[0] != index
    finally:
        use_keys([DATA_KEY])


def test_another_key_reads_nothing_and_says_so() -> None:
    token = encrypt("Dana")
    try:
        use_keys([Fernet.generate_key().decode()])
        with pytest.raises(KeyringError, match="does not fit"):
            decrypt(token)
    finally:
        use_keys([DATA_KEY])


@pytest.mark.parametrize("keys", [[], ["too short"], ["é" * 44]])
def test_a_key_that_is_none_is_refused_in_words(keys: list[str]) -> None:
    with pytest.raises(KeyringError):
        keyring(keys)
