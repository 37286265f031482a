"""The five steps as simple drawn pictures for the youngest, each with its words beside it.

Drawn for this programme: a child who says more from step to step, and needs less help.
"""

from functools import cache
from html import escape

import streamlit as st

from services.children.child_steps import step_words

_WIDTH, _ROW, _STAIR = 360, 66, 9
_INK, _PAPER, _CHILD, _HELPER, _SAYS = "#2b2622", "#fffaf3", "#f3c99b", "#b9d3c2", "#ffffff"
_HELPERS = (0, 2, 1, 0, 0)
_SAID = (0, 9, 14, 19, 24)  # how wide the bubble is; nothing is said on the first


def show_step_pictures() -> None:
    """All five, from “not yet” to “by themselves and in new places”."""
    words = step_words()
    alt = "Five pictures of a child who says more and needs less help: " + "; ".join(words.values())
    st.image(_pictures(tuple(words.values())), width=_WIDTH, alt=alt)


@cache
def _pictures(words: tuple[str, ...]) -> str:
    """One picture on a ground of its own, so that it reads in the dark as well."""
    height = _ROW * len(words)
    rows = "".join(_step(number, said) for number, said in enumerate(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="14">'
        f'<rect width="{_WIDTH}" height="{height}" rx="10" fill="{_PAPER}"/>{rows}</svg>'
    )


def _step(number: int, words: str) -> str:
    stair = _STAIR * (number + 1) / 2
    drawn = [
        f'<rect x="12" y="{58 - stair}" width="100" height="{stair}" fill="{_INK}" opacity="0.2"/>',
        _face(44, 58 - stair - 14, 13, _CHILD, speaks=number > 0),
        *(_face(18 + 52 * at, 58 - stair - 17, 9, _HELPER) for at in range(_HELPERS[number])),
        _bubble(62, 58 - stair - 34, _SAID[number]),
        _house(58 - stair) if number == len(_SAID) - 1 else "",
        f'<text x="122" y="38" fill="{_INK}">{number}  {escape(words)}</text>',
    ]
    return f'<g transform="translate(0 {_ROW * number})">{"".join(drawn)}</g>'


def _face(x: float, y: float, radius: float, colour: str, *, speaks: bool = False) -> str:
    mouth = (
        f'<ellipse cx="{x}" cy="{y + 5}" rx="3.5" ry="2.8" fill="{_INK}"/>'
        if speaks
        else f'<path d="M{x - 4} {y + 5}h8" stroke="{_INK}" stroke-width="1.6"/>'
    )
    eyes = "".join(
        f'<circle cx="{x + aside}" cy="{y - 2}" r="1.5" fill="{_INK}"/>' for aside in (-4, 4)
    )
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" stroke="{_INK}" '
        f'stroke-width="1.5"/>{eyes}{mouth}'
    )


def _bubble(x: float, y: float, width: float) -> str:
    if not width:
        return ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{width * 0.6}" rx="4" fill="{_SAYS}" '
        f'stroke="{_INK}" stroke-width="1.2"/>'
    )


def _house(ground: float) -> str:
    """A new place."""
    outline = f"M92 {ground - 10}l9-8 9 8v10h-18z"
    return f'<path d="{outline}" fill="{_SAYS}" stroke="{_INK}" stroke-width="1.2"/>'
