"""The scripts and styles of our components: fetched by the browser once, not with every change.

Streamlit sends a component's script and style again whenever its data changes. What it sends
here are two lines that fetch both from an address of ours, which changes with what is there.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_FILES: Final = {
    "autosave_note": ("kit.css", "autosave_note.css", "kit.js", "autosave_note.js"),
    "calendar": ("kit.css", "calendar.css", "kit.js", "calendar.js"),
    "idle_lock": ("kit.js", "idle_lock.js"),
    "menu_again": ("kit.js", "menu_again.js"),
    "pipeline_board": ("kit.css", "pipeline_board.css", "kit.js", "pipeline_board.js"),
    "register": (
        "kit.css", "register.css", "kit.js", "register_outbox.js", "register_row.js",
        "register.js",
    ),
}  # fmt: skip
ADDRESS: Final = "/components/"
# A script made of a blob, as Streamlit makes it, has no address for another to be relative to.
_LOADER: Final = """\
const script = await import(new URL("{address}", document.baseURI));
export default script.default;
"""


def _text(files: tuple[str, ...]) -> str:
    """Scripts as they are; styles as the constant that `keepOne` in kit.js puts into the page."""
    texts = {file: (_HERE / file).read_text("utf-8") for file in files}
    style = "\n".join(text for file, text in texts.items() if file.endswith(".css"))
    scripts = [text for file, text in texts.items() if file.endswith(".js")]
    return "\n".join([f"const STYLE = {json.dumps(style)};", *scripts] if style else scripts)


def _name(component: str, text: str) -> str:
    return f"{component}-{sha256(text.encode()).hexdigest()[:16]}.js"


_TEXTS: Final = {component: _text(files) for component, files in _FILES.items()}
SERVED: Final = {_name(component, text): text for component, text in _TEXTS.items()}


def loader(component: str) -> str:
    """The script to give Streamlit for one of our components."""
    return _LOADER.format(address=ADDRESS + _name(component, _TEXTS[component]))
