"""Reads the words back out of the PDFs that this programme makes, and no others."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)|(\bET\b)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Every piece of text, a line each, in the order in which it is drawn."""
    return "\n".join(sheets_of(pdf))


def sheets_of(pdf: bytes) -> list[str]:
    """The same, sheet by sheet."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    return [_page(objects, page) for page in pages]


def pages_of(pdf: bytes) -> int:
    """How many sheets it is."""
    return sum(b"/Type/Page/" in one[2] for one in _OBJECT.finditer(pdf))


def drawn(pdf: bytes) -> str:
    """What the sheets are drawn with, page after page."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    streams = [_stream(objects[_reference(page, b"Contents")]) for page in pages]
    return b"\n".join(streams).decode("latin-1")


def _page(objects: dict[int, bytes], page: bytes) -> str:
    letters = {name: _letters(objects, number) for name, number in _fonts(objects, page)}
    drawn, current, lines = _stream(objects[_reference(page, b"Contents")]), {}, [""]
    for font, text, end in _SHOWN.findall(drawn):
        if font:
            current = letters[font]
        elif end:
            lines.append("")
        else:
            glyphs = _ESCAPED.sub(_plain, text)
            pairs = (glyphs[at : at + 2] for at in range(0, len(glyphs), 2))
            lines[-1] += "".join(current.get(pair, "?") for pair in pairs)
    return "\n".join(lines)


def _fonts(objects: dict[int, bytes], page: bytes) -> list[tuple[bytes, int]]:
    resources = objects[_reference(page, b"Resources")]
    return [(name, int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)]


def _letters(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    table = _stream(objects[_reference(objects[font], b"ToUnicode")])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table.split(b"beginbfchar", 1)[1])
    return {_bytes(glyph): _bytes(letter).decode("utf-16-be") for glyph, letter in pairs}


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1])


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found is not None
    return int(found[1])


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode())


def _plain(escape: re.Match[bytes]) -> bytes:
    said = escape[1]
    return bytes([int(said, 8)]) if said.isdigit() else _CONTROL.get(said, said)
