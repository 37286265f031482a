"""Signing in and out, the idle lock, and the guard that stands on every page's first line.

The only user of streamlit-authenticator: it checks the password and writes the cookie.
Whether that cookie still counts is decided in the database, in every run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController, CookieController

from services import audit, clock, keys, organisation
from services.accounts import accounts, sign_ins
from services.accounts.sign_ins import Standing, Visitor
from services.db import reading, transaction
from services.organisation import OrganisationSettings
from services.permissions import Actor, Permission

COOKIE = "alongside"
_TICKET, _ACTOR, _NOTICE = "auth_ticket", "auth_actor", "auth_notice"
_ACCEPTED, _LEAVING = "auth_accepted", "auth_leaving"
_UNWRITTEN, _WRITTEN = "auth_unwritten", "auth_written"
_USERNAME, _PASSWORD = "auth_username", "auth_password"

IDLE_NOTICE = "Locked, because nothing was done for a while. Sign in to carry on where you were."
ENDED_NOTICE = "You have been signed out. Please sign in again."
LEFT_NOTICE = "You are signed out."
BEGUN_NOTICE = "Your service is set up. Sign in with the user name and password you chose."
WRONG_NOTICE = (
    "That user name and password do not fit. After five wrong tries an account is locked "
    "for a quarter of an hour. If you cannot get in, ask your administrator."
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a cookie says: whose it is and when it runs out."""

    username: str
    expires: float


def enter() -> tuple[OrganisationSettings | None, Actor | None]:
    """The house and who is here, read afresh in this run.

    There is no house before the first day, and nobody here when the sign-in screen must answer.
    """
    st.session_state.pop(_ACTOR, None)
    if accepted := st.session_state.pop(_ACCEPTED, None):
        _admit(accepted)
    ticket = _ticket()
    with reading() as db:
        house = organisation.current(db)
        visitor = sign_ins.visitor(db, ticket.username, ticket.expires) if ticket else None
    return house, _let_in(visitor, ticket) if visitor and ticket else None


def _let_in(visitor: Visitor, ticket: Ticket) -> Actor | None:
    if visitor.actor is None:
        _forget(ENDED_NOTICE if visitor.standing is Standing.ENDED else IDLE_NOTICE)
        return None
    if st.session_state.pop(_LEAVING, False):
        _leave(visitor.actor, ticket)
        return None
    _note_seen(visitor, ticket)
    _write_cookie(ticket)
    st.session_state[_ACTOR] = visitor.actor
    return visitor.actor


def require(permission: Permission) -> Actor:
    """The first line of every page: who is here, or a polite refusal and nothing else."""
    actor: Actor | None = st.session_state.get(_ACTOR)
    if actor is None:
        st.info("Please sign in to see this page.")
        st.stop()
    if not actor.may(permission):
        with transaction() as db:
            audit.record(db, actor, "page.refused", "", permission=permission.name)
        st.error(f"Your role does not allow you to {permission.value}.")
        st.stop()
    return actor


def current() -> Actor:
    """Who is here, for parts of a page whose first line has asked already."""
    actor: Actor = st.session_state[_ACTOR]
    return actor


def still(actor: Actor, permission: Permission) -> bool:
    """Whether she may go on: for fragments, which run again without the rest of the page."""
    may_go_on = still_in(actor, permission)
    with reading() as db:
        return may_go_on(db)


def still_in(actor: Actor, permission: Permission) -> Callable[[Any], bool]:
    """The same, to be asked in a block that is opened anyway; before it, since Streamlit may
    interrupt whoever looks at its state."""
    ticket = _ticket()

    def ask(db: Any) -> bool:
        if ticket is None or not actor.may(permission):
            return False
        return sign_ins.visitor(db, ticket.username, ticket.expires).actor == actor

    return ask


def sign_in_ref() -> str:
    """An opaque name for this sign-in, for the browser's idle clock: never the cookie itself."""
    ticket = _ticket()
    return sign_ins.digest(ticket.username, ticket.expires)[:32] if ticket else ""


def sign_in_screen() -> None:
    """Every address answers with this while nobody is signed in, so that links survive."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        st.caption("Alongside")
        st.title("Sign in")
        if notice := st.session_state.pop(_NOTICE, ""):
            (st.error if notice == WRONG_NOTICE else st.info)(notice)
        with st.form("sign_in"):
            st.text_input("User name", key=_USERNAME, autocomplete="username")
            st.text_input(
                "Password", key=_PASSWORD, type="password", autocomplete="current-password"
            )
            st.form_submit_button(
                "Sign in", type="primary", width="stretch", on_click=_check_password
            )


def begun() -> None:
    """The service was set up here just now: what the sign-in screen says first."""
    st.session_state[_NOTICE] = BEGUN_NOTICE


def leave() -> None:
    """Callback of the sign-out button: the next run starts by ending the session."""
    st.session_state[_LEAVING] = True


def lock() -> None:
    """Callback of the idle lock: this browser's sign-in ends here and at once."""
    ticket = _ticket()
    actor: Actor | None = st.session_state.get(_ACTOR)
    if ticket and actor:
        with transaction() as db:
            sign_ins.end(db, actor, ticket.expires)
    _forget(IDLE_NOTICE)


def _check_password() -> None:
    """Callback of the form. A wrong name takes as long as a wrong password."""
    username = st.session_state[_USERNAME].strip().lower()
    password = st.session_state[_PASSWORD].strip()
    st.session_state[_PASSWORD] = ""
    with reading() as db:
        stored = accounts.password_hash_for(db, username)
    checker = AuthenticationController(
        {"usernames": {username: {"password": stored, "name": username}}}, auto_hash=False
    )
    readable = len(password.encode()) <= accounts.MAX_PASSWORD_BYTES
    if readable and checker.login(username, password):
        st.session_state[_ACCEPTED] = username
        return
    with transaction() as db:
        accounts.record_failure(db, username)
    st.session_state[_NOTICE] = WRONG_NOTICE


def _admit(username: str) -> None:
    """Remember this browser, and begin writing its cookie."""
    ticket = Ticket(username, (clock.now() + sign_ins.LASTS).timestamp())
    with transaction() as db:
        sign_ins.begin(db, ticket.username, ticket.expires)
    st.session_state[_TICKET] = (ticket.username, ticket.expires)
    st.session_state[_UNWRITTEN] = True


def _write_cookie(ticket: Ticket) -> None:
    """Draw the component that writes the cookie, in every run until it says that it has.

    It loads in a frame of its own; a run that left it out before then would take it away,
    and a reload would ask for the password again.
    """
    place = st.container()  # always there, so that nothing below moves up when the frame goes
    if not st.session_state.get(_UNWRITTEN):
        return
    # Each sign-in's own: of an earlier one in this tab, which was ended behind her back, Streamlit
    # may still know that it has been written.
    written = f"{_WRITTEN}_{sign_in_ref()}"
    content = {"username": ticket.username, "exp_date": ticket.expires}
    with place:
        _cookies().cookie_model.cookie_manager.set(
            COOKIE,
            jwt.encode(content, keys.cookie_key(), algorithm="HS256"),
            key=written,
            expires_at=datetime.fromtimestamp(ticket.expires, UTC),
        )
    if st.session_state.get(written):
        st.session_state[_UNWRITTEN] = False


def _leave(actor: Actor, ticket: Ticket) -> None:
    with transaction() as db:
        sign_ins.end(db, actor, ticket.expires)
    _cookies().delete_cookie()
    _forget(LEFT_NOTICE)


def _forget(notice: str) -> None:
    """Nobody is signed in here any more; the cookie alone brings nobody back."""
    st.session_state[_TICKET] = None
    st.session_state.pop(_ACTOR, None)
    st.session_state[_NOTICE] = notice


def _ticket() -> Ticket | None:
    """This session's ticket, or on its first run the one in the browser's cookie."""
    if _TICKET in st.session_state:
        held = st.session_state[_TICKET]
        return Ticket(*held) if held else None
    found = _read_cookie(st.context.cookies.get(COOKIE, ""))
    st.session_state[_TICKET] = (found.username, found.expires) if found else None
    return found


def _read_cookie(token: str) -> Ticket | None:
    try:
        content = jwt.decode(token, keys.cookie_key(), algorithms=["HS256"])
        ticket = Ticket(str(content["username"]), float(content["exp_date"]))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        return None
    return ticket if ticket.expires > clock.now().timestamp() else None


def _note_seen(visitor: Visitor, ticket: Ticket) -> None:
    if visitor.seen_at and clock.now() - visitor.seen_at > sign_ins.SEEN_EVERY:
        with transaction() as db:
            sign_ins.seen(db, ticket.username, ticket.expires)


def _cookies() -> CookieController:
    return CookieController(COOKIE, keys.cookie_key(), sign_ins.LASTS / timedelta(days=1))
