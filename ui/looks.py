"""What every screen wears, read once: given a file, Streamlit would read it again at each click."""

from base64 import b64encode
from pathlib import Path
from typing import Final

_ASSETS = Path(__file__).parent / "assets"
STYLE: Final = f"<style>{(_ASSETS / 'alongside.css').read_text(encoding='utf-8')}</style>"
FAVICON: Final = (
    f"data:image/png;base64,{b64encode((_ASSETS / 'favicon.png').read_bytes()).decode()}"
)
