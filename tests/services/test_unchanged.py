"""An answer is kept while nothing changes: for its own reader, and not a change too long."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import Group, GroupSession, Organisation, Role, Tally
from services import audit, changes, unchanged
from services.db import engine, reading, transaction
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from services.unchanged import while_unchanged
from tests.conftest import Clock
from tests.make import make_actor


class Asked:
    """A service that tells how often it was really asked."""

    def __init__(self) -> None:
        self.times = 0

        @while_unchanged
        def name(db: Session, actor: Actor, *, times: int = 1) -> pd.DataFrame:
            self.times += 1
            said = db.scalars(select(Organisation.name)).one()
            return pd.DataFrame({"house": [said] * times, "reader": [actor.name] * times})

        self.name: Callable[..., pd.DataFrame] = name

    def by(self, actor: Actor, **words: Any) -> str:
        with reading() as db:
            found: str = self.name(db, actor, **words)["house"].iloc[0]
            return found


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def amina(database: str, time_stands_still: Clock) -> Iterator[Actor]:
    with transaction() as db:
        made = make_actor(db, "amina", Role.COORDINATOR)
    yield made
    unchanged.forget()


def rename(db: Session, name: str) -> None:
    db.execute(update(Organisation).values(name=name))


def test_the_second_asking_is_answered_from_what_is_kept(asked: Asked, amina: Actor) -> None:
    assert [asked.by(amina), asked.by(amina)] == ["Lantern House"] * 2
    assert asked.times == 1


def test_other_words_and_another_reader_are_asked_for_anew(asked: Asked, amina: Actor) -> None:
    with transaction() as db:
        ben = make_actor(db, "ben", Role.FACILITATOR)
    asked.by(amina)
    asked.by(amina, times=2)
    asked.by(ben)
    assert asked.times == 3
    with reading() as db:
        assert asked.name(db, ben)["reader"].tolist() == [ben.name]


def test_a_change_of_this_process_is_seen_at_once_even_without_an_entry(
    asked: Asked, amina: Actor
) -> None:
    asked.by(amina)
    with transaction() as db:
        rename(db, "Harbour House")
    assert asked.by(amina) == "Harbour House"


def test_a_change_made_through_objects_is_seen_at_once(asked: Asked, amina: Actor) -> None:
    asked.by(amina)
    with transaction() as db:
        db.scalars(select(Organisation)).one().name = "Harbour House"
    assert asked.by(amina) == "Harbour House"


def test_a_change_of_another_process_is_seen_by_its_entry(
    asked: Asked, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged._heard, "_TTLCache__ttl", 0)
    asked.by(amina)
    with Session(engine()) as elsewhere, elsewhere.begin():
        rename(elsewhere, "Harbour House")
        audit.record(elsewhere, None, "organisation.changed")
    assert asked.by(amina) == "Harbour House"


def test_an_answer_stands_when_something_it_was_not_read_from_changes(
    asked: Asked, amina: Actor
) -> None:
    asked.by(amina)
    with transaction() as db:
        audit.viewed(db, amina, "person:somebody")
    asked.by(amina)
    assert asked.times == 1


def test_a_commit_of_ours_after_one_of_another_process_hides_nothing(
    asked: Asked, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged._heard, "_TTLCache__ttl", 0)
    asked.by(amina)
    with Session(engine()) as elsewhere, elsewhere.begin():
        rename(elsewhere, "Harbour House")
        audit.record(elsewhere, None, "organisation.changed")
    with transaction() as db:
        audit.viewed(db, amina, "person:somebody")
    assert asked.by(amina) == "Harbour House"


def test_what_is_deleted_along_counts_as_changed(database: str) -> None:
    with changes.watched() as touched, transaction() as db:
        db.execute(delete(Group).where(Group.id == 0))
    assert {"groups", "group_sessions", "session_reflections"} <= touched.changed


def test_what_a_change_only_looks_at_counts_as_unchanged(database: str) -> None:
    in_running = select(Group.id).where(Group.id == 0)
    with changes.watched() as touched, transaction() as db:
        db.execute(
            update(GroupSession).where(GroupSession.group_id.in_(in_running)).values(topic="")
        )
    assert touched.changed == {"group_sessions.topic"}


def test_an_answer_stands_when_a_column_changes_that_it_does_not_name(
    asked: Asked, amina: Actor
) -> None:
    asked.by(amina)
    with transaction() as db:
        db.scalars(select(Organisation)).one().idle_minutes = 25
    asked.by(amina)
    assert asked.times == 1


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("UPDATE places SET attended=? WHERE places.id = ?", {"places.attended"}),
        ('UPDATE "places"\nSET covered=(places.covered + ?)', {"places.covered"}),
        ("UPDATE places SET covered=(SELECT attended FROM other WHERE x)", {"places"}),
        ("INSERT INTO tallies (n) VALUES (?) ON CONFLICT DO UPDATE SET n=?", {"tallies"}),
        ("WITH gone AS (DELETE FROM marks RETURNING id) SELECT id FROM gone", {"marks"}),
    ],
)
def test_what_a_statement_changes_stands_in_its_words(statement: str, changed: set[str]) -> None:
    assert changes._understood(statement) == (False, changed)


def test_a_column_counts_for_the_table_it_stands_with() -> None:
    asked = (
        "SELECT calls.version, one.covered AS done FROM places AS one "
        "JOIN welfare_calls AS calls ON calls.place_id = one.id "
        "JOIN (SELECT marks.code AS code FROM marks) AS anon_1 ON anon_1.code = 'P'"
    )
    _reads, names = changes._understood(asked)
    assert {"welfare_calls.version", "places.covered", "places.id", "marks.code"} <= names
    assert not {"places.version", "marks.version", "welfare_calls.covered"} & names


def test_a_column_without_its_table_counts_for_every_table_there() -> None:
    asked = "SELECT version FROM places, marks WHERE places.id = marks.place_id"
    _reads, names = changes._understood(asked)
    assert {"places.version", "marks.version"} <= names


class Counting:
    """A service that looks at kept counts, and tells how often it was really asked."""

    def __init__(self, *kinds: Kind) -> None:
        self.times = 0

        @while_unchanged
        def look(db: Session, actor: Actor) -> int:
            self.times += 1
            query = select(func.sum(Tally.count))
            if kinds:
                query = query.where(Tally.kind.in_([kind.value for kind in kinds]))
            return db.scalar(query) or 0

        self.look = look

    def by(self, actor: Actor) -> int:
        with reading() as db:
            return self.look(db, actor)


def count_one(kind: Kind) -> None:
    with transaction() as db:
        tallies.add(db, Counter({Cell(kind, "craft", "2026-Q3", "P"): 1}))


@pytest.mark.parametrize(
    ("kinds", "seen"),
    [([Kind.MARK], True), ([Kind.PAIR, Kind.MARK], True), ([Kind.PAIR], False), ([], True)],
)
def test_counts_stand_until_one_of_their_kind_changes(
    amina: Actor, kinds: list[Kind], seen: bool
) -> None:
    counting = Counting(*kinds)
    before = counting.by(amina)
    count_one(Kind.MARK)
    assert counting.by(amina) == before + seen
    assert counting.times == 1 + seen


def test_counts_fall_when_all_are_made_again(amina: Actor) -> None:
    count_one(Kind.PAIR)
    counting = Counting(Kind.PAIR)
    assert counting.by(amina) == 1
    with transaction() as db:
        tallies.replace_all(db, Counter())
    assert counting.by(amina) == 0


def test_an_answer_within_an_answer_counts_for_both(asked: Asked, amina: Actor) -> None:
    asked.by(amina)
    with reading() as db, changes.watched() as touched:
        asked.name(db, amina)
    assert touched.read == {"organisation", "organisation.name"}
    assert asked.times == 1


def test_only_looking_lets_answers_stand(asked: Asked, amina: Actor) -> None:
    asked.by(amina)
    with transaction() as db:
        db.scalars(select(Organisation)).one()
    asked.by(amina)
    assert asked.times == 1


def test_whoever_is_changing_something_sees_her_own_change(asked: Asked, amina: Actor) -> None:
    asked.by(amina)
    with transaction() as db:
        rename(db, "Harbour House")
        assert asked.name(db, amina)["house"].tolist() == ["Harbour House"]
    assert asked.by(amina) == "Harbour House"


def test_what_began_before_a_change_is_not_kept_for_those_after_it(
    asked: Asked, amina: Actor
) -> None:
    with reading() as before:
        before.scalars(select(Organisation.id)).one()
        with transaction() as db:
            rename(db, "Harbour House")
        asked.name(before, amina)
    assert asked.by(amina) == "Harbour House"


def test_no_answer_outlives_its_minute(
    asked: Asked, amina: Actor, time_stands_still: Clock
) -> None:
    asked.by(amina)
    time_stands_still.go_on(minutes=1)
    asked.by(amina)
    assert asked.times == 2


def test_what_one_does_with_her_answer_is_not_seen_in_the_next(asked: Asked, amina: Actor) -> None:
    for _ in range(2):
        with reading() as db:
            frame = asked.name(db, amina)
        assert frame["house"].tolist() == ["Lantern House"]
        frame.loc[0, "house"] = "crossed out"


@dataclass(frozen=True, slots=True)
class Said:
    words: str | list[str]


def test_only_what_nobody_can_change_is_one_for_all(amina: Actor) -> None:
    @while_unchanged
    def both(db: Session, actor: Actor) -> tuple[Said, Said]:
        return Said("as it was"), Said(["as it was"])

    for _ in range(2):
        with reading() as db:
            fixed, loose = both(db, amina)
        assert (fixed.words, loose.words) == ("as it was", ["as it was"])
        assert isinstance(loose.words, list)
        loose.words.append("crossed out")
