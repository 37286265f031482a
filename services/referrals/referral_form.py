"""The questions of the public referral form, and what makes an answer usable.

It is filled in by professionals. It asks what is needed to reach somebody safely and to see
whether we can help, and nothing that can wait until she is asked herself.
"""

from collections.abc import Mapping
from datetime import date

from services.public_forms import form_questions
from services.public_forms.form_questions import Answers, Question, Section, by_key

_YES_NO = {"yes": "Yes", "no": "No"}
_YOU = (
    Question(
        key="sender_name",
        text="Your name",
        missing="Tell us your name, so that we can speak with you about her.",
    ),
    Question(
        key="sender_agency",
        text="Where you work",
        missing="Tell us where you work.",
    ),
    Question(
        key="sender_contact",
        text="Your work phone or email",
        missing="Tell us how to reach you at work.",
    ),
)
_HER = (
    Question(
        key="kind",
        text="Is she an adult or a child?",
        kind="choice",
        options={"adult": "An adult", "child": "A child, under 18"},
        missing="Choose adult or child.",
    ),
    Question(key="first_name", text="First name", missing="Tell us her first name."),
    Question(key="last_name", text="Last name", missing="Tell us her last name."),
    Question(
        key="date_of_birth",
        text="Date of birth, if you know it",
        kind="date",
        hint="Day, month and year, such as 27 3 1985.",
    ),
    Question(
        key="agrees",
        text="Does she know about this referral, and agree to it?",
        kind="choice",
        hint="For a child under 16: does the parent who looks after the child agree?",
        options=_YES_NO,
        missing="Tell us whether she knows and agrees.",
    ),
)
_SAFE = (
    Question(
        key="routes",
        text="Which ways to reach her has she said are safe?",
        kind="checks",
        hint="Tick only what she told you. If nothing is ticked, we speak with you first.",
        options={
            "call": "A phone call",
            "text": "A text message",
            "email": "An email",
            "worker": "Only through me",
        },
    ),
    Question(key="phone", text="Her phone number, if it is safe"),
    Question(key="email", text="Her email, if it is safe"),
    Question(
        key="voicemail",
        text="May we leave a message?",
        kind="choice",
        options={**_YES_NO, "unknown": "I do not know"},
    ),
    Question(key="when", text="Days and times that are safe"),
    Question(key="say", text="Who may we say is calling?"),
    Question(key="seen_by", text="Who else may see her phone, email or post?"),
)
_HELP = (
    Question(key="wishes", text="What would she like?", kind="checks"),
    Question(
        key="reason",
        text="What would help, and why now?",
        kind="text",
        hint="A few sentences in neutral words. We ask her about the rest ourselves.",
        missing="Tell us in a few words what would help.",
    ),
    Question(
        key="risk",
        text="Her present level of risk, if it has been assessed",
        kind="choice",
        options={
            "high": "High",
            "medium": "Medium",
            "standard": "Standard",
            "unknown": "Not assessed, or I do not know",
        },
    ),
    Question(
        key="needs",
        text="What does she need to take part?",
        kind="text",
        hint="An interpreter, step-free access, a crèche, transport or anything else.",
    ),
)
SECTIONS = (
    Section("About you", "We may ring you back about her.", _YOU),
    Section("About her", "Or about him or them: whoever the place would be for.", _HER),
    Section(
        "Reaching her safely",
        "A call or a letter can put somebody in danger. We use no way that is not named here, "
        "and we ask her again before we use it.",
        _SAFE,
    ),
    Section("What would help", "", _HELP),
)
QUESTIONS = by_key(SECTIONS)


def checked(fields: Mapping[str, str], wishes: Mapping[str, str], *, today: date) -> Answers:
    """The answers of a form as it was sent, blanks left out.

    `wishes` are the interventions offered now. Raises InvalidInputError with a sentence a
    question.
    """
    return form_questions.checked(QUESTIONS, fields, {"wishes": wishes}, today=today)


def risk_said(answers: Answers) -> str:
    """The level of risk that was given, as people read it; nothing where none was."""
    level = str(answers.get("risk", "unknown"))
    return "" if level == "unknown" else QUESTIONS["risk"].options[level]


def in_words(answers: Mapping[str, str | list[str]], wishes: Mapping[str, str]) -> dict[str, str]:
    """Each question that was answered, with the answer as people read it."""
    return form_questions.in_words(QUESTIONS, answers, {"wishes": wishes})
