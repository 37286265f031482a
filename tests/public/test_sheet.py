"""The sheet to print: whole, neutral, and with the address both to scan and to type."""

from xml.etree import ElementTree as ET

from services.forms.library import shipped
from ui.public.sheet import code, sheet

FORM = shipped()["after_session"]
ADDRESS = "https://alongside.example.org/f/1a2b-3c4d"


def test_the_code_is_a_picture_that_keeps_its_white_edge() -> None:
    picture = ET.fromstring(code(ADDRESS))  # noqa: S314 - drawn by ourselves
    assert picture.tag.endswith("svg")
    assert 'fill="#fff"' in code(ADDRESS)
    assert code(ADDRESS) != code(ADDRESS + "5")


def test_the_sheet_needs_nothing_else_and_says_until_when() -> None:
    text = sheet(FORM, ADDRESS, "Tuesday 22 September 2026")
    assert text.count("<svg") == 1
    assert f'<p class="address">{ADDRESS}</p>' in text
    assert "Open until the end of Tuesday 22 September 2026." in text
    assert "src=" not in text


def test_nothing_in_an_address_becomes_markup() -> None:
    assert "<b>" not in sheet(FORM, "http://<b>", "Tuesday")
