"""What a heavy page costs once it is open: statements for the database, messages to the browser.

Both are counted over one run of the whole application, the menu and who is signed in included.
A limit may go down as a page gets cheaper; one that is to go up needs a reason beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from models import Group, Person, Place
from services import unchanged
from services.attendance import AttendanceCode
from services.db import reading, transaction
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from tests.conftest import Statements
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to

Counting: TypeAlias = Callable[..., AbstractContextManager[Statements]]


@pytest.fixture(autouse=True)
def the_log_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a run takes on a busy machine."""
    monkeypatch.setattr(unchanged._heard, "_TTLCache__ttl", 60)


@pytest.fixture
def craft(somebody: Somebody) -> str:
    """Ben's group in its second week: three have the seats and came once, two wait."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], capacity=3)
        places = [make_place(db, amina, group, _named(db, amina, name)) for name in "ABCDE"]
        for place in places[:3]:
            place.joined_on = date(2026, 9, 8)
        db.flush()
        came = [
            NewMark(tap=place.ref, place_ref=place.ref, code=AttendanceCode.ATTENDED)
            for place in places[:3]
        ]
        marking.mark(db, ben, session_of(db, group).ref, came)
        return group.ref


def _named(db: Any, actor: Any, letter: str) -> Person:
    return make_person(db, actor, f"{letter}da", f"{letter}son")


@contextmanager
def counting_messages() -> Iterator[list[str]]:
    """What is sent to the browser: the kind of each message."""
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        send = ScriptRunContext.enqueue

        def note(self: ScriptRunContext, message: Any) -> None:
            sent.append(message.WhichOneof("type"))
            send(self, message)

        patch.setattr(ScriptRunContext, "enqueue", note)
        yield sent


def cost(page: AppTest, count_queries: Counting) -> tuple[int, int]:
    """Statements that read, and messages, of one more run after something has changed."""
    with count_queries() as statements, counting_messages() as messages:
        page.run()
    assert not page.exception
    reads = [sql for sql in statements.sent if sql.startswith("SELECT")]
    return len(reads), len(messages)


@pytest.mark.parametrize(
    ("address", "username", "queries", "messages"),
    [
        # Three more since a group may be one of a pair, and says what it asks for.
        # One message more since who came to which session lies folded beneath the people.
        # One query more since what no mark changes is read apart from how far people have come.
        ("groups", "amina", 18, 25),
        ("groups", "ben", 18, 26),
        ("groups", "leila", 13, 22),
        # Ten items; what is wrong with one is sent only where there is something to say. Two more
        # so that she knows which items are turned round, and whose form Save is pressed on.
        ("measures", "ben", 8, 35),
        ("participants", "amina", 9, 19),
        ("participants", "ben", 9, 19),
        # Two more, so that a programme and a volunteer are read once and not with every session.
        # One more for the places in the rota: whether one that somebody has left is still needed
        # depends on its programme, so it cannot be counted with the others.
        ("today", "amina", 25, 20),
        ("today", "ben", 10, 18),
        ("duplicates", "amina", 5, 12),
        # A query more, and a column with its field, for the rooms to choose by.
        ("calendar", "amina", 6, 17),
        # One more since what is known of each measure lies folded beneath the programmes.
        ("programmes", "amina", 4, 13),
        ("attendance", "leila", 6, 27),
        ("outcomes", "leila", 3, 10),
        ("children", "leila", 5, 11),
        ("steps", "ben", 3, 10),
        ("steps", "leila", 3, 11),
        ("workforce", "amina", 3, 11),
        ("workforce", "leila", 3, 11),
        # A form of eight fields, each with its place for what is wrong with it.
        ("reports", "leila", 4, 32),
    ],
)
def test_a_heavy_page_stays_within_its_limits(
    open_page: OpenPage,
    count_queries: Counting,
    craft: str,
    address: str,
    username: str,
    queries: int,
    messages: int,
) -> None:
    page = open_page(address, username, **_record(address, craft))

    read, sent = cost(page, count_queries)

    assert read <= queries
    assert sent <= messages


@pytest.mark.parametrize(
    ("address", "username", "queries"),
    [("today", "amina", 2), ("today", "ben", 2), ("measures", "ben", 3), ("outcomes", "leila", 2)],
)
def test_while_nothing_changes_a_page_reads_who_is_here_and_little_else(
    open_page: OpenPage,
    count_queries: Counting,
    craft: str,
    address: str,
    username: str,
    queries: int,
) -> None:
    page = open_page(address, username, **{"group": craft} if address == "measures" else {})
    cost(page, count_queries)

    with count_queries(changed=False) as statements:
        page.run()

    assert len([sql for sql in statements.sent if sql.startswith("SELECT")]) <= queries


@pytest.mark.parametrize(
    ("address", "username", "queries"),
    [
        ("today", "amina", 4),
        ("today", "ben", 4),
        ("measures", "ben", 2),
        ("outcomes", "leila", 2),
        ("children", "leila", 3),
        ("groups", "amina", 9),
        ("participants", "amina", 6),
    ],
)
def test_after_a_mark_a_page_reads_again_only_what_a_mark_can_change(
    open_page: OpenPage,
    count_queries: Counting,
    somebody: Somebody,
    craft: str,
    address: str,
    username: str,
    queries: int,
) -> None:
    mark_in_the_second_week(somebody("ben"), craft, at=0)  # after the first the session is held
    page = open_page(address, username, **_record(address, craft))
    cost(page, count_queries)
    page.run()
    mark_in_the_second_week(somebody("ben"), craft, at=1)

    with count_queries(changed=False) as statements:
        page.run()

    reads = [sql for sql in statements.sent if sql.startswith("SELECT")]
    assert len(reads) <= queries


def mark_in_the_second_week(ben: Actor, craft: str, *, at: int) -> None:
    with transaction() as db:
        group = db.scalars(select(Group).where(Group.ref == craft)).one()
        came = select(Place.ref).where(Place.group_id == group.id, Place.attended > 0)
        place = db.scalars(came.order_by(Place.id)).all()[at]
        new = NewMark(tap=f"second {at}", place_ref=place, code=AttendanceCode.ATTENDED)
        [taken] = marking.mark(db, ben, session_of(db, group, 2).ref, [new])
    assert taken.saved


def _record(address: str, craft: str) -> dict[str, str]:
    """The record that a page opens, where it opens one."""
    with reading() as db:
        person = db.scalars(select(Person.ref).order_by(Person.id).limit(1)).one()
    records = {"participants": {"participant": person}}
    return records.get(address, {"group": craft} if address in ("groups", "measures") else {})


def test_a_form_of_a_group_is_made_only_once_it_is_asked_for(
    open_page: OpenPage, craft: str
) -> None:
    page = open_page("groups", "amina", group=craft)
    assert [button.label for button in page.button if "place" in button.label.lower()] == []

    page = asked_to(page, craft, "end")

    assert "End the place" in [button.label for button in page.button]


def test_one_more_in_the_group_costs_no_query_more(
    open_page: OpenPage, count_queries: Counting, somebody: Somebody, craft: str
) -> None:
    few = cost(open_page("groups", "amina", group=craft), count_queries)
    amina = somebody("amina")
    with transaction() as db:
        group = db.scalars(select(Group).where(Group.ref == craft)).one()
        for letter in "FGHIJ":
            make_place(db, amina, group, _named(db, amina, letter))

    assert cost(open_page("groups", "amina", group=craft), count_queries) == few
