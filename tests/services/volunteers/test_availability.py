"""When a volunteer can come and what she would like: kept, refused, and what follows from it."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Group, PlacementRole, Stage, Volunteer
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import rooms
from services.permissions import Actor
from services.placing import eligibility, placements
from services.placing.eligibility import Task
from services.placing.placements import PlacementDraft
from services.volunteers.availability import changes, wishes
from services.volunteers.availability.facts import of_many
from services.volunteers.availability.hours import DAY, Away, Extra, Hours
from services.volunteers.availability.limits import Stretch, at_once, too_close
from services.volunteers.availability.wishes import WishesDraft
from tests.conftest import Clock
from tests.make import make_group, make_volunteer

TODAY = date(2026, 9, 16)  # a Wednesday
TEN, NOON, MIDNIGHT = time(10), time(12), time()
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """An active volunteer."""
    return make_volunteer(db, amina, stage=Stage.ACTIVE)


def add(
    db: Session, actor: Actor, one: Volunteer, *weekdays: int, starts: time = TEN, ends: time = NOON
) -> None:
    changes.add_hours(db, actor, one.ref, weekdays=weekdays, starts=starts, ends=ends)


def hours(db: Session, actor: Actor, one: Volunteer) -> tuple[Hours, ...]:
    return changes.of_volunteer(db, actor, one.ref).hours


# --- Hours ---------------------------------------------------------------------------------


def test_hours_are_kept_for_several_weekdays_and_taken_out_one_by_one(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    add(db, amina, maya, 2, 0)
    add(db, amina, maya, 0, starts=time(19), ends=MIDNIGHT)
    assert hours(db, amina, maya) == (Hours(0, 600, 720), Hours(0, 1140, DAY), Hours(2, 600, 720))
    assert changes.said(Hours(0, 1140, DAY)) == "from 7pm to midnight"

    changes.remove_hours(db, amina, maya.ref, Hours(0, 600, 720))
    assert hours(db, amina, maya) == (Hours(0, 1140, DAY), Hours(2, 600, 720))


def test_hours_that_overlap_are_refused_in_a_sentence_and_none_of_them_is_kept(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    add(db, amina, maya, 1)
    with pytest.raises(InvalidInputError) as refused:
        add(db, amina, maya, 0, 1, starts=time(11), ends=time(13))
    assert refused.value.problems == {
        "weekdays": "Hours from 10am to 12pm on Tuesdays are kept already. Take those out "
        "first, or choose others."
    }
    assert hours(db, amina, maya) == (Hours(1, 600, 720),)
    add(db, amina, maya, 1, starts=NOON, ends=time(13))


@pytest.mark.parametrize(
    ("weekdays", "starts", "ends", "field"),
    [
        ((), TEN, NOON, "weekdays"),
        ((7,), TEN, NOON, "weekdays"),
        ((1,), NOON, TEN, "ends"),
        ((1,), TEN, TEN, "ends"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    weekdays: tuple[int, ...],
    starts: time,
    ends: time,
    field: str,
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add(db, amina, maya, *weekdays, starts=starts, ends=ends)
    assert refused.value.problems.keys() == {field}


def test_hours_somebody_else_took_out_are_not_taken_out_twice(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    add(db, amina, maya, 1)
    changes.remove_hours(db, amina, maya.ref, Hours(1, 600, 720))
    with pytest.raises(ConflictError):
        changes.remove_hours(db, amina, maya.ref, Hours(1, 600, 720))


# --- Exceptions ----------------------------------------------------------------------------


def test_days_away_and_more_hours_are_kept_listed_and_taken_out(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = changes.add_away(db, amina, maya.ref, first=TODAY, last=TODAY + timedelta(7))
    changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(8), starts=TEN, ends=NOON)

    listed = changes.of_volunteer(db, amina, maya.ref).exceptions
    assert listed["hours"].tolist() == ["", "from 10am to 12pm"]

    changes.remove_exception(db, amina, ref)
    assert len(changes.of_volunteer(db, amina, maya.ref).exceptions) == 1
    with pytest.raises(NotFoundError):
        changes.remove_exception(db, amina, ref)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-9, -2), (0, 367)])
def test_days_away_that_make_no_sense_are_refused(
    db: Session, amina: Actor, maya: Volunteer, first: int, last: int
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        changes.add_away(
            db, amina, maya.ref, first=TODAY + timedelta(first), last=TODAY + timedelta(last)
        )
    assert refused.value.problems.keys() == {"last"}


def test_exceptions_that_overlap_are_refused_in_a_sentence(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    add(db, amina, maya, TODAY.weekday())
    week = {"first": TODAY + timedelta(1), "last": TODAY + timedelta(5)}
    changes.add_away(db, amina, maya.ref, **week)
    with pytest.raises(InvalidInputError, match="from 17 September 2026 to 21 September 2026"):
        changes.add_away(db, amina, maya.ref, **week)
    extra = {"starts": time(11), "ends": time(13)}
    with pytest.raises(InvalidInputError, match="kept as away"):
        changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(3), **extra)
    with pytest.raises(InvalidInputError, match="from 10am to 12pm on that day are kept already"):
        changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(7), **extra)
    changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(8), **extra)
    with pytest.raises(InvalidInputError, match="from 11am to 1pm on that day are kept already"):
        changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(8), **extra)


def test_more_hours_are_for_a_day_to_come(db: Session, amina: Actor, maya: Volunteer) -> None:
    for on in (TODAY - timedelta(1), TODAY + timedelta(367)):
        with pytest.raises(InvalidInputError, match="from today on"):
            changes.add_extra(db, amina, maya.ref, on=on, starts=TEN, ends=NOON)


def test_what_is_over_is_not_listed_any_more(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    changes.add_away(db, amina, maya.ref, first=TODAY, last=TODAY)
    time_stands_still.go_on(days=1)
    assert changes.of_volunteer(db, amina, maya.ref).exceptions.empty


# --- Wishes --------------------------------------------------------------------------------


def test_wishes_are_kept_and_the_usual_stands_where_she_said_nothing(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    room = rooms.add(db, amina, "The blue room")
    usual = wishes.of_volunteer(db, amina, maya.ref)
    assert (usual.kept.weeks_between, usual.kept.groups_at_once, usual.version) == (4, 1, 0)

    draft = WishesDraft(
        most_a_month=4,
        weeks_between=2,
        groups_at_once=2,
        roles=[PlacementRole.CRECHE, PlacementRole.CO_FACILITATOR],
        languages=[" Polish ", "Polish", "", "Welsh"],
        skills=" Sewing ",
        avoids=" The market square ",
        avoided_rooms=[room],
    )
    wishes.save(db, amina, maya.ref, draft, version=0)
    kept = wishes.of_volunteer(db, amina, maya.ref).kept
    assert (kept.languages, kept.skills, kept.avoids) == (
        ["Polish", "Welsh"], "Sewing", "The market square",
    )  # fmt: skip
    assert kept.roles == [PlacementRole.CO_FACILITATOR, PlacementRole.CRECHE]
    assert kept.avoided_rooms == {room}


def test_of_two_who_change_wishes_the_second_is_told_also_where_only_rooms_changed(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    room = rooms.add(db, amina, "The blue room")
    wishes.save(db, amina, maya.ref, WishesDraft(), version=0)
    wishes.save(db, amina, maya.ref, WishesDraft(avoided_rooms=[room]), version=1)
    with pytest.raises(ConflictError, match="Somebody else changed these wishes"):
        wishes.save(db, amina, maya.ref, WishesDraft(), version=1)
    assert wishes.of_volunteer(db, amina, maya.ref).kept.avoided_rooms == {room}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"most_a_month": 0}, "most_a_month"),
        ({"most_a_month": 32}, "most_a_month"),
        ({"weeks_between": -1}, "weeks_between"),
        ({"groups_at_once": 0}, "groups_at_once"),
        ({"roles": [PlacementRole.SHADOWING]}, "roles"),
        ({"languages": ["x" * 41]}, "languages"),
        ({"skills": "x" * 2_001}, "skills"),
        ({"avoids": "x" * 2_001}, "avoids"),
        ({"avoided_rooms": ["nowhere"]}, "avoided_rooms"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    db: Session, amina: Actor, maya: Volunteer, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        wishes.save(db, amina, maya.ref, WishesDraft(**wrong), version=0)  # type: ignore[arg-type]
    assert refused.value.problems.keys() == {field}
    assert wishes.of_volunteer(db, amina, maya.ref).version == 0


def test_where_she_does_not_want_to_be_is_encrypted_and_in_no_log(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    wishes.save(
        db, amina, maya.ref, WishesDraft(avoids="Harbour Street", languages=["Polish"]), version=0
    )
    stored = " ".join(map(str, db.execute(text("SELECT * FROM volunteer_wishes")).one()))
    log = " ".join(db.scalars(select(AuditEntry.details)))
    assert not {"Harbour", "Polish"} & set(f"{stored} {log}".replace('"', " ").split())


def test_what_is_known_is_read_for_many_at_once(db: Session, amina: Actor, maya: Volunteer) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    add(db, amina, maya, 1)
    changes.add_away(db, amina, maya.ref, first=TODAY, last=TODAY + timedelta(2))
    changes.add_extra(db, amina, maya.ref, on=TODAY + timedelta(9), starts=TEN, ends=NOON)
    wishes.save(db, amina, maya.ref, WishesDraft(roles=[PlacementRole.WELCOME]), version=0)

    found = of_many(db, [maya.id, ines.id], since=TODAY)
    assert found[maya.id].hours == (Hours(1, 600, 720),)
    assert found[maya.id].exceptions == (
        Away(TODAY, TODAY + timedelta(2)), Extra(TODAY + timedelta(9), 600, 720),
    )  # fmt: skip
    assert found[maya.id].wishes.roles == (PlacementRole.WELCOME,)
    assert found[ines.id].hours == ()
    assert found[ines.id].wishes.weeks_between == 4


# --- Who may -------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_sees_or_changes_any_of_it(
    db: Session, request: pytest.FixtureRequest, maya: Volunteer, username: str
) -> None:
    other: Actor = request.getfixturevalue(username)
    for refused in (
        lambda: changes.of_volunteer(db, other, maya.ref),
        lambda: add(db, other, maya, 1),
        lambda: changes.remove_hours(db, other, maya.ref, Hours(1, 600, 720)),
        lambda: changes.add_away(db, other, maya.ref, first=TODAY, last=TODAY),
        lambda: changes.add_extra(db, other, maya.ref, on=TODAY, starts=TEN, ends=NOON),
        lambda: changes.remove_exception(db, other, "x"),
        lambda: wishes.of_volunteer(db, other, maya.ref),
        lambda: wishes.save(db, other, maya.ref, WishesDraft(), version=0),
    ):
        with pytest.raises(NotPermittedError):
            refused()


def test_a_volunteer_who_is_not_there_has_no_hours(db: Session, amina: Actor) -> None:
    for missing in (changes.of_volunteer, wishes.of_volunteer):
        with pytest.raises(NotFoundError):
            missing(db, amina, "nobody")


def test_every_change_leaves_an_entry(db: Session, amina: Actor, maya: Volunteer) -> None:
    add(db, amina, maya, 1)
    changes.remove_hours(db, amina, maya.ref, Hours(1, 600, 720))
    changes.add_extra(db, amina, maya.ref, on=TODAY, starts=TEN, ends=NOON)
    gone = changes.add_away(db, amina, maya.ref, first=TODAY, last=TODAY)
    changes.remove_exception(db, amina, gone)
    wishes.save(db, amina, maya.ref, WishesDraft(), version=0)
    entries = db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("availab%")))
    assert list(entries) == [
        f"availability.{what}"
        for what in (
            "hours_added", "hours_removed", "extra_added", "away_added", "exception_removed",
            "wishes_saved",
        )
    ]  # fmt: skip


# --- How much she takes on ------------------------------------------------------------------


def against(
    db: Session, one: Volunteer, group: Group, role: PlacementRole = PlacementRole.WELCOME
) -> set[str]:
    task = Task(group, role, group.starts_on, group.ends_on)
    return {each.rule for each in eligibility.obstacles(db, [one], task)[one.id]}


def placed(db: Session, amina: Actor, ben: Actor, one: Volunteer, first: date) -> Group:
    group = make_group(db, amina, [ben], code_name="The first one", first_day=first)
    draft = PlacementDraft(
        volunteer_ref=one.ref, group_ref=group.ref, role=PlacementRole.WELCOME, starts_on=first
    )
    placements.place(db, amina, draft)
    return group


def test_one_group_at_a_time_and_four_weeks_between_are_the_usual(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    first = placed(db, amina, ben, maya, date(2026, 9, 8))
    during = make_group(db, amina, [ben], code_name="During", first_day=date(2026, 10, 6))
    soon = make_group(db, amina, [ben], code_name="Soon", first_day=first.ends_on + timedelta(27))
    later = make_group(db, amina, [ben], code_name="Later", first_day=first.ends_on + timedelta(28))
    assert against(db, maya, during) == {"groups_at_once"}
    assert against(db, maya, soon) == {"weeks_between"}
    assert against(db, maya, later) == set()


def test_a_wish_for_more_lets_her_have_more(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    placed(db, amina, ben, maya, date(2026, 9, 8))
    during = make_group(db, amina, [ben], code_name="During", first_day=date(2026, 10, 6))
    wishes.save(db, amina, maya.ref, WishesDraft(groups_at_once=2, weeks_between=0), version=0)
    assert against(db, maya, during) == set()


def test_no_month_has_more_sessions_than_she_wishes(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    placed(db, amina, ben, maya, date(2026, 9, 8))
    during = make_group(db, amina, [ben], code_name="During", first_day=date(2026, 10, 7))
    for most, expected in ((7, {"most_a_month"}), (9, set())):
        version = wishes.of_volunteer(db, amina, maya.ref).version
        draft = WishesDraft(groups_at_once=2, most_a_month=most)
        wishes.save(db, amina, maya.ref, draft, version=version)
        assert against(db, maya, during) == expected


def test_a_month_in_which_the_new_group_does_not_meet_is_not_counted(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    first = make_group(db, amina, [ben], code_name="The first one", first_day=date(2026, 9, 8))
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=first.ref, role=PlacementRole.WELCOME,
        starts_on=date(2026, 10, 28),
    )  # fmt: skip
    placements.place(db, amina, draft)
    once = make_group(db, amina, [ben], code_name="Once", first_day=date(2026, 10, 7))
    wishes.save(db, amina, maya.ref, WishesDraft(weeks_between=0, most_a_month=1), version=0)
    task = Task(once, PlacementRole.WELCOME, date(2026, 10, 7), date(2026, 10, 13))
    assert eligibility.obstacles(db, [maya], task)[maya.id] == []


def test_a_cancelled_group_and_the_same_group_again_are_no_hindrance(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    first = placed(db, amina, ben, maya, date(2026, 9, 8))
    during = make_group(db, amina, [ben], code_name="During", first_day=date(2026, 10, 6))
    assert against(db, maya, first) == set()
    db.execute(text("UPDATE groups SET state = 'cancelled' WHERE id = :id"), {"id": first.id})
    assert against(db, maya, during) == set()


def test_looking_on_needs_no_rest_before_her_own_group(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    first = make_group(db, amina, [ben], code_name="The first one", first_day=date(2026, 9, 8))
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=first.ref, role=PlacementRole.SHADOWING,
        starts_on=date(2026, 9, 8),
    )  # fmt: skip
    placements.place(db, amina, draft)
    soon = make_group(db, amina, [ben], code_name="Soon", first_day=first.ends_on + timedelta(7))
    assert against(db, maya, soon) == set()


some_stretches = st.builds(
    lambda group, first, length, shadows: Stretch(
        group, TODAY + timedelta(first), TODAY + timedelta(first + length), shadows
    ),
    st.integers(1, 5), st.integers(-60, 60), st.integers(0, 40), st.booleans(),
)  # fmt: skip


@CALM
@given(wanted=some_stretches, others=st.lists(some_stretches, max_size=5), weeks=st.integers(0, 8))
def test_limits_agree_with_counting_day_by_day(
    wanted: Stretch, others: list[Stretch], weeks: int
) -> None:
    days = [
        wanted.starts_on + timedelta(n) for n in range((wanted.ends_on - wanted.starts_on).days + 1)
    ]
    counted = max(
        1 + len({one.group_id for one in others if one.starts_on <= day <= one.ends_on})
        for day in days
    )
    assert at_once(wanted, others) == counted

    def between(one: Stretch) -> int | None:
        """Days from the end of the earlier to the start of the later, if they do not meet."""
        if one.ends_on < wanted.starts_on:
            return (wanted.starts_on - one.ends_on).days
        return (one.starts_on - wanted.ends_on).days if one.starts_on > wanted.ends_on else None

    close = any(
        (gap := between(one)) is not None and gap < 7 * weeks
        for one in others
        if not one.shadows and not wanted.shadows
    )
    assert (too_close(wanted, others, weeks) is not None) == close
