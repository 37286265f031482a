"""Every screen keeps the house rules, and the rules notice one that does not."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from services.permissions import ROLE_PERMISSIONS, Permission
from tests.browser import screens as pictures
from tests.code import page_rules as rules
from tests.code.source import ROOT, write
from ui.navigation import SCREENS

GUARDED = """'''A page.'''
import streamlit as st
from services.permissions import Permission
from ui.auth import require

actor = require(Permission.READ_GROUPS)
"""


@dataclass(frozen=True)
class Line:
    """One line of a map made up for a test."""

    file: str
    permission: Permission


MAP = (Line("groups/list.py", Permission.READ_GROUPS),)


def page(root: Path, text: str) -> Path:
    """A tree with this one page."""
    return write(root, {"pages/groups/list.py": text})


def test_there_are_pages_to_judge() -> None:
    assert len(rules.pages(ROOT)) >= len(SCREENS) > 0


def test_no_page_lies_directly_in_pages() -> None:
    assert rules.directly_in_pages(ROOT) == []


def test_a_page_directly_in_pages_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"pages/admin.py": GUARDED})
    assert rules.directly_in_pages(tmp_path) == ["admin.py lies directly in pages/"]


def test_the_script_that_streamlit_runs_does_not_lie_beside_pages() -> None:
    assert rules.shell_beside_pages(ROOT) == []


def test_a_shell_beside_pages_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import streamlit as st\napp = st.App('shell.py')"})
    assert rules.shell_beside_pages(tmp_path) == ["app.py runs ['shell.py'], not ui/shell.py"]


def test_tables_are_made_in_one_place() -> None:
    assert rules.tables_of_its_own(ROOT) == []


def test_a_table_made_elsewhere_is_noticed(tmp_path: Path) -> None:
    page(tmp_path, GUARDED + "st.dataframe([])")
    assert rules.tables_of_its_own(tmp_path) == ["pages/groups/list.py:7 makes a table of its own"]


def test_every_page_is_on_the_map_and_the_map_leads_to_pages() -> None:
    assert rules.off_the_map(ROOT, SCREENS) == []


def test_a_page_off_the_map_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"pages/groups/other.py": GUARDED})
    assert rules.off_the_map(tmp_path, MAP) == [
        "pages/groups/other.py is not on the map",
        "pages/groups/list.py is on the map but not there",
    ]


def test_addresses_and_files_are_on_the_map_once() -> None:
    assert len({screen.address for screen in SCREENS}) == len(SCREENS)
    assert len({screen.file for screen in SCREENS}) == len(SCREENS)


def test_every_page_begins_with_the_guard_on_the_map() -> None:
    assert rules.badly_guarded(ROOT, SCREENS) == []


def test_a_guarded_page_passes(tmp_path: Path) -> None:
    assert rules.badly_guarded(page(tmp_path, GUARDED), MAP) == []


def test_a_page_that_shows_something_first_is_noticed(tmp_path: Path) -> None:
    late = GUARDED.replace("actor =", "st.title('Groups')\nactor =")
    problems = rules.badly_guarded(page(tmp_path, late), MAP)
    assert problems == ["pages/groups/list.py does not begin with actor = require(Permission.…)"]


def test_a_guard_of_its_own_making_is_noticed(tmp_path: Path) -> None:
    home_made = GUARDED.replace("from ui.auth", "from ui.elsewhere")
    assert len(rules.badly_guarded(page(tmp_path, home_made), MAP)) == 1


def test_a_guard_for_something_else_is_noticed(tmp_path: Path) -> None:
    other = GUARDED.replace("READ_GROUPS", "SEE_TODAY")
    problems = rules.badly_guarded(page(tmp_path, other), MAP)
    assert problems == ["pages/groups/list.py asks for SEE_TODAY, the map says READ_GROUPS"]


def test_no_page_knows_tables_queries_charts_or_sign_in() -> None:
    assert rules.forbidden_imports(ROOT) == []


def test_forbidden_imports_are_noticed_wherever_they_hide(tmp_path: Path) -> None:
    hidden = GUARDED + "def draw():\n    import altair\n    from sqlalchemy.orm import Session\n"
    assert rules.forbidden_imports(page(tmp_path, hidden)) == [
        "pages/groups/list.py:8 imports altair",
        "pages/groups/list.py:9 imports sqlalchemy.orm",
    ]


def test_no_page_is_long() -> None:
    assert rules.too_long(ROOT) == []


def test_a_long_page_is_noticed(tmp_path: Path) -> None:
    page(tmp_path, GUARDED + "x = 1\n" * 120)
    assert rules.too_long(tmp_path) == ["pages/groups/list.py has 126 lines"]


def test_no_page_allows_raw_html() -> None:
    assert rules.raw_html(ROOT) == []


def test_raw_html_is_noticed(tmp_path: Path) -> None:
    page(tmp_path, GUARDED + "st.markdown('<b>', unsafe_allow_html=True)\n")
    assert rules.raw_html(tmp_path) == ["pages/groups/list.py:7 allows raw HTML"]


def test_nothing_leaves_the_script_inside_a_transaction() -> None:
    assert rules.leaving_a_transaction(ROOT) == []


@pytest.mark.parametrize("opens", ["transaction()", "saving('Kept.', room)"])
def test_a_rerun_inside_a_transaction_is_noticed(tmp_path: Path, opens: str) -> None:
    page(tmp_path, GUARDED + f"with {opens} as db:\n    if actor:\n        st.rerun()\n")
    assert rules.leaving_a_transaction(tmp_path) == [
        "pages/groups/list.py:9 calls st.rerun inside a transaction"
    ]


def test_a_rerun_hidden_in_a_function_of_ours_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"ui/messages.py": "def saved(text):\n    st.toast(text)\n    st.rerun()\n"})
    page(tmp_path, GUARDED + "with reading() as db:\n    saved('Done')\n")
    assert rules.leaving_a_transaction(tmp_path) == [
        "pages/groups/list.py:8 calls saved inside a transaction"
    ]


def test_a_rerun_after_the_transaction_is_right(tmp_path: Path) -> None:
    page(tmp_path, GUARDED + "with transaction() as db:\n    save(db)\nst.rerun()\n")
    assert rules.leaving_a_transaction(tmp_path) == []


def test_every_screen_has_its_picture_by_somebody_who_may_open_it() -> None:
    taken = {
        (picture.address.strip("/").partition("?")[0], picture.username)
        for picture in pictures.SCREENS
        if picture.house == "demonstration"
    }
    hers = {
        (screen.address, role.value)
        for role, permissions in ROLE_PERMISSIONS.items()
        for screen in SCREENS
        if screen.permission in permissions
    }
    assert {screen.address for screen in SCREENS} == {address for address, _ in hers & taken}
    names = [picture.name for picture in pictures.SCREENS]
    assert len(set(names)) == len(names)
