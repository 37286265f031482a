"""The feedback form on paper: every question in every language, and nobody named."""

import re

import pytest
from sqlalchemy.orm import Session

from services.errors import NotFoundError, NotPermittedError
from services.forms.library import shipped
from services.forms.lines import Lines, catalogues
from services.forms.words import spoken
from services.permissions import Actor
from services.printing import feedback_forms
from tests.make import make_group, session_of
from tests.paper import drawn, pages_of, words_of


def packed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("code", [code for code in catalogues() if code != "ar"])
def test_every_question_is_there_and_nobody_is_named(code: str) -> None:
    for form in shipped().values():
        words = packed(words_of(feedback_forms.sheet(form, Lines(catalogues()[code]))))
        for question in form.questions:
            assert packed(spoken(question.text, code)) in words
        assert "LanternHouse" not in words


def test_in_a_language_from_right_to_left_the_sheet_says_so() -> None:
    made = feedback_forms.sheet(shipped()["after_session"], Lines(catalogues()["ar"]))
    assert b"/Lang(ar)" in made
    assert b"/MarkInfo<</Marked true" in made
    assert pages_of(made) == 1


def eyes(code: str) -> set[float]:
    """How far from the left of its face each eye is drawn, in points."""
    made = drawn(feedback_forms.sheet(shipped()["children_5_7"], Lines(catalogues()[code])))
    faces = re.findall(
        r"q 1 0 0 -1 ([\d.]+) [\d.]+ cm/c0 CS 0 SCN 4 M 0 14.*?"
        r"q 1 0 0 -1 ([\d.]+) [\d.]+ cm/c0 cs 0 scn 0 1.4.*?"
        r"q 1 0 0 -1 ([\d.]+) [\d.]+ cm/c0 cs 0 scn 0 1.4",
        made,
        re.DOTALL,
    )
    assert len(faces) == 20
    return {round(float(x) - float(face)) for face, *both in faces for x in both}


@pytest.mark.parametrize("code", catalogues())
def test_a_face_has_its_eyes_in_it_whichever_way_the_words_run(code: str) -> None:
    assert eyes(code) == {8, 17}


def test_a_facilitator_prints_the_form_of_her_session(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    held = session_of(db, make_group(db, amina, [ben]), 2)
    assert "How safe did you feel" in words_of(feedback_forms.of_session(db, ben, held.ref, "en"))
    assert feedback_forms.of_session(db, ben, held.ref, "../etc").startswith(b"%PDF")
    with pytest.raises(NotFoundError):
        feedback_forms.of_session(db, chloe, held.ref, "en")


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_print_it(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermittedError):
        feedback_forms.of_session(db, request.getfixturevalue(who), "x", "en")
