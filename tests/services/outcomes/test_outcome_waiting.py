"""Change while people waited for a group beside change in the groups, and why not where there is
none; and the same figures in a report and on the outcomes page."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import MeasureForm, Outcome, Place, Point, Respondent
from services import clock
from services.disclosure.tables import TOTAL
from services.errors import NotFoundError, NotPermittedError
from services.measures.measure_counts import cells, measured_of
from services.outcomes import outcomes
from services.outcomes.outcome_change import change
from services.outcomes.outcome_waiting import NOT_ALIKE, NOT_ASKED
from services.permissions import Actor
from services.reports import changed, populations
from services.reports.parts import Asked
from services.tallies import tallies
from tests.make import make_group, make_person, make_place

KEY = "gad7:self"
APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


def wait(db: Session, amina: Actor, ben: Actor, people: int) -> None:
    """So many came to nothing in April, and to a group from July on: 14, then 13, then 8."""
    first = make_group(db, amina, [ben], capacity=30)
    later = make_group(db, amina, [ben], first_day=JULY, capacity=30)
    for number in range(people):
        person = make_person(db, amina, f"Ada{number}", "Quill")
        before, after = (make_place(db, amina, group, person) for group in (first, later))
        before.joined_on, before.measured = APRIL, {KEY: [1400, None]}
        after.joined_on, after.measured = JULY, {KEY: [1300 - 100 * (number % 2), 800]}
        after.attended = after.covered = after.expected = 5
        where = later.programme, clock.quarter(JULY)
        tallies.add(db, cells(*where, _forms(13 - number % 2, 8)))
    db.flush()


def _forms(start: float, end: float, version: int = 1) -> list[MeasureForm]:
    return [
        MeasureForm(
            measure="gad7", measure_version=version, respondent=Respondent.SELF, point=point,
            outcome=Outcome.ANSWERED, taken_on=JULY + timedelta(weeks=weeks), total=total,
            recorded_at=clock.now(),
        )
        for point, weeks, total in ((Point.START, 0, start), (Point.END, 8, end))
    ]  # fmt: skip


def test_change_while_waiting_stands_beside_change_in_the_groups(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    wait(db, amina, ben, 12)

    found = outcomes.waited(db, leila, KEY)

    waiting, groups = found.changes.to_dict("records")
    assert waiting["what"] == "While waiting"
    assert (waiting["mean"], groups["mean"]) == (pytest.approx(1.5), pytest.approx(4.5))
    assert "n = 12" in waiting["label"]
    assert waiting["low"] < 1.5 < waiting["high"]
    assert "Half waited 13 weeks" in found.words
    assert NOT_ALIKE in found.words


def test_fewer_than_ten_who_waited_are_counted_and_not_drawn(
    db: Session, leila: Actor, vik: Actor, amina: Actor, ben: Actor
) -> None:
    wait(db, amina, ben, 3)

    found = outcomes.waited(db, leila, KEY)

    assert found.changes.empty
    assert f"{NOT_ASKED} 3 so far." in found.words
    assert "so far" not in outcomes.waited(db, vik, KEY).words


def test_whoever_came_to_a_session_has_not_waited(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    wait(db, amina, ben, 12)
    for place in db.query(Place).filter(Place.joined_on == APRIL):
        place.attended = place.covered = place.expected = 1
    db.flush()

    assert outcomes.waited(db, leila, KEY).changes.empty


def test_of_another_period_or_programme_nobody_waited(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    wait(db, amina, ben, 12)

    assert outcomes.waited(db, leila, KEY, period="2025").changes.empty
    assert outcomes.waited(db, leila, KEY, programme="open_door").changes.empty
    assert not outcomes.waited(db, leila, KEY, period="2026-Q3").changes.empty


def test_an_evaluator_names_no_programme_and_a_stranger_sees_nothing(
    db: Session, vik: Actor, ada: Actor
) -> None:
    with pytest.raises(NotPermittedError):
        outcomes.waited(db, vik, KEY, programme="open_door")
    with pytest.raises(NotPermittedError):
        outcomes.waited(db, ada, KEY)
    with pytest.raises(NotFoundError):
        outcomes.waited(db, vik, "nothing:self")


def test_a_report_and_the_outcomes_page_say_the_same_of_each_version_by_itself(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=JULY, capacity=30)
    for number in range(24):
        place = make_place(db, amina, group, make_person(db, amina, f"Bo{number}", "Quill"))
        forms = _forms(12 + number % 4, 4 + number % 9, version=1 + number % 2)
        for form in forms:
            form.place_id, form.recorded_by_id = place.id, ben.account_id
        db.add_all(forms)
        place.measured = measured_of(forms)
        tallies.add(db, cells(group.programme, clock.quarter(JULY), forms))
    db.flush()
    days = JULY, date(2026, 9, 30)

    assert set(changed.measured(db, *days)) == {KEY, f"{KEY}:2"}
    for key in (KEY, f"{KEY}:2"):
        page = outcomes.report(db, leila, key, period="2026-Q3")
        people = populations.population(db, f"change:{key}", *days)
        table = changed.verdicts(Asked(*days, threshold=5), key).table
        counts = people.counts(table)
        shown = dict(zip(page.verdicts["verdict"], page.verdicts["people"], strict=True))
        assert counts.pop((TOTAL,)) == page.pairs == 12
        assert {cell[0]: count for cell, count in counts.items()} == shown
        form, *_ = outcomes.parts_of(key)
        assert change(changed.counted_pairs(people.units), form) == page.change
