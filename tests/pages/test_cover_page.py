"""The page that says whether coming sessions are safe to run, for each role and each form."""

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from services.db import reading, transaction
from services.groups.safe_to_run import coming
from services.groups.staff import facilitators, records
from services.registers import finishing
from tests.make import make_group, session_of
from tests.pages.conftest import OpenPage, Somebody, asked_to, on_offer, unfold

TODAY = date(2026, 9, 16)


@pytest.fixture
def group(somebody: Somebody) -> str:
    """A group of Ben's with a session next Tuesday, about which nothing is on record."""
    with transaction() as db:
        return make_group(db, somebody("amina"), [somebody("ben")]).ref


@pytest.mark.parametrize("username", ["amina", "leila"])
def test_coming_sessions_are_shown_with_what_stands_against_them(
    open_page: OpenPage, group: str, username: str
) -> None:
    page = open_page("cover", username)

    assert not page.exception
    assert "■ Not as it is: 2 · ▲ To settle: 0 · ● Safe to run: 0" in _said(page)
    (table,) = (one.value for one in page.dataframe)
    assert table["stands"].tolist() == ["■ 1 adult counts of the 2 needed."] * 2
    assert table["adults"].tolist() == ["1 of 2"] * 2


def test_a_chosen_session_says_everything_and_what_to_do_next(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    page = open_page("cover", "amina")

    with reading() as db:
        first = coming.coming(db, somebody("amina"))[0]
    choose_row(page, "cover", ref=first.ref)

    (lines,) = (one.value for one in page.markdown if one.value.startswith("- ■"))
    lines = lines.replace("\\", "")  # what people typed is shown letter by letter
    assert "**Next:** Find cover, or move or cancel the session" in lines
    assert "is on record as trained for this programme" in lines
    assert page.button(key="cover_group").label == "Open the group"


@pytest.mark.parametrize("username", ["ben", "ada", "vik", "erin"])
def test_it_is_in_nobody_elses_menu(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="cover"):
        open_page("cover", username)


def test_without_a_session_it_says_what_will_be_here(open_page: OpenPage) -> None:
    page = open_page("cover", "amina")

    assert page.info[0].value.startswith("No session is planned in the next two weeks.")


def test_a_colleague_is_noted_as_away_and_taken_back(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    page = unfold(open_page("cover", "amina"), "cover_away")
    choose(page, "Who is away", "Ben")
    press(page, "Note it")

    assert _absences(somebody) == ["Ben"]

    with reading() as db:
        (absence,) = records.absences(db, somebody("amina"))["absence"]
    choose_row(page, "cover_away", absence=absence, name="Ben")
    assert _absences(somebody) == ["Ben"]
    press(page, "Ben is not away then")
    assert _absences(somebody) == []


def test_a_fault_stands_at_its_field_and_what_was_chosen_stays(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    page = unfold(open_page("cover", "amina"), "cover_away")
    choose(page, "Who is away", "Ben")
    _date(page, "Last day away").set_value(date(2026, 9, 1))
    press(page, "Note it")

    assert [one.value for one in page.error] == ["The last day cannot be before the first."]
    assert _select(page, "Who is away").value == somebody("ben").ref
    assert _absences(somebody) == []


def test_training_and_a_check_are_put_on_record(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    page = unfold(open_page("cover", "amina"), "cover_training")
    choose(page, "Who was trained", "Ben")
    choose(page, "For which programme", "Steps Forward")
    press(page, "Record the training")
    page = unfold(page, "cover_checks")
    choose(page, "Who was checked", "Ben")
    press(page, "Record the check")

    with reading() as db:
        trained = records.trainings(db, somebody("amina"))
        checked = records.checks(db, somebody("amina"))
    assert trained["trained_on"].tolist() == [TODAY]
    assert checked.loc[checked["name"] == "Ben", "check_again_on"].tolist() == [date(2029, 9, 16)]


def choose_row(page: AppTest, key: str, **row: str) -> None:
    """As the table's own callback leaves what the browser has sent."""
    page.session_state[f"{key}_picked"] = pd.Series(row)
    page.run()
    assert not page.exception


def choose(page: AppTest, label: str, name: str) -> None:
    field = _select(page, label)
    field.select_index(field.options.index(name))


def press(page: AppTest, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception


def _select(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in page.selectbox if one.label == label)


def _date(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in page.date_input if one.label == label)


def _said(page: AppTest) -> list[str]:
    return [one.value for one in page.markdown]


def _absences(somebody: Somebody) -> list[str]:
    with reading() as db:
        return list(records.absences(db, somebody("amina"))["name"])


# --- Who runs a group -------------------------------------------------------------------------


def test_a_colleague_stands_in_for_some_days_and_sees_the_group(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    somebody("chloe")
    page = asked_to(open_page("groups", "amina", group=group), group, "team")
    page.segmented_control(key=f"team_way_{group}").set_value("stand_in").run()
    choose(page, "Colleague", "Chloe")
    page.run()
    press(page, "Let her run it")

    assert _team(somebody, group) == [("Ben", None), ("Chloe", TODAY)]
    assert not open_page("groups", "chloe", group=group).exception


def test_the_last_one_who_runs_a_group_cannot_be_taken_away(
    open_page: OpenPage, somebody: Somebody, group: str
) -> None:
    page = asked_to(open_page("groups", "leila", group=group), group, "team")
    page.segmented_control(key=f"team_way_{group}").set_value("end").run()
    choose(page, "Who no longer runs it", "Ben")
    press(page, "End it")

    assert "Add another colleague first" in page.error[0].value
    assert _team(somebody, group) == [("Ben", None)]


def test_another_colleague_leads(open_page: OpenPage, somebody: Somebody, group: str) -> None:
    with transaction() as db:
        facilitators.add(db, somebody("amina"), group, somebody("chloe").ref)
    page = asked_to(open_page("groups", "amina", group=group), group, "team")
    page.segmented_control(key=f"team_way_{group}").set_value("lead").run()
    choose(page, "Who leads", "Chloe")
    press(page, "She leads")

    assert _team(somebody, group) == [("Chloe", None), ("Ben", None)]


def test_a_facilitator_does_not_change_who_runs_her_group(open_page: OpenPage, group: str) -> None:
    page = open_page("groups", "ben", group=group)

    assert "Change who runs it" not in on_offer(page)


def _team(somebody: Somebody, group: str) -> list[tuple[str, date | None]]:
    with reading() as db:
        frame = facilitators.of_group(db, somebody("amina"), group)
    return list(zip(frame["name"], frame["ends"], strict=True))


def test_sessions_that_ran_short_are_listed_and_said_on_the_register(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        ref = session_of(db, make_group(db, amina, [ben], first_day=TODAY)).ref
        finishing.finish(db, ben, ref)
    page = open_page("cover", "amina")
    page.session_state["folded_cover_kept"] = True
    page.run()

    listed = page.dataframe[-1].value
    assert listed["adults"].tolist() == ["1 of 2"]
    assert listed["said"].str.startswith("Fewer adults than needed").all()
    captions = [one.value for one in open_page("register", "ben", session=ref).caption]
    assert any("1 of 2 adults counted. Fewer adults than needed" in one for one in captions)
