"""Families and participants: added, found by their names' hashes, seen by those who may."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Base, ContactRoute, PersonKind, Role, Route
from services import audit
from services import db as application_db
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from services.search import names
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_person, make_place

MOTHER = PersonDraft(kind=PersonKind.ADULT, first_name="Zoë-Ann", last_name="O'Brien Łuczak")
CHILD = PersonDraft(
    kind=PersonKind.CHILD,
    first_name="Kit",
    last_name="Luczak",
    date_of_birth=date(2018, 9, 17),
)


@pytest.mark.parametrize("search", ["zoe", "ZOË", "ann", "brien", "łucz", "zoe lucz", "O'Br"])
def test_somebody_is_found_by_any_beginning_of_her_names(
    db: Session, amina: Actor, search: str
) -> None:
    ref = people.add_family(db, amina, [MOTHER])[0]
    make_person(db, amina, "Somebody", "Else")

    assert people.directory(db, amina, search=search)["ref"].tolist() == [ref]


@pytest.mark.parametrize("search", ["zara", "ien", "zoe else", "%", "z"])
def test_what_does_not_fit_is_not_found(db: Session, amina: Actor, search: str) -> None:
    people.add_family(db, amina, [MOTHER])
    make_person(db, amina, "Somebody", "Else")

    assert people.directory(db, amina, search=search).empty


def test_a_family_is_kept_together(db: Session, amina: Actor) -> None:
    mother, child = people.add_family(db, amina, [MOTHER, CHILD])

    assert people.family_members(db, amina, mother)["ref"].tolist() == [child]
    seen = people.summary(db, amina, child)
    assert (seen.kind, seen.age_band) == ("child", "5-8")  # eight tomorrow: seven today


def test_one_more_person_joins_a_family(db: Session, amina: Actor) -> None:
    mother = people.add_family(db, amina, [MOTHER])[0]
    family = people.summary(db, amina, mother).family_ref

    child = people.add_to_family(db, amina, family, CHILD)

    assert people.family_members(db, amina, child)["ref"].tolist() == [mother]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"last_name": "x" * 5_000}, "last_name"),
        ({"date_of_birth": date(2026, 9, 17)}, "date_of_birth"),
        ({"date_of_birth": date(1890, 1, 1)}, "date_of_birth"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        make_person(db, amina, **more)  # type: ignore[arg-type]
    assert list(caught.value.problems) == [field]


def test_a_facilitator_finds_only_the_people_of_her_groups(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    group = make_group(db, amina, [ben])
    mine = make_person(db, amina, "Dana")
    make_person(db, amina, "Danielle")
    make_place(db, amina, group, mine)

    assert people.directory(db, ben, search="dan")["ref"].tolist() == [mine.ref]
    assert people.directory(db, chloe, search="dan").empty
    with pytest.raises(NotFoundError):
        people.summary(db, chloe, mine.ref)
    assert people.places_of(db, ben, mine.ref)["group"].tolist() == ["Tuesday craft"]
    assert people.places_of(db, chloe, mine.ref).empty


def test_alerts_are_for_facilitators_and_not_for_the_coordinator(
    db: Session, amina: Actor, ben: Actor
) -> None:
    person = make_person(db, amina, alert="Court date this week")
    make_place(db, amina, make_group(db, amina, [ben]), person)

    assert people.summary(db, ben, person.ref).alert == "Court date this week"
    assert people.summary(db, amina, person.ref).alert is None


@pytest.mark.parametrize("who", ["leila", "ada", "vik", "erin"])
def test_the_others_see_no_participant(
    db: Session, amina: Actor, who: str, request: pytest.FixtureRequest
) -> None:
    person = make_person(db, amina)
    stranger = request.getfixturevalue(who)

    for look in (
        lambda: people.directory(db, stranger),
        lambda: people.summary(db, stranger, person.ref),
    ):
        with pytest.raises(NotPermittedError):
            look()


def test_a_look_is_noted_once_however_often_the_page_runs(
    db: Session, amina: Actor, ada: Actor, time_stands_still: Clock
) -> None:
    person = make_person(db, amina)

    for _ in range(3):
        people.summary(db, amina, person.ref)
    assert _looks(db, ada) == 1
    time_stands_still.go_on(minutes=11)
    people.summary(db, amina, person.ref)
    assert _looks(db, ada) == 2


def test_the_list_goes_on_page_by_page(
    db: Session, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    refs = [make_person(db, amina, f"Person{n}").ref for n in range(3)]

    first = people.directory(db, amina)
    rest = people.directory(db, amina, after=first["position"].iloc[-1])

    assert [*first["ref"], *rest["ref"]] == refs[::-1]


def test_a_page_of_people_costs_two_statements(
    db: Session, amina: Actor, count_queries: Callable[[], object]
) -> None:
    for number in range(5):
        make_person(db, amina, f"Person{number}")
    db.flush()

    with count_queries() as statements:  # type: ignore[attr-defined]
        people.directory(db, amina)

    assert len(statements) == 2


SECRETS = ("quetzalina", "featherston", "900123", "1987-03-02", "hearing loop")


def test_no_name_stands_readable_in_the_database(
    database: str, tmp_path: Path, time_stands_still: Clock
) -> None:
    with application_db.transaction() as db:
        amina = make_actor(db, "amina", Role.COORDINATOR)
        ref = _somebody_to_look_for(db, amina)
        people.summary(db, amina, ref)
        people.directory(db, amina, search="Quetzalina")

    with application_db.engine().connect() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT * FROM {table.name}").all()  # noqa: S608 - our own
            for table in Base.metadata.sorted_tables
        ]
    written = repr(rows).lower() + _files(tmp_path)

    assert ref.lower() in written
    assert [secret for secret in SECRETS if secret in written] == []


def _somebody_to_look_for(db: Session, actor: Actor) -> str:
    person = make_person(
        db,
        actor,
        "Quetzalina",
        "Featherstonehaugh",
        date_of_birth=date(1987, 3, 2),
        access_needs="Hearing loop please",
    )
    db.add(ContactRoute(person_id=person.id, route=Route.CALL, address="07700 900123"))
    return person.ref


def _files(folder: Path) -> str:
    """The embedded database's own files, its log among them, as plain characters."""
    return "".join(file.read_bytes().decode("latin-1").lower() for file in folder.iterdir())


@given(st.text(max_size=40))
def test_normalising_is_stable(text: str) -> None:
    words = names.normalised(text)
    assert names.normalised(" ".join(words)) == words


def _looks(db: Session, ada: Actor) -> int:
    return int((audit.recent(db, ada)["action"] == audit.VIEWED).sum())
