"""A measure on a tablet over plain HTTP: one question a screen, nothing lost, nothing to see."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models import MeasureHandover, Point, Respondent, Role
from services import clock
from services.db import engine, transaction
from services.measures import handovers
from services.measures.measures import MeasureDraft
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_person, make_place
from tests.public.server import Answer, Site
from tests.public.test_feedback_steps import hidden


@pytest.fixture
def path(site: Site, time_stands_still: Clock, licensed: Callable[..., None]) -> str:
    """The address of Dana's CORE-10."""
    licensed("core10", attribution_line="Copyright of the owners of these words")
    with transaction() as db:
        amina, ben = (
            make_actor(db, "amina", Role.COORDINATOR),
            make_actor(db, "ben", Role.FACILITATOR),
        )
        place = make_place(db, amina, make_group(db, amina, [ben]), make_person(db, amina, "Dana"))
        draft = MeasureDraft(
            measure="core10", respondent=Respondent.SELF, point=Point.START, taken_on=clock.today()
        )
        return handovers.hand_over(db, ben, place.ref, draft)


def answers() -> dict[str, float | None] | None:
    with transaction() as db:
        return db.scalars(select(MeasureHandover.answers)).one()


def turn(site: Site, path: str, page: Answer, way: str = "next", **typed: str) -> Answer:
    return site.post(path, hidden(page) | {"go": way} | typed)


def to_the_end(site: Site, path: str) -> Answer:
    page = site.get(path)
    for number in range(1, 11):
        answer = "not_today" if number == 9 else "0"
        page = turn(site, path, page, **{f"item_{number}": answer})
    return page


def test_it_is_answered_screen_by_screen_without_scripts(site: Site, path: str) -> None:
    page = site.get(path)
    assert "Question 1 of 10" in page.text
    assert page.text.count("<fieldset") == 1
    assert "reads your answers today" in page.text
    assert not re.search("Dana|CORE|Craft", page.text)
    assert len(page.text.encode()) < 30_000
    assert "Invented question 1?" in page.text
    assert "Copyright of the owners of these words" in page.text

    sent = site.post(path, hidden(to_the_end(site, path)))

    assert sent.status == 303
    assert "You can give the tablet back now." in site.get(sent.headers["Location"]).text
    assert answers() == {str(number): None if number == 9 else 0 for number in range(1, 11)}


def test_she_goes_back_and_what_she_chose_is_chosen(site: Site, path: str) -> None:
    page = turn(site, path, turn(site, path, site.get(path), item_1="3"), "back")
    assert re.search('name="item_1" value="3" checked', page.text)


def test_after_it_is_given_the_address_shows_no_answer_to_anybody(site: Site, path: str) -> None:
    last = hidden(to_the_end(site, path))
    site.post(path, last)
    sent = [
        site.post(path, last | more) for more in ({"item_1": "4"}, {"go": "back"}, {"go": "all"})
    ]
    for page in (site.get(path), *sent):
        assert "<fieldset" not in page.text
    assert answers() == {str(number): None if number == 9 else 0 for number in range(1, 11)}


@pytest.mark.parametrize("wrong", ["5", "-1", "x", "9" * 400])
def test_an_answer_that_is_not_on_the_form_comes_back_at_its_question(
    site: Site, path: str, wrong: str
) -> None:
    page = site.post(path, hidden(to_the_end(site, path)) | {"item_2": wrong})
    assert page.status == 422
    assert 'id="item_2-wrong"' in page.text
    assert answers() is None


def test_a_wrong_or_old_address_gets_a_kind_sentence(
    site: Site, path: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(hours=3)
    for address in (path, "/m/0000-0000", "/m/%3Cscript%3E"):
        for page in (site.get(address), site.post(address, {"item_1": "1"})):
            assert page.status == 404
            assert "does not lead to any questions" in page.text


def test_a_fault_while_keeping_costs_her_no_answer(site: Site, path: str) -> None:
    last = hidden(to_the_end(site, path))
    with engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    page = site.post(path, last)
    assert page.status == 503
    assert 'name="item_2" value="0"' in page.text
    assert answers() is None
