"""The forms on screen: the list, one of them, a new version, languages and who asks with it."""

import base64

import pytest
from streamlit.testing.v1 import AppTest

from services.db import reading, transaction
from services.forms import corrections, editing, stored
from services.forms.definition import FormDefinition
from services.forms.rows import rows
from services.forms.words import spoken
from tests.pages.conftest import OpenPage, Somebody, press

KEY = "after_session"


def opened(open_page: OpenPage, *unfolded: str, who: str = "amina", form: str = KEY) -> AppTest:
    page = open_page("forms", who, **({"form": form} if form else {}))
    for name in unfolded:
        page.session_state[f"folded_{name}"] = True
    return page.run()


def edit(page: AppTest, name: str, **changes: object) -> None:
    """What a browser sends when cells of a table were typed into."""
    blank: dict[str, object] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    page.session_state[name] = blank | changes


def current(key: str = KEY) -> FormDefinition:
    with reading() as db:
        found = stored.find(db, key)
    assert found
    return found


def test_the_list_names_every_form(open_page: OpenPage) -> None:
    page = opened(open_page, form="")
    assert not page.exception
    listed = page.dataframe[0].value.set_index("key")
    assert listed.loc["After session", "questions"] == 6
    assert len(listed) == 8


@pytest.mark.parametrize("who", ["ben", "ada", "vik", "erin"])
def test_it_is_in_nobody_elses_menu(open_page: OpenPage, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_page("forms", who)


def test_a_form_is_shown_as_participants_see_it(open_page: OpenPage) -> None:
    page = opened(open_page, who="leila")
    assert not page.exception
    (frame,) = page.get("iframe")
    shown = base64.b64decode(frame.proto.src.partition("base64,")[2]).decode()
    assert "How safe did you feel today?" in shown
    page.selectbox(f"preview_{KEY}").select("ar").run()
    shown = base64.b64decode(page.get("iframe")[0].proto.src.partition("base64,")[2]).decode()
    assert 'lang="ar" dir="rtl"' in shown


def test_a_change_makes_a_new_version(open_page: OpenPage) -> None:
    page = opened(open_page, f"form_{KEY}")
    why = {"text": "Why was that?", "kind": "text", "only_if": "4: Too fast", "place": 4.5}
    edit(page, f"form_questions_{KEY}_0", edited_rows={3: {"text": "Our pace?"}}, added_rows=[why])

    press(page, "Make a new version")

    assert not page.exception
    assert not page.error, page.error[0].value
    assert "version 2" in page.toast[0].value
    asked = current().questions
    assert [spoken(one.text) for one in asked][3:5] == ["Our pace?", "Why was that?"]
    assert asked[4].shown_when
    assert [row.place for row in rows(current())] == [1, 2, 3, 4, 5, 6, 7]


def test_a_line_that_cannot_be_is_said_and_what_was_typed_stays(open_page: OpenPage) -> None:
    page = opened(open_page, f"form_{KEY}")
    edit(page, f"form_questions_{KEY}_0", edited_rows={3: {"answers": "Only one"}})
    page.text_area(f"form_intro_{KEY}_0").set_value("Ours.")

    press(page, "Make a new version")

    assert "two answers to choose from" in page.error[0].value
    assert page.text_area(f"form_intro_{KEY}_0").value == "Ours."
    assert current().version == 1


def test_whoever_was_slower_is_told(open_page: OpenPage, somebody: Somebody) -> None:
    page = opened(open_page, f"form_{KEY}")
    leila = somebody("leila")
    with transaction() as db:
        editing.change(db, leila, KEY, "Other", "Other.", rows(current()), version=1)
    page.text_area(f"form_intro_{KEY}_0").set_value("Ours.")

    press(page, "Make a new version")

    assert "made version 2" in page.error[0].value
    assert spoken(current().title) == "Other"


def test_one_of_their_own_is_made_and_opened(open_page: OpenPage) -> None:
    page = opened(open_page, "new_form", form="")
    page.text_input("form_title_new_0").set_value("Coffee and craft")
    page.text_area("form_intro_new_0").set_value("About the coffee.")

    press(page, "Add the form")

    assert not page.error
    assert len(current("coffee_and_craft").questions) == 1


def test_a_programme_is_given_its_forms(open_page: OpenPage) -> None:
    page = opened(open_page, "form_choices", form="")
    page.selectbox("forms_programme").select("steps_forward").run()
    page.selectbox("form_end_steps_forward_0").select("end")

    press(page, "Save")

    assert not page.exception
    frame = page.dataframe[1].value.set_index("title")
    assert frame.loc["Steps Forward", "end"] == "End: How was the group?"


def test_a_form_is_put_into_another_language(open_page: OpenPage) -> None:
    page = opened(open_page, f"tongues_{KEY}")
    page.selectbox(f"translate_{KEY}").select("pl").run()
    assert "Nobody who grew up with this language" in page.info[-1].value
    edit(page, f"form_texts_{KEY}_pl_1_0", edited_rows={0: {"other": "Jak nam dziś poszło?"}})

    press(page, "Save the translation")

    assert not page.exception
    assert spoken(current().title, "pl") == "Jak nam dziś poszło?"


def test_a_line_of_the_public_pages_is_corrected(open_page: OpenPage) -> None:
    page = opened(open_page, "public_lines", form="")
    page.selectbox("lines").select("cy").run()
    assert "Nobody who grew up with this language" in page.info[0].value
    page.selectbox("line_cy").select("send").run()
    page.text_area("form_text_cy_send_0").set_value("Anfonwch")

    press(page, "Save the line")

    with reading() as db:
        assert corrections.lines_in(db, "cy").say("send") == "Anfonwch"


def test_an_address_of_nothing_says_so_and_shows_the_list(open_page: OpenPage) -> None:
    page = opened(open_page, form="nothing")
    assert "could not be found" in page.error[0].value
    assert not page.dataframe[0].value.empty


def test_a_theme_is_added_and_offered_no_longer(open_page: OpenPage) -> None:
    page = opened(open_page, "feedback_themes", form="")
    page.text_input("form_label_new_theme_0").set_value("Pace")
    press(page, "Save the theme")
    assert "a theme of this name" in page.error[0].value
    page.text_input("form_label_new_theme_0").set_value("Tea")
    press(page, "Save the theme")
    assert not page.exception
    assert "Tea" in page.markdown[1].value
    choice = page.selectbox("form_themes_choice_1")
    choice.select_index(len(choice.options) - 1).run()
    next(one for one in page.checkbox if one.label == "Offered to choose from").uncheck()
    press(page, "Save the theme")
    assert "Tea" not in page.markdown[1].value
