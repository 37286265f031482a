"""Programmes in versions: a change is a new one, and groups keep the one they began with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import AuditEntry, Group, ProgrammeVersion
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview, groups, new_groups
from services.groups.group_draft import GroupDraft
from services.measures import measure_schedule
from services.permissions import Actor
from services.programmes import programme_library, programmes
from services.programmes.completion import Required
from services.programmes.programme_library import ProgrammeTemplate
from tests.make import make_group, make_person, make_place

KEY = "steps_forward"


def draft_of(db: Session, key: str = KEY, **changes: object) -> dict[str, Any]:
    return {**programmes.newest(db)[key].model_dump(exclude={"key", "version"}), **changes}


def versions(db: Session, key: str = KEY) -> list[int]:
    query = select(ProgrammeVersion.version).where(ProgrammeVersion.key == key)
    return list(db.scalars(query.order_by(ProgrammeVersion.version)))


def test_a_new_organisation_has_what_ships_in_order_of_title(db: Session, ben: Actor) -> None:
    listed = programmes.directory(db, ben)

    assert set(listed["key"]) == programme_library.shipped().keys()
    assert listed["title"].is_monotonic_increasing
    assert programmes.titles(db) == dict(zip(listed["key"], listed["title"], strict=True))


def test_a_change_is_a_new_version_and_groups_keep_theirs(
    db: Session, amina: Actor, ben: Actor
) -> None:
    before = make_group(db, amina, [ben])

    number = programmes.change(
        db, amina, KEY, draft_of(db, title="Steps Further", minutes=90), version=1
    )

    after = new_groups.create(db, amina, GroupDraft(
        programme=KEY, code_name="Autumn robins", first_day=date(2026, 9, 21), weekdays=[0],
        start=time(10), capacity=8, facilitator_refs=[ben.ref],
    ))  # fmt: skip
    assert (number, versions(db)) == (2, [1, 2])
    assert programmes.of_group(db, before).minutes == 120
    later = db.scalars(select(Group).where(Group.ref == after)).one()
    assert programmes.of_group(db, later).minutes == 90
    titles = groups.directory(db, amina).set_index("ref")["programme"]
    assert (titles[before.ref], titles[after]) == ("Steps Forward", "Steps Further")
    assert group_overview.read(db, amina, before.ref).group.programme_title == "Steps Forward"
    assert programmes.history(db, ben, KEY)["groups"].tolist() == [1, 1]


def test_a_running_groups_forms_stay_what_they_were(db: Session, amina: Actor, ben: Actor) -> None:
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, make_person(db, amina))
    before = measure_schedule.schedule(db, ben, group.ref)

    programmes.change(db, amina, KEY, draft_of(db, measures=[]), version=1)

    assert measure_schedule.schedule(db, ben, group.ref).equals(before)
    assert not before.empty


def test_the_same_again_makes_nothing(db: Session, leila: Actor) -> None:
    before = db.scalar(select(func.count(AuditEntry.id)))

    assert programmes.change(db, leila, KEY, draft_of(db), version=1) == 1

    assert versions(db) == [1]
    assert db.scalar(select(func.count(AuditEntry.id))) == before


def test_whoever_saw_an_older_version_is_told(db: Session, amina: Actor, leila: Actor) -> None:
    stale = draft_of(db, minutes=60)
    programmes.change(db, amina, KEY, draft_of(db, minutes=90), version=1)

    with pytest.raises(ConflictError, match="made version 2"):
        programmes.change(db, leila, KEY, stale, version=1)
    with pytest.raises(ConflictError, match="made version 2"):
        programmes.offer(db, leila, KEY, is_offered=False, version=1)


def test_one_of_the_charitys_own_can_be_run(db: Session, leila: Actor, ben: Actor) -> None:
    key = programmes.add(db, leila, draft_of(db, title="Harbour Lights: women, Norwich"))

    assert key == "harbour_lights_women_norwich"
    assert programmes.offered(db)[key].version == 1
    with pytest.raises(InvalidInputError) as caught:
        programmes.add(db, leila, draft_of(db, title="Harbour lights, women (Norwich)"))
    assert list(caught.value.problems) == ["title"]


def test_a_rolling_programme_asks_for_each_topic_whatever_share_is_written(
    db: Session, amina: Actor, ben: Actor
) -> None:
    programmes.change(
        db, amina, "open_door", draft_of(db, "open_door", completion_share=0.6), version=1
    )
    door = make_group(db, amina, [ben], programme="open_door")

    asked = programmes.of_group(db, door).to_complete
    assert (
        asked
        == group_overview.read(db, amina, door.ref).group.to_complete
        == Required.of_topics(11)
    )


def test_what_is_not_offered_makes_no_new_group_and_stays_in_the_figures(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    programmes.offer(db, amina, KEY, is_offered=False, version=1)

    again = GroupDraft(
        programme=KEY, code_name="Autumn robins", first_day=date(2026, 9, 21), weekdays=[0],
        start=time(10), capacity=8, facilitator_refs=[ben.ref],
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as caught:
        new_groups.create(db, amina, again)
    assert list(caught.value.problems) == ["programme"]
    assert KEY in programmes.titles(db)
    assert group_overview.read(db, ben, group.ref).group.programme_title == "Steps Forward"

    number = programmes.change(db, amina, KEY, draft_of(db, minutes=60), version=1)
    assert KEY not in programmes.offered(db)
    programmes.offer(db, amina, KEY, is_offered=True, version=number)
    assert new_groups.create(db, amina, replace(again, code_name="Winter robins"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": []}, "programme"),
        ({"topics": ["Only one"]}, "programme"),
        ({"sessions": 0}, "sessions"),
        ({"sessions": 500}, "sessions"),
        ({"minutes": None}, "minutes"),
        ({"title": " "}, "title"),
        ({"staff": 1}, "staff"),
        ({"capacity": 3}, "programme"),
        ({"capacity": 61}, "capacity"),
        ({"cutoff_week": None}, "programme"),
        ({"completion_share": 0}, "completion_share"),
        ({"audience": "children"}, "programme"),
        ({"measures": [{"measure": "none", "about": "adult", "respondent": "self",
                        "points": ["start"]}]}, "programme"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    db: Session, amina: Actor, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        programmes.change(db, amina, KEY, draft_of(db, **changes), version=1)

    assert list(caught.value.problems) == [field]
    assert all(sentence.endswith(".") for sentence in caught.value.problems.values())
    assert versions(db) == [1]


def test_an_unknown_programme_is_not_found(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        programmes.change(db, amina, "nothing", draft_of(db), version=1)
    with pytest.raises(NotFoundError):
        programmes.offer(db, amina, "nothing", is_offered=True, version=1)


def test_who_runs_groups_reads_and_only_coordinator_and_lead_change(
    db: Session, ben: Actor, ada: Actor, vik: Actor, erin: Actor
) -> None:
    for actor in (ben, ada, vik, erin):
        for ask in (
            lambda who: programmes.add(db, who, {}),
            lambda who: programmes.change(db, who, KEY, {}, version=1),
            lambda who: programmes.offer(db, who, KEY, is_offered=False, version=1),
        ):
            with pytest.raises(NotPermittedError):
                ask(actor)
    for actor in (ada, vik, erin):
        with pytest.raises(NotPermittedError):
            programmes.directory(db, actor)
        with pytest.raises(NotPermittedError):
            programmes.history(db, actor, KEY)


# --- What ships --------------------------------------------------------------------------


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a release ship other programmes."""

    def shipping(**changes: object) -> None:
        library = dict(programme_library.shipped())
        shipped = library[KEY].model_dump() | changes
        library[KEY] = ProgrammeTemplate.model_validate(shipped)
        monkeypatch.setattr(programme_library, "shipped", lambda: library)

    return shipping


def test_a_release_brings_new_versions_of_what_nobody_has_changed(
    db: Session, ship: Callable[..., None]
) -> None:
    programmes.seed(db)
    assert versions(db) == [1]

    ship(minutes=100)
    programmes.seed(db)
    programmes.seed(db)

    assert versions(db) == [1, 2]
    assert programmes.offered(db)[KEY].minutes == 100


def test_a_release_leaves_alone_what_the_charity_has_changed(
    db: Session, amina: Actor, ship: Callable[..., None]
) -> None:
    programmes.change(db, amina, KEY, draft_of(db, minutes=75), version=1)

    ship(minutes=100)
    programmes.seed(db)

    assert versions(db) == [1, 2]
    assert programmes.offered(db)[KEY].minutes == 75


def test_an_older_database_is_given_what_ships(db: Session) -> None:
    db.execute(delete(ProgrammeVersion))

    programmes.seed(db)

    assert programmes.offered(db).keys() == programme_library.shipped().keys()


# --- Whatever is done --------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(changes=st.lists(st.tuples(st.integers(30, 60), st.booleans()), max_size=8))
def test_versions_have_no_gap_and_never_change(
    db: Session, amina: Actor, changes: list[tuple[int, bool]]
) -> None:
    with db.begin_nested() as undone:
        seen: dict[int, object] = {}
        for minutes, is_offered in changes:
            now = programmes.newest(db)[KEY]
            number = programmes.change(
                db, amina, KEY, draft_of(db, minutes=minutes), version=now.version
            )
            programmes.offer(db, amina, KEY, is_offered=is_offered, version=number)
            rows = db.scalars(select(ProgrammeVersion).where(ProgrammeVersion.key == KEY)).all()
            found = {row.version: row.definition for row in rows}
            assert {n: found[n] for n in seen} == seen
            assert sorted(found) == list(range(1, len(found) + 1))
            assert (KEY in programmes.offered(db)) == is_offered
            seen = found
        undone.rollback()
    db.execute(update(ProgrammeVersion).values(is_offered=True))
