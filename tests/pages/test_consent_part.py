"""The consent part of a participant's page: seeing, recording and withdrawing."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Basis, Person, PersonKind, Purpose
from services.consents import consent_view, consents
from services.consents.consents import ConsentDraft
from services.db import reading, transaction
from tests.make import make_group, make_person, make_place
from tests.pages.conftest import OpenPage, Somebody, press
from tests.services.consents.asking import child_of
from ui.components.people.consent_words import OTHER_PARENT, PURPOSES

TODAY = date(2026, 9, 16)


@pytest.fixture
def rosa(somebody: Somebody) -> str:
    """A mother's reference."""
    amina = somebody("amina")
    with transaction() as db:
        return make_person(db, amina, "Rosa", "Marsh").ref


@pytest.fixture
def june(somebody: Somebody, rosa: str) -> str:
    """The reference of Rosa's daughter, who is nine."""
    amina = somebody("amina")
    with transaction() as db:
        mother = db.scalars(select(Person).where(Person.ref == rosa)).one()
        return child_of(db, amina, mother, born=date(2017, 5, 1)).ref


def test_somebody_never_asked_has_every_purpose_as_a_row_and_the_form_is_open(
    open_page: OpenPage, rosa: str
) -> None:
    page = opened(open_page, rosa)

    assert not page.exception
    assert page.dataframe[0].value["what"].tolist() == list(PURPOSES.values())
    assert set(page.dataframe[0].value["state"]) == {"Not asked yet"}
    assert box(page, "purpose", rosa).label == "What for"


def test_an_adult_is_asked_nothing_about_who_gives_it(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    page = opened(open_page, rosa)
    box(page, "purpose", rosa).select("quote").run()

    press(page, "Record the answer")

    assert not page.error
    assert page.toast[0].value == "The consent is recorded. It can be withdrawn at any time."
    (row,) = kept(somebody, rosa)
    assert (row["purpose"], row["basis"], row["given_on"]) == ("quote", "self", TODAY)
    assert OTHER_PARENT not in [one.value for one in page.warning]


def test_a_no_is_recorded_without_asking_for_more(
    open_page: OpenPage, somebody: Somebody, june: str
) -> None:
    page = opened(open_page, june)
    box(page, "purpose", june).select("photo").run()
    box(page, "answer", june).select("no").run()
    assert "gillick" not in box(page, "basis", june).options
    box(page, "basis", june).select("self").run()

    press(page, "Record the answer")

    assert page.toast[0].value == "Her no is recorded. Nothing that leaves here uses this."
    (row,) = kept(somebody, june)
    assert (row["purpose"], row["state"]) == ("photo", "refused")
    said = page.dataframe[0].value.set_index("what")["state"]
    assert said["To use photos of her"] == "Said no"


def test_for_a_child_the_other_parent_is_warned_of_and_the_carer_is_chosen(
    open_page: OpenPage, somebody: Somebody, rosa: str, june: str
) -> None:
    page = opened(open_page, june)
    box(page, "purpose", june).select("take_part").run()
    box(page, "basis", june).select("responsibility").run()
    assert [one.value for one in page.warning] == [OTHER_PARENT]

    press(page, "Record the answer")
    assert "Choose who gave it" in page.error[0].value

    box(page, "given_by", june).select(rosa)
    press(page, "Record the answer")

    assert not page.error
    (row,) = kept(somebody, june)
    assert (row["basis"], row["given_by"]) == ("responsibility", "Rosa Marsh")
    assert page.dataframe[0].value["how"].iloc[0] == "Rosa Marsh, with parental responsibility"


def test_a_judgement_needs_its_reason_and_keeps_what_was_typed(
    open_page: OpenPage, somebody: Somebody, june: str
) -> None:
    page = opened(open_page, june)
    box(page, "purpose", june).select("photo").run()
    box(page, "basis", june).select("gillick").run()
    page.text_area(f"form_judgement_{june}_0").input("She asked who would see them.")

    press(page, "Record the answer")
    assert "who judged" in page.error[0].value
    assert page.text_area(f"form_judgement_{june}_0").value == "She asked who would see them."

    box(page, "judged_by", june).select(somebody("amina").ref)
    press(page, "Record the answer")

    (row,) = kept(somebody, june)
    assert (row["judged_by"], row["judgement"]) == ("Amina", "She asked who would see them.")


def test_with_nobody_responsible_on_record_the_page_says_who_adds_them(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        oli = make_person(db, amina, "Oli", "Vale", kind=PersonKind.CHILD).ref
    page = opened(open_page, oli)
    box(page, "purpose", oli).select("take_part").run()
    box(page, "basis", oli).select("responsibility").run()

    assert any("A coordinator records that under Family" in one.value for one in page.info)


def test_withdrawing_says_that_nothing_uses_it_any_more(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    ref = given(somebody, rosa)
    page = opened(open_page, rosa)
    box(page, "which", rosa).select(ref)

    press(page, "Withdraw it")

    assert page.toast[0].value.startswith("It is withdrawn. Nothing that leaves here uses it")
    assert page.dataframe[0].value["state"].iloc[0] == "Withdrawn"
    assert kept(somebody, rosa)[0]["withdrawn_on"] == TODAY


def test_what_was_withdrawn_meanwhile_is_shown_so_and_not_withdrawn_again(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    ref, amina = given(somebody, rosa), somebody("amina")
    page = opened(open_page, rosa)
    with transaction() as db:
        consents.withdraw(db, amina, ref, on=TODAY, version=1)
    box(page, "which", rosa).select(ref)

    press(page, "Withdraw it")

    assert not page.exception
    assert not page.toast
    assert page.dataframe[0].value["state"].iloc[0] == "Withdrawn"


def test_who_did_not_see_a_withdrawal_records_nothing_over_it(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    amina = somebody("amina")
    page = opened(open_page, rosa)
    box(page, "purpose", rosa).select("quote").run()
    with transaction() as db:
        ref = consents.record(db, amina, rosa, herself())
        consents.withdraw(db, amina, ref, on=TODAY, version=1)

    press(page, "Record the answer")

    assert "while you had the page open" in page.error[0].value
    assert len(kept(somebody, rosa)) == 1


def test_the_to_do_stands_on_her_page_and_in_her_group_until_it_is_given(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        make_place(db, amina, group, db.scalars(select(Person).where(Person.ref == rosa)).one())
        group_ref = group.ref

    assert open_page("participants", "ben", participant=rosa).info[0].value.startswith("To do")
    assert to_do(open_page("groups", "ben", group=group_ref)) == ["Ask for consent to take part"]

    given(somebody, rosa, Purpose.TAKE_PART)

    assert not open_page("participants", "ben", participant=rosa).info
    assert to_do(open_page("groups", "ben", group=group_ref)) == []


@pytest.mark.parametrize("username", ["amina", "ben"])
def test_coordinator_and_facilitator_find_the_part(
    open_page: OpenPage, somebody: Somebody, rosa: str, username: str
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = db.scalars(select(Person).where(Person.ref == rosa)).one()
        make_place(db, amina, make_group(db, amina, [ben]), person)

    assert not opened(open_page, rosa, username).exception


def opened(open_page: OpenPage, ref: str, username: str = "amina") -> AppTest:
    page = open_page("participants", username, participant=ref)
    for form in ("record_answer", "withdraw_consent"):
        page.session_state[f"folded_{form}_{ref}"] = True
    return page.button_group("part").set_value("consent").run()


def herself(purpose: Purpose = Purpose.QUOTE) -> ConsentDraft:
    return ConsentDraft(purpose=purpose, basis=Basis.SELF, given_on=TODAY)


def given(somebody: Somebody, ref: str, purpose: Purpose = Purpose.TAKE_PART) -> str:
    amina = somebody("amina")
    with transaction() as db:
        return consents.record(db, amina, ref, herself(purpose))


def kept(somebody: Somebody, ref: str) -> list[dict[str, object]]:
    with reading() as db:
        return consent_view.history(db, somebody("amina"), ref).to_dict("records")


def to_do(page: AppTest) -> list[str]:
    frames = [one.value for one in page.dataframe if "to_do" in one.value]
    return frames[0]["to_do"].tolist() if frames else []


def box(page: AppTest, field: str, ref: str):  # type: ignore[no-untyped-def]
    return page.selectbox(f"form_{field}_{ref}_0")


def test_what_she_said_is_quoted_while_her_consent_stands(
    open_page: OpenPage, somebody: Somebody, rosa: str
) -> None:
    amina = somebody("amina")
    draft = ConsentDraft(purpose=Purpose.QUOTE, basis=Basis.SELF, given_on=TODAY)
    with transaction() as db:
        consent = consents.record(db, amina, rosa, draft)
    page = opened(open_page, rosa)
    page.session_state[f"folded_quotes_{rosa}"] = True
    page.run()
    press(page, "Add to the quotes")
    assert page.error[0].value.startswith("Quote up to")
    next(one for one in page.text_area if one.label == "What she said").set_value("It **helped**")
    press(page, "Add to the quotes")
    assert "“It **helped**”" in [text.value for text in page.text]

    with transaction() as db:
        consents.withdraw(db, amina, consent, on=TODAY, version=1)
    page.run()

    assert page.text == []
    next(one for one in page.text_area if one.label == "What she said").set_value("More")
    press(page, "Add to the quotes")
    assert "Record her consent" in page.error[0].value
