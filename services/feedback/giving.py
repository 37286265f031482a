"""What participants say about a session: the link to its form, and keeping their answers.

Nothing here knows who answered. A form is kept with its day only, under a number that says
nothing about the order in which forms came in.
"""

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import (
    FeedbackAnswer,
    FeedbackInvitation,
    FeedbackLink,
    Group,
    GroupSession,
    Organisation,
    SessionState,
)
from services import audit, clock, tallies
from services.errors import AppError, ConflictError, InvalidInputError
from services.feedback import alerts, counting, own_code, replies
from services.forms import choosing, stored
from services.forms.checking import Answer, checked
from services.forms.definition import FormDefinition
from services.forms.lines import Lines, english
from services.forms.words import ENGLISH
from services.permissions import Actor, Permission
from services.registers import find_session

GRACE = timedelta(hours=1)  # for a form opened in time and sent a little late
MOST_FORMS = 300  # a session with more than this is being filled in by a machine

NO_FORM, NOT_YET, USED = "closed", "not_yet", "used"  # the lines that say so, in data/languages

# Letters and digits that are hard to confuse, for addresses typed from paper: 5 bits each.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TOKEN_LENGTH = 28
_MISREAD = str.maketrans("oil", "011", "- ")
_FORM_NUMBER = re.compile(r"[\w-]{16,64}", re.ASCII)
_NUMBER_LENGTH = 16
_FIRST_ID, _IDS = 2**30, 2**30


_Open: TypeAlias = tuple[FeedbackLink, GroupSession, Group]


class FormClosedError(AppError):
    """No form behind this address, or none at this time; `line` says so in any language."""

    def __init__(self, line: str) -> None:
        super().__init__(english().say(line))
        self.line = line


@dataclass(frozen=True, slots=True)
class FeedbackLinkView:
    """The address behind a session's QR code, and between which instants it works."""

    path: str
    form: FormDefinition
    opens_at: datetime
    expires_at: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A blank form. Its number makes sending it twice count once."""

    form: FormDefinition
    held_on: date
    form_number: str
    told: tuple[tuple[str, str], ...] = ()  # what was said before, and what came of it


def open_link(db: Session, actor: Actor, session_ref: str) -> FeedbackLinkView:
    """The link to a session's form, made when first asked for; it follows a moved session."""
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref, lock=True)
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so there is nothing to ask about.")
    opens_at, expires_at = _window(db, held)
    link = db.scalar(select(FeedbackLink).where(FeedbackLink.session_id == held.id).limit(1))
    if link is None and expires_at <= clock.now():
        raise ConflictError("The days for answering about this session are over.")
    if link is None:
        link = _new_link(held, *choosing.form_for(db, held, group))
        db.add(link)
    if (link.opens_at, link.expires_at) != (opens_at, expires_at):
        link.opens_at, link.expires_at = opens_at, expires_at
        audit.record(db, actor, "feedback.link_opened", f"session:{held.ref}")
    return _link_view(held, link, _asked(db, link))


def follow(db: Session, sessions: Iterable[GroupSession]) -> None:
    """The links of sessions that were moved open and close with them, printed ones as well.

    No permission of its own: a step of other services, which have asked.
    """
    moved = {held.id: held for held in sessions}
    for link in db.scalars(select(FeedbackLink).where(FeedbackLink.session_id.in_(moved))):
        link.opens_at, link.expires_at = _window(db, moved[link.session_id])


def form_for_token(db: Session, token: str) -> OpenForm:
    """A blank form for whoever holds the link. Raises FormClosedError in words for her."""
    link, held, group = _open_session(db, token)
    told = replies.told(db, group.id)
    return OpenForm(_asked(db, link), _day(held), usable_number(""), told)


def form_seen(db: Session, token: str, seen: str) -> FormDefinition:
    """The form somebody has before her, `seen` being its name and version as the page said them."""
    link, _held, _group = _open_session(db, token, late=GRACE)
    return _asked(db, link, seen)


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
    link, held, group = _open_session(db, token, late=GRACE, sending=True)
    if usable_number(form_number) != form_number:
        raise InvalidInputError({"form": (lines or english()).say("missing")})
    form = _asked(db, link, seen)
    given = checked(form, answers, lines)
    language = (lines or english()).code
    if keep(db, held, group, form, form_number, given, language=language, code=code):
        _use_up(db, token)
        audit.record(db, None, "feedback.received", f"session:{held.ref}")


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
) -> bool:
    """Store what was answered; whether there was anything new to store.

    No permission of its own: a step of giving feedback, and of entering it from paper.
    """
    number = sha256(form_number.encode()).hexdigest()
    if not given or _is_known(db, number):
        return False
    _refuse_flood(db, held)
    answer_id, same_as = _new_id(db), own_code.kept_as(db, group, code) if code else None
    period = clock.quarter(group.starts_on)
    counts = Counter(counting.of_form(group.programme, period, form.key, given))
    if same_as:
        before = own_code.answers_under(db, group, same_as)
        counts.subtract(counting.of_person(group.programme, period, before))
    db.add(
        FeedbackAnswer(
            id=answer_id,
            session_id=held.id,
            form=form.key,
            form_version=form.version,
            received_on=clock.today(),
            form_number=number,
            same_as=same_as,
            answers=given,
        )
    )
    db.flush()
    if same_as:
        after = own_code.answers_under(db, group, same_as)
        counts.update(counting.of_person(group.programme, period, after))
    alerts.raise_if_needed(db, held, answer_id, given, is_english=language == ENGLISH)
    tallies.add(db, counts)
    return True


def is_kept(db: Session, form_number: str) -> bool:
    """Whether the form of that number has come in: sent again, it needs nothing more."""
    return _is_known(db, sha256(form_number.encode()).hexdigest())


def token_digest(token: str) -> str:
    """The hash of a token, however it was typed: hyphens, capitals and misread letters apart."""
    return sha256(plainly(token).encode()).hexdigest()


def new_token() -> str:
    """An address nobody guesses."""
    return _random(_TOKEN_LENGTH)


def path_of(token: str) -> str:
    """The address of a form as it is printed and typed: in fours."""
    return "/f/" + "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def plainly(typed: str) -> str:
    """Letters and digits of ours as they were meant: spaces, hyphens and capitals apart."""
    return typed.lower().translate(_MISREAD)


def session_of(db: Session, token: str) -> int:
    """The session a link leads to while its form may be sent. Raises FormClosedError."""
    _link, held, _group = _open_session(db, token, late=GRACE)
    return held.id


def usable_number(form_number: str) -> str:
    """A form's number as it came back, or a new one in place of none or a broken one."""
    is_whole = _FORM_NUMBER.fullmatch(form_number)
    return form_number if is_whole else _random(_NUMBER_LENGTH)


def _asked(db: Session, link: FeedbackLink, seen: str = "") -> FormDefinition:
    """The version behind a link, or an earlier one of the same form that she has before her."""
    key, _, number = seen.rpartition(".")
    is_earlier = key == link.form and number.isascii() and number.isdecimal()
    version = int(number[:9]) if is_earlier else link.form_version
    return stored.version_of(db, link.form, min(max(version, 1), link.form_version))


def _open_session(
    db: Session, token: str, *, late: timedelta = timedelta(), sending: bool = False
) -> _Open:
    """What a token leads to. Unknown and over read the same. Two who send wait for each other."""
    query = (
        select(FeedbackLink, GroupSession, Group)
        .join(GroupSession, GroupSession.id == FeedbackLink.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(FeedbackLink.token_hash == token_digest(token))
    )
    if sending:
        query = query.with_for_update(of=FeedbackLink)
    found = db.execute(query).one_or_none() or _invited(db, token, sending=sending)
    if found is None:
        raise FormClosedError(NO_FORM)
    link, held, group = found
    if link.expires_at + late <= clock.now() or held.state is SessionState.CANCELLED:
        raise FormClosedError(NO_FORM)
    if link.opens_at > clock.now():
        raise FormClosedError(NOT_YET)
    return link, held, group


def _invited(db: Session, token: str, *, sending: bool) -> _Open | None:
    """What the address of one person's form leads to. Whoever sends it twice waits for herself."""
    query = (
        select(FeedbackLink, GroupSession, Group, FeedbackInvitation)
        .join(GroupSession, GroupSession.id == FeedbackLink.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .join(FeedbackInvitation, FeedbackInvitation.session_id == GroupSession.id)
        .where(FeedbackInvitation.token_hash == token_digest(token))
    )
    if sending:
        query = query.with_for_update(of=FeedbackInvitation)
    found = db.execute(query).one_or_none()
    if found is None:
        return None
    link, held, group, invitation = found
    if invitation.is_used:
        raise FormClosedError(USED)
    return link, held, group


def _use_up(db: Session, token: str) -> None:
    mine = FeedbackInvitation.token_hash == token_digest(token)
    db.execute(update(FeedbackInvitation).where(mine).values(is_used=True))


def _window(db: Session, held: GroupSession) -> tuple[datetime, datetime]:
    """From the start of the session to the end of the last day the organisation allows."""
    days = db.scalars(select(Organisation.feedback_days)).one()
    return held.starts_at, clock.start_of_day(_day(held) + timedelta(days=days + 1))


def _new_link(held: GroupSession, form: str, version: int) -> FeedbackLink:
    token = new_token()
    return FeedbackLink(
        session_id=held.id,
        token=token,
        token_hash=token_digest(token),
        form=form,
        form_version=version,
        opens_at=held.starts_at,
        expires_at=held.starts_at,
    )


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _link_view(held: GroupSession, link: FeedbackLink, form: FormDefinition) -> FeedbackLinkView:
    last_day = clock.local(link.expires_at - timedelta(seconds=1), held.zone).date()
    return FeedbackLinkView(path_of(link.token), form, link.opens_at, link.expires_at, last_day)


def _day(held: GroupSession) -> date:
    return clock.local(held.starts_at, held.zone).date()


def _is_known(db: Session, number: str) -> bool:
    query = select(FeedbackAnswer.id).where(FeedbackAnswer.form_number == number)
    return db.scalar(query) is not None


def _new_id(db: Session) -> int:
    """A number in no order: the audit log says when forms came in, and must not say which."""
    number = _FIRST_ID + secrets.randbelow(_IDS)
    while db.scalar(select(FeedbackAnswer.id).where(FeedbackAnswer.id == number)):
        number = _FIRST_ID + secrets.randbelow(_IDS)
    return number


def _refuse_flood(db: Session, held: GroupSession) -> None:
    query = select(func.count()).where(FeedbackAnswer.session_id == held.id)
    if (db.scalar(query) or 0) >= MOST_FORMS:
        raise FormClosedError(NO_FORM)
