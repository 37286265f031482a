"""Forms of professionals on screen: counted, taken up, set aside, and for coordinators alone."""

import pytest
from sqlalchemy import func, select, update

from models import Organisation, Person, ReferralForm
from services.db import reading, transaction
from services.referrals import referral_forms
from services.waits import Kind
from tests.make import make_contact, make_person, make_referral
from tests.pages.conftest import OpenPage, Somebody, form_key, looked_at, press, unfold, waiting
from tests.services.referrals.test_referral_forms import FIELDS


@pytest.fixture
def ines(somebody: Somebody) -> None:
    """She is here already, and nobody has spoken with her about her referral."""
    amina = somebody("amina")
    with transaction() as db:
        make_referral(db, amina, make_person(db, amina, "Ines"))


@pytest.fixture
def form(somebody: Somebody) -> str:
    """The reference of a form that came in about Ines Okoro."""
    somebody("amina")
    with transaction() as db:
        db.execute(update(Organisation).values(referrals_open=True))
        referral_forms.submit(db, "a-blank-form-of-its-own-1", {**FIELDS, "first_name": "Ines"})
        return db.scalars(select(ReferralForm.ref)).one()


def test_today_counts_the_forms_for_coordinators_alone(open_page: OpenPage, form: str) -> None:
    page = looked_at(open_page("today", "amina"), Kind.FORMS)
    assert "Referral forms to check (1)" in [one.value for one in page.header]
    page.button("open_forms").click().run()
    assert page.dataframe[0].value["about"].tolist() == ["Ines Okoro"]

    for other in ("ben", "leila"):
        assert waiting(open_page("today", other)) == []


def test_a_form_is_taken_up_and_stays_with_its_referral(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "amina", form=form)
    assert page.text_input(form_key("first_name", form)).value == "Ines"
    page.selectbox(form_key("agency", form)).select_index(1)
    press(page, "Take it up")

    assert page.title[0].value == "Ines Okoro"
    assert "is in her contact plan" in page.toast[0].value
    ref = page.query_params["referral"]
    unfold(page, f"sent_{ref if isinstance(ref, str) else ref[0]}")
    assert "Wren Tull" in [one.value for one in page.text]


def test_a_form_about_somebody_who_is_here_warns_first(
    open_page: OpenPage, form: str, ines: None
) -> None:
    page = open_page("referrals", "amina", form=form)
    page.selectbox(form_key("agency", form)).select_index(1)
    press(page, "Take it up")
    assert page.warning[0].value.startswith("Perhaps already here")

    page.radio(form_key("record", form)).set_value(page.radio(form_key("record", form)).options[0])
    press(page, "Go on")

    assert page.title[0].value == "Ines Okoro"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1


def test_of_a_plan_she_has_already_the_form_is_said_to_have_changed_nothing(
    open_page: OpenPage, somebody: Somebody, form: str, ines: None
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        make_contact(db, amina, db.scalars(select(Person)).one())
    page = open_page("referrals", "amina", form=form)
    page.selectbox(form_key("agency", form)).select_index(1)
    press(page, "Take it up")
    page.radio(form_key("record", form)).set_value(page.radio(form_key("record", form)).options[0])
    press(page, "Go on")
    assert "Nothing of it was put into her contact plan" in page.toast[0].value


def test_what_a_form_says_of_high_risk_comes_first(open_page: OpenPage, form: str) -> None:
    with transaction() as db:
        referral_forms.submit(db, "a-blank-form-of-its-own-2", {**FIELDS, "risk": "high"})
        ref = db.scalars(select(ReferralForm.ref).order_by(ReferralForm.id.desc())).first()
    assert ref
    page = open_page("referrals", "amina", form=ref)
    assert page.warning[0].value.startswith("The sender says that her risk is high.")
    assert not open_page("referrals", "amina", form=form).warning


def test_a_form_is_set_aside_with_a_reason(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "amina", form=form)
    press(page, "Set it aside")
    assert page.error[0].value.startswith("Say why it is set aside")
    page.text_input(form_key("aside", form)).input("Another area")
    press(page, "Set it aside")
    assert page.toast[0].value == "The form is set aside."
    assert not page.query_params


def test_a_form_is_not_there_for_a_facilitator(open_page: OpenPage, form: str) -> None:
    page = open_page("referrals", "ben", form=form)
    assert "does not allow you" in page.error[0].value
    assert not page.text
