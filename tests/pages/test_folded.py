"""What is folded away costs nothing until it is opened."""

from services.db import transaction
from tests.make import make_person
from tests.pages.conftest import OpenPage, Somebody


def test_a_form_is_made_only_once_it_is_unfolded(somebody: Somebody, open_page: OpenPage) -> None:
    with transaction() as db:
        make_person(db, somebody("amina"))
    page = open_page("participants", "amina")
    assert "First name" not in [box.label for box in page.text_input]

    page.session_state["folded_new_family"] = True
    page.run()

    assert "First name" in [box.label for box in page.text_input]


def test_where_there_is_nothing_yet_the_form_stands_open(open_page: OpenPage) -> None:
    page = open_page("participants", "amina")

    assert "First name" in [box.label for box in page.text_input]
