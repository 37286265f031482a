"""What nobody foresaw is logged without what was typed, and said with a number."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from ui import incidents


def broken_page() -> None:
    from services.search.names import normalised
    from ui import incidents

    try:
        normalised(None)  # type: ignore[arg-type]
    except AttributeError as error:
        incidents.report(error)


def refused_click() -> None:
    from services.errors import ConflictError
    from ui import incidents

    incidents.report(ConflictError("Somebody else was faster."))


def test_an_unforeseen_error_gets_a_number_and_no_trace_on_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = AppTest.from_function(broken_page).run()

    shown = page.error[0].value
    logged = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert logged["number"] in shown
    assert logged["kind"] == "AttributeError"
    assert logged["where"][-1].startswith("services/search/names.py")
    assert "Traceback" not in shown


def test_the_log_never_quotes_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    incidents.report(ValueError("Dana Okoro, 07700 900123"))

    assert "Dana" not in capsys.readouterr().out


def test_an_expected_refusal_from_a_callback_is_said_in_its_own_words() -> None:
    page = AppTest.from_function(refused_click).run()

    assert page.error[0].value == "Somebody else was faster."
