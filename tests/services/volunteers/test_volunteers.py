"""Survivor volunteers: added, found again, moved along the stages, and seen by nobody else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import AuditEntry, PersonToken, Role, Stage, StageChange, Volunteer, VolunteerToken
from services.audit import ONE_LOOK
from services.db import engine, transaction
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.permissions import Actor
from services.volunteers import stages, volunteers
from services.volunteers.volunteers import MAX_NAME, PAGE, VolunteerDraft
from tests.conftest import Clock
from tests.make import make_actor, make_person, make_volunteer

STRANGERS = ("ben", "leila", "ada", "vik", "erin")
MAYA = VolunteerDraft(
    first_name="Maya", last_name="Rowe", phone="07700 900321", email="maya@example.org",
    note="Knows the garden group",
)  # fmt: skip


# --- Adding ------------------------------------------------------------------------------


def test_a_volunteer_begins_with_her_interest_and_the_coordinator_who_met_her(
    db: Session, amina: Actor
) -> None:
    ref = volunteers.add(db, amina, replace(MAYA, first_name="  Maya ", note=" "))

    one = volunteers.summary(db, amina, ref)
    assert one.note is None
    assert (one.name, one.phone, one.email) == ("Maya Rowe", "07700 900321", "maya@example.org")
    assert (one.stage, one.days_waiting, one.owner) == ("interest", 0, "Amina")
    assert stages.history(db, amina, ref)[["before", "after", "by"]].values.tolist() == [
        [None, "interest", "Amina"]
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", " "),
        ("last_name", "x" * 5_000),
        ("phone", "by post"),
        ("phone", "0" * 5_000),
        ("email", "maya at home"),
        ("email", "@"),
        ("note", "x" * 5_000),
    ],
)
def test_what_cannot_be_used_is_named_at_its_field(
    db: Session, amina: Actor, field: str, value: str
) -> None:
    draft = VolunteerDraft(**{"first_name": "Maya", "last_name": "Rowe", field: value})

    with pytest.raises(InvalidInputError) as refused:
        volunteers.add(db, amina, draft)

    assert list(refused.value.problems) == [field]
    assert db.scalar(select(func.count(Volunteer.id))) == 0


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        VolunteerDraft(first_name="", last_name="", phone="?", email="?").checked()

    assert list(refused.value.problems) == ["first_name", "last_name", "phone", "email"]


@given(st.text(max_size=MAX_NAME), st.text(max_size=MAX_NAME))
def test_a_draft_is_refused_or_comes_back_without_stray_spaces(first: str, last: str) -> None:
    draft = VolunteerDraft(first_name=first, last_name=last)
    if not first.strip() or not last.strip():
        with pytest.raises(InvalidInputError):
            draft.checked()
        return
    assert draft.checked().first_name == first.strip()
    assert draft.checked().checked() == draft.checked()


def test_markup_in_a_name_is_kept_as_it_was_typed(db: Session, amina: Actor) -> None:
    name = "<script>alert(1)</script> ![x](//example.org/x)"
    ref = volunteers.add(db, amina, VolunteerDraft(first_name=name, last_name="'; DROP TABLE"))

    assert volunteers.summary(db, amina, ref).name == f"{name} '; DROP TABLE"
    assert volunteers.directory(db, amina, search="script")["ref"].tolist() == [ref]


def test_a_form_sent_twice_makes_one_volunteer(db: Session, amina: Actor) -> None:
    volunteers.add(db, amina, MAYA)

    with pytest.raises(ConflictError, match="here already"):
        volunteers.add(db, amina, MAYA)


def test_two_people_of_one_name_are_told_apart_by_how_they_are_reached(
    db: Session, amina: Actor
) -> None:
    make_volunteer(db, amina, "Maya", "Rowe", phone="07700 900321")
    make_volunteer(db, amina, "Maya", "Rowe", phone="07700 900322")

    assert len(volunteers.directory(db, amina, search="maya rowe")) == 2


# --- Finding -----------------------------------------------------------------------------


@pytest.mark.parametrize("search", ["maya", "Ro", "rowe MAYA", "  máya  "])
def test_she_is_found_by_any_part_of_her_name(db: Session, amina: Actor, search: str) -> None:
    maya = make_volunteer(db, amina, "Maya", "Rowe")
    make_volunteer(db, amina, "Ines", "Okoro")

    assert volunteers.directory(db, amina, search=search)["ref"].tolist() == [maya.ref]


@pytest.mark.parametrize("search", ["m", "?", "owe", "maya okoro", "%", "x " * 2_500])
def test_a_search_that_fits_nobody_shows_nobody(db: Session, amina: Actor, search: str) -> None:
    make_volunteer(db, amina, "Maya", "Rowe")
    make_volunteer(db, amina, "Ines", "Okoro")

    assert volunteers.directory(db, amina, search=search).empty


def test_an_empty_list_has_its_columns(db: Session, amina: Actor) -> None:
    found = volunteers.directory(db, amina)

    assert found.empty
    assert {"ref", "name", "stage", "days_waiting", "owner"} <= set(found.columns)


def test_pages_of_fifty_show_everybody_once_the_newest_first(db: Session, amina: Actor) -> None:
    added = [make_volunteer(db, amina, f"Maya{n}").ref for n in range(PAGE + 3)]

    first = volunteers.directory(db, amina)
    last = first.iloc[-1]
    second = volunteers.directory(db, amina, after=last["position"])

    assert len(first) == PAGE
    assert [*first["ref"], *second["ref"]] == added[::-1]


def test_within_a_stage_who_waits_longest_comes_first_page_after_page(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    late = [make_volunteer(db, amina, f"Late{n}").ref for n in range(PAGE)]
    time_stands_still.go_on(days=-9)
    early = [make_volunteer(db, amina, f"Early{n}").ref for n in range(3)]
    make_volunteer(db, amina, "Elsewhere", stage=Stage.TRAINING)

    first = volunteers.directory(db, amina, stage=Stage.INTEREST)
    last = first.iloc[-1]
    second = volunteers.directory(db, amina, stage=Stage.INTEREST, after=last["position"])

    assert [*first["ref"], *second["ref"]] == early + late


def test_a_list_shows_the_days_she_waits_for_us_and_no_others(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    make_volunteer(db, amina, "Back", stage=Stage.STEPPED_BACK)
    make_volunteer(db, amina, "There", stage=Stage.ACTIVE)
    make_volunteer(db, amina, "Waits", stage=Stage.CHECKS)
    time_stands_still.go_on(days=12)

    found = volunteers.directory(db, amina)

    assert found["name"].tolist() == ["Waits Rowe", "There Rowe", "Back Rowe"]
    assert found["days_waiting"].isna().tolist() == [False, True, True]
    assert found["days_waiting"].iloc[0] == 12
    assert found["owner"].tolist() == ["Amina"] * 3


def test_a_page_of_the_list_takes_as_many_queries_as_one_line(
    db: Session, amina: Actor, count_queries: Callable[[], object]
) -> None:
    counts = []
    for already in (0, 30):
        for number in range(already, already + 1 + already):
            make_volunteer(db, amina, f"Maya{number}")
        with count_queries() as statements:  # type: ignore[attr-defined]
            volunteers.directory(db, amina, search="maya")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 8  # one a way of finding her, and three


def test_the_pipeline_counts_every_stage_in_order(db: Session, amina: Actor) -> None:
    there = (Stage.INTEREST, Stage.ACTIVE, Stage.ACTIVE, Stage.STEPPED_BACK)
    for number, stage in enumerate(there):
        make_volunteer(db, amina, f"Maya{number}", stage=stage)

    counted = stages.pipeline(db, amina)

    assert counted["stage"].tolist() == [stage.value for stage in Stage]
    assert counted.set_index("stage")["volunteers"].loc[lambda count: count > 0].to_dict() == {
        "interest": 1,
        "active": 2,
        "stepped_back": 1,
    }


# --- Moving ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Stage.INTEREST, Stage.ACTIVE),
        (Stage.TRAINING, Stage.CHECKS),
        (Stage.ACTIVE, Stage.STEPPED_BACK),
        (Stage.STEPPED_BACK, Stage.ACTIVE),
        (Stage.MOVED_ON, Stage.CONVERSATION),
    ],
)
def test_she_may_move_forward_or_back_to_any_other_stage(
    db: Session, amina: Actor, before: Stage, after: Stage
) -> None:
    maya = make_volunteer(db, amina, stage=before)

    stages.move(db, amina, maya.ref, after, version=maya.version, reason=" Her own wish ")

    latest = stages.history(db, amina, maya.ref).iloc[0]
    assert (latest["before"], latest["after"]) == (before.value, after.value)
    assert (latest["by"], latest["reason"]) == ("Amina", "Her own wish")
    assert volunteers.summary(db, amina, maya.ref).stage == after.value


def test_a_move_begins_a_new_count_of_days(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    maya = make_volunteer(db, amina)
    time_stands_still.go_on(days=5)
    stages.move(db, amina, maya.ref, Stage.CONVERSATION, version=1)
    time_stands_still.go_on(days=2)

    one = volunteers.summary(db, amina, maya.ref)

    assert (one.stage_since, one.days_waiting) == (date(2026, 9, 21), 2)


@pytest.mark.parametrize(
    ("to", "reason", "field"),
    [(Stage.INTEREST, "", "stage"), (Stage.CHECKS, "x" * 5_000, "reason")],
)
def test_a_move_to_the_same_stage_or_with_an_endless_reason_is_refused(
    db: Session, amina: Actor, to: Stage, reason: str, field: str
) -> None:
    maya = make_volunteer(db, amina)

    with pytest.raises(InvalidInputError) as refused:
        stages.move(db, amina, maya.ref, to, version=1, reason=reason)

    assert list(refused.value.problems) == [field]
    assert maya.version == 1


def test_of_two_moves_the_second_is_told_of_the_first(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina)
    zora = make_actor(db, "zora", Role.COORDINATOR)
    stages.move(db, zora, maya.ref, Stage.STEPPED_BACK, version=1)

    with pytest.raises(ConflictError, match=r"Zora .* “stepped back”, on 16 September") as refused:
        stages.move(db, amina, maya.ref, Stage.CHECKS, version=1)

    assert refused.value.theirs == "stepped_back"
    assert maya.stage is Stage.STEPPED_BACK
    assert db.scalar(select(func.count(StageChange.id))) == 2


def test_moving_or_seeing_nobody_says_so(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        stages.move(db, amina, "nobody", Stage.ACTIVE, version=1)
    with pytest.raises(NotFoundError):
        volunteers.summary(db, amina, "nobody")
    assert stages.history(db, amina, "nobody").empty


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_but_a_coordinator_sees_or_changes_volunteers(
    db: Session, amina: Actor, stranger: str, request: pytest.FixtureRequest
) -> None:
    maya = make_volunteer(db, amina)
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: volunteers.add(db, actor, MAYA),
        lambda: volunteers.directory(db, actor),
        lambda: volunteers.summary(db, actor, maya.ref),
        lambda: stages.pipeline(db, actor),
        lambda: stages.history(db, actor, maya.ref),
        lambda: stages.move(db, actor, maya.ref, Stage.ACTIVE, version=1),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
    assert maya.stage is Stage.INTEREST


# --- What is kept, and where -------------------------------------------------------------


def test_a_look_at_her_record_is_logged_once_in_ten_minutes(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    maya = make_volunteer(db, amina)
    for _ in range(3):
        volunteers.summary(db, amina, maya.ref)
    time_stands_still.go_on(seconds=ONE_LOOK.total_seconds() + 1)
    volunteers.summary(db, amina, maya.ref)

    looks = select(func.count(AuditEntry.id)).where(
        AuditEntry.subject == f"volunteer:{maya.ref}", AuditEntry.action == "record.viewed"
    )
    assert db.scalar(looks) == 2


def test_the_log_says_that_she_was_moved_and_not_where_to_or_why(db: Session, amina: Actor) -> None:
    maya = make_volunteer(db, amina)
    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=1, reason="Court dates")

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()

    assert (entry.action, entry.subject) == ("volunteer.moved", f"volunteer:{maya.ref}")
    assert json.loads(entry.details) == {}


def test_her_name_leaves_no_trace_that_links_her_to_a_participant(
    db: Session, amina: Actor
) -> None:
    make_person(db, amina, "Maya", "Rowe")
    make_volunteer(db, amina, "Maya", "Rowe")

    as_participant = set(db.scalars(select(PersonToken.token)))
    as_volunteer = set(db.scalars(select(VolunteerToken.token)))

    assert as_participant
    assert as_volunteer
    assert not as_participant & as_volunteer


def test_nothing_she_told_us_can_be_read_in_the_database(database: str) -> None:
    with transaction() as db:
        amina = make_actor(db, "amina", Role.COORDINATOR)
        ref = volunteers.add(db, amina, MAYA)
        stages.move(db, amina, ref, Stage.CHECKS, version=1, reason="Grandmother visiting")

    stored = _everything_stored(database)

    assert ref.encode() in stored
    for word in (b"Maya", b"Rowe", b"900321", b"maya@", b"garden", b"Grandmother"):
        assert word.lower() not in stored.lower()


def _everything_stored(address: str) -> bytes:
    """The database's files as they lie on the disk; on a server, every row of every table."""
    if address.startswith("sqlite"):
        file = Path(address.removeprefix("sqlite:///"))
        wal = file.with_name(f"{file.name}-wal")
        assert wal.stat().st_size
        return file.read_bytes() + wal.read_bytes()
    with engine().connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        rows = [
            row
            for table in tables
            for row in connection.scalars(text(f'SELECT t::text FROM "{table}" t'))  # noqa: S608
        ]
    return "\n".join(rows).encode()
