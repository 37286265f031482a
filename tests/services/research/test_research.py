"""Rows for research: only of who consents, under an agreement, and nobody to be told apart."""

import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from models import AuditEntry, Basis, Consent, Person, Place, Purpose, Role
from services import manage, releases
from services.consents import consents
from services.db import reading, transaction
from services.errors import ConflictError, InvalidInputError, NotPermittedError
from services.permissions import Actor
from services.research import agreements
from services.research.agreements import AgreementDraft
from services.research.rows import LEAST_ALIKE, Extract, export_rows
from tests.conftest import NOW
from tests.make import make_actor, make_group, make_person, make_place

TODAY = NOW.date()
JOINED = date(2026, 9, 8)


def draft(**more: object) -> AgreementDraft:
    given = {
        "project": "step-study",
        "partner": "An invented university",
        "starts_on": TODAY - timedelta(days=30),
        "ends_on": TODAY + timedelta(days=300),
    }
    return AgreementDraft(**(given | more))  # type: ignore[arg-type]


def consent(db: Session, by: Actor, person: Person) -> Consent:
    given = Consent(
        person_id=person.id,
        purpose=Purpose.EVALUATION,
        basis=Basis.SELF,
        given_on=TODAY,
        recorded_by_id=by.account_id,
        recorded_at=NOW,
    )
    db.add(given)
    db.flush()
    return given


@pytest.fixture
def taking_part(db: Session, amina: Actor, ben: Actor, ada: Actor) -> list[Person]:
    """Seven people in one group, six of whom consent; and an agreement."""
    agreements.record(db, ada, draft())
    group = make_group(db, amina, [ben], capacity=20)
    people = [
        make_person(db, amina, f"Quilla{n}", "Ravenscar", date_of_birth=date(1990, 5, 1 + n))
        for n in range(7)
    ]
    for person in people:
        make_place(db, amina, group, person).joined_on = JOINED
    for person in people[:6]:
        consent(db, amina, person)
    return people


def words_of(found: Extract) -> str:
    return "\n".join(table.to_csv() for name, table in found.tables.items() if name != "codebook")


def test_only_those_who_consent_are_in_it(db: Session, taking_part: list[Person]) -> None:
    found = export_rows(db, project="step-study")

    assert found.people == 6
    assert set(found.tables["places"]["joined"]) == {"2026-09"}
    assert set(found.tables["places"]["age_band"]) == {"35-44"}


def test_a_withdrawal_takes_effect_at_once(
    db: Session, amina: Actor, taking_part: list[Person]
) -> None:
    ref = db.scalars(select(Consent.ref).where(Consent.person_id == taking_part[0].id)).one()
    consents.withdraw(db, amina, ref, on=TODAY, version=1)

    assert export_rows(db, project="step-study").people == 5


def test_nothing_in_it_says_who_anybody_is(db: Session, taking_part: list[Person]) -> None:
    words = words_of(export_rows(db, project="step-study"))

    assert "Quilla" not in words
    assert "Ravenscar" not in words
    assert "Tuesday" not in words
    assert not re.search(r"\d{4}-\d{2}-\d{2}", words)
    for person in taking_part:
        assert person.ref not in words
        assert person.code not in words


def test_pseudonyms_are_the_same_in_one_project_and_others_in_the_next(
    db: Session, ada: Actor, taking_part: list[Person]
) -> None:
    agreements.record(db, ada, draft(project="other-study"))
    first, again, other = (
        set(export_rows(db, project=name).tables["places"]["person"])
        for name in ("step-study", "step-study", "other-study")
    )

    assert first == again
    assert first.isdisjoint(other)


def test_the_few_are_made_coarser_or_left_out(
    db: Session, amina: Actor, taking_part: list[Person]
) -> None:
    """One child of a rare age in the same group: nobody shares what is said of her."""
    place = db.scalars(select(Place).where(Place.person_id == taking_part[0].id)).one()
    place.joined_on = JOINED - timedelta(days=60)
    taking_part[0].date_of_birth = date(1950, 1, 1)
    db.flush()

    found = export_rows(db, project="step-study")
    alike = found.tables["places"].groupby(["who", "age_band", "programme", "joined"])["person"]

    assert found.left_out == 1
    assert (alike.nunique() >= LEAST_ALIKE).all()


def test_nobody_who_consents_gives_empty_tables_with_their_columns(db: Session, ada: Actor) -> None:
    agreements.record(db, ada, draft())
    found = export_rows(db, project="step-study")

    assert found.people == 0
    assert list(found.tables["places"].columns)[:2] == ["place", "person"]


def test_the_codebook_explains_every_column(db: Session, taking_part: list[Person]) -> None:
    tables = export_rows(db, project="step-study").tables
    explained = set(tables["codebook"][["file", "column"]].itertuples(index=False, name=None))

    assert explained == {
        (f"{name}.csv", column)
        for name, table in tables.items()
        if name != "codebook"
        for column in table.columns
    }


def test_an_export_is_written_down_and_audited(
    db: Session, leila: Actor, taking_part: list[Person]
) -> None:
    export_rows(db, project="step-study")

    (line,) = releases.listing(db, leila).to_dict("records")
    assert (line["kind"], line["title"], line["by"]) == (
        "research", "step-study", "the command line",
    )  # fmt: skip
    assert db.scalar(select(AuditEntry.id).where(AuditEntry.action == "research.exported"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"project": "another"}, "no agreement recorded"),
        ({"starts_on": TODAY + timedelta(days=1)}, "begins on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ended on"),
    ],
)
def test_without_an_agreement_that_stands_nothing_leaves(
    db: Session, ada: Actor, more: dict[str, object], sentence: str
) -> None:
    agreements.record(db, ada, draft(**more))
    with pytest.raises(InvalidInputError, match=sentence):
        export_rows(db, project="step-study")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"project": "Step Study!"}, "project"),
        ({"project": ""}, "project"),
        ({"partner": " "}, "partner"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_an_agreement_is_said(
    db: Session, ada: Actor, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as error:
        agreements.record(db, ada, draft(**more))
    assert set(error.value.problems) == {field}


def test_two_agreements_have_two_names(db: Session, ada: Actor) -> None:
    agreements.record(db, ada, draft())
    with pytest.raises(ConflictError, match="of this name already"):
        agreements.record(db, ada, draft())


@pytest.mark.parametrize("who", ["amina", "ben", "leila", "vik", "erin"])
def test_only_an_administrator_keeps_agreements(
    db: Session, who: str, request: pytest.FixtureRequest
) -> None:
    stranger: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        agreements.record(db, stranger, draft())
    with pytest.raises(NotPermittedError):
        agreements.listed(db, stranger)


def test_the_command_writes_files_only_their_owner_reads(database: str, tmp_path: Path) -> None:
    with transaction() as db:
        agreements.record(db, make_actor(db, "ada", Role.ADMINISTRATOR), draft(
            starts_on=date(2020, 1, 1), ends_on=date(2100, 1, 1)
        ))  # fmt: skip
    out = tmp_path / "rows"

    result = CliRunner().invoke(
        manage.app, ["export-research", "--project", "step-study", "--out", str(out)]
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert {file.name for file in out.iterdir()} == {
        "places.csv", "forms.csv", "items.csv", "attendance.csv", "codebook.csv",
    }  # fmt: skip
    assert {oct(file.stat().st_mode & 0o777) for file in out.iterdir()} == {"0o600"}
    assert list(pd.read_csv(out / "codebook.csv").columns) == ["file", "column", "meaning"]


def test_the_command_refuses_an_unknown_project_and_a_used_folder(
    database: str, tmp_path: Path
) -> None:
    with transaction() as db:
        agreements.record(db, make_actor(db, "ada", Role.ADMINISTRATOR), draft(
            starts_on=date(2020, 1, 1), ends_on=date(2100, 1, 1)
        ))  # fmt: skip
    (tmp_path / "left over.txt").write_text("here already")
    for project, sentence in (("unheard-of", "no agreement"), ("step-study", "not empty")):
        result = CliRunner().invoke(
            manage.app, ["export-research", "--project", project, "--out", str(tmp_path)]
        )
        assert result.exit_code == 1
        assert sentence in result.stderr
    with reading() as db:
        assert (
            db.scalar(select(AuditEntry.id).where(AuditEntry.action == "research.exported")) is None
        )
