"""What the browser is told about losing its connection."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class NoErrorDialogs:
    """Keeps Streamlit's own dialog about a lost connection from covering the page.

    The register says itself that marks are held and goes on taking them; a dialog over it would
    hide just that. Plain ASGI, in place of Streamlit's own answer to the same address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for Streamlit at this one address, and pass everything else on."""
        if scope["type"] == "http" and scope["path"] == "/_stcore/host-config":
            answer = JSONResponse({"allowedOrigins": [], "blockErrorDialogs": True})
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)
