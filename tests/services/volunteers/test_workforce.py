"""Volunteers coming, staying and leaving in totals: checked by hand, and never telling of one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Stage, StageChange, Volunteer
from services.errors import NotPermittedError
from services.permissions import Actor
from services.volunteers.workforce import ahead, carried, flow, kept, leaving, retention
from services.volunteers.workforce import given as hours_given
from services.volunteers.workforce.flow import MOVED_ON, STEPPED_BACK, THERE_STILL, WENT_ON
from tests.conftest import Statements
from tests.services.volunteers.coming import came, stayed

S = Stage
Counting: TypeAlias = Callable[[], AbstractContextManager[Statements]]
EVERYTHING = (
    flow.flow, leaving.leaving, retention.retention, ahead.ahead, hours_given.given,
    kept.training_in_date, kept.support_in_time, carried.carried,
)  # fmt: skip


def became(found: flow.Flow, stage: str) -> dict[str, object]:
    rows = found.became[found.became["stage"] == stage]
    return dict(zip(rows["what"], rows["people"], strict=True))


def times(found: flow.Flow, stage: str) -> dict[str, object]:
    (row,) = found.times[found.times["stage"] == stage].to_dict("records")
    return row


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("figures", EVERYTHING, ids=lambda one: one.__name__)
def test_coordinator_and_lead_see_the_workforce_and_nobody_else(
    db: Session, amina: Actor, leila: Actor, ben: Actor, ada: Actor, vik: Actor, erin: Actor,
    figures: Callable[[Session, Actor], object],
) -> None:  # fmt: skip
    for reader in (amina, leila):
        figures(db, reader)
    for stranger in (ben, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            figures(db, stranger)


# --- Without anybody ---------------------------------------------------------------------


def test_without_a_volunteer_every_figure_is_empty_and_none_is_a_zero_share(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for reader in (amina, leila):
        assert flow.flow(db, reader).entered == 0
        assert flow.flow(db, reader).times["median"].isna().all()
        assert (leaving.leaving(db, reader).people, len(leaving.leaving(db, reader).why)) == (0, 0)
        assert retention.retention(db, reader).curve.empty
        assert ahead.ahead(db, reader).needed == 0
        assert hours_given.given(db, reader).months["hours"].tolist() == [0.0] * 12
        assert kept.training_in_date(db, reader).empty
        assert kept.support_in_time(db, reader).empty
        assert carried.carried(db, reader).is_empty


# --- The way in --------------------------------------------------------------------------


def test_each_stage_entered_becomes_one_thing_and_whoever_is_there_still_counts(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.INTEREST, 60), (S.CONVERSATION, 50), (S.APPLICATION, 20)])
    came(db, amina, [(S.INTEREST, 40), (S.CONVERSATION, 10)])
    came(db, amina, [(S.INTEREST, 9), (S.STEPPED_BACK, 3)])
    came(db, amina, [(S.INTEREST, 8), (S.MOVED_ON, 1)])
    came(db, amina, [(S.INTEREST, 5)])

    found = flow.flow(db, amina)

    assert found.entered == 8
    assert became(found, "interest") == {
        WENT_ON: 2, THERE_STILL: 1, STEPPED_BACK: 1, MOVED_ON: 1,
    }  # fmt: skip
    interest = times(found, "interest")
    assert (interest["reached"], interest["median"], interest["ninetieth"]) == (2, 20, 28)
    assert (interest["waiting"], interest["longest"], interest["label"]) == (1, 5, "2 of 5")
    assert times(found, "conversation")["longest"] == 10


def test_a_stage_entered_before_is_left_out_and_coming_back_is_an_entry_of_its_own(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.CHECKS, 800)])
    came(db, amina, [(S.CHECKS, 90), (S.STEPPED_BACK, 80), (S.CHECKS, 30)])

    found = flow.flow(db, amina)

    assert found.entered == 2
    assert became(found, "checks")[STEPPED_BACK] == 1
    assert times(found, "checks")["longest"] == 30


def test_a_lead_sees_no_small_number_and_stages_together(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for number in range(12):
        came(db, amina, [(S.INTEREST, 90 + number), (S.INTERVIEW, 60)])
    came(db, amina, [(S.INTEREST, 20), (S.STEPPED_BACK, 3)])

    found = flow.flow(db, leila)

    assert found.times["stage"].tolist() == ["applying", "preparing", "shadowing"]
    together = became(found, "applying")
    assert pd.isna(together[STEPPED_BACK])
    shown = [count for count in found.became["people"].dropna() if count]
    assert min(shown, default=5) >= 5
    hidden = found.times[found.times["reached"].isna()]
    assert hidden["median"].isna().all()


# --- Leaving -----------------------------------------------------------------------------


def test_leaving_is_counted_by_where_and_why_and_stepping_back_is_none(
    db: Session, amina: Actor
) -> None:
    came(db, amina, [(S.ACTIVE, 90), (S.MOVED_ON, 10)], because="time")
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30), (S.MOVED_ON, 10)], because="time")
    came(db, amina, [(S.CHECKS, 90), (S.MOVED_ON, 10)])
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30)])
    came(db, amina, [(S.ACTIVE, 990), (S.MOVED_ON, 800)], because="done")

    found = leaving.leaving(db, amina)

    assert found.people == 3
    assert dict(zip(found.where["what"], found.where["people"], strict=True)) == {
        "On the way in": 1, "While active": 1, "While stepped back": 1,
    }  # fmt: skip
    assert dict(zip(found.why["what"], found.why["people"], strict=True)) == {
        "No time for it now": 2, leaving.NOT_SAID: 1,
    }  # fmt: skip


def test_a_lead_cannot_read_why_one_volunteer_left_nor_that_she_had_stepped_back(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for _number in range(9):
        came(db, amina, [(S.ACTIVE, 90), (S.MOVED_ON, 10)], because="done")
    came(db, amina, [(S.ACTIVE, 90), (S.STEPPED_BACK, 30), (S.MOVED_ON, 10)], because="safety")

    found = leaving.leaving(db, leila)

    assert found.where["what"].tolist() == ["On the way in", "Once active"]
    counts = found.both.drop(columns="reason").to_numpy().ravel()
    assert not [count for count in counts if pd.notna(count) and 0 < count < 5]
    assert found.why["label"].tolist()[-1] == "*"


# --- Staying -----------------------------------------------------------------------------


def test_the_curve_counts_who_is_here_and_stepping_back_is_not_leaving(
    db: Session, amina: Actor
) -> None:
    for began in (300, 400, 500, 600, 700, 800):
        stayed(db, amina, began)
    came(db, amina, [(Stage.ACTIVE, 400), (Stage.STEPPED_BACK, 100)])
    came(db, amina, [(Stage.ACTIVE, 400), (Stage.MOVED_ON, 300), (Stage.ACTIVE, 200)])
    stayed(db, amina, 500, 400)

    found = retention.retention(db, amina)

    assert (found.people, found.left, found.median) == (9, 1, None)
    drop = found.curve[found.curve["left"] == 1].iloc[0]
    assert drop["month"] == pytest.approx(100 / (365.25 / 12))
    assert (drop["at_risk"], drop["share"]) == (9, pytest.approx(8 / 9))


def test_numbers_at_risk_stand_every_six_months_and_the_curve_ends_with_five(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for began in (100, 200, 300, 400, 500, 600, 700):
        stayed(db, amina, began)

    curve = retention.retention(db, leila).curve

    assert curve["month"].max() == pytest.approx(300 / (365.25 / 12))
    assert curve["at_risk"].min() == 5
    counted = curve[curve["at_risk_label"] != ""]
    assert counted["month"].tolist() == [0, 6]
    assert counted["at_risk_label"].tolist() == ["7", "6"]


def test_fewer_than_five_volunteers_make_no_curve(db: Session, amina: Actor) -> None:
    for began in (100, 200, 300, 400):
        stayed(db, amina, began, 50)
    stayed(db, amina, 6 * 366, 50)  # longer ago than is looked at

    found = retention.retention(db, amina)

    assert (found.people, found.left, found.curve.empty) == (4, 0, True)


@given(
    stays=st.lists(
        st.tuples(st.integers(1, 1_500), st.none() | st.integers(0, 1_500)), min_size=5, max_size=12
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_curve_never_rises_and_never_rests_on_fewer_than_five(
    db: Session, amina: Actor, stays: list[tuple[int, int | None]]
) -> None:
    db.execute(delete(StageChange))
    db.execute(delete(Volunteer))
    for began, left in stays:
        stayed(db, amina, began, None if left is None else min(began, left))

    curve = retention.retention(db, amina).curve

    assert curve["share"].is_monotonic_decreasing
    assert curve["at_risk"].min() >= 5


# --- What it costs -----------------------------------------------------------------------


@pytest.mark.parametrize("figures", EVERYTHING, ids=lambda one: one.__name__)
def test_more_volunteers_cost_no_query_more(
    db: Session, amina: Actor, count_queries: Counting,
    figures: Callable[[Session, Actor], object],
) -> None:  # fmt: skip
    stayed(db, amina, 300)
    stayed(db, amina, 300, 20)
    with count_queries() as few:
        figures(db, amina)
    for _number in range(6):
        stayed(db, amina, 200)
        stayed(db, amina, 300, 20)
    db.expire_all()
    with count_queries() as many:
        figures(db, amina)

    assert len(many) == len(few) <= 9
