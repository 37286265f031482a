"""Nothing leaves without consent, and the rules notice what would."""

from pathlib import Path

from tests.code import leaving_rules as rules
from tests.code.source import ROOT, write

# Public functions by which something leaves that rightly ask for no consent, with the reason.
ASKS_NO_CONSENT: dict[str, str] = {}
# Screens that offer a file, with whose consent it asks or why it needs none.
DOWNLOADS = {
    "ui/components/imports/preview.py": "rows of a file she brought herself, given back to her",
    "ui/components/outcomes/take_out.py": "counts checked first, or a child's own file",
    "ui/components/paper.py": "the sheet it is given: whoever gives one is named here too",
    "ui/components/reports/made.py": "counts, checked beside all that left before",
    "ui/components/workforce/standards.py": "counts of volunteers, small ones hidden from a lead",
    "ui/components/volunteer/training.py": "a volunteer's own certificate, given to her by hand",
    "ui/components/herself/hours.py": "a volunteer's own record, given to herself",
    "ui/components/contribution/expenses.py": "a volunteer's own receipt, by hand",
    "ui/components/volunteer/contribution.py": "a volunteer's own paper, by hand",
    "ui/components/imports/upload.py": "an empty list to fill in: nobody's record is in it",
    "ui/components/measures/measure_facts.py": "an empty list for the words of a form",
    "ui/components/register/register_print.py": "it stays with its facilitator, for the room",
    "ui/components/feedback/feedback_view.py": "an address: nobody's record is in it",
}
CONSENTS = "def consented(purpose):\n    return 1\ndef holds(db):\n    return consented(1)\n"


def service(root: Path, name: str, text: str) -> Path:
    """A tree with this one service beside the consents."""
    head = "from services.consents import consents\n"
    head += "from services.consents.consents import consented\n"
    return write(
        root, {f"services/{name}.py": head + text, "services/consents/consents.py": CONSENTS}
    )


def test_whatever_leaves_asks_whether_consent_stands() -> None:
    assert rules.without_consent(ROOT, ASKS_NO_CONSENT) == []


def test_every_file_a_screen_offers_is_explained() -> None:
    assert rules.unexplained_downloads(ROOT, DOWNLOADS) == []


def test_an_export_that_asks_for_no_consent_is_noticed(tmp_path: Path) -> None:
    service(tmp_path, "research", "def export_rows(db, actor):\n    return 1\n")
    assert rules.without_consent(tmp_path) == [
        "services.research.export_rows lets something leave and does not ask whether consent stands"
    ]


def test_a_module_of_quotes_is_noticed_whatever_its_functions_are_called(tmp_path: Path) -> None:
    service(tmp_path, "quotes", "def words(db, actor):\n    return 1\n")
    assert len(rules.without_consent(tmp_path)) == 1


def test_asking_by_the_clause_or_in_a_helper_counts(tmp_path: Path) -> None:
    text = (
        "def extract(db, actor):\n    return db.execute(select().where(consented(1)))\n"
        "def export(db, actor):\n    return _kept(db)\n"
        "def _kept(db):\n    return consents.holds(db)\n"
    )
    service(tmp_path, "research", text)
    assert rules.without_consent(tmp_path) == []


def test_what_stays_in_the_house_needs_no_consent(tmp_path: Path) -> None:
    service(tmp_path, "groups", "def extraction(db, actor):\n    return 1\n")
    assert rules.without_consent(tmp_path) == []


def test_an_exemption_nobody_needs_is_noticed(tmp_path: Path) -> None:
    service(tmp_path, "groups", "")
    problems = rules.without_consent(tmp_path, ["services.groups.groups.export"])
    assert problems == ["services.groups.groups.export is exempt for nothing"]


def test_a_file_offered_without_a_word_and_a_word_without_a_file_are_noticed(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"ui/a.py": "import streamlit as st\nst.columns(2)[0].download_button('x')\n"})
    assert rules.unexplained_downloads(tmp_path, ["ui/b.py"]) == [
        "ui/a.py offers a file to take away: say in this test whose consent it asks, or why none",
        "ui/b.py is explained for nothing",
    ]
