"""A press is answered once, by whichever run comes to its button, and not on a later day."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.components import presses


def two_buttons() -> None:
    import streamlit as st

    from ui.components.form_fields import seen
    from ui.components.presses import press, settle, submit

    # As where somebody presses the next thing before the page has come to the first one.
    if st.session_state.pop("given_up", False):
        press("Come", key="come")
        st.stop()
    told = "gone" not in st.session_state and press("Tell", key="tell")
    with st.form("form"):
        sent = submit("Send", key="send", seen={"one": st.session_state.get("version", 1)})
    if sent:
        st.session_state["sent_over"] = seen()
    st.session_state["answered"] = [
        *st.session_state.get("answered", []),
        *(["told"] if told else []),
        *(["sent"] if sent else []),
    ]
    settle()


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


def test_it_is_answered_over_the_record_that_was_on_her_screen_then(page: AppTest) -> None:
    page.session_state["given_up"] = True
    page.button("send").click().run()
    page.session_state["version"] = 2  # meanwhile somebody else changed it,
    page.session_state["form_seen"] = {"other": 1}  # and she pressed the button of another form

    page.run()
    assert page.session_state["sent_over"] == {"one": 1}


def test_the_second_of_two_presses_lapses_where_its_button_has_gone(page: AppTest) -> None:
    page.session_state["gone"] = True  # with the first, which did what was asked for
    page.button("tell").click().run()
    del page.session_state["gone"]

    page.run()
    assert page.session_state["answered"] == []


def test_a_press_is_not_answered_on_a_later_day(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.session_state["given_up"] = True
    page.button("tell").click().run()
    monkeypatch.setattr(presses, "_COUNTS_FOR", 0.0)

    page.run()
    assert page.session_state["answered"] == []
