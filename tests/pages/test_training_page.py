"""Training on screen: the courses, a day marked for several at once, one volunteer's training."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select
from streamlit.testing.v1 import AppTest

from models import Course, Stage, Training
from services.db import reading, transaction
from services.volunteers.training import courses, records
from services.volunteers.training.courses import CourseDraft
from services.volunteers.training.records import DayDraft
from tests.make import make_volunteer
from tests.pages.conftest import OpenPage, Somebody, press, unfold

COURSE = "Safeguarding children"


@pytest.fixture
def course(somebody: Somebody) -> str:
    """A course's reference."""
    somebody("amina")
    with reading() as db:
        return db.scalars(select(Course.ref).where(Course.name == COURSE)).one()


def volunteer(somebody: Somebody, name: str = "Maya") -> str:
    amina = somebody("amina")
    with transaction() as db:
        return make_volunteer(db, amina, name, stage=Stage.ACTIVE, ready=False).ref


def said(page: AppTest) -> str:
    return " ".join(one.value for one in page.error)


def taken() -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(Training)) or 0


def test_the_page_lists_the_courses_and_says_when_nothing_runs_out(
    open_page: OpenPage, course: str
) -> None:
    page = open_page("training", "amina")
    assert not page.exception
    assert COURSE in page.dataframe[0].value["name"].tolist()
    assert any("Nothing runs out" in one.value for one in page.caption)


def test_without_a_course_the_page_says_what_to_do(open_page: OpenPage, course: str) -> None:
    with transaction() as db:
        db.execute(delete(Course))
    page = open_page("training", "amina")
    assert "Add the first one" in page.info[0].value


def test_no_field_drops_a_number_before_it_can_be_said_what_is_wrong_with_it(
    open_page: OpenPage, course: str
) -> None:
    page = unfold(open_page("training", "amina"), "new_course")
    assert len(page.number_input) == 2
    for field in page.number_input:
        assert (field.min or -1e9) <= -1e9
        assert (field.max or 1e9) >= 1e9


def test_a_course_is_added_and_a_fault_stands_at_its_field(
    open_page: OpenPage, course: str
) -> None:
    page = unfold(open_page("training", "amina"), "new_course")
    page.text_input("form_name_new_course_0").input("Listening")
    page.number_input("form_hours_new_course_0").set_value(0.0)
    page = press(page, "Add the course")
    assert "Enter the hours" in said(page)
    page.number_input("form_hours_new_course_0").set_value(1.5)
    page = press(page, "Add the course")
    assert not page.error
    with reading() as db:
        assert db.scalars(select(Course.minutes).where(Course.name == "Listening")).one() == 90


def test_a_day_is_marked_for_several_and_not_twice(
    open_page: OpenPage, somebody: Somebody, course: str
) -> None:
    who = [volunteer(somebody, name) for name in ("Maya", "Ines")]
    page = unfold(open_page("training", "amina", course=course), f"mark_{course}")
    page.multiselect(f"form_volunteers_{course}_0").set_value(who)
    page.number_input(f"form_hours_taken_{course}_0").set_value(1000.0)
    page = press(page, "Add it")
    assert "Enter the hours" in said(page)
    page.number_input(f"form_hours_taken_{course}_0").set_value(3.0)
    page = press(page, "Add it")
    assert not page.error
    assert taken() == 2

    page.multiselect(f"form_volunteers_{course}_1").set_value(who[:1])
    page = press(page, "Add it")
    assert "Maya Rowe has this course on this day already" in said(page)
    assert taken() == 2


def test_a_course_that_somebody_else_changed_is_not_overwritten(
    open_page: OpenPage, somebody: Somebody, course: str
) -> None:
    zora = somebody("zora")
    page = unfold(open_page("training", "amina", course=course), f"change_{course}")
    page.text_input(f"form_name_{course}_course_0").input("Mine")
    with transaction() as db:
        courses.change(db, zora, course, CourseDraft(name="Theirs", hours=2), version=1)
    page = press(page, "Save the course")
    assert "It now reads “Theirs”" in said(page)


def test_an_address_that_is_old_says_so(open_page: OpenPage, course: str) -> None:
    page = open_page("training", "amina", course="nothing")
    assert "could not be found" in " ".join(one.value for one in page.error)


def test_her_record_shows_hours_what_is_missing_and_her_courses(
    open_page: OpenPage, somebody: Somebody, course: str
) -> None:
    maya = volunteer(somebody)
    page = open_page("volunteers", "amina", volunteer=maya, part="training")
    assert page.metric[0].value == "0"
    assert "None yet." in [one.value for one in page.caption]
    assert any(COURSE in one.value for one in page.markdown)

    page = unfold(page, f"mark_{maya}")
    page.selectbox(f"form_course_{maya}_day_0").set_value(course)
    page.date_input(f"form_held_on_{maya}_day_0").set_value(date(2026, 9, 17))
    page = press(page, "Add it")
    assert "still to come" in said(page)
    page.date_input(f"form_held_on_{maya}_day_0").set_value(date(2026, 9, 1))
    page = press(page, "Add it")
    assert not page.error
    assert page.metric[0].value == "3"
    assert page.dataframe[0].value["course"].tolist() == [COURSE]


def test_a_day_is_taken_back_and_a_certificate_offered(
    open_page: OpenPage, somebody: Somebody, course: str
) -> None:
    maya, amina = volunteer(somebody), somebody("amina")
    with transaction() as db:
        draft = DayDraft(course_ref=course, volunteer_refs=[maya], held_on=date(2026, 9, 1))
        (ref,) = records.mark(db, amina, draft)
    page = open_page("volunteers", "amina", volunteer=maya, part="training")
    page = unfold(page, f"paper_{maya}")
    assert not page.exception
    page = unfold(page, f"back_{maya}")
    page.selectbox(f"form_training_{maya}_back_0").set_value(ref)
    page = press(page, "Take it back")
    assert taken() == 0


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_else_has_the_page(open_page: OpenPage, course: str, stranger: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("training", stranger)
