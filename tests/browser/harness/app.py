"""The harness as a server: the page, and a way for tests to look at its records."""

import sys
from dataclasses import asdict
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.browser.harness.store import records
from ui.components.scripts import ADDRESS
from ui.connection import NoErrorDialogs
from ui.public import component_scripts


async def look(request: Request) -> JSONResponse:
    """What has been saved so far, in order."""
    kept = records(request.path_params["name"])
    return JSONResponse(
        {
            "rows": {place: asdict(row) for place, row in kept.rows.items()},
            "taps": [asdict(tap) for tap in kept.taps],
            "handed": kept.handed,
            "note": kept.note,
            "edits": [asdict(edit) for edit in kept.edits],
            "idle": kept.idle,
        }
    )


async def act(request: Request) -> JSONResponse:
    """Call one of the records' methods, as somebody else would, or set an attribute."""
    kept = records(request.path_params["name"])
    for name, value in (await request.json()).items():
        if isinstance(value, list):
            getattr(kept, name)(*value)
        else:
            setattr(kept, name, value)
    return JSONResponse({})


app = st.App(
    Path(__file__).with_name("shell.py"),
    routes=[
        Route("/harness/{name}", look, methods=["GET"]),
        Route("/harness/{name}", act, methods=["POST"]),
        Route(ADDRESS + "{file}", component_scripts.show, methods=["GET"]),
    ],
    middleware=[Middleware(NoErrorDialogs)],
)

if __name__ == "__main__":
    app.run(
        config={
            "server.port": int(sys.argv[1]),
            "server.address": "127.0.0.1",
            "server.headless": True,
            "client.toolbarMode": "developer",  # with Streamlit's own keys, R and C
            "server.fileWatcherType": "none",
            "runner.postScriptGC": False,
            "browser.gatherUsageStats": False,
        }
    )
