"""The addresses and numbers of forms, and the word that there is none behind one."""

import re
import secrets
from hashlib import sha256

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.errors import AppError
from services.forms.lines import english
from services.short_lists import once

NO_FORM, NOT_YET, USED = "closed", "not_yet", "used"  # the lines that say so, in data/languages

# Letters and digits that are hard to confuse, for addresses typed from paper: 5 bits each.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TOKEN_LENGTH = 28
_MISREAD = str.maketrans("oil", "011", "- ")
_FORM_NUMBER = re.compile(r"[\w-]{16,64}", re.ASCII)
_NUMBER_LENGTH = 16
_FIRST_ID, _IDS = 2**30, 2**30
_GROUP = 4


class FormClosedError(AppError):
    """No form behind this address, or none at this time; `line` says so in any language."""

    def __init__(self, line: str) -> None:
        super().__init__(english().say(line))
        self.line = line


def token_digest(token: str) -> str:
    """The hash of a token, however it was typed: hyphens, capitals and misread letters apart."""
    return sha256(plainly(token).encode()).hexdigest()


def new_token() -> str:
    """An address nobody guesses."""
    return _random(_TOKEN_LENGTH)


def path_of(token: str) -> str:
    """The address of a form as it is printed and typed."""
    return f"/f/{grouped(token)}"


def grouped(word: str) -> str:
    """Letters and digits as they are read and typed: in fours."""
    return "-".join(word[start : start + _GROUP] for start in range(0, len(word), _GROUP))


def plainly(typed: str) -> str:
    """Letters and digits of ours as they were meant: spaces, hyphens and capitals apart."""
    return typed.lower().translate(_MISREAD)


def usable_number(form_number: str) -> str:
    """A form's number as it came back, or a new one in place of none or a broken one."""
    is_whole = _FORM_NUMBER.fullmatch(form_number)
    return form_number if is_whole else _random(_NUMBER_LENGTH)


def number_in_no_order(db: Session, numbers: InstrumentedAttribute[int]) -> int:
    """A row's number that is not taken: what the audit log says of when must not say which."""
    number = _FIRST_ID + secrets.randbelow(_IDS)
    while db.scalar(_taken(numbers), {"number": number}):
        number = _FIRST_ID + secrets.randbelow(_IDS)
    return number


@once
def _taken(numbers: InstrumentedAttribute[int]) -> Select[int]:
    return select(numbers).where(numbers == bindparam("number"))


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
