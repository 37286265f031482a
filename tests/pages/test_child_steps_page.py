"""Children's steps on screen: noting what was seen, one child, a group, a child and its parent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import (
    AuditEntry,
    Group,
    LifeEvent,
    Observation,
    Outcome,
    Person,
    PersonKind,
    Place,
    Point,
    Respondent,
)
from services.db import reading, transaction
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.people import people
from services.people.people import PersonDraft
from tests.conftest import Statements
from tests.make import make_group, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, unfold
from tests.pages.test_costs import cost

START, END = date(2026, 9, 8), date(2026, 9, 16)


class Kites:
    """Ben's group with Dana and her child Robin, six years old."""

    def __init__(self, group: Group, session: str, parent: Place, child: Place, robin: Person):
        self.group, self.session = group.ref, session
        self.parent, self.child = parent.ref, child.ref
        self.robin, self.code = robin.ref, robin.code


@pytest.fixture
def kites(somebody: Somebody) -> Kites:
    amina, ben = somebody("amina"), somebody("ben")
    mother = PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro")
    child = PersonDraft(
        kind=PersonKind.CHILD,
        first_name="Robin",
        last_name="Okoro",
        date_of_birth=date(2020, 5, 1),
    )
    with transaction() as db:
        group = make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")
        refs = people.add_family(db, amina, [mother, child])
        found = [db.scalars(select(Person).where(Person.ref == ref)).one() for ref in refs]
        places = [make_place(db, amina, group, one) for one in found]
        for place in places:
            place.joined_on = group.starts_on
        db.flush()
        return Kites(group, session_of(db, group).ref, places[0], places[1], found[1])


def rate(somebody: Somebody, place: str, step: int | None, point: Point) -> None:
    draft = MeasureDraft(
        measure="steps",
        respondent=Respondent.SELF,
        point=point,
        taken_on=START if point is Point.START else END,
        answers=dict.fromkeys(range(1, 9), step),
        outcome=Outcome.DECLINED if step is None else Outcome.ANSWERED,
    )
    with transaction() as db:
        measures.record(db, somebody("ben"), place, draft)


def texts(page: AppTest) -> str:
    shown = [*page.title, *page.header, *page.markdown, *page.caption, *page.info, *page.error]
    return "\n".join(str(one.value) for one in shown)


# --- What was seen -----------------------------------------------------------------------


def seen_part(open_page: OpenPage, kites: Kites) -> AppTest:
    page = open_page("register", "ben", session=kites.session)
    return unfold(page, f"observations_{kites.session}")


def tapped(page: AppTest, kites: Kites, step: str) -> AppTest:
    of_child = f"{kites.session}_{kites.child}"
    page.pills(f"observe_child_{kites.session}").set_value(kites.child).run()
    page.pills(f"observe_strand_{of_child}").set_value("asking_for_help").run()
    steps = page.pills(f"observe_step_{of_child}_asking_for_help")
    return steps.set_value(step).run()


def test_two_taps_note_what_was_seen(open_page: OpenPage, kites: Kites) -> None:
    page = seen_part(open_page, kites)
    assert "Nothing is noted of this session yet" in texts(page)

    page = tapped(page, kites, "2")

    assert not page.exception
    with reading() as db:
        assert db.execute(select(Observation.strand, Observation.step)).all() == [
            ("asking_for_help", 2)
        ]
    assert "Did they ask for help, or show that they needed it?" in texts(page)
    assert page.image  # pictures for the youngest


def test_a_note_is_taken_back_by_a_button(open_page: OpenPage, kites: Kites) -> None:
    page = tapped(seen_part(open_page, kites), kites, "not seen")

    (back,) = [button for button in page.button if button.label == "Take this note back"]
    back.click().run()

    assert not page.exception
    with reading() as db:
        assert db.scalar(select(Observation)) is None


def test_a_group_of_adults_is_not_asked(open_page: OpenPage, somebody: Somebody) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        session = session_of(db, group).ref

    page = open_page("register", "ben", session=session)

    assert "What we saw of each child" not in [one.label for one in page.expander]


# --- One child ---------------------------------------------------------------------------


def test_one_child_without_forms_is_told_plainly(open_page: OpenPage, kites: Kites) -> None:
    page = open_page("steps", "ben", child=kites.robin)

    assert not page.exception
    assert page.title[0].value == "Robin Okoro"
    assert "No steps are recorded of this child yet" in texts(page)


def test_one_child_with_one_form_gets_marks_and_a_warning(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)

    page = open_page("steps", "ben", child=kites.robin)

    assert not page.exception
    assert "Steps over time" in texts(page)
    assert "no line is drawn" in texts(page)
    assert "have not been validated" in texts(page)


def test_an_event_is_added_and_taken_back(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)
    page = open_page("steps", "ben", child=kites.robin)
    page = unfold(page, f"life_events_{kites.robin}")
    next(box for box in page.selectbox if box.label == "What happened").set_value("court")
    next(one for one in page.button if one.label == "Add the event").click().run()
    assert not page.exception
    with reading() as db:
        event = db.scalars(select(LifeEvent)).one().ref

    page.session_state[f"life_event_back_{kites.robin}"] = event
    page.run()
    next(one for one in page.button if one.label == "Take it back").click().run()

    assert not page.exception
    with reading() as db:
        assert db.scalar(select(LifeEvent)) is None


def test_an_event_without_its_kind_is_asked_for_at_its_field(
    open_page: OpenPage, kites: Kites
) -> None:
    page = unfold(open_page("steps", "ben", child=kites.robin), f"life_events_{kites.robin}")
    next(one for one in page.button if one.label == "Add the event").click().run()

    assert [error.value for error in page.error] == ["Choose what happened."]


def test_a_strangers_child_reads_as_one_that_is_not_there(
    open_page: OpenPage, kites: Kites
) -> None:
    for address in (kites.robin, "nobody"):
        page = open_page("steps", "chloe", child=address)
        assert "Robin" not in texts(page)
        assert len(page.error) == 1


@pytest.mark.parametrize("username", ["amina", "ada", "vik", "erin", "maya"])
def test_who_has_no_business_here_has_no_such_page(
    open_page: OpenPage, kites: Kites, username: str
) -> None:
    with pytest.raises(ValueError, match="steps"):
        open_page("steps", username, child=kites.robin)


def test_the_childs_record_and_the_measures_lead_here(open_page: OpenPage, kites: Kites) -> None:
    page = open_page("participants", "ben", participant=kites.robin)
    assert "Talking and Feelings Steps over time" in [one.label for one in page.get("page_link")]


# --- A group, and families ---------------------------------------------------------------


def test_without_steps_the_page_says_where_they_come_from(
    open_page: OpenPage, kites: Kites
) -> None:
    assert "No group has steps yet" in texts(open_page("steps", "ben"))


def test_a_group_of_one_shows_no_median(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)

    page = open_page("steps", "ben", group=kites.group)

    assert not page.exception
    assert "a median of one would be that child’s own step" in texts(page)


def test_a_child_stands_beside_its_parent(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)
    rate(somebody, kites.child, 2, Point.END)
    page = open_page("steps", "ben", group=kites.group)

    page.segmented_control("steps_view").set_value("pair").run()

    assert not page.exception
    assert [one.value for one in page.header][:2] == ["Robin Okoro", "Parent or carer"]
    assert "does not show that one moved the other" in texts(page)


# --- A lead ------------------------------------------------------------------------------


def test_a_lead_sees_the_group_and_no_name(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)

    page = open_page("steps", "leila", child=kites.robin)

    assert not page.exception
    assert "Robin" not in texts(page)
    assert "Fewer than 5 children" in texts(page)


def test_a_lead_opens_one_child_for_a_reason(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)
    page = unfold(open_page("steps", "leila"), "open_child")
    next(one for one in page.text_input).set_value(kites.code)
    press = next(one for one in page.button if one.label == "Open the child’s steps")
    press.click().run()
    assert [error.value for error in page.error] == ["Choose why you open this child’s steps."]

    next(box for box in page.selectbox if box.label == "Why do you open it?").set_value("concern")
    next(one for one in page.button if one.label == "Open the child’s steps").click().run()

    assert not page.exception
    assert page.title[0].value == "Robin Okoro"
    assert "That is in the audit log" in texts(page)
    with reading() as db:
        entries = select(AuditEntry.details).where(AuditEntry.action == "steps.opened")
        assert db.scalars(entries).all() == ['{"why": "concern"}']

    next(one for one in page.button if one.label == "Close this child").click().run()
    assert "Robin" not in texts(page)


# --- The programme -----------------------------------------------------------------------


def test_the_programmes_page_tells_children_apart_for_the_lead_alone(
    open_page: OpenPage, somebody: Somebody, kites: Kites
) -> None:
    rate(somebody, kites.child, 1, Point.START)

    lead, outsider = open_page("children", "leila"), open_page("children", "vik")

    assert not (lead.exception)
    assert not (outsider.exception)
    assert "Who moves up" not in texts(outsider)


def test_one_child_costs_the_same_with_every_form_and_with_one(
    open_page: OpenPage,
    somebody: Somebody,
    kites: Kites,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    rate(somebody, kites.child, 1, Point.START)
    page = open_page("steps", "ben", child=kites.robin)
    few, _sent = cost(page, count_queries)
    rate(somebody, kites.child, 2, Point.END)
    many, sent = cost(page, count_queries)

    assert few == many
    assert (many, sent) <= (9, 24)
