"""The idle lock: covers the screen when nobody has touched it for a while, and tells the server."""

from collections.abc import Callable

import streamlit as st

from ui.components.scripts import loader

_mount = st.components.v2.component("alongside.idle_lock", js=loader("idle_lock"))


def idle_lock(
    minutes: float, *, sign_in: str, on_idle: Callable[[], None], key: str = "idle_lock"
) -> None:
    """Cover the page after `minutes` without pointer or keyboard, in every tab of the browser.

    `on_idle` runs on the server before the page does, and again every few seconds until this
    component is no longer shown: it must end the sign-in and may be called twice. The cover
    goes when the page that follows leaves the component out.

    `sign_in` is an opaque reference to this sign-in, never the cookie itself: loading the page
    anew does not count as activity, signing in anew does. The browser can only cover what it
    shows; the server must count idle minutes as well.
    """
    _mount(key=key, data={"minutes": minutes, "sign_in": sign_in}, on_idle_change=on_idle)
