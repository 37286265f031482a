"""Nothing goes to a person without asking whether it is safe, and the rules notice what would."""

from pathlib import Path

import pytest

from tests.code import outgoing_rules as rules
from tests.code.source import ROOT, write

# What leaves the programme and concerns nobody's contact, with the reason.
ABOUT_NOBODY = {
    "ui.public.sheet": "a session's code, passed round in the room; it names nobody and no group",
    "ui.components.feedback.feedback_view": "hands over that sheet",
    "services.calendar.feed_text": "when sessions are, for their own facilitator; it names nobody",
    "ui.components.paper": "hands over the sheet it is given; who gives one answers for it",
    "ui.components.register.register_print": "hands a register for the room to its own facilitator",
    "services.research.files": "rows under pseudonyms, of who consents to evaluation",
    "services.reports.workbook": "the same counts as a workbook",
    "ui.charts.pictures": "draws what it is given; who has a chart drawn answers for it",
    "ui.components.outcomes.take_out": "hands over a chart of counts, checked the same way",
    "ui.components.reports.made": "hands over those counts",
    "ui.components.workforce.standards": "a sheet of totals, and nobody's name",
    "ui.components.volunteer.training": "hands her certificate to her coordinator, for her hand",
    "ui.components.herself.hours": "hands a volunteer her own record",
    "ui.components.contribution.expenses": "hands a receipt to whoever handed it in, or settles it",
    "ui.components.volunteer.contribution": "hands her paper to her coordinator, for her hand",
    "services.printing": "fills a sheet with what it is given; who fills one answers for it",
    "services.imports.spreadsheets": "an empty list, and a reader's own rows given back to her",
    "ui.components.imports.preview": "hands those rows back; they go to nobody else",
    "ui.components.imports.upload": "hands over that empty list",
    "ui.components.measures.measure_facts": "hands over an empty list for a form's own words",
}
# Who else reads where people are reached, with the reason.
READS_ADDRESSES = {
    "services.demo.contacts": "invents them",
    "services.imports.person_find": "compares them with a list, and never shows them",
    "services.imports.person_write": "keeps them as not safe to use until she has been asked",
    "services.merging.plans": "leaves a joined plan unconfirmed, and reads no address",
    "services.search.index": "hashes telephone numbers to find somebody by, and shows none",
}

DOOR = {
    "services/safe_contact/outgoing.py": """'''The door.'''
from services.safe_contact.decision import decide

def clear(db, actor):
    return decide()
""",
    "services/safe_contact/decision.py": "'''Decides.'''\n\ndef decide():\n    return 1\n",
}


def tree(root: Path, **files: str) -> Path:
    """A tree with the door and these modules: `services__letters="…"`."""
    named = {f"{name.replace('__', '/')}.py": text for name, text in files.items()}
    return write(root, DOOR | named)


def test_whatever_leaves_asks_at_the_door_or_concerns_nobody() -> None:
    assert rules.past_the_door(ROOT, ABOUT_NOBODY) == []


def test_nobody_reads_an_address_past_the_decision() -> None:
    assert rules.reading_addresses(ROOT, READS_ADDRESSES) == []


def test_the_door_asks_the_decision() -> None:
    assert rules.unguarded_door(ROOT) == []


def test_a_door_that_asks_nobody_is_noticed(tmp_path: Path) -> None:
    write(
        tmp_path,
        DOOR | {"services/safe_contact/outgoing.py": "def clear(db, actor):\n    return 1\n"},
    )
    assert len(rules.unguarded_door(tmp_path)) == 1


@pytest.mark.parametrize(
    "way",
    ["import smtplib", "from email.message import EmailMessage", "import urllib.request",
     "from icalendar import Event", "import typst"],
)  # fmt: skip
def test_a_service_that_sends_or_prints_past_the_door_is_noticed(tmp_path: Path, way: str) -> None:
    text = f"{way}\n\ndef send(db, actor):\n    return 1\n"
    (problem,) = rules.past_the_door(tree(tmp_path, services__letters=text))
    assert problem.startswith("services/letters.py lets something leave")


def test_a_file_handed_over_on_a_page_is_noticed(tmp_path: Path) -> None:
    text = "import streamlit as st\nst.download_button('List', frame.to_csv())\n"
    assert len(rules.past_the_door(tree(tmp_path, pages__people__list=text))) == 1


def test_a_service_that_asks_at_the_door_may_send(tmp_path: Path) -> None:
    text = (
        "import smtplib\nfrom services.safe_contact import outgoing\n\n"
        "def remind(db, actor):\n    return _safe(db, actor)\n\n"
        "def _safe(db, actor):\n    return outgoing.clear(db, actor)\n"
    )
    page = (
        "import streamlit as st\nfrom services import letters\n"
        "st.download_button('Letters', letters.remind(db, actor))\n"
    )
    root = tree(tmp_path, services__letters=text, pages__letters=page)
    assert rules.past_the_door(root) == []


def test_a_page_that_only_mentions_another_service_is_noticed(tmp_path: Path) -> None:
    names = "def tidy(db):\n    return 1\n"
    page = "from services import names\nst.download_button('x', names.tidy(db))\n"
    assert len(rules.past_the_door(tree(tmp_path, services__names=names, ui__x=page))) == 1


def test_a_service_that_reads_an_address_itself_is_noticed(tmp_path: Path) -> None:
    text = "from models import ContactRoute, Person\n"
    problems = rules.reading_addresses(tree(tmp_path, services__letters=text))
    assert problems == [
        f"services/letters.py reads where people are reached; ask {rules.DOOR} for it"
    ]
    whole = "import models\n\ndef send():\n    return models.ContactRoute\n"
    assert len(rules.reading_addresses(tree(tmp_path, services__letters=whole))) == 1


def test_an_exemption_nobody_needs_is_noticed(tmp_path: Path) -> None:
    root = tree(tmp_path)
    assert rules.past_the_door(root, ["ui.gone"]) == ["ui.gone is exempt for nothing"]
    assert rules.reading_addresses(root, ["services.gone"]) == [
        "services.gone is exempt for nothing"
    ]
