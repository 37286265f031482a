"""The application: the staff's screens, the participants' pages, and security headers.

Start it with `streamlit run app.py` or `uvicorn app:app`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from ui import incidents, startup
from ui.connection import NoErrorDialogs
from ui.hourly import hourly
from ui.public import middleware, routes


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm the process before the first visitor; beside them all, do what falls due by itself."""
    startup.warm()
    with hourly():
        yield {}


app = st.App(
    "ui/shell.py",
    routes=routes,
    middleware=[*middleware, Middleware(NoErrorDialogs)],
    lifespan=lifespan,
    on_script_error=incidents.report,
)
