"""The questions of the public form for people who would like to volunteer.

It begins with how to reach her safely, and asks nothing that can wait until we meet: nothing
about abuse, and not whether she was in a group here herself.
"""

from collections.abc import Mapping
from datetime import date

from services.errors import InvalidInputError
from services.public_forms import form_questions
from services.public_forms.form_questions import Answers, Question, Section, by_key
from services.volunteers.volunteers import VolunteerDraft

HARD_TO_MEET = "hard_to_meet"
BY_PHONE = frozenset({"call", "text"})
_SAFE = (
    Question(
        key="routes",
        text="How may we reach you?",
        kind="checks",
        hint="Tick only what is safe for you. We use nothing else.",
        options={
            "call": "A phone call",
            "text": "A text message",
            "email": "An email",
            "herself": "I will get in touch with you myself",
        },
        missing="Tick at least one way that is safe for you.",
    ),
    Question(key="phone", text="Your phone number, if it is safe"),
    Question(key="email", text="Your email, if it is safe"),
    Question(
        key="voicemail",
        text="May we leave a message?",
        kind="choice",
        hint="If you do not choose, we leave none.",
        options={"yes": "Yes", "no": "No"},
    ),
    Question(key="when", text="Days and times that are safe"),
    Question(key="say", text="Which name may we give when we get in touch?"),
    Question(
        key="code_word",
        text="A word by which we know that it is you",
        hint="If you would like one.",
    ),
    Question(key="seen_by", text="Who else may see your phone or email?"),
)
_YOU = (
    Question(key="first_name", text="Your first name", missing="Tell us your first name."),
    Question(key="last_name", text="Your last name", missing="Tell us your last name."),
    Question(
        key="adult",
        text="Are you 18 or over?",
        kind="choice",
        options={"yes": "Yes", "no": "No"},
        missing="Tell us whether you are 18 or over.",
    ),
)
_ROLE = (
    Question(
        key="roles",
        text="What would you like to do?",
        kind="checks",
        hint="Tick as many as you like. You can change your mind at any time.",
        options={
            "welcome": "Welcome people and make tea",
            "creche": "Help in the crèche",
            "co_facilitator": "Help to run a group",
            "peer_contact": "Be there for one person at a time",
            "unsure": "I do not know yet",
        },
    ),
    Question(
        key="why",
        text="What would you like us to know about you?",
        kind="text",
        hint="Only what you like to share.",
    ),
    Question(key="free", text="When do you have time?"),
    Question(
        key="support",
        text="Do you have support of your own, outside volunteering?",
        kind="choice",
        hint="A friend, a counsellor, a group. We ask because the role can be heavy.",
        options={"yes": "Yes", "not_yet": "Not yet", "talk": "I would rather talk about it"},
    ),
)
_APART = (
    Question(
        key=HARD_TO_MEET,
        text="Is there anyone you would find it hard to meet in a group?",
        kind="text",
        hint="You need not say why. This is sealed: only a coordinator opens it, and nobody is "
        "ever told.",
    ),
)
SECTIONS = (
    Section(
        "Reaching you safely",
        "A call at the wrong moment can be dangerous. We use no way that you do not tick here.",
        _SAFE,
    ),
    Section("About you", "", _YOU),
    Section("The role", "", _ROLE),
    Section("Before we meet", "", _APART),
)
QUESTIONS = by_key(SECTIONS)


def checked(fields: Mapping[str, str], *, today: date) -> Answers:
    """The answers of a form as it was sent, blanks left out.

    Raises InvalidInputError with a sentence a question.
    """
    problems: dict[str, str] = {}
    answers: Answers = {}
    try:
        answers = form_questions.checked(QUESTIONS, fields, {}, today=today)
    except InvalidInputError as error:
        problems = error.problems
    problems = _beyond(fields) | problems
    if problems:
        raise InvalidInputError({key: problems[key] for key in QUESTIONS if key in problems})
    return answers


def in_words(answers: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Each question that was answered, with the answer as people read it."""
    return form_questions.in_words(QUESTIONS, answers, {})


def as_draft(answers: Mapping[str, str | list[str]]) -> VolunteerDraft:
    """Her record as the answers make it: a number or an address only where it is safe."""
    routes = frozenset(answers.get("routes", ()))
    return VolunteerDraft(
        first_name=str(answers.get("first_name", "")),
        last_name=str(answers.get("last_name", "")),
        phone=str(answers.get("phone", "")) if routes & BY_PHONE else "",
        email=str(answers.get("email", "")) if "email" in routes else "",
    )


def _beyond(fields: Mapping[str, str]) -> dict[str, str]:
    """What no single question can see: a way without an address, a name that cannot be kept."""
    routes = {key.removeprefix("routes.") for key in fields if key.startswith("routes.")}
    problems: dict[str, str] = {}
    draft = VolunteerDraft(
        **{key: fields.get(key, "") for key in ("first_name", "last_name", "phone", "email")}
    )
    try:
        draft.checked()
    except InvalidInputError as error:
        problems |= error.problems
    if routes & BY_PHONE and not draft.phone.strip():
        problems["phone"] = "Tell us the number to call or text, or untick both above."
    if "email" in routes and not draft.email.strip():
        problems["email"] = "Tell us your email address, or untick it above."
    if fields.get("adult") == "no":
        problems["adult"] = "Volunteers are 18 or over. Please get in touch with us another way."
    return problems
