"""One public page: whole, small, without a script if need be, and gone when it is closed."""

import base64
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from services.forms.lines import english
from services.forms.words import spoken
from ui.public.headers import policy

_HERE = Path(__file__).parent


def _asset(name: str) -> Markup:
    return Markup((_HERE / "assets" / name).read_text("utf-8"))  # noqa: S704 - a file of ours


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


STYLE, SCRIPT = _asset("style.css"), _asset("exit.js")

# Only the style and the script above may run, and speak with us alone; nothing else loads, embeds
# or is embedded.
_POLICY = policy(
    "default-src 'none'",
    f"style-src {_hash(STYLE)}",
    f"script-src {_hash(SCRIPT)}",
    "img-src data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
# In English unless a page is given other lines.
_templates.globals.update(style=STYLE, script=SCRIPT, lines=english(), spoken=spoken, kiosk=None)
_templates.globals.update(way_out="/exit", is_handed=False)


def render(template: str, **values: Any) -> str:
    """The template filled in; whatever anybody typed is escaped."""
    return _templates.get_template(template).render(**values)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The template as an answer that no cache keeps and no other site learns of."""
    return HTMLResponse(render(template, **values), status_code=status, headers=HEADERS)
