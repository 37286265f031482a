"""Charts of volunteers, of marks and of waiting taken out: whole quarters, and nobody's few."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Group,
    Mark,
    MeasureForm,
    Outcome,
    PlacementRole,
    Point,
    Respondent,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
    new_ref,
)
from services import clock
from services.permissions import Actor
from services.releases import PUBLIC
from services.reports.single import TakenOut
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from services.volunteers.rota import needs
from tests.make import make_group, make_person, make_place, session_of, taken_out
from ui import charts

MAY, JUNE = date(2026, 5, 5), date(2026, 6, 18)


@pytest.fixture
def volunteers(db: Session, amina: Actor, ben: Actor) -> list[Volunteer]:
    """Twenty-four active since June; twelve welcomed at one session each, of three needed."""
    group = make_group(db, amina, [ben], first_day=MAY)
    needs.change(db, amina, group.ref, {PlacementRole.WELCOME: 3}, version=0)
    found = []
    for number in range(24):
        one = Volunteer(
            ref=new_ref(), first_name="Maya", last_name="Rowe", stage=Stage.ACTIVE,
            stage_since=JUNE, created_at=clock.now(),
        )  # fmt: skip
        db.add(one)
        db.flush()
        found.append(one)
        at = clock.start_of_day(JUNE) + timedelta(hours=9)
        db.add(
            CheckIn(
                ref=new_ref(), volunteer_id=one.id, at=at, heaviness=2 + number % 2, words="",
                account_id=amina.account_id,
            )
        )  # fmt: skip
    for number, one in enumerate(found[:12]):
        db.add(
            Shift(
                ref=new_ref(), session_id=session_of(db, group, 1 + number // 2).id,
                volunteer_id=one.id, role=PlacementRole.WELCOME, slot=1 + number % 2,
                state=ShiftState.ACCEPTED, offered_at=clock.now(),
                offered_by_id=amina.account_id, answered_at=clock.now(),
            )
        )  # fmt: skip
    db.flush()
    return found


def what_leaves(db: Session, leila: Actor, figure: str) -> TakenOut:
    """What leaves: a chart there is, with rows that hold no number from one to nine."""
    taken = taken_out(db, leila, figure)
    assert taken.chart.name in {chart.__name__ for chart in charts.CHARTS}
    numbers = [cell for row in taken.rows for cell in row if isinstance(cell, int)]
    assert numbers
    assert not any(0 < number < PUBLIC for number in numbers)
    return taken


def test_cover_leaves_by_quarter_and_never_for_days_to_come(
    db: Session, leila: Actor, volunteers: list[Volunteer]
) -> None:
    frame = what_leaves(db, leila, "cover").chart.frame

    assert set(frame["week"]) == {"2026-Q2"}
    assert dict(zip(frame["part"], frame["people"], strict=True))["Covered"] == 12


def test_support_kept_leaves_as_shares_of_those_active_now(
    db: Session, leila: Actor, volunteers: list[Volunteer]
) -> None:
    frame = what_leaves(db, leila, "kept:support").chart.frame.set_index("what")

    assert frame.loc["Has a supervisor", ["count", "of"]].tolist() == [0, 24]


def test_training_in_date_leaves_by_course(
    db: Session, leila: Actor, volunteers: list[Volunteer]
) -> None:
    assert (what_leaves(db, leila, "kept:training").chart.frame["of"] == 24).all()


def test_heaviness_leaves_in_halves_by_quarter(
    db: Session, leila: Actor, volunteers: list[Volunteer]
) -> None:
    taken = what_leaves(db, leila, "weight")

    (row,) = taken.chart.frame.to_dict("records")
    assert (row["period"], row["heaviness"], row["label"]) == ("2026-Q2", 2.5, "of 24")
    picture = charts.picture(
        charts.weight_over_time(), taken.chart.frame, "svg", words=taken.chart.words
    ).decode()
    assert "Quarter" in picture
    assert "Four weeks from" not in picture


@pytest.mark.parametrize("name", ["funnel", "shrunk_shares"])
def test_live_attendance_leaves_by_programme_and_counts_no_mark_for_a_person(
    db: Session, leila: Actor, amina: Actor, ben: Actor, name: str
) -> None:
    for programme in ("side_by_side", "steps_forward"):
        group = make_group(db, amina, [ben], programme=programme, first_day=MAY, capacity=20)
        marked(db, amina, ben, group)

    frame = what_leaves(db, leila, f"live:{name}").chart.frame

    labels = frame["label"].dropna()
    assert len(labels) == 2
    assert labels.str.endswith("60 times expected").all()


def marked(db: Session, amina: Actor, ben: Actor, group: Group) -> None:
    """Fifteen people at four sessions that were held: twelve at each."""
    for session in range(1, 5):
        session_of(db, group, session).state = SessionState.HELD
    for number in range(15):
        place = make_place(db, amina, group, make_person(db, amina, f"Ada{number}", "Quill"))
        for session in range(1, 5):
            db.add(
                Mark(
                    session_id=session_of(db, group, session).id, place_id=place.id,
                    code="P" if (number + session) % 5 else "D", changed_at=clock.now(),
                    changed_by_id=ben.account_id,
                )
            )  # fmt: skip
    db.flush()


def test_the_heat_map_that_leaves_is_of_quarters_and_hides_cells_of_few(
    db: Session, leila: Actor
) -> None:
    where = "freedom", "2026-Q2"
    counts: Counter[Cell] = Counter()
    for session, there in ((1, 30), (5, 4), (13, 25)):
        counts[Cell(Kind.MARK, *where, "P", session)] = there
        counts[Cell(Kind.MARK, *where, "D", session)] = 12
        counts[Cell(Kind.MARK, *where, "N", session)] = 50  # was not expected
    tallies.add(db, counts)

    frame = what_leaves(db, leila, "cohorts").chart.frame

    cells = dict(zip(frame["session"], frame["percent"], strict=True))
    assert cells["1 to 4"] == "71%"
    assert cells["5 to 8"] == "*"
    assert "9 to 12" not in cells


def test_change_while_waiting_leaves_beside_change_in_the_groups(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    first = make_group(db, amina, [ben], first_day=MAY, capacity=30)
    later = make_group(db, amina, [ben], first_day=JUNE, capacity=30)
    for number in range(12):
        person = make_person(db, amina, f"Ada{number}", "Quill")
        before, after = (make_place(db, amina, group, person) for group in (first, later))
        before.joined_on, before.measured = MAY, {"gad7:self": [1400, None]}
        after.joined_on, after.measured = JUNE, {"gad7:self": [1300 - 100 * (number % 2), 800]}
        for point, total in ((Point.START, 13 - number % 2), (Point.END, 8)):
            db.add(
                MeasureForm(
                    place_id=after.id, measure="gad7", measure_version=1,
                    respondent=Respondent.SELF, point=point, outcome=Outcome.ANSWERED,
                    taken_on=JUNE, total=total, recorded_by_id=ben.account_id,
                    recorded_at=clock.now(),
                )
            )  # fmt: skip
        pair = Cell(
            Kind.PAIR, later.programme, "2026-Q2", "gad7:self", 1300 - number % 2 * 100, 800
        )
        tallies.add(db, Counter({pair: 1}))
    db.flush()

    frame = what_leaves(db, leila, "waited:gad7:self").chart.frame

    assert frame["mean"].tolist() == [1.5, 4.5]


def test_a_chart_that_left_before_leaves_again_as_it_was_whatever_was_written_since(
    db: Session, leila: Actor, amina: Actor, volunteers: list[Volunteer]
) -> None:
    first = what_leaves(db, leila, "weight").chart.frame
    late = clock.start_of_day(JUNE) + timedelta(hours=10)
    for one in volunteers:
        db.add(
            CheckIn(
                ref=new_ref(), volunteer_id=one.id, at=late, heaviness=5, words="",
                account_id=amina.account_id,
            )
        )  # fmt: skip
    db.flush()

    again = what_leaves(db, leila, "weight").chart.frame

    assert again.to_dict("records") == first.to_dict("records")
