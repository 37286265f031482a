"""Forms: what ships, how a table becomes one, versions, and which a session asks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, FeedbackAnswer, FeedbackLink, FormVersion, Group, Occasion
from services import feedback
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.feedback import results
from services.forms import choosing, corrections, editing, library, lines, stored
from services.forms.checking import NOT_TODAY, checked
from services.forms.definition import FormDefinition
from services.forms.rows import Row, draft, rows
from services.forms.words import CODES, ENGLISH, spoken
from services.permissions import Actor
from services.programmes import programmes
from tests.conftest import Clock
from tests.make import make_group, session_of

KEY = "after_session"
WHY = Row(key="", place=4.5, text="Why was that?", kind="text", only_if="4: Too slow; Too fast")


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


def form(db: Session, key: str = KEY) -> FormDefinition:
    found = stored.find(db, key)
    assert found
    return found


def changed(db: Session, actor: Actor, *more: Row, key: str = KEY, **fields: str) -> int:
    now = form(db, key)
    table = [replace(row, **fields) if row.key == "pace" and fields else row for row in rows(now)]
    return editing.change(
        db, actor, key, spoken(now.title), spoken(now.intro), [*table, *more], version=now.version
    )


def token_of(db: Session, ben: Actor, group: Group, number: int = 2) -> str:
    return feedback.open_link(db, ben, session_of(db, group, number).ref).path.removeprefix("/f/")


# --- What ships ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(library.shipped()))
def test_what_ships_is_plainly_worded(key: str) -> None:
    for question in library.shipped()[key].questions:
        assert "n't" not in spoken(question.text)
        assert "n’t" not in spoken(question.text)
        assert len(spoken(question.text).split()) <= 10
        if question.kind in ("scale", "faces"):
            assert list(question.labels) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("key", sorted(library.shipped()))
def test_what_ships_says_everything_in_every_language(key: str) -> None:
    assert editing.languages_of(library.shipped()[key]) == list(CODES)


def test_no_two_forms_that_ship_count_under_one_key() -> None:
    keys = [question.key for form in library.shipped().values() for question in form.questions]
    assert len(set(keys)) == len(keys)


def test_everybody_named_has_a_form_from_the_start(db: Session) -> None:
    assert stored.newest(db).keys() == {
        "after_session", "middle", "end", "children_5_7", "children_8_11", "young_people_12_16",
        "volunteer", "facilitator",
    }  # fmt: skip


def test_a_release_leaves_alone_what_the_charity_has_changed(db: Session, amina: Actor) -> None:
    changed(db, amina, WHY)
    stored.seed(db)
    assert form(db).version == 2


# --- A table and the form it makes -----------------------------------------------------------


@pytest.mark.parametrize("key", sorted(library.shipped()))
def test_a_form_put_into_a_table_and_back_is_the_same(key: str) -> None:
    shipped = library.shipped()[key]
    said = draft(key, spoken(shipped.title), spoken(shipped.intro), rows(shipped), [shipped])
    assert editing.checked(said) == shipped


def test_a_question_put_in_between_waits_for_an_earlier_answer(db: Session, amina: Actor) -> None:
    changed(db, amina, WHY)

    asked = form(db).questions

    assert [question.key for question in asked][3:6] == ["pace", "after_session_q7", "one_change"]
    when = asked[4].shown_when
    assert when
    assert (when.question, when.answers) == ("pace", (1, 3))
    assert rows(form(db))[4].only_if == "4: Too slow; Too fast"


def test_a_reworded_question_goes_on_counting_and_other_answers_begin_anew(
    db: Session, amina: Actor
) -> None:
    changed(db, amina, text="What was the pace?")
    assert form(db).questions[3].key == "pace"
    first = rows(form(db))[0]
    other = [replace(first, answers="No; Perhaps; Yes"), *rows(form(db))[1:]]
    editing.change(db, amina, KEY, "How was today?", "Ours.", other, version=2)
    assert form(db).questions[0].key == "after_session_q7"


def test_an_answer_more_leaves_the_others_their_numbers(db: Session, amina: Actor) -> None:
    changed(db, amina, answers="Different each time; Too slow; About right; Too fast")
    asked = form(db).questions[3]
    assert asked.key == "pace"
    assert asked.labels == {
        4: "Different each time",
        1: "Too slow",
        2: "About right",
        3: "Too fast",
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (replace(WHY, only_if="4 Too fast"), "write the number of an earlier question"),
        (replace(WHY, only_if="9: Too fast"), "write the number of an earlier question"),
        (replace(WHY, only_if="5: Too fast"), "write the number of an earlier question"),
        (replace(WHY, only_if="4: Far too fast"), "no answer “Far too fast”"),
        (replace(WHY, only_if="", kind="scale"), "“Why was that\\?”: Answers are needed"),
        (replace(WHY, only_if="", kind="choice", answers="Yes"), "two answers to choose from"),
        (replace(WHY, only_if="", kind="choice", answers="Yes; Yes"), "differ from each other"),
        (replace(WHY, only_if="", kind="faces", answers="1;2;3;4;5;6"), "5 faces at most"),
        (replace(WHY, only_if="", kind="nonsense"), "“Why was that\\?”"),
        (replace(WHY, only_if="", text="x" * 161), "longer than 160"),
        (replace(WHY, only_if="", place=4), "a number of its own"),
        (replace(WHY, only_if="", kind="choice", answers=";".join(map(str, range(75)))), "80"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_named_and_nothing_is_kept(
    db: Session, amina: Actor, row: Row, sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        changed(db, amina, row)
    assert form(db).version == 1


def test_a_form_without_a_question_or_a_title_is_refused(db: Session, amina: Actor) -> None:
    with pytest.raises(InvalidInputError):
        editing.add(db, amina, "Ours", "About us.", [])
    with pytest.raises(InvalidInputError) as refused:
        editing.add(db, amina, " ", "About us.", [WHY])
    assert "title" in refused.value.problems or "questions" in refused.value.problems


_LABELS = st.lists(st.sampled_from("ABCDEFG"), min_size=2, max_size=5, unique=True)


_EDITS = st.lists(st.tuples(st.sampled_from(["scale", "choice", "choice"]), _LABELS), max_size=8)


@settings(max_examples=200)
@given(edits=_EDITS)
def test_whatever_is_edited_no_number_under_a_key_ever_means_two_things(
    edits: list[tuple[str, list[str]]],
) -> None:
    meant: dict[tuple[str, int], str] = {}
    versions: list[FormDefinition] = []
    for kind, labels in edits:
        key = versions[-1].questions[0].key if versions else ""
        row = Row(key=key, place=1, text="Which?", kind=kind, answers=";".join(labels))
        made = editing.checked(draft("ours", "Ours", "Ours.", [row], versions))
        versions.append(made.model_copy(update={"version": len(versions) + 1}))
        for question in made.questions:
            assert sorted(question.labels.values()) == sorted(labels)
            for value, label in question.labels.items():
                assert meant.setdefault((question.key, value), label) == label


# --- Versions ------------------------------------------------------------------------------


def test_a_change_is_a_new_version_and_the_same_again_is_none(db: Session, amina: Actor) -> None:
    assert changed(db, amina, WHY) == 2
    entries = db.scalar(select(func.count(AuditEntry.id)))
    assert changed(db, amina) == 2
    assert db.scalar(select(func.count(AuditEntry.id))) == entries
    assert stored.version_of(db, KEY, 1) == library.shipped()[KEY]
    assert editing.history(db, amina, KEY)["version"].tolist() == [2, 1]


def test_whoever_saw_an_older_version_is_told(db: Session, amina: Actor, leila: Actor) -> None:
    changed(db, leila, WHY)
    with pytest.raises(ConflictError, match="made version 2"):
        editing.change(db, amina, KEY, "Ours", "Ours.", rows(form(db)), version=1)


def test_one_of_the_charitys_own_can_be_made(db: Session, leila: Actor) -> None:
    key = editing.add(db, leila, "Coffee & craft", "About coffee.", [replace(WHY, only_if="")])
    assert key == "coffee_craft"
    with pytest.raises(InvalidInputError, match="of that name"):
        editing.add(db, leila, "Coffee, craft", "About coffee.", [replace(WHY, only_if="")])


def test_only_coordinator_and_lead_make_forms(
    db: Session, ben: Actor, ada: Actor, vik: Actor, erin: Actor
) -> None:
    for actor in (ben, ada, vik, erin):
        for act in (
            lambda who: editing.add(db, who, "Ours", "Ours.", [WHY]),
            lambda who: changed(db, who, WHY),
            lambda who: editing.translate(db, who, KEY, "pl", {}, version=1),
            lambda who: choosing.choose(db, who, "steps_forward", {}, seen={}),
            lambda who: corrections.lines(db, who, "pl"),
            lambda who: corrections.correct(db, who, "pl", "send", "Wyślij", seen=""),
        ):
            with pytest.raises(NotPermittedError):
                act(actor)
    for actor in (ada, vik, erin):
        with pytest.raises(NotPermittedError):
            editing.directory(db, actor)


def test_a_form_is_put_into_another_language_and_keeps_it_through_a_change(
    db: Session, amina: Actor
) -> None:
    said = {text[ENGLISH]: f"PL {text[ENGLISH]}" for text in editing.texts(form(db))}
    assert editing.translate(db, amina, KEY, "pl", said, version=1) == 2
    assert editing.languages_of(form(db)) == list(CODES)

    changed(db, amina, text="What was the pace?")

    now = form(db).questions
    assert spoken(now[0].text, "pl") == "PL How safe did you feel today?"
    assert spoken(now[3].text, "pl") == "What was the pace?"  # nobody has translated that yet
    assert spoken(now[3].options[0].label, "pl") == "PL Too slow"


# --- Which form a session asks ---------------------------------------------------------------


def test_a_run_has_one_end_and_one_middle_unless_it_is_short() -> None:
    for offered in range(1, 30):
        asked = [choosing.occasion(number, offered) for number in range(1, offered + 1)]
        assert asked[-1] is Occasion.END
        assert asked.count(Occasion.END) == 1
        assert asked.count(Occasion.MIDDLE) == (offered >= choosing.SHORT)


def test_children_are_asked_with_a_form_for_their_age(db: Session) -> None:
    usual = {key: choosing.usual_form(one) for key, one in programmes.newest(db).items()}
    assert usual["steps_forward"] == "after_session"
    assert usual.keys() >= {"kids_club"}
    assert set(usual.values()) <= library.shipped().keys()
    assert any(form.startswith(("children", "young")) for form in usual.values())


def test_a_programme_asks_with_the_forms_chosen_for_it(
    db: Session, amina: Actor, ben: Actor, group: Group, time_stands_still: Clock
) -> None:
    nothing = choosing.chosen(db, amina, group.programme)
    picked = {Occasion.AFTER_SESSION: None, Occasion.MIDDLE: "middle", Occasion.END: "end"}
    choosing.choose(db, amina, group.programme, picked, seen=nothing)

    asked = {}
    for number in (3, 6, 12):
        held = session_of(db, group, number)
        time_stands_still.moment = held.starts_at
        asked[number] = feedback.open_link(db, ben, held.ref).form.key

    assert asked == {3: "after_session", 6: "middle", 12: "end"}
    with pytest.raises(ConflictError, match="Somebody else chose"):
        choosing.choose(db, amina, group.programme, nothing, seen=nothing)
    with pytest.raises(InvalidInputError):
        choosing.choose(db, amina, group.programme, {Occasion.END: "none"}, seen=picked)
    with pytest.raises(NotFoundError):
        choosing.choose(db, amina, "nothing", nothing, seen=nothing)
    users = choosing.users(db, ben).set_index("programme").loc[group.programme]
    assert (users["after_session"], users["middle"], users["end"]) == (KEY, "middle", "end")


def test_a_session_that_has_begun_keeps_the_version_people_have_before_them(
    db: Session, amina: Actor, ben: Actor, group: Group
) -> None:
    begun, coming = token_of(db, ben, group), token_of(db, ben, group, 3)

    changed(db, amina, WHY)

    versions = dict(db.execute(select(FeedbackLink.token_hash, FeedbackLink.form_version)).all())
    assert versions == {feedback.token_digest(begun): 1, feedback.token_digest(coming): 2}
    feedback.submit(db, begun, "a-form-number-of-its-own-1", {"pace": 1}, seen="after_session.1")
    assert db.scalar(select(FeedbackAnswer.form_version)) == 1


@pytest.mark.parametrize(
    ("seen", "version"),
    [("after_session.1", 1), ("after_session.2", 2), ("after_session.3", 2), ("", 2),
     ("end.1", 2), ("after_session.x", 2), ("after_session.0", 1), ("after_session.-1", 2)],
)  # fmt: skip
def test_an_answer_goes_to_the_version_she_saw_and_to_no_other_form(
    db: Session, amina: Actor, ben: Actor, group: Group, time_stands_still: Clock, seen: str,
    version: int,
) -> None:  # fmt: skip
    coming = token_of(db, ben, group, 3)
    changed(db, amina, WHY)
    time_stands_still.moment = session_of(db, group, 3).starts_at

    feedback.submit(db, coming, "a-form-number-of-its-own-1", {"pace": 1}, seen=seen)

    found = db.execute(select(FeedbackAnswer.form, FeedbackAnswer.form_version)).one()
    assert tuple(found) == (KEY, version)


def test_results_show_what_each_version_asked(
    db: Session, amina: Actor, ben: Actor, group: Group, time_stands_still: Clock
) -> None:
    coming = token_of(db, ben, group, 3)
    changed(db, amina, WHY)
    time_stands_still.moment = session_of(db, group, 3).starts_at
    for who, seen in enumerate(["after_session.1", "after_session.2", "after_session.2"]):
        feedback.submit(db, coming, f"a-form-number-of-its-own-{who}", {"pace": 1}, seen=seen)

    found = results.results(db, ben, session_of(db, group, 3).ref)

    assert len(found.questions) == 2 * len(library.shipped()[KEY].questions) + 1
    assert sum(dict(one.counts).get("Too slow", 0) for one in found.questions) == 3


# --- Answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["answers", "hint", "section", "only_if"])
def test_a_line_that_says_anything_but_its_question_is_not_dropped_unseen(
    db: Session, amina: Actor, field: str
) -> None:
    with pytest.raises(InvalidInputError, match="Line 9: write the question"):
        changed(db, amina, Row(key="", place=9, kind="scale", text=" ", **{field: "Typed"}))
    assert changed(db, amina, Row(key="", place=9, kind="scale", text=" "), WHY) == 2


def test_several_answers_are_kept_counted_and_shown(
    db: Session, amina: Actor, ben: Actor, group: Group
) -> None:
    liked = Row(key="", place=9, text="What did you like?", kind="several", answers="Tea; Talk")
    changed(db, amina, liked)
    token = token_of(db, ben, group)
    for who, answer in enumerate(([1, 2], [2], NOT_TODAY)):
        given = {"after_session_q7": answer, "pace": 2}
        feedback.submit(db, token, f"a-form-number-of-its-own-{who}", given)

    (said,) = [
        one for one in results.results(db, ben, session_of(db, group, 2).ref).questions
        if one.question.key == "after_session_q7"
    ]  # fmt: skip

    assert (dict(said.counts), said.not_today) == ({"Tea": 1, "Talk": 2}, 1)
    assert {cell.first for cell in feedback.recount(db) if cell.key == "after_session_q7"} == {1, 2}


@pytest.mark.parametrize("wrong", [[3], [1, 1], ["1"], [True], 1, "Tea", [[1]], [NOT_TODAY]])
def test_several_answers_must_be_on_the_form(wrong: object) -> None:
    shipped = library.shipped()["middle"]
    odd = {"middle_hard": wrong if wrong != [3] else [33]}
    with pytest.raises(InvalidInputError):
        checked(shipped, odd)  # type: ignore[arg-type]


def test_what_nobody_was_asked_for_is_kept_all_the_same() -> None:
    shipped = library.shipped()["end"]
    given = {"end_recommend": 1, "end_why": "It was good"}
    assert checked(shipped, given) == given


# --- Lines ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(lines.catalogues()))
def test_every_language_says_every_line_and_fills_in_the_same(code: str) -> None:
    ours, english = lines.catalogues()[code].lines, lines.catalogues()[ENGLISH].lines
    assert ours.keys() == english.keys()
    for key, text in ours.items():
        places = [place for place in corrections.PLACES if place in english[key]]
        assert all(place in text for place in places), key
        assert text.count("{") == len(places), key


def test_a_day_is_written_as_the_language_does() -> None:
    assert lines.english().day(date(2026, 9, 15)) == "Tuesday 15 September 2026"


def test_a_charity_corrects_a_line_and_takes_it_back(db: Session, amina: Actor) -> None:
    corrections.correct(db, amina, "en", "send", " Send  it ", seen="Send")
    assert corrections.lines_in(db, "en").say("send") == "Send it"
    with pytest.raises(ConflictError, match="Somebody else"):
        corrections.correct(db, amina, "en", "send", "Away", seen="Send")
    corrections.correct(db, amina, "en", "send", "", seen="Send it")
    frame = corrections.lines(db, amina, "en").set_index("key")
    assert (frame.loc["send", "text"], frame["corrected"].any()) == ("Send", False)


@pytest.mark.parametrize("text", ["No day in it", "x{day}" * 200])
def test_a_correction_that_would_leave_something_out_is_refused(
    db: Session, amina: Actor, text: str
) -> None:
    seen = lines.english().say("about_session")
    with pytest.raises(InvalidInputError):
        corrections.correct(db, amina, "en", "about_session", text, seen=seen)


def test_an_unknown_line_or_language_is_not_found_and_spoken_in_english(
    db: Session, amina: Actor
) -> None:
    for code, key in (("en", "nothing"), ("xx", "send")):
        with pytest.raises(NotFoundError):
            corrections.correct(db, amina, code, key, "x", seen="Send")
    assert corrections.lines_in(db, "../etc").code == ENGLISH
    assert set(lines.catalogues()) <= set(CODES)


def test_the_versions_of_a_form_say_how_many_answered_each(
    db: Session, amina: Actor, ben: Actor, group: Group, time_stands_still: Clock
) -> None:
    feedback.submit(db, token_of(db, ben, group), "a-form-number-of-its-own-1", {"pace": 1})
    changed(db, amina, WHY)
    time_stands_still.go_on(days=1 / 24)
    assert editing.history(db, ben, KEY)["answers"].tolist() == [0, 1]
    assert editing.directory(db, ben).set_index("key").loc[KEY, "questions"] == 7
    assert db.scalar(select(func.count(FormVersion.id))) == len(library.shipped()) + 1
    assert timedelta(hours=1) == time_stands_still.moment - form_made(db)


def form_made(db: Session) -> object:
    query = select(FormVersion.made_at).where(FormVersion.key == KEY, FormVersion.version == 2)
    return db.scalars(query).one()
