"""Training: courses, days marked for several at once, what is in date and what a role needs."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Course, PlacementRole, Stage, Training, Volunteer, VolunteerWishes
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers.training import courses, hours, records, standing
from services.volunteers.training.certificate import certificate
from services.volunteers.training.courses import CourseDraft
from services.volunteers.training.records import DayDraft
from tests.make import make_check, make_group, make_volunteer
from tests.paper import words_of

_NUMBERS = count(1)
TODAY = date(2026, 9, 16)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """An active volunteer without any training recorded."""
    return make_volunteer(db, amina, stage=Stage.ACTIVE, ready=False)


@pytest.fixture
def course(db: Session) -> Course:
    """A course that counts for two years."""
    return db.scalars(select(Course).where(Course.name == "Safeguarding children")).one()


def mark(
    db: Session, actor: Actor, course: Course, *who: Volunteer, on: date = TODAY, **more: object
) -> tuple[str, ...]:
    refs = [one.ref for one in who]
    draft = DayDraft(course_ref=course.ref, volunteer_refs=refs, held_on=on, **more)  # type: ignore[arg-type]
    return records.mark(db, actor, draft)


def problems(refused: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return list(refused.value.problems)


# --- Courses -----------------------------------------------------------------------------


def test_a_new_organisation_starts_with_a_list_of_about_thirty_hours(
    db: Session, amina: Actor
) -> None:
    frame = standing.by_course(db, amina)
    assert 24 <= frame["hours"].sum() <= 30
    roles = {role for needed in frame["needed_for"] for role in needed}
    assert roles == {"co_facilitator", "creche", "welcome", "peer_contact"}


def test_the_shipped_list_comes_once(db: Session, amina: Actor) -> None:
    before = len(standing.by_course(db, amina))
    courses.seed(db)
    assert len(standing.by_course(db, amina)) == before


def test_a_course_is_added_and_changed(db: Session, amina: Actor) -> None:
    ref = courses.add(db, amina, CourseDraft(name=" Listening ", hours=1.5))
    draft = CourseDraft(
        name="Listening well", hours=2, refresh_months=12, needed_for=[PlacementRole.WELCOME]
    )
    courses.change(db, amina, ref, draft, version=1)
    one = courses.view(db, amina, ref)
    assert (one.name, one.hours, one.refresh_months) == ("Listening well", 2, 12)
    assert (one.needed_for, one.version) == (("welcome",), 2)


def test_a_change_of_what_needs_it_alone_is_a_change_as_well(
    db: Session, amina: Actor, course: Course
) -> None:
    seen = courses.view(db, amina, course.ref)
    draft = CourseDraft(name=seen.name, hours=seen.hours, refresh_months=seen.refresh_months)
    courses.change(db, amina, course.ref, draft, version=seen.version)
    with pytest.raises(ConflictError, match="Somebody else changed this course"):
        courses.change(db, amina, course.ref, draft, version=seen.version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("name", "SAFEGUARDING ADULTS"),
        ("hours", 0),
        ("hours", 1000),
        ("hours", -1),
        ("hours", float("nan")),
        ("refresh_months", 0),
        ("refresh_months", 121),
    ],
)
def test_a_course_that_cannot_be_is_refused(
    db: Session, amina: Actor, field: str, value: object
) -> None:
    values: dict[str, object] = {"name": "Listening", "hours": 2}
    with pytest.raises(InvalidInputError) as refused:
        courses.add(db, amina, CourseDraft(**values | {field: value}))  # type: ignore[arg-type]
    assert problems(refused) == [field]


# --- A day of a course -------------------------------------------------------------------


def test_a_day_is_marked_for_several_at_once_and_counts_as_long_as_the_course(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.TRAINING)
    assert len(mark(db, amina, course, maya, ines)) == 2

    frame = standing.on_course(db, amina, course.ref)
    assert sorted(frame["name"]) == ["Ines Rowe", "Maya Rowe"]
    assert set(frame["until"]) == {date(2028, 9, 16)}
    entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "training.marked")).all()
    assert {entry.subject for entry in entries} == {
        f"volunteer:{maya.ref}",
        f"volunteer:{ines.ref}",
    }


def test_hours_and_last_day_may_differ_from_the_course(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    mark(db, amina, course, maya, hours=1.5, expires_on=date(2027, 1, 31))
    (day,) = standing.of_volunteer(db, amina, maya.ref).days.to_dict("records")
    assert (day["hours"], day["until"], day["state"]) == (1.5, date(2027, 1, 31), "in date")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": TOMORROW}, "held_on"),
        ({"on": date(2006, 9, 15)}, "held_on"),
        ({"hours": 0}, "hours"),
        ({"hours": 1000}, "hours"),
        ({"expires_on": TODAY}, "expires_on"),
        ({"expires_on": date(2026, 1, 1)}, "expires_on"),
        ({"expires_on": date(9999, 12, 31)}, "expires_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_kept(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    course: Course,
    changes: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        mark(db, amina, course, maya, **changes)  # type: ignore[arg-type]
    assert problems(refused) == [field]
    assert db.scalar(select(func.count()).select_from(Training)) == 0


def test_nobody_at_all_is_not_a_day(db: Session, amina: Actor, course: Course) -> None:
    with pytest.raises(InvalidInputError) as refused:
        mark(db, amina, course)
    assert problems(refused) == ["volunteers"]


def test_the_same_course_twice_on_a_day_is_refused_by_name_and_for_everybody(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    mark(db, amina, course, maya)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.TRAINING)
    with pytest.raises(InvalidInputError, match="Maya Rowe has this course on this day already"):
        mark(db, amina, course, ines, maya)
    assert standing.on_course(db, amina, course.ref)["name"].tolist() == ["Maya Rowe"]


def test_somebody_named_twice_is_marked_once(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    assert len(mark(db, amina, course, maya, maya)) == 1


def test_a_day_from_before_leaves_the_latest_in_force(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    mark(db, amina, course, maya)
    mark(db, amina, course, maya, on=date(2024, 1, 10))
    days = standing.of_volunteer(db, amina, maya.ref).days
    assert days["state"].tolist() == ["in date", "renewed"]


def test_a_day_taken_back_lets_the_one_before_count_again(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    mark(db, amina, course, maya, on=date(2024, 1, 10))
    (latest,) = mark(db, amina, course, maya)
    records.take_back(db, amina, latest)
    days = standing.of_volunteer(db, amina, maya.ref).days
    assert days["state"].tolist() == ["run out"]
    with pytest.raises(NotFoundError):
        records.take_back(db, amina, latest)


# --- Hours -------------------------------------------------------------------------------


def test_hours_are_those_of_the_last_twelve_months(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    for on in (TODAY, date(2025, 9, 17), date(2025, 9, 16)):
        mark(db, amina, course, maya, on=on, hours=2)
    assert standing.of_volunteer(db, amina, maya.ref).hours_in_a_year == 4


@given(
    taken=st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(15, 2400)), max_size=20
    ),
    today=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
)
def test_a_year_of_hours_never_counts_the_future_or_more_than_there_is(
    taken: list[tuple[date, int]], today: date
) -> None:
    counted = hours.within_a_year(taken, today)
    recent = [minutes for on, minutes in taken if today - timedelta(366) < on <= today]
    surely = [minutes for on, minutes in taken if today - timedelta(365) < on <= today]
    assert sum(surely) <= counted <= sum(recent)


@given(on=st.dates(date(2000, 1, 1), date(2040, 1, 1)), months=st.integers(1, 120))
def test_a_course_always_counts_past_the_day_it_was_held(on: date, months: int) -> None:
    until = hours.counts_until(on, months)
    assert until is not None
    assert until > on


# --- What runs out -----------------------------------------------------------------------


def test_what_runs_out_is_listed_the_first_to_end_first_and_what_was_renewed_is_not(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE, ready=False)
    gone = make_volunteer(db, amina, "Gone", stage=Stage.MOVED_ON)
    mark(db, amina, course, maya, gone, on=date(2024, 10, 1))
    mark(db, amina, course, ines, on=date(2024, 9, 1))
    frame = standing.running_out(db, amina)
    assert frame["name"].tolist() == ["Ines Rowe", "Maya Rowe"]
    assert frame["window"].tolist() == [0, 30]

    mark(db, amina, course, ines)
    assert standing.running_out(db, amina)["name"].tolist() == ["Maya Rowe"]


def test_a_course_says_how_many_have_it(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    for name, on in (("A", date(2024, 10, 1)), ("B", date(2024, 9, 1)), ("C", TODAY)):
        mark(db, amina, course, make_volunteer(db, amina, name, stage=Stage.TRAINING), on=on)
    frame = standing.by_course(db, amina).set_index("ref")
    row = frame.loc[course.ref]
    assert (row["in_date"], row["soon"], row["over"]) == (2, 1, 1)


def test_lists_cost_the_same_for_many_as_for_one(
    db: Session, amina: Actor, maya: Volunteer, course: Course, count_queries
) -> None:
    costs = []
    for name in ("A", "B"):
        mark(db, amina, course, make_volunteer(db, amina, name, stage=Stage.TRAINING), on=TODAY)
        with count_queries() as statements:
            standing.by_course(db, amina)
            standing.on_course(db, amina, course.ref)
            standing.running_out(db, amina)
            standing.of_volunteer(db, amina, maya.ref)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_who_has_a_course_goes_on_after_fifty(db: Session, amina: Actor, course: Course) -> None:
    for number in range(standing.PAGE + 1):
        mark(db, amina, course, make_volunteer(db, amina, f"V{number}", stage=Stage.TRAINING))
    first = standing.on_course(db, amina, course.ref)
    rest = standing.on_course(db, amina, course.ref, after=first["position"].iloc[-1])
    assert (len(first), rest["name"].tolist()) == (standing.PAGE, ["V0 Rowe"])


# --- What a role needs -------------------------------------------------------------------


def place(db: Session, actor: Actor, maya: Volunteer, role: PlacementRole, ben: Actor) -> str:
    group = make_group(db, actor, [ben], code_name=f"Group {next(_NUMBERS)}")
    draft = PlacementDraft(volunteer_ref=maya.ref, group_ref=group.ref, role=role, starts_on=TODAY)
    return placements.place(db, actor, draft)


def test_a_role_is_refused_by_the_name_of_the_course_she_still_needs(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        place(db, amina, maya, PlacementRole.WELCOME, ben)
    assert problems(refused) == ["role"]
    says = refused.value.problems["role"]
    assert "“Confidentiality and data protection”" in says
    assert "“Boundaries and your own story”" in says
    assert "Safeguarding" not in says


def test_a_course_that_runs_out_before_her_first_day_is_refused_with_its_day(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, course: Course
) -> None:
    make_check(db, amina, maya)
    for one in db.scalars(select(Course)):
        on = date(2024, 9, 15) if one is course else TODAY
        mark(db, amina, one, maya, on=on)
    with pytest.raises(InvalidInputError, match="“Safeguarding children” counts until 15 S"):
        place(db, amina, maya, PlacementRole.CRECHE, ben)

    mark(db, amina, course, maya)
    assert place(db, amina, maya, PlacementRole.CRECHE, ben)


def test_a_role_without_courses_and_a_course_no_longer_held_stop_nobody(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer
) -> None:
    assert place(db, amina, maya, PlacementRole.SHADOWING, ben)
    for one in db.scalars(select(Course)):
        one.is_active = False
    db.add(VolunteerWishes(volunteer_id=maya.id, roles=[], languages=[], groups_at_once=2))
    db.flush()
    assert place(db, amina, maya, PlacementRole.WELCOME, ben)


def test_what_each_role_still_needs_is_said_on_her_record(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    missing = standing.of_volunteer(db, amina, maya.ref).missing
    assert len(missing["welcome"]) == 2
    for one in db.scalars(select(Course)):
        mark(db, amina, one, maya)
    after = standing.of_volunteer(db, amina, maya.ref).missing
    assert set(after.values()) == {()}


# --- Certificates ------------------------------------------------------------------------


def test_a_certificate_names_her_the_course_the_day_and_the_hours_and_is_on_record(
    db: Session, amina: Actor, maya: Volunteer, course: Course
) -> None:
    (ref,) = mark(db, amina, course, maya, hours=1.5)
    words = words_of(certificate(db, amina, ref))
    for said in ("Maya Rowe", "Safeguarding children", "16 September 2026", "1.5", "Lantern House"):
        assert said in words
    for unsaid in ("survivor", "abuse", "volunteer"):
        assert unsaid not in words.casefold()
    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("training.certificate", f"volunteer:{maya.ref}")


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_sees_or_keeps_training(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    course: Course,
    stranger: str,
    request: pytest.FixtureRequest,
) -> None:
    who: Actor = request.getfixturevalue(stranger)
    (ref,) = mark(db, amina, course, maya)
    attempts = [
        lambda: standing.by_course(db, who),
        lambda: standing.on_course(db, who, course.ref),
        lambda: standing.running_out(db, who),
        lambda: standing.candidates(db, who),
        lambda: standing.of_volunteer(db, who, maya.ref),
        lambda: courses.add(db, who, CourseDraft(name="x", hours=1)),
        lambda: courses.change(db, who, course.ref, CourseDraft(name="x", hours=1), version=1),
        lambda: courses.view(db, who, course.ref),
        lambda: courses.offered(db, who),
        lambda: mark(db, who, course, maya, on=date(2026, 1, 1)),
        lambda: records.take_back(db, who, ref),
        lambda: certificate(db, who, ref),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermittedError):
            attempt()
