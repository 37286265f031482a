"""A chart as a picture, on light ground: for reports, and to keep."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Literal

import pandas as pd

from ui.charts.built import Spec
from ui.charts.compare import ready
from ui.charts.theme import QUIET, SMALL

WIDTH = 620
GROUND = "#ffffff"
# Streamlit paints these names in its own palette (.streamlit/config.toml); a picture is outside.
PALETTE = {
    "blue": "#2b6ca8",
    "orange": "#b8570f",
    "green": "#247a56",
    "violet": "#7550b0",
    "red": "#b3303f",
    "gray": "#6e655b",
}
Form = Literal["svg", "png", "pdf"]


def picture(
    spec: Spec,
    frame: pd.DataFrame,
    form: Form,
    *,
    alt: str = "",
    footer: tuple[str, ...] = (),
    words: Mapping[str, str] | None = None,
) -> bytes:
    """The chart of the frame; `footer` says beneath it what it counts, of how many, and when.

    `alt` says what is to be seen, for whoever has an SVG read aloud.
    `words` are titles of the chart that read otherwise in this picture.
    """
    import vl_convert

    rows = ready(spec, frame).to_json(orient="records", date_format="iso")
    whole = _painted(
        {
            **spec,
            "width": WIDTH,
            "background": GROUND,
            "padding": 12,
            "data": {"values": json.loads(rows)},
        },
        PALETTE | dict(words or {}),
    )
    if footer:
        first, *others = footer
        whole["title"] = {
            "text": first,
            "subtitle": others,
            "orient": "bottom",
            "anchor": "start",
            "offset": 12,
            "fontSize": SMALL,
            "fontWeight": "normal",
            "color": QUIET,
            "subtitleFontSize": SMALL,
            "subtitleColor": QUIET,
        }
    if form == "svg":
        return _titled(vl_convert.vegalite_to_svg(whole), alt).encode()
    if form == "png":
        return vl_convert.vegalite_to_png(whole, scale=2)
    return vl_convert.vegalite_to_pdf(whole)


def _titled(svg: str, alt: str) -> str:
    """With what is to be seen as its first part, where a screen reader looks for it."""
    if not alt:
        return svg
    opening, rest = svg.split(">", 1)
    return f"{opening}><title>{escape(alt)}</title>{rest}"


def _painted(part: Any, painting: Mapping[str, str]) -> Any:
    """The same with the colours that Streamlit would have put in, and with other titles."""
    if isinstance(part, dict):
        return {k: part[k] if k == "data" else _painted(part[k], painting) for k in part}
    if isinstance(part, list):
        return [_painted(one, painting) for one in part]
    return painting.get(part, part) if isinstance(part, str) else part
