"""A code of her own: it compares one person's answers over time and gives nobody away."""

import hmac
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from models import FeedbackAnswer, Group
from models.encryption import use_keys
from services import feedback
from services.feedback.own_code import PARTS, spelled
from services.forms.checking import NOT_TODAY
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Kind
from tests.conftest import DATA_KEY, Clock
from tests.make import make_group, session_of

CODE = "h.14.z"
NEWER_KEY = "bmV3ZXIga2V5IGZvciB0ZXN0czogMzIgYnl0ZXMhISE="


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def send(db: Session, ben: Actor, time_stands_still: Clock) -> "Send":
    return Send(db, ben, time_stands_still)


class Send:
    """Gives in forms about sessions, the clock standing at each."""

    def __init__(self, db: Session, ben: Actor, clock: Clock) -> None:
        self.db, self.ben, self.clock, self.count = db, ben, clock, 0

    def __call__(self, group: Group, session: int, code: str | None, **given: int) -> None:
        held = session_of(self.db, group, session)
        self.clock.moment = held.starts_at
        token = feedback.open_link(self.db, self.ben, held.ref).path.removeprefix("/f/")
        self.count += 1
        number = f"a-form-number-of-its-own-{self.count}"
        feedback.submit(self.db, token, number, dict(given), code=code)


def pairs(db: Session) -> dict[tuple[str, int, int], int]:
    return {
        (cell.key, cell.first, cell.second): count
        for cell, count in tallies.stored(db).items()
        if cell.kind is Kind.FEEDBACK_PAIR
    }


def test_one_persons_first_and_last_answer_are_counted_as_they_come_in(
    db: Session, group: Group, send: Send
) -> None:
    send(group, 2, CODE, felt_safe=1, pace=NOT_TODAY)
    assert pairs(db) == {}
    send(group, 3, CODE, felt_safe=3, pace=2)
    assert pairs(db) == {("felt_safe", 1, 3): 1}
    send(group, 5, CODE, felt_safe=4)
    send(group, 5, "k.3.a", felt_safe=0)
    send(group, 5, None, felt_safe=0)
    assert pairs(db) == {("felt_safe", 1, 4): 1}
    send(group, 1, CODE, felt_safe=0)  # a form that turns up late
    assert pairs(db) == {("felt_safe", 0, 4): 1}
    assert feedback.recount(db) == tallies.stored(db)


def test_the_same_three_things_are_somebody_else_in_another_group(
    db: Session, amina: Actor, ben: Actor, group: Group, send: Send
) -> None:
    other = make_group(db, amina, [ben], code_name="Another")
    send(group, 2, CODE, felt_safe=1)
    send(other, 3, CODE, felt_safe=3)
    assert pairs(db) == {}
    first, second = db.scalars(select(FeedbackAnswer.same_as))
    assert first != second


def test_nothing_in_the_database_gives_the_code_back(db: Session, group: Group, send: Send) -> None:
    send(group, 2, CODE, felt_safe=1)

    (kept,) = db.scalars(select(FeedbackAnswer.same_as))
    everything = [
        value
        for table in inspect(db.connection()).get_table_names()
        for row in db.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - a name of ours
        for value in map(str, row)
    ]

    assert kept
    assert not any(CODE in value for value in everything)
    # Whoever has the database and not the key may try every code there is.
    letters, days = "abcdefghijklmnopqrstuvwxyz", range(1, 32)
    for street, day, friend in product(letters, days, letters):
        typed = f"{street}.{day}.{friend}"
        for known in (typed, f"{group.ref}:{typed}", f"feedback code:{group.ref}:{typed}"):
            assert not sha256(known.encode()).hexdigest().startswith(kept)


def test_a_code_is_known_again_after_the_key_was_changed(
    db: Session, group: Group, send: Send
) -> None:
    send(group, 2, CODE, felt_safe=1)
    use_keys([NEWER_KEY, DATA_KEY])
    try:
        send(group, 3, CODE, felt_safe=3)
        assert pairs(db) == {("felt_safe", 1, 3): 1}
    finally:
        use_keys([DATA_KEY])


def test_the_hash_is_keyed(db: Session, group: Group, send: Send) -> None:
    send(group, 2, CODE, felt_safe=1)
    (kept,) = db.scalars(select(FeedbackAnswer.same_as))
    index_key = hmac.digest(DATA_KEY.encode(), b"alongside blind index", sha256)
    spelt = f"feedback code:{group.ref}:{CODE}".encode()
    assert kept
    assert hmac.digest(index_key, spelt, sha256).hex().startswith(kept)


@pytest.mark.parametrize(
    ("street", "day", "friend"),
    [
        ("High Street", "14", "Zoë"),
        (" h", "014", "z"),
        ("“Hill”", " 14 ", "ZARA"),
        ("Ĥ", "14", "Ź"),
    ],
)
def test_the_same_three_are_the_same_code_however_they_are_typed(
    street: str, day: str, friend: str
) -> None:
    assert spelled({"street": street, "day": day, "friend": friend}) == CODE


@given(st.dictionaries(st.sampled_from(PARTS), st.text()))
def test_whatever_is_typed_is_a_code_or_none(parts: dict[str, str]) -> None:
    code = spelled(parts)
    assert code is None or code.count(".") == 2


@pytest.mark.parametrize("day", ["", "0", "32", "-1", "1.5", "first", "9" * 5_000])
def test_without_all_three_there_is_no_code(day: str) -> None:
    assert spelled({"street": "High", "day": day, "friend": "Zoë"}) is None
