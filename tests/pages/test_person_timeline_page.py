"""The timeline on a participant's page."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import ContactAttempt, ContactOutcome, Route
from services.db import transaction
from services.people import timeline
from services.permissions import Actor
from tests.conftest import NOW
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """Somebody in a group of Ben's; her reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina)
        make_place(db, amina, make_group(db, amina, [ben]), person)
        _ring(db, ben, person.id, times=1)
        return person.ref


def test_the_overview_says_what_has_been_newest_first(open_page: OpenPage, dana: str) -> None:
    page = open_page("participants", "ben", participant=dana)

    assert page.dataframe[-1].value["what"].tolist() == [
        "Added to Alongside",
        "Given a place in Tuesday craft",
        "Call: no answer, nothing left",
    ]


def test_a_long_timeline_goes_on_and_back_to_its_start(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    ben = somebody("ben")
    with transaction() as db:
        _ring(db, ben, 1, times=timeline.PAGE)
    page = open_page("participants", "ben", participant=dana)
    first = page.dataframe[-1].value["what"].tolist()
    assert len(first) == timeline.PAGE

    page.button(f"timeline_{dana}_next").click().run()
    assert len(page.dataframe[-1].value) == 3

    page.button(f"timeline_{dana}_first").click().run()
    assert page.dataframe[-1].value["what"].tolist() == first


def _ring(db: Session, by: Actor, person_id: int, *, times: int) -> None:
    db.add_all(
        ContactAttempt(
            person_id=person_id,
            at=NOW - timedelta(days=30, minutes=number),
            route=Route.CALL,
            outcome=ContactOutcome.NO_ANSWER,
            account_id=by.account_id,
        )
        for number in range(times)
    )
