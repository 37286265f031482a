"""Addresses of several steps, of which no screen has any.

Streamlit answers them with its page as well, but that page then looks for its scripts beside the
address, finds none, and stays white.
"""

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse


class _Steps(Convertor[str]):
    """Two steps and more that neither name a file nor are Streamlit's own.

    Its page looks for `_stcore` beside its own address first: that must not be found there.
    """

    regex = r"(?!.*_stcore/)(?!component/|media/|static/)[^/.]+/[^.]*[^/.]/?"

    def convert(self, value: str) -> str:
        return value.strip("/")

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("steps", _Steps())
ADDRESS = "/{steps:steps}"


async def lead_back(request: Request) -> RedirectResponse:
    """To an address of one step, where the shell says that there is no such page."""
    return RedirectResponse("/" + request.path_params["steps"].replace("/", "-"))
