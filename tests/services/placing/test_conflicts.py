"""The sealed list: who keeps it, what each opening leaves behind, and what is to be acted on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Conflict, Group, Person, RecordLock, Stage, Strength, Volunteer
from services import bulk
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.permissions import Actor
from services.places import places
from services.placing import conflicts
from services.placing.conflicts import ConflictDraft, Party, Why
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place, make_volunteer

TODAY = NOW.date()


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Dana", "Okoro")


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Rosa", "Lindqvist")


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)


def draft(first: Party, second: Party, **more: Any) -> ConflictDraft:
    values = {"strength": Strength.HARD, "reason": "Their partners are brothers.", **more}
    return ConflictDraft(first=first, second=second, **values)


def of(person: Person) -> Party:
    return Party(person.ref)


def kept(db: Session, actor: Actor, first: Person, second: Person, **more: Any) -> Conflict:
    conflicts.record(db, actor, draft(of(first), of(second), **more))
    return db.scalars(select(Conflict).order_by(Conflict.id.desc())).all()[0]


def openings(db: Session, subject: str) -> list[str]:
    query = select(AuditEntry.details).where(
        AuditEntry.action == "conflict.opened", AuditEntry.subject == subject
    )
    return [json.loads(details)["why"] for details in db.scalars(query)]


# --- Keeping apart -----------------------------------------------------------------------


def test_a_coordinator_keeps_a_participant_and_a_volunteer_apart(
    db: Session, amina: Actor, dana: Person, maya: Volunteer
) -> None:
    together = conflicts.record(db, amina, draft(of(dana), Party(maya.ref, is_volunteer=True)))

    assert not together
    (row,) = conflicts.listed(db, amina, Why.REVIEW).to_dict("records")
    assert (row["first"], row["second"]) == ("Dana Okoro", "Maya Rowe (survivor volunteer)")
    assert (row["strength"], row["recorded"], row["together"]) == ("hard", TODAY, False)
    one = conflicts.explained(db, amina, row["ref"], Why.ASKED)
    assert (one.reason, one.recorded_by) == ("Their partners are brothers.", "Amina")


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_else_keeps_opens_or_counts_them(
    db: Session, amina: Actor, dana: Person, rosa: Person, who: str, request: pytest.FixtureRequest
) -> None:
    pair, actor = kept(db, amina, dana, rosa), request.getfixturevalue(who)
    attempts: list[Callable[[], object]] = [
        lambda: conflicts.record(db, actor, draft(of(dana), of(rosa))),
        lambda: conflicts.end(db, actor, pair.ref, reason="So.", version=1),
        lambda: conflicts.to_act_on(db, actor),
        lambda: conflicts.listed(db, actor, Why.REVIEW),
        lambda: conflicts.explained(db, actor, pair.ref, Why.REVIEW),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermittedError):
            attempt()


def test_what_is_missing_is_refused_at_its_field(
    db: Session, amina: Actor, dana: Person, rosa: Person
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        conflicts.record(db, amina, draft(of(dana), of(dana), reason=" "))
    assert list(refused.value.problems) == ["second", "reason"]

    with pytest.raises(NotFoundError, match="This volunteer"):
        conflicts.record(db, amina, draft(of(dana), Party(rosa.ref, is_volunteer=True)))
    with pytest.raises(NotFoundError, match="This person"):
        conflicts.record(db, amina, draft(of(dana), Party("nobody")))


@pytest.mark.parametrize("turned", [False, True])
def test_the_same_two_are_kept_once_until_that_is_ended(
    db: Session, amina: Actor, dana: Person, rosa: Person, turned: bool
) -> None:
    pair = kept(db, amina, dana, rosa)
    again = draft(of(rosa), of(dana)) if turned else draft(of(dana), of(rosa))

    with pytest.raises(ConflictError, match="already"):
        conflicts.record(db, amina, again)

    conflicts.end(db, amina, pair.ref, reason="Both asked.", version=1)
    conflicts.record(db, amina, again)


def test_ending_needs_a_reason_and_the_newest_version(
    db: Session, amina: Actor, dana: Person, rosa: Person
) -> None:
    pair = kept(db, amina, dana, rosa)
    with pytest.raises(InvalidInputError):
        conflicts.end(db, amina, pair.ref, reason=" ", version=1)
    conflicts.end(db, amina, pair.ref, reason="Both asked.", version=1)

    with pytest.raises(ConflictError, match="ended this meanwhile"):
        conflicts.end(db, amina, pair.ref, reason="Again.", version=1)

    assert conflicts.listed(db, amina, Why.REVIEW).empty
    assert len(conflicts.listed(db, amina, Why.REVIEW, ended=True)) == 1
    one = conflicts.explained(db, amina, pair.ref, Why.REVIEW)
    assert (one.ended_on, one.end_reason) == (TODAY, "Both asked.")


# --- Opening -----------------------------------------------------------------------------


def test_each_opening_is_audited_with_why_and_without_whom(
    db: Session, amina: Actor, dana: Person, rosa: Person, time_stands_still: Clock
) -> None:
    pair = kept(db, amina, dana, rosa)

    conflicts.listed(db, amina, Why.PLACING)
    conflicts.listed(db, amina, Why.PLACING)
    conflicts.explained(db, amina, pair.ref, Why.PLACING)
    time_stands_still.go_on(minutes=11)
    conflicts.explained(db, amina, pair.ref, Why.ASKED)

    assert openings(db, "conflict:list") == ["placing"]
    assert openings(db, f"conflict:{pair.ref}") == ["placing", "asked"]
    log = " ".join(f"{one.subject} {one.details}" for one in db.scalars(select(AuditEntry)))
    assert "Their partners" not in log
    assert "Okoro" not in log


def test_a_pair_with_somebody_she_is_kept_out_of_is_not_there_for_her(
    db: Session, amina: Actor, dana: Person, rosa: Person, maya: Volunteer
) -> None:
    pair, mina = kept(db, amina, rosa, dana), make_person(db, amina, "Mina", "Vale")
    volunteer = Party(maya.ref, is_volunteer=True)
    conflicts.record(db, amina, draft(of(rosa), volunteer))
    conflicts.record(db, amina, draft(volunteer, of(mina)))
    lock = RecordLock(
        person_id=dana.id, account_id=amina.account_id, reason="Her sister.",
        locked_by_id=amina.account_id, locked_at=NOW,
    )  # fmt: skip
    db.add(lock)
    db.flush()

    found = conflicts.listed(db, amina, Why.REVIEW)
    her_name = "Maya Rowe (survivor volunteer)"
    assert found["first"].tolist() == [her_name, "Rosa Lindqvist"]
    assert found["second"].tolist() == ["Mina Vale", her_name]
    with pytest.raises(NotFoundError):
        conflicts.explained(db, amina, pair.ref, Why.REVIEW)
    with pytest.raises(NotFoundError):
        conflicts.end(db, amina, pair.ref, reason="So.", version=1)


def test_the_list_takes_as_many_queries_for_many_pairs_as_for_one(
    db: Session, amina: Actor, dana: Person, count_queries: Callable[[], Any]
) -> None:
    counted = []
    for number in range(6):
        kept(db, amina, dana, make_person(db, amina, f"A{number}", f"Name{number}"))
        conflicts.listed(db, amina, Why.REVIEW)  # the opening is audited once
        with count_queries() as statements:
            conflicts.listed(db, amina, Why.REVIEW)
        counted.append(len(statements))

    assert set(counted) == {6}


def test_pages_follow_each_other_without_a_gap(
    db: Session, amina: Actor, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "PAGE", 2)
    others = [make_person(db, amina, f"A{n}", f"Name{n}") for n in range(5)]
    refs = [kept(db, amina, dana, other).ref for other in others]

    seen: list[list[str]] = []
    before = None
    while not (page := conflicts.listed(db, amina, Why.REVIEW, before=before)).empty:
        seen.append(page["ref"].tolist())
        before = int(page["number"].iloc[-1])

    newest = refs[::-1]
    assert seen == [newest[:2], newest[2:4], newest[4:]]


def test_reasons_are_unreadable_in_the_database(
    db: Session, amina: Actor, dana: Person, rosa: Person
) -> None:
    pair = kept(db, amina, dana, rosa)
    conflicts.end(db, amina, pair.ref, reason="Both asked.", version=1)

    rows = str(list(bulk.read(db, Conflict.metadata.tables["conflicts"])))
    assert "brothers" not in rows
    assert "asked" not in rows


# --- What is to be acted on ----------------------------------------------------------------


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor, dana: Person, rosa: Person) -> Group:
    """A group in which both have a place."""
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, dana)
    make_place(db, amina, group, rosa)
    return group


def test_two_already_in_one_group_are_shown_at_once_as_something_to_act_on(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person
) -> None:
    assert conflicts.to_act_on(db, amina) == 0

    assert conflicts.record(db, amina, draft(of(dana), of(rosa)))

    assert conflicts.to_act_on(db, amina) == 1
    (row,) = conflicts.listed(db, amina, Why.TOGETHER).to_dict("records")
    assert row["together"]
    assert conflicts.explained(db, amina, row["ref"], Why.TOGETHER).groups == ("Tuesday craft",)


def test_once_one_of_them_leaves_there_is_nothing_to_act_on(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person
) -> None:
    kept(db, amina, dana, rosa)
    place = places.in_group(db, amina, craft.ref).iloc[0]

    places.leave(db, amina, place["place"], on=TODAY, reason="", version=int(place["version"]))

    assert conflicts.to_act_on(db, amina) == 0


def test_a_soft_pair_in_one_group_is_weighed_not_acted_on(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person
) -> None:
    assert conflicts.record(db, amina, draft(of(dana), of(rosa), strength=Strength.SOFT))

    assert conflicts.to_act_on(db, amina) == 0


def test_counting_them_takes_six_queries(
    db: Session, amina: Actor, craft: Group, dana: Person, count_queries: Callable[[], Any]
) -> None:
    for number in range(4):
        kept(db, amina, dana, make_person(db, amina, f"A{number}", f"Name{number}"))

    with count_queries() as statements:
        conflicts.to_act_on(db, amina)

    assert len(statements) == 6
