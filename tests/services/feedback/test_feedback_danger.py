"""Words that may mean danger are read the same day, by somebody named, without a name on them."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import AuditEntry, Facilitation, FeedbackAlert, Group, GroupSession
from services import feedback
from services.errors import NotFoundError, NotPermittedError
from services.feedback import alerts, results
from services.feedback.danger import sounds_like_danger
from services.forms.checking import Answer
from services.forms.corrections import lines_in
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_group, session_of

DANGER = "I am scared to go home, he has a knife"


def say(db: Session, ben: Actor, held: GroupSession, who: int = 1, **answers: Answer) -> None:
    token = feedback.open_link(db, ben, held.ref).path.removeprefix("/f/")
    feedback.submit(db, token, f"a-form-number-of-its-own-{who}", answers)


@pytest.mark.parametrize(
    "text",
    [DANGER, "He said he'll KILL me", "I don’t want to live, suicide", "he  is\nwaiting",
     "I cut myself", "He strangled me", "we are in danger", "she hits me",
     "He threatened my sister",
     "self-harm"],
)  # fmt: skip
def test_these_are_brought_before_somebody(text: str) -> None:
    assert sounds_like_danger(text)


@pytest.mark.parametrize(
    "text",
    ["", "More tea please", "It helped me", "Cut the break short", "Too many stickers",
     "The skills were useful", "A dangerous amount of cake", "Follow up on last week"],
)  # fmt: skip
def test_these_are_not(text: str) -> None:
    assert not sounds_like_danger(text)


def test_the_lead_is_named_and_sees_the_words_before_three_have_answered(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    say(db, ben, held, felt_safe=1, one_change=DANGER)

    (due,) = alerts.due(db, ben)
    (words,) = alerts.unread(db, ben, held.ref)

    assert (due.session_ref, due.code_name, due.number) == (held.ref, "Tuesday craft", 2)
    assert (due.named, words.named) == ("Ben", "Ben")
    assert words.words == (DANGER,)
    assert results.results(db, ben, held.ref).questions == ()


def test_nothing_else_is_brought_up(db: Session, ben: Actor, held: GroupSession) -> None:
    say(db, ben, held, felt_safe=1, one_change="More tea")
    assert alerts.due(db, ben) == ()
    assert alerts.unread(db, ben, held.ref) == ()


def test_words_of_a_language_the_list_does_not_know_are_all_read_the_same_day(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    token = feedback.open_link(db, ben, held.ref).path.removeprefix("/f/")
    polish = lines_in(db, "pl")
    given: dict[str, Answer] = {"felt_safe": 1, "one_change": "Boję się wracać do domu"}
    feedback.submit(db, token, "a-form-number-of-its-own-1", given, lines=polish)
    feedback.submit(db, token, "a-form-number-of-its-own-2", {"felt_safe": 2}, lines=polish)

    (words,) = alerts.unread(db, ben, held.ref)

    assert words.words == ("Boję się wracać do domu",)


def test_once_read_it_is_due_no_more_and_twice_is_no_fault(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    say(db, ben, held, one_change=DANGER)
    (words,) = alerts.unread(db, ben, held.ref)

    for _ in range(2):
        alerts.mark_read(db, ben, held.ref, words.ref)

    assert alerts.due(db, ben) == ()
    query = select(AuditEntry.action, AuditEntry.details).where(
        AuditEntry.action.like("feedback.danger%")
    )
    found = [tuple(row) for row in db.execute(query)]
    assert [action for action, _ in found] == ["feedback.danger_shown", "feedback.danger_read"]
    assert "knife" not in str(found)


def test_an_alert_says_neither_who_nor_at_what_hour(
    db: Session, ben: Actor, held: GroupSession
) -> None:
    say(db, ben, held, one_change=DANGER)
    assert {column.name for column in FeedbackAlert.__table__.columns} == {
        "id", "ref", "session_id", "answer_id", "is_whole", "named_id", "raised_on", "read_on",
        "read_by_id",
    }  # fmt: skip


def test_sent_twice_it_is_one(db: Session, ben: Actor, held: GroupSession) -> None:
    say(db, ben, held, one_change=DANGER)
    say(db, ben, held, one_change=DANGER)
    assert len(db.scalars(select(FeedbackAlert)).all()) == 1


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_those_who_read_feedback_see_them(
    db: Session, held: GroupSession, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        alerts.due(db, actor)
    with pytest.raises(NotPermittedError):
        alerts.unread(db, actor, held.ref)
    with pytest.raises(NotPermittedError):
        alerts.mark_read(db, actor, held.ref, "x")


def test_another_groups_words_do_not_exist_for_a_stranger(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, held: GroupSession
) -> None:
    say(db, ben, held, one_change=DANGER)
    (words,) = alerts.unread(db, ben, held.ref)
    own = session_of(db, make_group(db, amina, [chloe], code_name="Another"), 2)

    assert alerts.due(db, chloe) == ()
    with pytest.raises(NotFoundError):
        alerts.unread(db, chloe, held.ref)
    with pytest.raises(NotFoundError):
        alerts.mark_read(db, chloe, own.ref, words.ref)
    assert len(alerts.due(db, ben)) == 1


def test_the_lead_learns_where_nobody_has_read_them_on_their_day(
    db: Session,
    ben: Actor,
    leila: Actor,
    group: Group,
    held: GroupSession,
    time_stands_still: Clock,
) -> None:
    say(db, ben, held, one_change=DANGER)
    assert alerts.unheard(db, leila).empty, "it is still to be read today"
    time_stands_still.go_on(days=1)

    (told,) = alerts.unheard(db, leila).to_dict("records")

    assert (told["group"], told["session"], told["facilitators"]) == (group.code_name, 2, "Ben")
    assert DANGER not in str(told)
    (words,) = alerts.unread(db, ben, held.ref)
    alerts.mark_read(db, ben, held.ref, words.ref)
    assert alerts.unheard(db, leila).empty
    with pytest.raises(NotPermittedError):
        alerts.unheard(db, ben)


def test_where_nobody_is_there_to_read_them_the_lead_learns_it_at_once(
    db: Session, ben: Actor, leila: Actor, held: GroupSession
) -> None:
    say(db, ben, held, one_change=DANGER)
    db.execute(delete(Facilitation))
    assert alerts.unheard(db, leila)["facilitators"].tolist() == ["nobody"]
