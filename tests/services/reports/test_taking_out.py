"""One chart taken out: whole quarters, all programmes, ten people or more, and written down."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry
from services import releases
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.reports import figures
from tests.make import make_person, make_referral, taken_out

JUNE = date(2026, 6, 1)


@pytest.fixture
def spoken_with(db: Session, amina: Actor) -> None:
    """Fourteen people referred in June, spoken with within two weeks."""
    for number in range(14):
        person = make_person(db, amina, f"Ada{number}", "Quill")
        referral = make_referral(db, amina, person, received_on=JUNE)
        referral.first_contact_on = JUNE + timedelta(days=number)
    db.flush()


def test_what_is_taken_out_says_what_it_counts_of_how_many_and_when(
    db: Session, leila: Actor, spoken_with: None
) -> None:
    taken = taken_out(db, leila, "waits:contact")

    assert taken.chart.frame["label"].to_list() == ["14 of 14"]
    assert taken.rows[-1][0] == "Total"
    footer = " ".join(taken.footer)
    assert "First contact" in footer
    assert "01/07/2024 to 30/06/2026; made on 16/09/2026" in footer
    assert "below 10" in footer


def test_it_is_in_the_ledger_and_the_audit_log(
    db: Session, leila: Actor, spoken_with: None
) -> None:
    taken_out(db, leila, "waits:contact")

    (line,) = releases.listing(db, leila).to_dict("records")
    assert (line["kind"], line["threshold"]) == ("chart", releases.PUBLIC)
    assert db.scalar(select(AuditEntry.id).where(AuditEntry.action == "chart.taken_out"))


def test_the_same_chart_is_the_same_until_the_next_quarter(
    db: Session, leila: Actor, amina: Actor, spoken_with: None
) -> None:
    first = taken_out(db, leila, "waits:contact").rows
    make_referral(db, amina, make_person(db, amina, "Late", "Entry"), received_on=JUNE)

    assert taken_out(db, leila, "waits:contact").rows == first


@pytest.mark.parametrize("figure", ["waits:contact", "attendance", "change:gad7:self"])
def test_of_nobody_nothing_leaves(db: Session, leila: Actor, figure: str) -> None:
    with pytest.raises(InvalidInputError, match="stays here"):
        taken_out(db, leila, figure)


def test_a_chart_nothing_is_known_of_stays_in_the_house(db: Session, leila: Actor) -> None:
    assert not figures.is_known("child_path")
    with pytest.raises(NotFoundError):
        taken_out(db, leila, "child_path")


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "vik", "erin"])
def test_only_a_lead_takes_charts_out(
    db: Session, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        taken_out(db, request.getfixturevalue(who), "attendance")
