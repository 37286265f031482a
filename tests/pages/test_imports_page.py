"""The screen that brings spreadsheets in: file, columns, what it would do, in, and out again."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Group, Import, ImportKind, Mark, Person
from services.db import transaction
from tests.make import make_group, make_person
from tests.pages.conftest import OpenPage, Somebody, press

LIST = """Ref,Forename,Surname,DOB,Mobile,Notes
NC-1,Dana,Okoro,3/6/1988,07700 900123,
NC-2,Ivy,Okoro,31/2/2015,,
NC-3,Zofia,Lind,1 May 1990,,
"""


COMPARE = "Compare with what is here"


def choose(page: AppTest, text: str = LIST, name: str = "list.csv") -> AppTest:
    return page.file_uploader[0].upload(name, text.encode(), "text/csv").run()


def rows_shown(page: AppTest) -> list[tuple[Any, ...]]:
    return list(
        page.dataframe[0].value[["number", "about", "what"]].itertuples(index=False, name=None)
    )


def test_with_nothing_brought_in_the_page_says_how_to_begin(open_page: OpenPage) -> None:
    page = open_page("imports", "ada")
    assert not page.exception
    assert "Choose a file above" in page.info[0].value
    assert page.file_uploader[0].label == "Excel workbook (.xlsx) or CSV file"


def test_a_file_of_another_kind_is_refused_in_words(open_page: OpenPage) -> None:
    page = open_page("imports", "ada")
    page = page.file_uploader[0].upload("letter.pdf", b"%PDF-1.4", "application/pdf").run()

    assert [one.value for one in page.error] == [
        "This is a PDF. Choose an Excel workbook (.xlsx) or a CSV file."
    ]


def test_a_file_is_compared_row_by_row_before_anything_is_kept(open_page: OpenPage) -> None:
    page = press(choose(open_page("imports", "ada")), COMPARE)

    assert [metric.value for metric in page.metric] == ["2", "0", "0", "1"]
    ((number, about, what),) = rows_shown(page)
    assert (number, about) == (3, "Ivy Okoro")
    assert what.startswith("Date of birth: There is no such day")
    with transaction() as db:
        assert db.scalars(select(Person.id)).all() == []


def test_rows_come_in_and_go_out_again(open_page: OpenPage) -> None:
    page = press(choose(open_page("imports", "ada")), COMPARE)
    page = press(page, "Bring in 2 rows")

    assert not page.exception
    assert page.toast[0].value == "2 rows were brought in."
    assert page.dataframe[0].value["added"].tolist() == [2]
    with transaction() as db:
        ref = db.scalars(select(Import.ref)).one()
    page = open_page("imports", "ada", **{"import": ref})
    page.checkbox(f"imports_sure_{ref}").check().run()
    page = press(page, "Undo it")

    assert page.toast[0].value.startswith("The import was undone")
    with transaction() as db:
        assert db.scalars(select(Person.id)).all() == []


def test_the_same_file_again_has_nothing_to_bring_in(open_page: OpenPage) -> None:
    page = press(press(choose(open_page("imports", "ada")), COMPARE), "Bring in 2 rows")
    page = press(choose(page), COMPARE)

    assert [metric.value for metric in page.metric] == ["0", "0", "2", "1"]
    said = [info.value for info in page.info]
    assert any("This very file" in words for words in said)
    assert any("nothing to bring in" in words for words in said)
    assert not any(button.label.startswith("Bring in") for button in page.button)


def test_a_column_matched_by_hand_is_remembered(open_page: OpenPage) -> None:
    text = "A,B,C\nDana,Okoro,Adult\n"
    page = choose(open_page("imports", "ada"), text)
    page = press(page, COMPARE)
    assert "Match a column" in page.error[0].value
    for box, label in zip(page.selectbox, ("first_name", "last_name", "kind"), strict=True):
        box.select(label)
    page = press(press(page, COMPARE), "Bring in 1 row")

    page = choose(page, text)
    assert [box.value for box in page.selectbox] == ["first_name", "last_name", "kind"]


GROUPS = """Code name,Programme,Start date,Start time,Facilitators
Tuesday craft,Steps Forward,1/9/2026,10:00,ben
Monday craft,Knitting,7/9/2026,10:00,ben
"""
REGISTER = """Name,DOB,Group,1/9/2026,8/9/2026
Dana Okoro,3/6/1988,Tuesday craft,P,DNA
Nobody Here,1/1/1990,Tuesday craft,P,P
"""


def choose_kind(page: AppTest, kind: ImportKind) -> AppTest:
    return page.segmented_control[0].set_value(kind.value).run()


def test_groups_come_in_and_go_out_again(open_page: OpenPage, somebody: Somebody) -> None:
    somebody("ben")
    page = choose_kind(open_page("imports", "ada"), ImportKind.GROUPS)
    page = press(choose(page, GROUPS), COMPARE)
    ((number, about, what),) = rows_shown(page)
    assert (number, about) == (3, "Monday craft")
    assert what.startswith("Programme: There is no programme of this name")
    page = press(page, "Bring in 1 row")

    assert not page.exception
    with transaction() as db:
        assert db.scalars(select(Group.code_name)).all() == ["Tuesday craft"]
        ref = db.scalars(select(Import.ref)).one()
    page = open_page("imports", "ada", **{"import": ref})
    assert page.caption[0].value.startswith("Groups, brought in on")
    page.checkbox(f"imports_sure_{ref}").check().run()
    press(page, "Undo it")
    with transaction() as db:
        assert db.scalars(select(Group.id)).all() == []


def test_a_register_comes_in_and_a_mark_by_hand_stays_unless_she_chooses(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        make_group(db, amina, [ben], first_day=date(2026, 9, 1))
        make_person(db, amina, date_of_birth=date(1988, 6, 3))
    page = choose_kind(open_page("imports", "ada"), ImportKind.ATTENDANCE)
    page = choose(page, REGISTER)
    assert [box.value for box in page.selectbox][-2:] == ["day:2026-09-01", "day:2026-09-08"]
    page = press(page, COMPARE)
    ((_number, about, what),) = rows_shown(page)
    assert about == "Nobody Here · Tuesday craft"
    assert what.startswith("Nobody here fits this row")
    page = press(page, "Bring in 1 row")
    assert not page.exception
    with transaction() as db:
        by_hand = db.scalars(select(Mark).where(Mark.code == "D")).one()
        by_hand.code, by_hand.version = "A", by_hand.version + 1

    page = press(choose(page, REGISTER), COMPARE)
    assert [metric.value for metric in page.metric] == ["0", "0", "0", "2"]
    assert "8 September 2026: Another mark stands in the register" in rows_shown(page)[0][2]
    page.checkbox[0].check()
    page = press(page, COMPARE)
    assert [metric.value for metric in page.metric] == ["0", "1", "0", "1"]
    press(page, "Bring in 1 row")
    with transaction() as db:
        assert db.scalars(select(Mark.code).order_by(Mark.id)).all() == ["P", "D"]


@pytest.mark.parametrize("kind", list(ImportKind))
def test_every_kind_says_what_may_be_in_its_file(open_page: OpenPage, kind: ImportKind) -> None:
    page = choose_kind(open_page("imports", "ada"), kind)
    assert not page.exception


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_that_cannot_be_read_is_refused_beneath_it(open_page: OpenPage, name: str) -> None:
    page = open_page("imports", "ada")
    page = page.file_uploader[0].upload(name, b"%PDF-1.7", "text/csv").run()

    assert "This is a PDF" in page.error[0].value
    assert not page.exception


def test_names_like_markup_are_shown_letter_by_letter(open_page: OpenPage) -> None:
    page = choose(open_page("imports", "ada"), "First name,**Last** name\n:red[Dana],Okoro\n")
    assert page.selectbox[0].label == r"First name · \:red\[Dana\]"


def test_nothing_of_a_file_stays_once_the_screen_is_left(open_page: OpenPage) -> None:
    page = press(choose(open_page("imports", "ada")), COMPARE)
    assert "imports_flow" in page.session_state
    page.switch_page("../pages/admin/audit.py").run()
    assert "imports_flow" not in page.session_state


@pytest.mark.parametrize("username", ["amina", "ben", "leila", "vik", "erin"])
def test_nobody_else_may_open_it(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="navigation"):
        open_page("imports", username)


def test_an_import_that_never_was_leads_back_to_the_list(open_page: OpenPage) -> None:
    page = open_page("imports", "ada", **{"import": "unknown"})
    assert "could not be found" in page.error[0].value


def test_the_screen_needs_few_queries(open_page: OpenPage, count_queries: object) -> None:
    page = open_page("imports", "ada")
    with count_queries() as statements:  # type: ignore[operator]
        page.run()
    assert len(statements) <= 6
