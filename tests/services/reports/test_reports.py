"""Reports: small numbers stay hidden from one to the next, and figures stay what they were."""

import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    MeasureForm,
    Outcome,
    PersonKind,
    Point,
    ReferralSource,
    Release,
    Respondent,
)
from services import releases
from services.disclosure.linked import CannotHideError
from services.disclosure.tables import Population, Table
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.releases import Cleared
from services.reports import changed, keeping, making, populations
from services.reports.making import ReportDraft
from services.reports.parts import TITLES
from services.reports.templates import templates
from tests.conftest import NOW
from tests.make import (
    made_report,
    make_agency,
    make_group,
    make_person,
    make_place,
    make_referral,
)

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 31)
TODAY = NOW.date()


def drawn(name: str, frame: pd.DataFrame) -> str:
    """As much of a picture as typst needs."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!--{name}--></svg>'


def asked(**more: Any) -> ReportDraft:
    draft = ReportDraft(
        title="Half-year report",
        reader="The commissioner",
        first=JUNE,
        last=AUGUST,
        sections=("reached", "definitions"),
    )
    return replace(draft, **more)


def make(db: Session, actor: Actor, **more: Any) -> dict[str, Any]:
    return keeping.document(db, actor, made_report(db, actor, asked(**more), draw=drawn))


def table(report: dict[str, Any], title: str) -> dict[str, Any]:
    """The rows of one table: label to number."""
    for section in report["sections"]:
        for one in section["tables"]:
            if one["title"] == title:
                return {row[0]: row[1] for row in one["rows"]}
    return {}


@pytest.fixture
def referred(db: Session, amina: Actor) -> None:
    """In June 24 adults and in August three children, all by themselves but six."""
    agency = make_agency(db, amina)
    for number in range(24):
        more: dict[str, Any] = {}
        if number < 6:
            more = {"source": ReferralSource.AGENCY, "agency_ref": agency}
        person = make_person(db, amina, f"Ada{number}", "Quill")
        make_referral(db, amina, person, received_on=JUNE + timedelta(days=number), **more)
    for number in range(3):
        child = make_person(db, amina, f"Bo{number}", "Quill", kind=PersonKind.CHILD)
        make_referral(db, amina, child, received_on=AUGUST - timedelta(days=number))


def test_a_report_counts_people_and_hides_the_few(
    db: Session, leila: Actor, referred: None
) -> None:
    report = make(db, leila)

    assert table(report, "People by quarter")["Total"] == 27
    assert table(report, "Adults and children") == {"Adult": "*", "Child": "*", "Total": 27}


def test_a_later_report_does_not_give_away_what_an_earlier_one_hid(
    db: Session, leila: Actor, referred: None
) -> None:
    """Up to July there were 24 people; the three who came since would be the difference."""
    before = make(db, leila, last=JULY)
    assert table(before, "People by quarter")["Total"] == 24

    after = make(db, leila)

    assert table(after, "People by quarter")["Total"] == "*"


def test_without_the_ledger_the_difference_would_show(
    db: Session, leila: Actor, referred: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "earlier", lambda *_: [])
    make(db, leila, last=JULY)

    assert table(make(db, leila), "People by quarter")["Total"] == 27


def test_the_same_days_are_reported_with_the_same_numbers(
    db: Session, leila: Actor, amina: Actor, referred: None
) -> None:
    first = make(db, leila)
    make_referral(db, amina, make_person(db, amina, "Late", "Entry"), received_on=JULY)

    again = make(db, leila)

    assert table(again, "People by quarter") == table(first, "People by quarter")
    assert "As released on" in str(again)


def test_a_report_that_was_made_stays_as_it_was(
    db: Session, leila: Actor, amina: Actor, referred: None
) -> None:
    ref = made_report(db, leila, asked(), draw=drawn)
    before = keeping.document(db, leila, ref)
    make_referral(db, amina, make_person(db, amina, "Late", "Entry"), received_on=JULY)

    assert keeping.document(db, leila, ref) == before
    assert keeping.paper(db, leila, ref).startswith(b"%PDF")


def test_a_start_and_an_end_of_two_versions_of_a_measure_are_no_pair(
    db: Session, amina: Actor, ben: Actor
) -> None:
    place = make_place(db, amina, make_group(db, amina, [ben]), make_person(db, amina))
    forms = [
        MeasureForm(
            place_id=place.id,
            measure="gad7",
            measure_version=1,
            respondent=Respondent.SELF,
            point=point,
            outcome=Outcome.ANSWERED,
            taken_on=day,
            total=total,
            recorded_by_id=ben.account_id,
            recorded_at=NOW,
        )
        for point, day, total in ((Point.START, JUNE, 14), (Point.END, JULY, 6))
    ]
    db.add_all(forms)
    db.flush()
    assert changed.measured(db, JUNE, AUGUST) == ["gad7:self"]

    forms[1].measure_version = 2
    db.flush()
    assert changed.measured(db, JUNE, AUGUST) == []
    assert populations.population(db, "change:gad7:self", JUNE, AUGUST).units.empty


def test_one_programme_does_not_give_away_the_others(
    db: Session, leila: Actor, amina: Actor, ben: Actor
) -> None:
    for code, programme, people in (("One", "steps_forward", 12), ("Two", "side_by_side", 3)):
        group = make_group(
            db, amina, [ben], programme=programme, code_name=code, first_day=TODAY, capacity=20
        )
        for number in range(people):
            person = make_person(db, amina, f"{code}{number}", "Quill")
            make_place(db, amina, group, person).joined_on = JULY
    db.flush()
    parts = ("missing",)
    everybody = make(db, leila, sections=parts)
    assert table(everybody, "Forms filled in")["Total"] == 15

    one = make(db, leila, sections=parts, programme="steps_forward")

    assert table(one, "Forms filled in").get("Total") != 12


def test_nobody_at_all_makes_a_report_of_words(db: Session, leila: Actor) -> None:
    report = make(db, leila, sections=tuple(TITLES))

    assert [one["tables"] for one in report["sections"] if one["tables"]] == []
    said = {one["key"] for one in report["sections"] if making.NOTHING in one["lines"]}
    assert {"reached", "waits", "attendance", "workforce"} <= said
    assert "definitions" not in said
    assert report["refused"] == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first": AUGUST, "last": JUNE}, "before the first"),
        ({"first": None}, "first and a last day"),
        ({"first": TODAY, "last": TODAY}, "Nothing of these days is over"),
        ({"first": date(2020, 1, 1)}, "three years"),
        ({"sections": ()}, "at least one section"),
        ({"sections": ("everything",)}, "at least one section"),
        ({"programme": "unheard_of"}, "from the list"),
        ({"title": " "}, "title of 2"),
        ({"reader": ""}, "who will read it"),
    ],
)
def test_what_cannot_be_reported_is_said(
    db: Session, leila: Actor, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        make(db, leila, **wrong)


def test_a_period_that_is_not_over_is_cut_and_said(
    db: Session, leila: Actor, referred: None
) -> None:
    report = make(db, leila, last=date(2026, 12, 31))

    assert report["period"] == "1 June 2026 to 15 September 2026"
    assert "not over" in report["notes"][0]


def test_the_public_sees_nothing_below_ten(db: Session, leila: Actor, referred: None) -> None:
    report = make(db, leila, is_public=True)
    numbers = [
        cell
        for part in report["sections"]
        for one in part["tables"]
        for row in one["rows"]
        for cell in row[1:]
        if isinstance(cell, int)
    ]

    assert not any(0 < number < releases.PUBLIC for number in numbers)
    assert "below 10" in str(report["notes"])


def test_rounded_numbers_are_multiples_of_five(db: Session, leila: Actor, referred: None) -> None:
    report = make(db, leila, is_rounded=True)
    assert table(report, "People by quarter")["Total"] == 25


def test_every_release_is_in_the_ledger_and_the_audit_log(
    db: Session, leila: Actor, referred: None
) -> None:
    ref = made_report(db, leila, asked(), draw=drawn)
    keeping.paper(db, leila, ref)
    keeping.spreadsheet(db, leila, ref)

    (line,) = releases.listing(db, leila).to_dict("records")
    assert (line["kind"], line["audience"], line["by"]) == ("report", "The commissioner", "Leila")
    assert line["shown"] > 0
    assert line["hidden"] > 0
    noted = db.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"release:{ref}"))
    assert list(noted) == ["report.made", "report.printed", "report.saved_as_workbook"]


def test_what_left_is_unreadable_in_the_database(db: Session, leila: Actor, referred: None) -> None:
    make(db, leila)
    stored = db.execute(text("SELECT tables, document, audience FROM releases")).one()

    assert not any("referrals" in str(one) or "commissioner" in str(one) for one in stored)


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "vik", "erin"])
def test_only_a_lead_makes_reports_and_sees_what_left(
    db: Session, leila: Actor, who: str, request: pytest.FixtureRequest
) -> None:
    stranger: Actor = request.getfixturevalue(who)
    ref = made_report(db, leila, asked(), draw=drawn)

    for attempt in (
        lambda: made_report(db, stranger, asked(), draw=drawn),
        lambda: keeping.document(db, stranger, ref),
        lambda: keeping.paper(db, stranger, ref),
        lambda: keeping.spreadsheet(db, stranger, ref),
        lambda: releases.listing(db, stranger),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_a_report_there_is_none_of_is_not_found(db: Session, leila: Actor) -> None:
    with pytest.raises(NotFoundError):
        keeping.paper(db, leila, "unheard-of")


def test_the_workbook_has_real_tables_and_charts_and_obeys_nobody(
    db: Session, leila: Actor, amina: Actor, referred: None
) -> None:
    for number in range(12):
        person = make_person(db, amina, f"Cy{number}", "Quill")
        make_referral(db, amina, person, received_on=JULY)
    ref = made_report(db, leila, asked(title='=HYPERLINK("http://a.test")'), draw=drawn)
    book = zipfile.ZipFile(BytesIO(keeping.spreadsheet(db, leila, ref)))
    names = book.namelist()
    sheets = [book.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet")]

    assert any(name.startswith("xl/tables/") for name in names)
    assert any(name.startswith("xl/charts/") for name in names)
    assert not any(re.search(r"<f>|<hyperlink", sheet) for sheet in sheets)


def test_the_workbook_says_when_the_report_was_made_and_not_when_it_was_printed(
    db: Session, leila: Actor, referred: None
) -> None:
    ref = made_report(db, leila, asked(), draw=drawn)

    book = zipfile.ZipFile(BytesIO(keeping.spreadsheet(db, leila, ref)))

    times = re.findall(r"W3CDTF\">([^<]*)<", book.read("docProps/core.xml").decode())
    assert set(times) == {f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}
    assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_template_names_sections_there_are() -> None:
    assert set(templates()) == {
        "opcc_quarterly",
        "community_safety",
        "national_lottery",
        "trustees",
    }
    for one in templates().values():
        assert set(one.sections) <= TITLES.keys()


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("opcc_quarterly", (date(2026, 4, 1), date(2026, 6, 30))),
        ("national_lottery", (date(2026, 1, 1), date(2026, 6, 30))),
        ("trustees", (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_a_template_suggests_the_last_period_that_is_over(
    key: str, days: tuple[date, date]
) -> None:
    assert templates()[key].last_period(TODAY) == days


def test_progress_is_told_as_a_growing_share(db: Session, leila: Actor, referred: None) -> None:
    told: list[float] = []
    made_report(db, leila, asked(), draw=drawn, tell=lambda _, share: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_two_releases_at_once_wait_for_each_other(db: Session, leila: Actor) -> None:
    """The ledger's lock is the end of the audit log, which every writer waits for anyway."""
    releases.hold(db, since=0)
    make(db, leila)
    assert len(db.scalars(select(Release.id)).all()) == 1


def test_what_left_meanwhile_has_a_report_made_once_more(
    db: Session, leila: Actor, referred: None
) -> None:
    """It was not checked beside that one: both together could give a small number away."""
    prepared = making.prepare(db, leila, asked(), draw=drawn)
    make(db, leila, last=JULY)

    with pytest.raises(ConflictError, match="Make it once more"):
        making.keep(db, leila, prepared)
    assert len(db.scalars(select(Release.id)).all()) == 1


def test_nobody_waits_while_a_report_is_checked(db: Session, leila: Actor, referred: None) -> None:
    before = db.scalars(select(AuditEntry.id)).all()
    making.prepare(db, leila, asked(), draw=drawn)

    assert not db.new
    assert not db.dirty
    assert db.scalars(select(Release.id)).all() == []
    assert db.scalars(select(AuditEntry.id)).all() == before


# --- Which tables have to stay -------------------------------------------------------------------


def tries(monkeypatch: pytest.MonkeyPatch, stay: set[Table]) -> list[int]:
    """How many tables are tried at once, where those of `stay` cannot be made safe."""
    tried: list[int] = []

    def protect(_people: Population, new: list[Table], *_: Any, **__: Any) -> list[frozenset[Any]]:
        tried.append(len(new))
        if stay & set(new):
            raise CannotHideError("No way.")
        return [frozenset()] * len(new)

    monkeypatch.setattr(releases, "protect", protect)
    monkeypatch.setattr(releases, "_without", lambda _people, one, _hidden: Cleared(one, {}))
    return tried


FIFTEEN = [Table("referrals", (f"question{number}",), JUNE, AUGUST) for number in range(15)]
NOBODY = Population(pd.DataFrame({"day": []}), {})


@pytest.mark.parametrize("which", range(15))
def test_one_that_has_to_stay_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    tried = tries(monkeypatch, {FIFTEEN[which]})

    cleared, refused = releases.clear(NOBODY, FIFTEEN, 5, [])

    assert refused == [FIFTEEN[which]]
    assert {one.table for one in cleared} == set(FIFTEEN) - set(refused)
    assert len(tried) <= 9


def test_where_nothing_may_leave_it_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = tries(monkeypatch, set(FIFTEEN))

    cleared, refused = releases.clear(NOBODY, FIFTEEN, 5, [])

    assert cleared == []
    assert set(refused) == set(FIFTEEN)
    assert len(tried) <= releases.MOST_ATTEMPTS
