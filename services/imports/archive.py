"""What lies inside an Excel file, looked at before anything opens it. Pure."""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from services.errors import InvalidInputError

MOST_UNPACKED = 200_000_000  # bytes; fifty thousand rows need a quarter of that
MOST_PARTS = 2_000
MOST_ROWS = 60_000
MOST_COLUMNS = 200
FILE = "file"  # the field every refusal of a file belongs to

_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# Where a cell or row says it stands: a sheet with one cell in its last corner is a few bytes
# long, and fills the memory of whoever lays it out.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,4})(\d{1,10})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']e["'][^>]*>""")
_MACROS = ("vbaproject.bin", "macrosheets/", "xlm")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a look inside found: for each worksheet file, the rows that hold an error."""

    errors: dict[str, frozenset[int]]


def refuse_old_office(content: bytes) -> None:
    """Refuse what Excel kept before 2007, which is also how a password is put around a file."""
    if not content.startswith(_OLD_OFFICE):
        return
    if _ENCRYPTED in content:
        raise refusal("This file is protected by a password. Save a copy without one.")
    raise refusal("This is an older kind of Excel file. Save it as an Excel workbook (.xlsx).")


def look_inside(content: bytes) -> Workbook:
    """Unpack every part once, within limits. Raises InvalidInputError with what to do."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            _check_parts(packed)
            return Workbook(
                {
                    name: _check_sheet(packed.read(name))
                    for name in packed.namelist()
                    if _WORKSHEET.fullmatch(name)
                }
            )
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise refusal("This Excel file is damaged. Save it again, or save it as CSV.") from error


def refusal(sentence: str) -> InvalidInputError:
    """The whole file cannot be used, and what to do."""
    return InvalidInputError({FILE: sentence})


def too_large() -> InvalidInputError:
    """More rows or columns than are read at once."""
    return refusal(
        f"This sheet is too large: bring in at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns "
        "at a time. Empty rows and columns that were once formatted count too: delete them."
    )


def _check_parts(packed: ZipFile) -> None:
    names = [name.lower() for name in packed.namelist()]
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise refusal("This is not an Excel file. Choose an Excel workbook (.xlsx) or a CSV file.")
    if any(mark in name for name in names for mark in _MACROS):
        raise refusal("This file holds macros. Save it as an Excel workbook without them (.xlsx).")
    if "xl/workbook.bin" in names:
        raise refusal("This is a binary Excel file. Save it as an Excel workbook (.xlsx).")
    # What a part claims is as much as is ever read of it: a false claim ends as a damaged file.
    claimed = sum(part.file_size for part in packed.infolist())
    if claimed > MOST_UNPACKED or len(names) > MOST_PARTS:
        raise refusal(
            "This Excel file unpacks to far more than a list of people needs. Copy the rows into "
            "a new file and try again."
        )
    if packed.testzip() is not None:
        raise BadZipFile


def _check_sheet(xml: bytes) -> frozenset[int]:
    """Refuse a sheet that stretches too far; the rows in which Excel shows an error."""
    for letters, digits in set(_PLACE.findall(xml)):
        if _column(letters.upper()) > MOST_COLUMNS or int(digits) > MOST_ROWS + 1:
            raise too_large()
    places = (_PLACE.search(cell) for cell in _ERROR.findall(xml))
    return frozenset(int(place[2]) for place in places if place)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
