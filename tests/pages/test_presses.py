"""A press is answered once, by whichever run comes to its button, and not on a later day."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.components import presses


def two_buttons() -> None:
    import streamlit as st

    from ui.components.presses import press, submit

    # As where somebody presses the next thing before the page has come to the first one.
    if st.session_state.pop("given_up", False):
        press("Come", key="come")
        st.stop()
    told = press("Tell", key="tell")
    with st.form("form"):
        sent = submit("Send", key="send")
    st.session_state["answered"] = [
        *st.session_state.get("answered", []),
        *(["told"] if told else []),
        *(["sent"] if sent else []),
    ]


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(two_buttons).run()


@pytest.mark.parametrize(("key", "says"), [("tell", "told"), ("send", "sent")])
def test_a_press_whose_run_was_given_up_is_answered_by_the_next_and_once(
    page: AppTest, key: str, says: str
) -> None:
    page.session_state["given_up"] = True
    page.button(key).click().run()
    assert page.session_state["answered"] == []

    page.run()
    page.run()
    assert page.session_state["answered"] == [says]


def test_a_press_is_not_answered_on_a_later_day(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.session_state["given_up"] = True
    page.button("tell").click().run()
    monkeypatch.setattr(presses, "_COUNTS_FOR", 0.0)

    page.run()
    assert page.session_state["answered"] == []
