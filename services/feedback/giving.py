"""Keeping what participants say about a session.

Nothing here knows who answered. A form is kept with its day only, under a number that says
nothing about the order in which forms came in; the audit log learns of it when the day is over
(see receipts).
"""

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from models import FeedbackAnswer, FeedbackInvitation, Group, GroupSession
from services import clock
from services.errors import InvalidInputError
from services.feedback import alerts, counting, own_code
from services.feedback.addresses import (
    NO_FORM,
    FormClosedError,
    number_in_no_order,
    token_digest,
    usable_number,
)
from services.feedback.links import GRACE, asked, open_session
from services.forms.checking import Answer, checked
from services.forms.definition import FormDefinition
from services.forms.lines import Lines, english
from services.forms.words import ENGLISH
from services.tallies import tallies

MOST_FORMS = 300  # a session with more than this is being filled in by a machine
_KNOWN = exists().where(FeedbackAnswer.form_number == bindparam("number"))
_IS_KNOWN = select(_KNOWN)
_HERE = select(func.count()).where(FeedbackAnswer.session_id == bindparam("session"))
# Whether this form is kept already, and how many of its session are: asked with every form.
_BEFORE = select(_KNOWN, _HERE.scalar_subquery())


def submit(
    db: Session,
    token: str,
    form_number: str,
    answers: Mapping[str, Answer],
    *,
    seen: str = "",
    lines: Lines | None = None,
    code: str | None = None,
) -> None:
    """Keep one form, by question key; sent again under the same number it counts once.

    An option is its number, several are a list, a text a string, "not today" NOT_TODAY, nothing
    None. A form with nothing in it leaves no trace. `code` is one of her own, as `own_code` spells
    it. Raises InvalidInputError by question, in
    the language of `lines`, and FormClosedError.
    """
    link, held, group = open_session(db, token, late=GRACE, sending=True)
    if usable_number(form_number) != form_number:
        raise InvalidInputError({"form": (lines or english()).say("missing")})
    form = asked(db, link, seen)
    given = checked(form, answers, lines)
    language = (lines or english()).code
    kept = keep(db, held, group, form, form_number, given, language=language, code=code)
    if kept and link.token_hash != token_digest(token):
        _use_up(db, token)


def keep(
    db: Session,
    held: GroupSession,
    group: Group,
    form: FormDefinition,
    form_number: str,
    given: dict[str, Answer],
    *,
    language: str = ENGLISH,
    code: str | None = None,
    noted: bool = False,
) -> bool:
    """Store what was answered; whether there was anything new to store.

    No permission of its own: a step of giving feedback, and of entering it from paper.
    """
    number = sha256(form_number.encode()).hexdigest()
    is_known, forms = db.execute(_BEFORE, {"number": number, "session": held.id}).one()
    if is_known or not given:
        return False
    if forms >= MOST_FORMS:
        raise FormClosedError(NO_FORM)
    answer_id, same_as = (
        number_in_no_order(db, FeedbackAnswer.id),
        own_code.kept_as(db, group, code) if code else None,
    )
    period = clock.quarter(group.starts_on)
    counts = Counter(counting.of_form(group.programme, period, form.key, given))
    if same_as:
        before = own_code.answers_under(db, group, same_as)
        counts.subtract(counting.of_person(group.programme, period, before))
    row = {
        "id": answer_id,
        "session_id": held.id,
        "form": form.key,
        "form_version": form.version,
        "received_on": clock.today(),
        "form_number": number,
        "same_as": same_as,
        "noted": noted,
        "answers": given,
    }
    db.execute(insert(FeedbackAnswer), row)
    if same_as:
        after = own_code.answers_under(db, group, same_as)
        counts.update(counting.of_person(group.programme, period, after))
    alerts.raise_if_needed(db, held, answer_id, given, is_english=language == ENGLISH)
    tallies.add(db, counts)
    return True


def is_kept(db: Session, form_number: str) -> bool:
    """Whether the form of that number has come in: sent again, it needs nothing more."""
    number = sha256(form_number.encode()).hexdigest()
    return bool(db.scalar(_IS_KNOWN, {"number": number}))


def _use_up(db: Session, token: str) -> None:
    mine = FeedbackInvitation.token_hash == token_digest(token)
    db.execute(update(FeedbackInvitation).where(mine).values(is_used=True))
