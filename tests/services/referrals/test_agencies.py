"""The partners directory: kept by coordinators, read by facilitators, closed and not deleted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AgencyWorker, AuditEntry
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.referrals import agencies, agency_workers
from services.referrals.agencies import AgencyDraft
from services.referrals.agency_workers import WorkerDraft
from tests.make import make_agency


@pytest.fixture
def harbour(db: Session, amina: Actor) -> str:
    """A partner's reference."""
    return make_agency(db, amina, phone="01632 960111", email="desk@example.org")


def draft(name: str = "Harbour Advice", kind: str = "charity", **more: str) -> AgencyDraft:
    return AgencyDraft(name=name, kind=kind, **more)


def test_a_partner_stands_in_the_directory_by_name(db: Session, amina: Actor, harbour: str) -> None:
    make_agency(db, amina, "aspen School", kind="school")

    found = agencies.directory(db, amina)

    assert found["name"].tolist() == ["aspen School", "Harbour Advice"]
    assert found["phone"].fillna("").tolist() == ["", "01632 960111"]
    assert agencies.summary(db, amina, harbour).email == "desk@example.org"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", draft(name=" ")),
        ("name", draft(name="x" * 121)),
        ("kind", draft(kind="shop")),
        ("phone", draft(phone="none")),
        ("email", draft(email="@nowhere")),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    db: Session, amina: Actor, field: str, wrong: AgencyDraft
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        agencies.add(db, amina, wrong)
    assert list(refused.value.problems) == [field]


def test_a_name_stands_once_however_it_is_written(db: Session, amina: Actor, harbour: str) -> None:
    with pytest.raises(InvalidInputError, match="in the directory already"):
        make_agency(db, amina, " HARBOUR advice ")


def test_a_partner_is_changed_and_keeps_her_own_name(
    db: Session, amina: Actor, harbour: str
) -> None:
    agencies.change(db, amina, harbour, draft(kind="housing"), version=1)

    changed = agencies.summary(db, amina, harbour)
    assert (changed.kind, changed.phone, changed.version) == ("housing", None, 2)


def test_a_stale_form_changes_nothing_and_says_what_stands_there(
    db: Session, amina: Actor, harbour: str
) -> None:
    agencies.change(db, amina, harbour, draft("Harbour House"), version=1)

    with pytest.raises(ConflictError, match="now reads “Harbour House”"):
        agencies.change(db, amina, harbour, draft("Harbour Place"), version=1)
    with pytest.raises(ConflictError):
        agencies.switch(db, amina, harbour, active=False, version=1)


def test_a_closed_partner_stays_in_the_list_and_leaves_the_choices(
    db: Session, amina: Actor, harbour: str
) -> None:
    agency_workers.add(db, amina, harbour, WorkerDraft(name="Wren Tull"))
    agencies.switch(db, amina, harbour, active=False, version=1)

    assert agencies.directory(db, amina)["is_active"].tolist() == [False]
    assert agencies.choices(db, amina) == {}
    assert agency_workers.choices(db, amina) == {}

    agencies.switch(db, amina, harbour, active=True, version=2)
    assert agencies.choices(db, amina) == {harbour: "Harbour Advice"}


def test_workers_stand_by_name_and_those_who_left_last(
    db: Session, amina: Actor, harbour: str
) -> None:
    wren, ash, ivo = (
        agency_workers.add(db, amina, harbour, WorkerDraft(name=name))
        for name in ("Wren Tull", "Ash Tull", "ivo Tull")
    )
    gone = WorkerDraft(name="Ash Tull", phone="01632 960222")
    agency_workers.change(db, amina, ash, gone, active=False, version=1)

    found = agency_workers.of_agency(db, amina, harbour)

    assert found["ref"].tolist() == [wren, ivo, ash]
    assert agencies.directory(db, amina)["workers"].tolist() == [2]
    assert list(agency_workers.choices(db, amina)[harbour]) == [ivo, wren]


def test_a_worker_is_there_once_and_a_stale_change_is_refused(
    db: Session, amina: Actor, harbour: str
) -> None:
    wren = agency_workers.add(db, amina, harbour, WorkerDraft(name="Wren Tull"))
    with pytest.raises(InvalidInputError, match="here already"):
        agency_workers.add(db, amina, harbour, WorkerDraft(name=" Wren Tull"))
    with pytest.raises(InvalidInputError, match="name"):
        agency_workers.add(db, amina, harbour, WorkerDraft(name=""))
    with pytest.raises(ConflictError, match="Wren Tull"):
        agency_workers.change(db, amina, wren, WorkerDraft(name="W"), active=True, version=7)


def test_a_workers_name_is_not_readable_in_the_database(
    db: Session, amina: Actor, harbour: str
) -> None:
    agency_workers.add(db, amina, harbour, WorkerDraft(name="Wren Tull"))
    db.flush()
    raw = db.connection().exec_driver_sql("SELECT name FROM agency_workers").scalar_one()
    assert "Wren" not in raw
    assert db.scalars(select(AgencyWorker.name)).all() == ["Wren Tull"]


def test_facilitators_read_and_others_see_nothing(
    db: Session, amina: Actor, ben: Actor, leila: Actor, harbour: str
) -> None:
    assert agencies.choices(db, ben) == {harbour: "Harbour Advice"}
    for refused in (
        lambda: agencies.add(db, ben, draft("Other")),
        lambda: agencies.change(db, ben, harbour, draft(), version=1),
        lambda: agencies.switch(db, ben, harbour, active=False, version=1),
        lambda: agency_workers.add(db, ben, harbour, WorkerDraft(name="W")),
        lambda: agencies.directory(db, leila),
        lambda: agency_workers.choices(db, leila),
    ):
        with pytest.raises(NotPermittedError):
            refused()


def test_an_unknown_partner_or_worker_is_not_found(db: Session, amina: Actor) -> None:
    for missing in (
        lambda: agencies.summary(db, amina, "nothing"),
        lambda: agencies.change(db, amina, "nothing", draft(), version=1),
        lambda: agency_workers.add(db, amina, "nothing", WorkerDraft(name="W")),
        lambda: agency_workers.of_agency(db, amina, "nothing"),
        lambda: agency_workers.change(
            db, amina, "nobody", WorkerDraft(name="W"), active=True, version=1
        ),
    ):
        with pytest.raises(NotFoundError):
            missing()


def test_the_log_says_what_was_done_and_no_name(db: Session, amina: Actor, harbour: str) -> None:
    agency_workers.add(db, amina, harbour, WorkerDraft(name="Wren Tull"))
    entries = db.scalars(select(AuditEntry).where(AuditEntry.subject == f"agency:{harbour}")).all()
    assert [entry.action for entry in entries] == ["agency.added", "agency.worker_added"]
    assert "Wren" not in "".join(entry.details for entry in entries)
