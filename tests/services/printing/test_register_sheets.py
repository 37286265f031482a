"""Registers on paper: who stands on a sheet, by which name, and what never does."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupSession, SessionState
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.people import record_locks
from services.permissions import Actor
from services.printing.first_names import told_apart
from services.printing.register_sheets import ON_A_SHEET, Wish, of_group, of_session
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from tests.make import make_group, make_person, make_place, session_of
from tests.paper import pages_of, words_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that starts today: it is half past one now."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def today(db: Session, craft: Group) -> GroupSession:
    return session_of(db, craft)


def join(db: Session, amina: Actor, group: Group, first: str, last: str, **more: object) -> str:
    return make_place(db, amina, group, make_person(db, amina, first, last, **more)).ref


def lines(sheet: bytes) -> list[str]:
    return words_of(sheet).splitlines()


# --- First names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([("Dana", "Okoro"), ("Bea", "Okoro")], ["Dana", "Bea"]),
        ([("Dana", "Okoro"), ("dana", "Bell")], ["Dana O", "dana B"]),
        (
            [("Dana", "Okoro"), ("Dana", "Olsen"), ("Dana", "Bell")],
            ["Dana Ok", "Dana Ol", "Dana B"],
        ),
        ([("Dana", "Bell"), ("Dana", "Bell")], ["Dana Bell (1)", "Dana Bell (2)"]),
        ([], []),
    ],
)
def test_a_last_name_shows_only_as_far_as_it_tells_two_apart(
    names: list[tuple[str, str]], shown: list[str]
) -> None:
    assert told_apart(names) == shown


_WORDS = some.text(alphabet="abAB 1()", min_size=1, max_size=4)


@given(some.lists(some.tuples(_WORDS, _WORDS), max_size=8))
def test_no_two_lines_of_a_sheet_read_alike(names: list[tuple[str, str]]) -> None:
    shown = told_apart(names)
    assert len({text.casefold() for text in shown}) == len(names)
    for text, (first, _last) in zip(shown, names, strict=True):
        assert text.startswith(first.strip())


# --- One session -------------------------------------------------------------------------


def test_a_blank_sheet_has_first_names_and_no_mark(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession
) -> None:
    dana = join(db, amina, craft, "Dana", "Okoro")
    join(db, amina, craft, "Dana", "Bell")
    join(db, amina, craft, "Beatrice", "Adler", known_as="Bea")
    marking.mark(db, ben, today.ref, [NewMark(tap="1", place_ref=dana, code=Code.LATE, minutes=7)])

    blank = words_of(of_session(db, ben, today.ref, Wish()))
    filled = words_of(of_session(db, ben, today.ref, Wish(filled=True)))
    assert "Catch-up" not in blank  # recorded with its day, and not on paper

    assert [name for name in ("Bea", "Dana B", "Dana O") if name in blank.splitlines()] == [
        "Bea",
        "Dana B",
        "Dana O",
    ]
    assert "7 minutes" not in blank
    assert "Arrived late, 7 minutes" in filled
    for part in ("Okoro", "Bell", "Adler", "Beatrice", today.topic):
        assert part not in blank + filled


def test_a_sheet_says_when_it_was_printed_and_that_it_is_to_be_shredded(
    db: Session, ben: Actor, craft: Group, today: GroupSession
) -> None:
    words = words_of(of_session(db, ben, today.ref, Wish()))
    assert "printed Wednesday 16 September 2026, 1:30pm" in words
    assert "Shred this sheet as soon as its marks are entered." in words
    assert "Tuesday craft" in words


def test_needs_are_there_only_if_asked_for_and_an_alert_never(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession
) -> None:
    join(db, amina, craft, "Zoe", "Bell", access_needs="Step-free room", alert="Court date")
    plain = words_of(of_session(db, ben, today.ref, Wish(filled=True)))
    more = words_of(of_session(db, ben, today.ref, Wish(filled=True, with_needs=True)))
    group = words_of(of_group(db, ben, craft.ref, Wish(filled=True, with_needs=True)))
    assert "Step-free room" not in plain
    assert "Step-free room" in more
    assert "Step-free room" in group
    assert "Court date" not in plain + more + group


def test_whoever_is_kept_out_of_a_record_finds_only_a_number(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession
) -> None:
    person = make_person(db, amina, "Hidden", "Bell")
    make_place(db, amina, craft, person)
    record_locks.keep_out(db, amina, person.ref, ben.ref, reason="A relative of hers.")
    for sheet in (of_session(db, ben, today.ref, Wish()), of_group(db, ben, craft.ref, Wish())):
        words = words_of(sheet)
        assert "Hidden" not in words
        assert "not on this sheet: 1" in words


def test_a_register_of_nobody_prints_an_empty_sheet(
    db: Session, ben: Actor, craft: Group, today: GroupSession
) -> None:
    assert pages_of(of_session(db, ben, today.ref, Wish())) == 1
    assert pages_of(of_group(db, ben, craft.ref, Wish())) == 1


# --- A group -----------------------------------------------------------------------------


def test_a_groups_sheet_has_its_next_sessions_side_by_side(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession
) -> None:
    place = join(db, amina, craft, "Dana", "Okoro")
    marking.mark(db, ben, today.ref, [NewMark(tap="1", place_ref=place, code=Code.APOLOGIES)])
    blank = lines(of_group(db, ben, craft.ref, Wish()))
    filled = lines(of_group(db, ben, craft.ref, Wish(filled=True)))
    assert len([line for line in blank if line.startswith("Wed ")]) == min(
        ON_A_SHEET, craft.sessions_offered
    )
    assert filled.count("A") == blank.count("A") + 1

    finishing.finish(db, ben, today.ref)  # nothing of it is to be written down any more
    assert "Wed 16 Sep" not in lines(of_group(db, ben, craft.ref, Wish()))
    assert "Wed 16 Sep" in lines(of_group(db, ben, craft.ref, Wish(filled=True)))


# --- Who may, and the trail ---------------------------------------------------------------


def test_every_print_is_audited_without_a_name(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession
) -> None:
    join(db, amina, craft, "Dana", "Okoro")
    of_session(db, ben, today.ref, Wish(filled=True))
    of_session(db, ben, today.ref, Wish(filled=True))
    of_group(db, ben, craft.ref, Wish(with_needs=True))

    found = select(AuditEntry).where(AuditEntry.action == "register.printed")
    entries = db.scalars(found.order_by(AuditEntry.id)).all()

    assert [entry.subject.split(":")[0] for entry in entries] == ["session", "session", "group"]
    assert json.loads(entries[0].details) == {"filled": True, "needs": False, "people": 1}
    assert "Dana" not in "".join(entry.details for entry in entries)


def test_a_stranger_prints_nothing(
    db: Session, chloe: Actor, craft: Group, today: GroupSession
) -> None:
    with pytest.raises(NotFoundError):
        of_session(db, chloe, today.ref, Wish())
    with pytest.raises(NotFoundError):
        of_group(db, chloe, craft.ref, Wish())


@pytest.mark.parametrize("role", ["amina", "leila", "ada", "vik", "erin"])
def test_nobody_prints_who_takes_no_register(
    db: Session, request: pytest.FixtureRequest, today: GroupSession, role: str
) -> None:
    with pytest.raises(NotPermittedError):
        of_session(db, request.getfixturevalue(role), today.ref, Wish())


def test_a_cancelled_session_has_no_register_to_print(
    db: Session, ben: Actor, today: GroupSession
) -> None:
    today.state = SessionState.CANCELLED
    db.flush()
    with pytest.raises(ConflictError, match="cancelled"):
        of_session(db, ben, today.ref, Wish())


def test_a_sheet_costs_the_same_for_a_large_group(
    db: Session, amina: Actor, ben: Actor, craft: Group, today: GroupSession, count_queries: object
) -> None:
    of_session(db, ben, today.ref, Wish())
    with count_queries() as few:  # type: ignore[operator]
        of_session(db, ben, today.ref, Wish(filled=True))
    for number in range(7):
        join(db, amina, craft, f"Person{number}", "Bell")
    db.flush()
    with count_queries() as many:  # type: ignore[operator]
        of_session(db, ben, today.ref, Wish(filled=True))
    assert len(many) <= len(few)
    assert registers.view(db, ben, today.ref).lines
