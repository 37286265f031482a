"""A group's name, venue and online link: given when it is made, changed later, for staff alone."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import groups, new_groups, where_it_meets
from services.groups.group_draft import GroupDraft
from services.groups.where_it_meets import WhereItMeets
from services.permissions import Actor
from tests.make import make_group

ELSEWHERE = WhereItMeets(
    code_name=" River walk ", venue="Weaver Hall", online_link="https://meet.example/abc?pwd=1"
)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


def test_a_group_is_made_with_its_link(db: Session, amina: Actor, ben: Actor) -> None:
    ref = new_groups.create(
        db,
        amina,
        GroupDraft(
            programme="steps_forward",
            code_name="Monday garden",
            first_day=date(2026, 10, 19),
            weekdays=[0],
            start=time(10),
            capacity=8,
            facilitator_refs=[ben.ref],
            online_link=" https://meet.example/abc ",
        ),
    )

    assert groups.summary(db, ben, ref).online_link == "https://meet.example/abc"


def test_name_venue_and_link_are_changed_and_those_who_run_it_see_them(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)

    found = groups.summary(db, ben, craft.ref)
    assert (found.code_name, found.venue, found.online_link) == (
        "River walk",
        "Weaver Hall",
        "https://meet.example/abc?pwd=1",
    )


def test_what_is_emptied_is_gone(db: Session, amina: Actor, craft: Group) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)
    where_it_meets.change(
        db, amina, craft.ref, WhereItMeets(code_name="River walk"), version=craft.version
    )

    assert (craft.venue, craft.online_link) == (None, None)


def test_the_log_says_what_was_changed_and_never_where_it_is(
    db: Session, amina: Actor, craft: Group
) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)

    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "group.where_changed")).one()
    assert "venue" in str(entry.details)
    assert "Weaver" not in str(entry.details)
    assert "meet.example" not in str(entry.details)


def test_the_same_again_changes_nothing(db: Session, amina: Actor, craft: Group) -> None:
    version = craft.version
    where_it_meets.change(
        db, amina, craft.ref, WhereItMeets(code_name=craft.code_name), version=version
    )
    db.flush()

    assert craft.version == version


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("code_name", {"code_name": "x"}),
        ("code_name", {"code_name": "x" * 61}),
        ("venue", {"venue": "x" * 201}),
        ("online_link", {"online_link": "http://meet.example/abc"}),
        ("online_link", {"online_link": "javascript:alert(1)"}),
        ("online_link", {"online_link": "https://meet.example/a b"}),
        ("online_link", {"online_link": "https://meet.example/a> [x](y)"}),
        ("online_link", {"online_link": "https://"}),
        ("online_link", {"online_link": "https://[half/abc"}),
        ("online_link", {"online_link": "https://meet.example/" + "x" * 500}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, craft: Group, field: str, given: dict[str, str]
) -> None:
    now = WhereItMeets(**{"code_name": "River walk"} | given)

    with pytest.raises(InvalidInputError) as refused:
        where_it_meets.change(db, amina, craft.ref, now, version=craft.version)
    assert list(refused.value.problems) == [field]


def test_a_group_changed_meanwhile_is_not_overwritten(
    db: Session, amina: Actor, leila: Actor, craft: Group
) -> None:
    version = craft.version
    where_it_meets.change(db, leila, craft.ref, ELSEWHERE, version=version)
    db.flush()

    with pytest.raises(ConflictError):
        where_it_meets.change(
            db, amina, craft.ref, WhereItMeets(code_name="Sea walk"), version=version
        )
    assert craft.code_name == "River walk"


def test_whoever_runs_it_cannot_move_it_and_nobody_moves_what_is_not_there(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    with pytest.raises(NotPermittedError):
        where_it_meets.change(db, ben, craft.ref, ELSEWHERE, version=craft.version)
    with pytest.raises(NotFoundError):
        where_it_meets.change(db, amina, "nowhere", ELSEWHERE, version=1)
