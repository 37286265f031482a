"""Finding people: what was put in is found in each way there is, and what was not is not."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, true
from sqlalchemy.orm import Session

from models import ContactRoute, Person, PersonToken, RecordLock, Route
from models.encryption import use_keys
from models.people import CODE_MARKS
from services import clock, search
from services.people import people
from services.permissions import Actor
from services.search import PEOPLE, VOLUNTEERS, keys
from services.search.names import normalised
from services.search.nicknames import other_forms
from services.search.phones import plain_number
from services.search.sounds import sounds
from tests.conftest import DATA_KEY
from tests.make import make_group, make_person, make_place, make_volunteer

VARIANTS = list(
    csv.DictReader((Path(__file__).parent / "name_variants.csv").read_text().splitlines())
)


def found(db: Session, actor: Actor, text: str) -> list[tuple[str, str]]:
    """The names found and why, the closest first."""
    frame = people.directory(db, actor, search=text)
    return list(frame[["name", "why"]].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def with_keys() -> None:
    """The keys alone, for what needs no database."""
    use_keys([DATA_KEY])


@pytest.fixture
def kathryn(db: Session, amina: Actor) -> Person:
    """Somebody with everything people are found by."""
    person = make_person(db, amina, "Kathryn", "Siddiqui")
    person.known_as, person.earlier_reference = "Bee", "NC/2019-044"
    person.code = "7BK-2MZQ"
    db.add(ContactRoute(person_id=person.id, route=Route.TEXT, address="07700 900 417"))
    search.reindex(db, person.id)
    make_person(db, amina, "Wanda", "Featherlane")
    return person


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kathryn", ""),
        ("kath sidd", ""),
        ("Catherine", "sounds like it"),
        ("Sidiqi", "sounds like it"),
        ("catherine sid", "sounds like it"),
        ("bee", "known as Bee"),
        ("kate", "short form of the name"),
        ("kathrym", "one letter different"),
        ("sidbiqui", "one letter different"),
        ("7BK-2MZQ", "her reference"),
        ("7bk2mzq", "her reference"),
        ("78k 2n2o", "a reference like it"),
        ("nc 2019 044", "earlier reference"),
        ("07700 900417", "telephone number"),
        ("+44 (0)7700-900-417", "telephone number"),
        ("0044 7700 900417", "telephone number"),
        ("900417", "telephone number"),
        ("900 417", "telephone number"),
    ],
)
def test_she_is_found_in_each_way_and_told_why(
    db: Session, amina: Actor, kathryn: Person, text: str, why: str
) -> None:
    assert found(db, amina, text) == [("Kathryn “Bee” Siddiqui", why)]


@pytest.mark.parametrize(
    "text",
    [
        "thryn",
        "katie wanda",
        "quentin",
        "00417",
        "900 418",
        "07700 900418",
        "7BK-3MZQ",
        "NC/2019",
        "%",
        "k",
    ],
)
def test_what_was_not_put_in_is_not_found(
    db: Session, amina: Actor, kathryn: Person, text: str
) -> None:
    assert found(db, amina, text) == []


def test_the_closest_come_first(db: Session, amina: Actor) -> None:
    for first in ("Annabel", "Hannah", "Anne", "Ann", "Nancy", "Anm"):
        make_person(db, amina, first, "Oyelaran")

    assert found(db, amina, "ann") == [
        ("Ann Oyelaran", ""),
        ("Anne Oyelaran", ""),
        ("Annabel Oyelaran", ""),
        ("Nancy Oyelaran", "short form of the name"),
        ("Hannah Oyelaran", "sounds like it"),
    ]


def test_pages_go_on_through_the_steps_and_show_everybody_once(
    db: Session, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    names = ["Aisha", "Ayesha", "Aisha", "Aishatu", "Aysha", "Aisha", "Asha"]
    refs = {make_person(db, amina, first).ref for first in names}

    seen: list[str] = []
    after = None
    while not (frame := people.directory(db, amina, search="aisha", after=after)).empty:
        seen += frame["ref"].tolist()
        after = frame["position"].iloc[-1]

    assert len(seen) == len(refs)
    assert set(seen) == refs


def test_a_facilitator_is_not_told_of_others_by_any_way(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, kathryn: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), kathryn)

    for text in ("kathryn", "Catherine", "kate", "kathrym", "900417", "7BK-2MZQ", "nc2019044"):
        assert len(found(db, ben, text)) == 1
        assert found(db, chloe, text) == []


def test_whoever_is_kept_out_of_a_record_finds_nobody(
    db: Session, amina: Actor, leila: Actor, kathryn: Person
) -> None:
    db.add(
        RecordLock(
            person_id=kathryn.id,
            account_id=amina.account_id,
            reason="Her sister",
            locked_by_id=leila.account_id,
            locked_at=clock.now(),
        )
    )
    db.flush()

    assert found(db, amina, "kathryn") == []
    assert found(db, amina, "900417") == []


def test_a_name_that_changed_is_found_and_the_old_one_is_not(
    db: Session, amina: Actor, kathryn: Person
) -> None:
    kathryn.last_name = "Ploughwright"
    search.reindex(db, kathryn.id)

    assert found(db, amina, "plough") == [("Kathryn “Bee” Ploughwright", "")]
    assert found(db, amina, "siddiqui") == []


def test_a_volunteer_is_found_in_the_same_ways(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina, "Yasmin", "Rowe", phone="07700 900321")

    for text in ("yas", "Yasmeen", "yasmim", "900321"):
        hits = search.find(db, VOLUNTEERS, text, true(), limit=9)
        assert [hit.number for hit in hits] == [maya.id]


def test_everybody_without_hashes_gets_them_once(db: Session, amina: Actor) -> None:
    make_person(db, amina, "Dana")
    db.execute(delete(PersonToken))

    assert search.index_everybody(db) == 1
    assert search.index_everybody(db) == 0
    assert len(found(db, amina, "dana")) == 1


@pytest.mark.parametrize(("which", "at_least"), [("first", 0.89), ("second", 0.87)])
def test_most_other_spellings_sound_alike(which: str, at_least: float) -> None:
    pairs = [row for row in VARIANTS if row["list"] == which]
    heard = [
        any(set(sounds(a)) & set(sounds(b)))
        for row in pairs
        for a in normalised(row["recorded"])
        for b in normalised(row["typed"])
    ]
    assert sum(heard) / len(heard) >= at_least


def test_short_forms_go_both_ways() -> None:
    assert "elizabeth" in other_forms("liz")
    assert "liz" in other_forms("elizabeth")
    assert other_forms("aisha") == ()


NAMES = st.text("abcdefghijklmnopqrstuvwxyzéłøñ '-", min_size=1, max_size=25).filter(normalised)


@given(name=NAMES, data=st.data())
def test_a_stored_name_meets_every_beginning_slip_and_sound_of_it(
    with_keys: None, name: str, data: st.DataObject
) -> None:
    hashes = keys.stored("person", keys.Particulars(first_names=(name,), last_names=()))
    word = data.draw(st.sampled_from(normalised(name)))[: keys.MAX_PREFIX]
    if len(word) >= keys.MIN_PREFIX:
        end = data.draw(st.integers(keys.MIN_PREFIX, len(word)))
        assert hashes & set(keys.beginning("person", word[:end]))
    if keys.MIN_MISTYPED < len(word) < keys.MAX_PREFIX:
        at = data.draw(st.integers(0, len(word) - 1))
        assert hashes & set(keys.mistyped("person", word[:at] + word[at + 1 :]))
    assert not hashes & set(keys.beginning("volunteer", word))


@given(NAMES, NAMES)
def test_a_beginning_that_no_name_has_meets_nothing(with_keys: None, name: str, other: str) -> None:
    hashes = keys.stored("person", keys.Particulars(first_names=(name,), last_names=()))
    for word in normalised(other):
        has = any(have.startswith(word[: keys.MAX_PREFIX]) for have in normalised(name))
        if len(word) >= keys.MIN_PREFIX:
            met = bool(hashes & set(keys.beginning("person", word[: keys.MAX_PREFIX])))
            assert met is has


@pytest.mark.parametrize("text", ["OIL-OIL0", "Blo Quil", "0000000", "1111111", "UUUUUUU"])
def test_letters_that_may_be_a_code_stand_only_for_codes_there_can_be(text: str) -> None:
    meant = keys.codes(text)
    assert 1 <= len(meant) <= 2**7
    assert {mark for code in meant for mark in code} <= {*CODE_MARKS, "-"}


def test_a_code_misread_at_every_mark_is_still_meant() -> None:
    assert "DLV-52B6" in keys.codes("0iu-sz8g")


@given(st.text(max_size=60))
def test_whatever_is_typed_does_no_harm(with_keys: None, text: str) -> None:
    keys.codes(text)
    keys.reference("person", text)
    for word in normalised(text):
        keys.alike("person", word)


@given(
    st.integers(0, 999), st.sampled_from(["07700{}", "07700 {}", "+447700{}", "+44 (0) 7700 {}"])
)
def test_a_number_is_one_however_it_is_written(end: int, written: str) -> None:
    assert plain_number(written.format(f"900{end:03d}")) == f"07700900{end:03d}"


@pytest.mark.parametrize("text", ["", "12345", "call after 6", "a@example.org", "٠٧٧٠٠", "1" * 16])
def test_what_is_no_number_is_none(text: str) -> None:
    assert plain_number(text) is None


def test_the_newest_hashes_stand_alone_in_the_table(db: Session, kathryn: Person) -> None:
    known = search.particulars(db, PEOPLE, [kathryn.id])[kathryn.id]
    stored = set(db.scalars(select(PersonToken.token).where(PersonToken.person_id == kathryn.id)))

    assert stored == keys.stored("person", known) | keys.likenesses("person", known)
