"""Her calendar feed on screen: what it says, its address once, and how to take it back."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from services import clock
from services.calendar import calendar_feeds
from services.calendar.calendar_feeds import AHEAD, BACK, FeedView
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from ui.components import words
from ui.components.for_a_while import TO_COPY, shown_until
from ui.messages import flash, show_error

_ADDRESS = "calendar_feed_address"
_WHERE = "It says where, because your organisation allows it."
_NOT_WHERE = "It does not say where."
_TITLES = {False: "Session", True: "The group's code name"}


def calendar_feed(actor: Actor) -> None:
    """Make, change, replace or take back the address her own calendar reads."""
    with reading() as db:
        feed, says_where = calendar_feeds.own(db, actor), calendar_feeds.says_where(db, actor)
    st.write(
        "Your own calendar can follow the sessions you see here: give it the address made below. "
        f"It says when they are, from {BACK.days} days back to {AHEAD.days} days ahead, and when "
        "one is moved or cancelled. It never says which programme, what about, or who comes. "
        f"{_WHERE if says_where else _NOT_WHERE}"
    )
    if feed is None:
        _form(actor, shows_code_names=False, label="Make an address")
        return
    if not _show_address():
        st.write(
            f"You have an address, made on {words.day(feed.created_at)}. It is not shown again: "
            "if it is lost, replace it."
        )
    _form(actor, shows_code_names=feed.shows_code_names, label="Save", has_address=True)
    _replace_or_take_back(actor, feed)


def _show_address() -> bool:
    """For five minutes after it was made: only its hash is kept, and a click must not lose it."""
    path, over = st.session_state.get(_ADDRESS, ("", clock.now()))
    if clock.now() >= over:
        st.session_state.pop(_ADDRESS, None)
        return False
    here = urlsplit(st.context.url or "")
    shown_until(partial(_address, f"{here.scheme}://{here.netloc}{path}"), over)
    return True


def _address(whole: str) -> None:
    st.success(
        "This is your address. Copy it now, into your calendar's “subscribe” or “add by URL”: "
        "it is shown this once, for five minutes. Whoever has it can read your sessions, so keep "
        "it to yourself."
    )
    st.code(whole, language=None, wrap_lines=True)


def _form(actor: Actor, *, shows_code_names: bool, label: str, has_address: bool = False) -> None:
    with st.form("calendar_feed"):
        named = st.radio(
            "What each entry is called",
            list(_TITLES),
            index=int(shows_code_names),
            format_func=_TITLES.__getitem__,
            help="Telephones are lent and looked at. “Session” says nothing to anybody.",
            key="calendar_feed_named",
        )
        pressed = st.form_submit_button(label, type="primary")
    if not pressed:
        return
    if has_address:
        change = partial(calendar_feeds.change, shows_code_names=bool(named))
        _do(actor, change, "Your calendar feed is changed.")
    else:
        _make(actor, shows_code_names=bool(named))


def _replace_or_take_back(actor: Actor, feed: FeedView) -> None:
    with st.container(horizontal=True):
        replace = st.button("Replace the address", key="calendar_feed_replace")
        take_back = st.button("Take the address back", key="calendar_feed_take_back")
    st.caption("Either way the address you have now stops working at once.")
    if replace:
        _make(actor, shows_code_names=feed.shows_code_names)
    if take_back:
        st.session_state.pop(_ADDRESS, None)
        _do(actor, calendar_feeds.take_back, "The address leads nowhere now.")


def _make(actor: Actor, *, shows_code_names: bool) -> None:
    try:
        with transaction() as db:
            path = calendar_feeds.make(db, actor, shows_code_names=shows_code_names)
    except AppError as error:
        show_error(error)
    else:
        st.session_state[_ADDRESS] = path, clock.now() + TO_COPY
        st.rerun()


def _do(actor: Actor, change: Callable[[Any, Actor], None], done: str) -> None:
    try:
        with transaction() as db:
            change(db, actor)
    except AppError as error:
        show_error(error)
    else:
        flash(done)
        st.rerun()
