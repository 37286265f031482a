"""A measure on a tablet: one form behind one address, kept by staff, and no risk left unread."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, MeasureHandover, Place, Point, Respondent, RiskAction, SafeNow
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.feedback import FormClosedError
from services.measures import handovers, measures
from services.measures.immediate_risk.response import RiskResponse
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place

CALM: dict[int, float | None] = dict.fromkeys(range(1, 11), 1.0) | {6: 0.0, 9: None}


@pytest.fixture(autouse=True)
def words_are_here(licensed: Callable[..., None]) -> None:
    licensed("core10")


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    return make_place(db, amina, craft, make_person(db, amina, "Dana"))


def core(**more: object) -> MeasureDraft:
    facts: dict[str, object] = {
        "measure": "core10",
        "respondent": Respondent.SELF,
        "point": Point.START,
        "taken_on": NOW.date(),
    }
    return MeasureDraft(**{**facts, **more})  # type: ignore[arg-type]


def token(db: Session, ben: Actor, dana: Place) -> str:
    return handovers.hand_over(db, ben, dana.ref, core()).removeprefix("/m/")


def waiting(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(MeasureHandover)) or 0


def test_what_is_answered_waits_for_staff_and_goes_with_the_form(
    db: Session, ben: Actor, dana: Place
) -> None:
    address = token(db, ben, dana)
    assert handovers.handed(db, address).form.key == "core10"
    assert handovers.given(db, ben, dana.ref, core()) is None

    handovers.give(db, address, CALM)
    handovers.give(db, address, dict.fromkeys(CALM, 4.0))  # pressed twice, the first counts

    assert handovers.given(db, ben, dana.ref, core()) == CALM
    assert handovers.handed(db, address).is_given
    measures.record(db, ben, dana.ref, core(answers=CALM))
    assert waiting(db) == 0
    with pytest.raises(FormClosedError):
        handovers.handed(db, address)


def test_an_answer_about_risk_waits_on_today_from_the_moment_it_is_given(
    db: Session, ben: Actor, dana: Place
) -> None:
    answers = CALM | {6: 2.0}
    handovers.give(db, token(db, ben, dana), answers)

    action = db.scalars(select(RiskAction)).one()
    assert (action.opened_by_id, action.done_at) == (ben.account_id, None)
    done = RiskResponse(
        safe_now=SafeNow.YES, told="Her GP", what_was_done="We rang together.", raise_concern=False
    )
    measures.record(db, ben, dana.ref, core(answers=answers, response=done))
    assert action.done_at is not None


def test_answers_nobody_has_looked_at_are_never_thrown_away(
    db: Session, ben: Actor, dana: Place, time_stands_still: Clock
) -> None:
    address = token(db, ben, dana)
    handovers.give(db, address, CALM)
    time_stands_still.go_on(days=3)

    with pytest.raises(ConflictError, match="Look at"):
        handovers.hand_over(db, ben, dana.ref, core())
    assert handovers.given(db, ben, dana.ref, core()) == CALM


def test_an_address_is_over_after_two_hours_and_once_there_is_another(
    db: Session, ben: Actor, dana: Place, time_stands_still: Clock
) -> None:
    first, second = token(db, ben, dana), token(db, ben, dana)
    with pytest.raises(FormClosedError):
        handovers.give(db, first, CALM)
    time_stands_still.go_on(hours=2)
    for address in (second, "", "x" * 500):
        with pytest.raises(FormClosedError):
            handovers.give(db, address, CALM)
    assert waiting(db) == 1


def test_strangers_hand_nothing_over(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Place
) -> None:
    with pytest.raises(NotPermittedError):
        handovers.hand_over(db, amina, dana.ref, core())
    with pytest.raises(NotFoundError):
        handovers.hand_over(db, chloe, dana.ref, core())
    with pytest.raises(NotFoundError):
        handovers.given(db, chloe, dana.ref, core())


@pytest.mark.parametrize("measure", ["swemwbs", "gad7", "gbo"])
def test_topics_alone_are_not_put_before_somebody_who_answers_by_herself(
    db: Session, ben: Actor, dana: Place, measure: str
) -> None:
    with pytest.raises(ConflictError, match="only its topics"):
        handovers.hand_over(db, ben, dana.ref, core(measure=measure))


def test_neither_address_nor_answers_can_be_read_in_the_database_or_the_log(
    db: Session, ben: Actor, dana: Place
) -> None:
    address = token(db, ben, dana)
    handovers.give(db, address, CALM)

    rows = str(db.connection().exec_driver_sql("SELECT * FROM measure_handovers").all())
    logged = " ".join(map(str, db.scalars(select(AuditEntry.details)).all()))
    assert address.replace("-", "") not in rows + logged
    assert "1.0" not in rows + logged
