"""Making a report on its page, and who may."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import DataAgreement, Referral, Release
from services.db import reading, transaction
from services.reports.making import ReportDraft
from tests.make import made_report, make_person, make_referral
from tests.pages.conftest import OpenPage, Somebody, press


@pytest.fixture
def referred(somebody: Somebody) -> None:
    """Twelve people in June."""
    amina = somebody("amina")
    with transaction() as db:
        for number in range(12):
            person = make_person(db, amina, f"Ada{number}", "Quill")
            make_referral(db, amina, person, received_on=date(2026, 6, 2))


def test_a_report_is_made_and_opens(open_page: OpenPage, referred: None) -> None:
    page = open_page("reports", "leila")

    press(page, "Make the report")

    assert not page.exception
    assert not page.error
    assert page.header[0].value == "Report to the community safety partnership"
    assert "1 April 2026 to 30 June 2026" in " ".join(one.value for one in page.markdown)
    assert [button.label for button in page.get("download_button")] == [
        "The report as a PDF",
        "The report for Excel",
    ]


def test_another_template_fills_the_form_anew(open_page: OpenPage) -> None:
    page = open_page("reports", "leila")

    page.selectbox("reports_template").select("trustees").run()

    assert page.text_input("form_title_trustees_0").value == "Yearly report to the trustees"
    assert page.date_input("form_first_trustees_0").value == date(2025, 1, 1)


def test_days_that_end_before_they_begin_are_said_at_their_field(open_page: OpenPage) -> None:
    page = open_page("reports", "leila")
    page.date_input("form_last_community_safety_0").set_value(date(2026, 1, 1))

    press(page, "Make the report")

    assert page.error[0].value == "The last day is before the first: change one of the two."
    with reading() as db:
        assert db.scalar(select(Release.id)) is None


def test_nothing_has_left_yet_is_said(open_page: OpenPage) -> None:
    page = open_page("reports", "leila")
    assert page.info[0].value.startswith("Nothing has left yet.")


def test_what_left_is_listed(open_page: OpenPage, somebody: Somebody, referred: None) -> None:
    _made(somebody)
    page = open_page("reports", "leila")

    assert page.dataframe[0].value["audience"].to_list() == ["The board"]


def test_an_old_report_opens_by_its_address_with_its_sections_folded(
    open_page: OpenPage, somebody: Somebody, referred: None
) -> None:
    ref = _made(somebody)
    page = open_page("reports", "leila", report=ref)
    assert not page.dataframe

    page.session_state["folded_report_reached"] = True
    page.run()

    assert not page.exception
    assert len(page.dataframe) > 1


def test_an_address_of_no_report_is_said(open_page: OpenPage) -> None:
    page = open_page("reports", "leila", report="unheard-of")

    assert not page.exception
    assert "could not be found" in page.error[0].value


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "vik", "erin", "maya"])
def test_nobody_else_has_the_page(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="reports"):
        open_page("reports", who)


def test_an_agreement_is_recorded_in_the_settings(open_page: OpenPage) -> None:
    page = open_page("settings", "ada")
    page.session_state["folded_agreements"] = True
    page.run()
    page.text_input("form_project__0").set_value("step-study")
    page.text_input("form_partner__0").set_value("An invented university")
    page.date_input("form_ends_on__0").set_value(date(2027, 9, 1))

    press(page, "Record the agreement")

    assert not page.exception
    with reading() as db:
        assert db.scalars(select(DataAgreement.project)).all() == ["step-study"]


def _made(somebody: Somebody) -> str:
    leila = somebody("leila")
    with transaction() as db:
        draft = ReportDraft(
            title="The year",
            reader="The board",
            first=date(2026, 4, 1),
            last=date(2026, 6, 30),
            sections=("reached",),
        )
        return made_report(db, leila, draft, draw=lambda *_: "<svg/>")


def _waiting_times(open_page: OpenPage, who: str) -> AppTest:
    page = open_page("waiting-times", who)
    assert not [button.label for button in page.button if button.label == "Save this chart"]
    columns = ("quarter", "referrals", "reached", "median", "ninetieth", "waiting", "ended")
    page.session_state[f"folded_table_{'_'.join(columns)}_contact"] = True
    return page.run()


def test_a_chart_is_saved_only_when_asked(
    open_page: OpenPage, somebody: Somebody, referred: None
) -> None:
    page = _waiting_times(open_page, "leila")
    assert not page.get("download_button")

    press(page, "Save this chart")

    assert not page.exception
    assert "stays here" in page.error[0].value


def test_who_may_not_take_figures_out_is_offered_nothing(
    open_page: OpenPage, referred: None
) -> None:
    page = _waiting_times(open_page, "amina")
    assert not [button.label for button in page.button if button.label == "Save this chart"]


def test_a_chart_of_enough_people_is_offered_in_four_forms(
    open_page: OpenPage, referred: None
) -> None:
    with transaction() as db:
        for referral in db.scalars(select(Referral)):
            referral.first_contact_on = date(2026, 6, 20)
    page = _waiting_times(open_page, "leila")

    press(page, "Save this chart")

    assert not page.exception
    offered = [button.label for button in page.get("download_button")]
    assert offered == ["PNG", "SVG", "PDF", "CSV"]
