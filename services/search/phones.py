"""Telephone numbers, as people write them and as they are compared."""

import re

FEWEST_DIGITS = 6
_ABROAD = re.compile(r"^(?:\+|00)44(?:0(?=[1-9]))?")
_WRITTEN = re.compile(r"[\s().\-/]+")
_PLAIN = re.compile(rf"\+?\d{{{FEWEST_DIGITS},15}}")


def plain_number(text: str) -> str | None:
    """The digits alone, with 0 for +44; None when this is no telephone number.

    Spaces, dashes, dots and brackets count for nothing: +44 (0)7700 900-123 is 07700900123.
    """
    together = _WRITTEN.sub("", text)
    if not _PLAIN.fullmatch(together):
        return None
    return _ABROAD.sub("0", together)
