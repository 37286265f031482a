"""The link to a session's form: when it works, and which version of the form it leads to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer

from models import (
    FeedbackInvitation,
    FeedbackLink,
    Group,
    GroupSession,
    Organisation,
    SessionState,
)
from services import audit, clock
from services.errors import ConflictError
from services.feedback import replies
from services.feedback.addresses import (
    NO_FORM,
    NOT_YET,
    USED,
    FormClosedError,
    new_token,
    path_of,
    token_digest,
    usable_number,
)
from services.forms import choosing, stored
from services.forms.definition import FormDefinition
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session

GRACE = timedelta(hours=1)  # for a form opened in time and sent a little late

_Open: TypeAlias = tuple[FeedbackLink, GroupSession, Group]

# Made once, and nothing decrypted that no form needs: a whole group opens and sends at one moment.
_BY_TOKEN = (
    select(FeedbackLink, GroupSession, Group)
    .join(GroupSession, GroupSession.id == FeedbackLink.session_id)
    .join(Group, Group.id == GroupSession.group_id)
    .where(FeedbackLink.token_hash == bindparam("token_hash"))
    .options(defer(FeedbackLink.token), defer(Group.venue), defer(Group.online_link))
)
_TO_SEND = _BY_TOKEN.with_for_update(of=FeedbackLink)


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
    return _link_view(held, link, asked(db, link))


def follow(db: Session, sessions: Iterable[GroupSession]) -> None:
    """The links of sessions that were moved open and close with them, printed ones as well.

    No permission of its own: a step of other services, which have asked.
    """
    moved = {held.id: held for held in sessions}
    for link in db.scalars(select(FeedbackLink).where(FeedbackLink.session_id.in_(moved))):
        link.opens_at, link.expires_at = _window(db, moved[link.session_id])


def form_for_token(db: Session, token: str) -> OpenForm:
    """A blank form for whoever holds the link. Raises FormClosedError in words for her."""
    link, held, _group = open_session(db, token)
    return OpenForm(asked(db, link), _day(held), usable_number(""))


def told(db: Session, token: str) -> tuple[tuple[str, str], ...]:
    """What was said before in the group of a link, and what came of it. Raises FormClosedError."""
    _link, _held, group = open_session(db, token)
    return replies.told(db, group.id)


def form_seen(db: Session, token: str, seen: str) -> FormDefinition:
    """The form somebody has before her, `seen` being its name and version as the page said them."""
    link, _held, _group = open_session(db, token, late=GRACE)
    return asked(db, link, seen)


def session_of(db: Session, token: str) -> int:
    """The session a link leads to while its form may be sent. Raises FormClosedError."""
    _link, held, _group = open_session(db, token, late=GRACE)
    return held.id


def asked(db: Session, link: FeedbackLink, seen: str = "") -> FormDefinition:
    """The version behind a link, or an earlier one of the same form that she has before her."""
    key, _, number = seen.rpartition(".")
    is_earlier = key == link.form and number.isascii() and number.isdecimal()
    version = int(number[:9]) if is_earlier else link.form_version
    return stored.version_of(db, link.form, min(max(version, 1), link.form_version))


def open_session(
    db: Session, token: str, *, late: timedelta = timedelta(), sending: bool = False
) -> _Open:
    """What a token leads to. Unknown and over read the same. Two who send wait for each other.

    No permission of its own: whoever holds the link may answer.
    """
    query = _TO_SEND if sending else _BY_TOKEN
    found = db.execute(query, {"token_hash": token_digest(token)}).one_or_none() or _invited(
        db, token, sending=sending
    )
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


def _link_view(held: GroupSession, link: FeedbackLink, form: FormDefinition) -> FeedbackLinkView:
    last_day = clock.local(link.expires_at - timedelta(seconds=1), held.zone).date()
    return FeedbackLinkView(path_of(link.token), form, link.opens_at, link.expires_at, last_day)


def _day(held: GroupSession) -> date:
    return clock.local(held.starts_at, held.zone).date()
