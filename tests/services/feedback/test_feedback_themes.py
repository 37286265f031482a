"""Themes of own words, and words that may be quoted as long as their yes holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Basis, Group, GroupSession, Purpose
from services import feedback, themes
from services.consents import consent_view, consents
from services.consents.consents import ConsentDraft
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.feedback import quotes, quoting, results, tagging
from services.feedback.quoting import _is_part_of
from services.forms.checking import NOT_TODAY, Answer
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Kind
from tests.make import make_group, make_person, make_place, session_of

WORDS = "I felt listened to, and Sam made tea."


def said(db: Session, ben: Actor, held: GroupSession, *forms: dict[str, Answer]) -> None:
    """These forms given in, and looked at by the facilitator."""
    token = feedback.open_link(db, ben, held.ref).path.removeprefix("/f/")
    for who, answers in enumerate(forms):
        feedback.submit(db, token, f"a-form-number-of-its-own-{who}", answers)
    results.results(db, ben, held.ref)


@pytest.fixture
def three(db: Session, ben: Actor, held: GroupSession) -> None:
    """One who may be quoted, one who did not say so, and one who said no."""
    said(
        db, ben, held,
        {"one_change": WORDS, "may_quote": 1},
        {"one_change": "Longer breaks"},
        {"one_change": "A warmer room", "may_quote": 0},
    )  # fmt: skip


def of(db: Session, ben: Actor, held: GroupSession, words: str) -> tagging.Tagged:
    return next(one for one in tagging.texts(db, ben, held.ref) if one.words == words)


def refs(db: Session, ben: Actor, *labels: str) -> list[str]:
    return [one.ref for one in themes.listing(db, ben) if one.label in labels]


def counted(db: Session) -> int:
    return int(tallies.counts(db, Kind.THEME)["count"].sum())


# --- Themes ------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_a_text_is_put_to_themes_counted_and_taken_away_again(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    words = of(db, ben, held, WORDS)
    two = refs(db, ben, "Being heard", "Room and comfort")

    tagging.tag(db, ben, held.ref, {words.handle: two}, seen={words.handle: ()})

    assert of(db, ben, held, WORDS).themes == set(two)
    assert counted(db) == 3  # two themes, and one text that has any
    assert feedback.recount(db) == tallies.stored(db)
    tagging.tag(db, ben, held.ref, {words.handle: two[:1]}, seen={words.handle: two})
    assert counted(db) == 2
    tagging.tag(db, ben, held.ref, {words.handle: ()}, seen={words.handle: two[:1]})
    assert counted(db) == 0
    assert feedback.recount(db) == tallies.stored(db)


def test_what_has_not_been_shown_has_no_themes(db: Session, ben: Actor, held: GroupSession) -> None:
    said(db, ben, held, {"one_change": WORDS, "may_quote": 1}, {"one_change": "Tea"})
    assert tagging.texts(db, ben, held.ref) == ()


@pytest.mark.usefixtures("three")
def test_two_texts_of_one_person_have_names_that_do_not_go_together(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    names = [one.handle for one in tagging.texts(db, ben, held.ref)]
    stored = str(db.execute(text("SELECT form_number FROM feedback_answers")).all())
    assert len(set(names)) == 3
    assert not any(name in stored for name in names)


@pytest.mark.usefixtures("three")
def test_whoever_was_slower_with_themes_is_told(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    words = of(db, ben, held, WORDS)
    tagging.tag(db, ben, held.ref, {words.handle: refs(db, ben, "Pace")}, seen={words.handle: ()})
    with pytest.raises(ConflictError, match="Somebody else"):
        tagging.tag(db, ben, held.ref, {words.handle: ()}, seen={words.handle: ()})


@pytest.mark.usefixtures("three")
def test_unknown_themes_too_many_and_unknown_texts_are_refused(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    name = of(db, ben, held, WORDS).handle
    every = [one.ref for one in themes.listing(db, ben)]
    for wrong in (["nothing"], every):
        with pytest.raises(InvalidInputError):
            tagging.tag(db, ben, held.ref, {name: wrong}, seen={name: ()})
    with pytest.raises(NotFoundError):
        tagging.tag(db, ben, held.ref, {"nothing": every[:1]}, seen={})
    assert counted(db) == 0


def test_the_list_is_changed_and_what_was_counted_stays(
    db: Session, amina: Actor, ben: Actor, held: GroupSession, three: None
) -> None:
    words = of(db, ben, held, WORDS)
    (pace,) = refs(db, ben, "Pace")
    tagging.tag(db, ben, held.ref, {words.handle: [pace]}, seen={words.handle: ()})
    version = next(one.version for one in themes.listing(db, amina) if one.ref == pace)

    themes.change(db, amina, pace, " Our  pace ", is_active=False, version=version)

    assert [(one.label, one.is_active) for one in themes.listing(db, amina) if one.ref == pace] == [
        ("Our pace", False)
    ]
    assert of(db, ben, held, WORDS).themes == {pace}
    with pytest.raises(ConflictError, match="Somebody else"):
        themes.change(db, amina, pace, "Speed", is_active=True, version=version)


@pytest.mark.parametrize("label", ["", " ", "x" * 61, "PACE", "Pace "])
def test_a_theme_needs_a_name_of_its_own(db: Session, amina: Actor, label: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        themes.add(db, amina, label)
    assert set(refused.value.problems) == {"label"}


# --- Quotes ------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_words_are_quoted_with_a_yes_alone(
    db: Session, ben: Actor, leila: Actor, held: GroupSession
) -> None:
    for words in ("Longer breaks", "A warmer room"):
        with pytest.raises(ConflictError, match="did not say"):
            quoting.choose(db, ben, held.ref, of(db, ben, held, words).handle, words)
    assert quotes.usable(db, leila) == ()

    quoting.choose(db, ben, held.ref, of(db, ben, held, WORDS).handle, "I felt listened to…")

    (quote,) = quotes.usable(db, leila)
    assert (quote.words, quote.programme) == ("I felt listened to…", "steps_forward")
    assert quotes.usable(db, leila, programme="open_door") == ()
    assert "listened" not in str(db.execute(text("SELECT * FROM feedback_quotes")).all())


@pytest.mark.usefixtures("three")
def test_a_quote_that_is_withdrawn_is_gone_and_cannot_be_chosen_again(
    db: Session, ben: Actor, leila: Actor, held: GroupSession
) -> None:
    name = of(db, ben, held, WORDS).handle
    ref = quoting.choose(db, ben, held.ref, name, WORDS)
    with pytest.raises(ConflictError, match="already"):
        quoting.choose(db, ben, held.ref, name, WORDS)
    with pytest.raises(ConflictError, match="Somebody else"):
        quoting.withdraw(db, ben, held.ref, ref, version=7)

    quoting.withdraw(db, ben, held.ref, ref, version=1)
    quoting.withdraw(db, ben, held.ref, ref, version=1)  # pressed twice

    assert quotes.usable(db, leila) == quotes.of_session(db, ben, held.ref) == ()
    assert db.scalar(text("SELECT count(*) FROM feedback_quotes WHERE words IS NOT NULL")) == 0
    with pytest.raises(ConflictError, match="any more"):
        quoting.choose(db, ben, held.ref, name, WORDS)
    actions = select(AuditEntry.action).where(AuditEntry.action.like("quote.%"))
    assert list(db.scalars(actions.order_by(AuditEntry.id))) == ["quote.chosen", "quote.withdrawn"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("words", ["I felt heard", "", "…", "x" * 501, "tea and listened"])
def test_nothing_is_put_into_her_mouth(
    db: Session, ben: Actor, held: GroupSession, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        quoting.choose(db, ben, held.ref, of(db, ben, held, WORDS).handle, words)
    assert set(refused.value.problems) == {"words"}


@given(st.text("abc dé.,", min_size=1), st.data())
def test_any_part_of_what_stands_there_may_be_quoted(whole: str, data: st.DataObject) -> None:
    tidy = " ".join(whole.split())
    start = data.draw(st.integers(0, len(tidy)))
    end = data.draw(st.integers(start, len(tidy)))
    part = tidy[start:end].strip().replace("...", "")
    assert _is_part_of(f"…{part}… [name]", whole) == bool(part and part in tidy)


def test_what_she_told_us_is_quoted_while_that_very_consent_stands(
    db: Session, amina: Actor, ben: Actor, leila: Actor, group: Group
) -> None:
    dana = make_person(db, amina)
    make_place(db, amina, group, dana)
    with pytest.raises(ConflictError, match="consent"):
        quoting.told(db, ben, dana.ref, "It helped")
    draft = ConsentDraft(purpose=Purpose.QUOTE, basis=Basis.SELF, given_on=date(2026, 9, 1))
    consent = consents.record(db, ben, dana.ref, draft)
    quoting.told(db, ben, dana.ref, "It helped")
    assert [one.words for one in quotes.usable(db, leila)] == ["It helped"]
    assert quotes.of_person(db, ben, dana.ref)[0].programme is None

    consents.withdraw(db, ben, consent, on=date(2026, 9, 16), version=1)
    assert quotes.usable(db, leila) == quotes.of_person(db, ben, dana.ref) == ()

    after = consent_view.history(db, ben, dana.ref)["consent"].iloc[0]
    again = ConsentDraft(
        purpose=Purpose.QUOTE, basis=Basis.SELF, given_on=date(2026, 9, 16), after=after
    )
    consents.record(db, ben, dana.ref, again)
    assert quotes.usable(db, leila) == ()
    ref = quoting.told(db, ben, dana.ref, "It still helps")
    quoting.take_back(db, ben, dana.ref, ref, version=1)
    assert quotes.usable(db, leila) == ()


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_put_themes_and_choose_quotes(
    db: Session, held: GroupSession, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    for act in (
        lambda: tagging.texts(db, actor, held.ref),
        lambda: tagging.tag(db, actor, held.ref, {}, seen={}),
        lambda: quotes.of_session(db, actor, held.ref),
        lambda: quoting.choose(db, actor, held.ref, "x", "y"),
        lambda: quoting.withdraw(db, actor, held.ref, "x", version=1),
    ):
        with pytest.raises(NotPermittedError):
            act()


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "vik", "erin"])
def test_only_a_lead_sees_all_quotes(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermittedError):
        quotes.usable(db, request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["ben", "ada", "vik", "erin"])
def test_only_who_keeps_forms_keeps_the_list(
    db: Session, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        themes.add(db, actor, "Tea")
    with pytest.raises(NotPermittedError):
        themes.change(db, actor, "x", "Tea", is_active=True, version=1)


def test_another_groups_words_do_not_exist_for_a_stranger(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, held: GroupSession, three: None
) -> None:
    name = of(db, ben, held, WORDS).handle
    ref = quoting.choose(db, ben, held.ref, name, WORDS)
    own = session_of(db, make_group(db, amina, [chloe], code_name="Another"), 2).ref
    for act in (
        lambda: tagging.texts(db, chloe, held.ref),
        lambda: tagging.tag(db, chloe, own, {name: ()}, seen={}),
        lambda: quoting.choose(db, chloe, own, name, WORDS),
        lambda: quoting.withdraw(db, chloe, own, ref, version=1),
    ):
        with pytest.raises(NotFoundError):
            act()
    dana = make_person(db, amina)
    with pytest.raises(ConflictError):
        quoting.told(db, chloe, dana.ref, "It helped")
    assert quotes.of_person(db, chloe, dana.ref) == ()


def test_a_form_of_not_today_is_no_form_that_says_something(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    said(db, ben, held, {"pace": NOT_TODAY}, {"pace": 2})
    assert int(tallies.counts(db, Kind.FORM)["count"].sum()) == 1
