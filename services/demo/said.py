"""What is said after a session: participants' answers to the feedback form, facilitators' notes."""

from datetime import timedelta

from models import FeedbackAnswer, SessionNote
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink
from services.feedback import counting
from services.forms import library
from services.forms.checking import NOT_TODAY, Answer
from services.forms.choosing import usual_form
from services.forms.definition import FormDefinition, Question

_SESSIONS_ASKED, _ANSWER, _NOTES = 0.85, 0.6, 0.4
# Numbers in no order, as the service has them, and yet none twice: the stride is odd.
_FIRST_ID, _IDS, _STRIDE = 2**30, 2**30, 0x2545F491


def feedback(sink: Sink, chance: Chance, course: Course, session: int, here: int) -> None:
    """The forms given in after one session by some of those who were there, or by nobody."""
    if not chance.happens(_SESSIONS_ASKED):
        return
    form, day = _form(course), course.run.sessions[session - 1].starts_at.date()
    programme, period = course.run.programme.key, course.period
    for _person in range(here):
        if not chance.happens(_ANSWER):
            continue
        answers = {question.key: _answer(chance, question) for question in form.questions}
        given = {key: answer for key, answer in answers.items() if answer is not None}
        if not given:
            continue
        sink.add(
            FeedbackAnswer,
            id=answer_id(sink),
            session_id=course.sessions[session],
            form=form.key,
            form_version=form.version,
            received_on=day,
            form_number=chance.randbytes(32).hex(),
            noted=True,
            answers=given,
        )
        sink.counts.update(counting.of_form(programme, period, form.key, given))


def answer_id(sink: Sink) -> int:
    """The number of the next form given in."""
    return _FIRST_ID + sink.made(FeedbackAnswer) * _STRIDE % _IDS


def note(sink: Sink, chance: Chance, course: Course, session: int) -> None:
    """What the lead wrote down after a session, if she did."""
    if not chance.happens(_NOTES):
        return
    sink.add(
        SessionNote,
        session_id=course.sessions[session],
        account_id=course.lead,
        body=chance.word("note"),
        updated_at=course.run.sessions[session - 1].ends_at + timedelta(minutes=25),
    )


def _form(course: Course) -> FormDefinition:
    """The form that ships for the people of this programme."""
    return library.shipped()[usual_form(course.run.programme)]


def _answer(chance: Chance, question: Question) -> Answer:
    fate = chance.random()
    if question.kind == "text":
        return chance.word("wish") if fate < 0.15 else None
    if fate < 0.05:
        return NOT_TODAY if fate < 0.02 else None
    values = sorted(question.labels)
    if question.kind == "quote":
        return chance.choice(values)
    if question.kind == "several":
        return sorted(chance.sample(values, min(len(values), chance.choice((1, 1, 2, 3)))))
    # On a scale most are content; of a few choices the one in the middle is the usual one.
    middle = (len(values) - 1) / 2
    at = middle if question.kind == "choice" else middle * 1.6
    return values[round(chance.around(at, len(values) / 5, 0, len(values) - 1))]
