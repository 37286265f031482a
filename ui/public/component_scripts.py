"""The scripts of our components, from an address that changes when they do: kept for a year."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ui.components.scripts import SERVED

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


async def show(request: Request) -> Response:
    """One script, or not found: an old address never answers with a newer script."""
    text = SERVED.get(request.path_params["file"])
    if text is None:
        return PlainTextResponse("Not found", status_code=404)
    return Response(text, media_type="text/javascript", headers=_KEPT)
