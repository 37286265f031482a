"""An administrator keeps the list of interventions, under Settings."""

from streamlit.testing.v1 import AppTest

from services.db import reading, transaction
from services.plans import interventions
from services.plans.interventions import InterventionDraft
from tests.pages.conftest import OpenPage, Somebody, press


def other() -> str:
    with reading() as db:
        return next(ref for ref, name in interventions.choices(db).items() if name == "Other")


def listed(somebody: Somebody) -> list[str]:
    with reading() as db:
        return interventions.listed(db, somebody("ada"))["name"].tolist()


def test_she_adds_one_and_the_field_is_empty_again(open_page: OpenPage, somebody: Somebody) -> None:
    page = open_page("settings", "ada")
    page.session_state["folded_new_intervention"] = True
    page.run()
    field(page, "Name").input("Support at court")

    press(page, "Add to the list")

    assert listed(somebody)[-1] == "Support at court"
    assert page.toast[0].value == "It is at the end of the list now."
    assert field(page, "Name").value == ""


def test_she_renames_one_moves_it_and_switches_it_off(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("settings", "ada", intervention=other())
    field(page, "Name").input("Something else")
    next(box for box in page.number_input if box.label == "Place in the list").set_value(1)
    page.toggle[0].set_value(False)

    press(page, "Save this line")

    assert listed(somebody)[0] == "Something else"
    with reading() as db:
        assert "Something else" not in interventions.choices(db).values()
    assert "intervention" not in page.query_params


def test_a_place_before_the_first_is_refused_beneath_it_and_stays_typed(
    open_page: OpenPage, somebody: Somebody
) -> None:
    before = listed(somebody)
    page = open_page("settings", "ada", intervention=other())
    box = next(box for box in page.number_input if box.label == "Place in the list")
    assert (box.min, box.max) == (None, None)
    box.set_value(0)

    press(page, "Save this line")

    assert page.error[0].value == "The first place in the list is 1."
    assert listed(somebody) == before
    box = next(box for box in page.number_input if box.label == "Place in the list")
    assert box.value == 0


def test_a_name_that_is_taken_is_refused_beneath_it_and_stays_typed(open_page: OpenPage) -> None:
    page = open_page("settings", "ada", intervention=other())
    field(page, "Name").input("Step Down and Recovery")

    press(page, "Save this line")

    assert "in the list already" in page.error[0].value
    assert field(page, "Name").value == "Step Down and Recovery"


def test_two_who_change_one_line_choose_between_their_versions(
    open_page: OpenPage, somebody: Somebody
) -> None:
    ref, ada = other(), somebody("ada")
    page = open_page("settings", "ada", intervention=ref)
    with transaction() as db:
        theirs = InterventionDraft(name="Elsewhere", position=3, is_active=False)
        interventions.change(db, ada, ref, theirs, version=1)
    field(page, "Name").input("Mine")
    press(page, "Save this line")
    assert "Yours: Mine" in page.radio(f"choose_{ref}_name").options
    assert page.radio(f"choose_{ref}_position").options == ["Yours: 7", "There now: 3"]
    assert listed(somebody)[2] == "Elsewhere"  # nothing is overwritten as long as she chooses

    page.radio(f"choose_{ref}_name").set_value("mine")
    press(page, "Save what I chose")

    assert listed(somebody)[2] == "Mine"
    with reading() as db:
        assert ref not in interventions.choices(db)
    assert "intervention" not in page.query_params


def test_a_reference_nobody_gave_shows_the_list_and_no_form(open_page: OpenPage) -> None:
    page = open_page("settings", "ada", intervention="nothing")

    assert not page.exception
    assert "Name" not in [box.label for box in page.text_input]


def field(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(box for box in page.text_input if box.label == label)
