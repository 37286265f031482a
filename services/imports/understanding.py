"""What people write into a cell, and what they mean by it. Pure.

Each function takes one cell that is not empty and gives back a value. Raises ValueError with a
sentence that stands beside the row when the cell cannot be understood.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from services.attendance import AttendanceCode
from services.imports.reading import Cell

LONGEST_NAME = 100
LONGEST_LINE = 200
LONGEST_TEXT = 2_000
# Excel counts days from here. Smaller numbers are years or house numbers, not days.
_EXCEL_BEGINS = date(1899, 12, 30)
_EXCEL_DAYS = range(5_000, 80_000)  # 1913 to 2119
_YEARS = range(1900, 2101)
_EXACT = 10**15  # whole numbers above this are not kept as they were typed

_MONTHS = {
    name: number
    for number, names_of in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
            ("may",), ("jun", "june"), ("jul", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names_of
}  # fmt: skip
_LETTER = re.compile(r"[^\W\d_]")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? ", re.IGNORECASE)
_IN_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_DAY_IN_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/]([a-z]+)\.?,?[ \-/](\d{4}|\d{2})", re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})? ?(am|pm)?", re.IGNORECASE)

_WRITE_A_DATE = "Write the date with day, month and year, such as 3/6/2019 or 3 June 2019."
_WRITE_A_PHONE = "Write one phone number, such as 07700 900123 or +44 7700 900123."
_UNSHOWN = ("Cc", "Cs", "Co")  # controls, halves of letters, private signs
_OBEYED = ("=", "@", "+", "-", "\t")

_YES = {"yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "needed", "required"}
_NO = {"no", "n", "false", "f", "0", "none", "not needed", "not required", "n/a", "-"}

# Beside the letters and labels of domain §1.5. An “x” is left to its letter: to some it is a tick.
_MARKS = {
    AttendanceCode.ATTENDED: ("present", "attended", "came", "here", "yes", "y", "✓", "✔", "1"),
    AttendanceCode.LATE: ("late", "came late"),
    AttendanceCode.LEFT_EARLY: ("early", "left early"),
    AttendanceCode.ONLINE: ("online", "zoom", "teams", "by video"),
    AttendanceCode.CATCH_UP: ("catch up", "catch-up", "caught up", "catchup"),
    AttendanceCode.APOLOGIES: ("apols", "apol", "apology", "sent apologies", "apologised"),
    AttendanceCode.DID_NOT_ATTEND: ("dna", "absent", "abs", "no show", "no-show", "no", "0"),
    AttendanceCode.NOT_BROUGHT: ("wnb", "not brought"),
    AttendanceCode.CANCELLED: ("cancelled", "session cancelled"),
    AttendanceCode.NOT_EXPECTED: ("not expected", "ne", "n/a", "na"),
}
_MARK_OF = {
    word.casefold(): code
    for code, words in _MARKS.items()
    for word in (code.value, code.label, *words)
}


def text(cell: Cell, *, most: int = LONGEST_TEXT) -> str:
    """Words as they stand, on as many lines as they have."""
    words = _written(cell)
    if len(words) > most:
        raise ValueError(f"Shorten this to {most:,} letters; it has {len(words):,}.")
    if words.startswith("="):
        raise ValueError("This begins with “=”, which spreadsheets obey. Write it without.")
    return words


def line(cell: Cell) -> str:
    """A few words on one line."""
    return " ".join(text(cell, most=LONGEST_LINE).split())


def reference(cell: Cell) -> str:
    """What somebody was called in an earlier list; a number stays the number that was seen."""
    return line(cell)


def name(cell: Cell) -> str:
    """A first or a last name, in any script. It needs a letter, or nobody would find her by it."""
    words = " ".join(_written(cell).split())
    if len(words) > LONGEST_NAME:
        raise ValueError(
            f"Shorten this name to {LONGEST_NAME} letters; it has {len(words):,}. "
            "It may be a note that stands in the wrong column."
        )
    if words.startswith(_OBEYED):
        raise ValueError(f"A name cannot begin with “{words[0]}”. Write it without.")
    if not _LETTER.search(words):
        raise ValueError("Write a name, in letters.")
    return words


def whole_name(cell: Cell) -> tuple[str, str]:
    """First and last name out of “Dana Okoro” or “Okoro, Dana”."""
    words = " ".join(_written(cell).split())
    last, comma, first = words.partition(",")
    if not comma:
        first, _space, last = words.partition(" ")
    if not first.strip() or not last.strip():
        raise ValueError("Write a first and a last name, as “Dana Okoro” or “Okoro, Dana”.")
    return name(first.strip()), name(last.strip())


def day(cell: Cell, *, latest: date | None = None) -> date:
    """A date as it is written in Britain, or as Excel keeps it.

    A year of two figures is one of this century, unless that were after `latest`.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    if isinstance(cell, time | timedelta | bool):
        raise ValueError(_WRITE_A_DATE)  # noqa: TRY004 - of what was written, not of a program
    if isinstance(cell, int | float) or re.fullmatch(r"\d{5}", cell):
        return _excel_day(float(cell))
    written = _WEEKDAY.sub("", _MIDNIGHT.sub("", " ".join(cell.split())))
    for pattern, order in (
        (_YEAR_FIRST, (3, 2, 1)),
        (_IN_NUMBERS, (1, 2, 3)),
        (_DAY_IN_WORDS, (1, 2, 3)),
        (_MONTH_FIRST, (2, 1, 3)),
    ):
        if found := pattern.fullmatch(written):
            return _from_parts(*(found[n] for n in order), latest=latest)
    raise ValueError(_WRITE_A_DATE)


def clock_time(cell: Cell) -> time:
    """A time of day: 10:00, 1.30pm, or as Excel keeps it."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta) or (isinstance(cell, float) and 0 <= cell < 1):
        part = cell if isinstance(cell, timedelta) else timedelta(days=cell)
        minutes = round(part.total_seconds() / 60)
        if 0 <= minutes < 24 * 60:
            return time(minutes // 60, minutes % 60)
    found = _CLOCK.fullmatch(str(cell).strip())
    if found is None or not (found[2] or found[3]):
        raise ValueError("Write the time, such as 10:00 or 1.30pm.")
    return _from_clock(int(found[1]), int(found[2] or 0), (found[3] or "").lower())


def phone(cell: Cell) -> str:
    """One telephone number in groups of figures, with the nought that spreadsheets drop."""
    written = _plain_number(cell) if isinstance(cell, int | float) else str(cell)
    if re.search(r"[^\d\s()+.\-–—]", written) or written.count("+") > 1:
        raise ValueError(_WRITE_A_PHONE)
    digits = re.sub(r"\D", "", written.replace("(0)", ""))
    if written.strip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        if not digits.startswith("44"):
            return _foreign(digits)
        digits = "0" + digits.removeprefix("44").removeprefix("0")
    elif isinstance(cell, int | float) and digits.startswith("44") and len(digits) == 12:  # noqa: PLR2004 - +44 and ten figures
        digits = "0" + digits.removeprefix("44")
    elif len(digits) == 10 and digits[0] in "127":  # noqa: PLR2004 - eleven without the nought
        digits = "0" + digits
    return _british(digits)


def email(cell: Cell) -> str:
    """An e-mail address."""
    address = line(cell).removeprefix("mailto:")
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+", address):
        raise ValueError("Write one email address, such as name@example.org.")
    return address


def yes_no(cell: Cell) -> bool:
    """Yes or no, or a tick."""
    word = _plain_number(cell) if isinstance(cell, float) else str(cell)
    word = word.casefold().strip(" .!")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("Write yes or no.")


def whole_number(cell: Cell) -> int:
    """A number without a fraction."""
    if isinstance(cell, bool) or not re.fullmatch(r"\d{1,6}(\.0+)?", str(cell).strip()):
        raise ValueError("Write a whole number.")
    return int(float(str(cell)))


def mark(cell: Cell) -> AttendanceCode:
    """How somebody took part, by its letter or as registers have it: P, DNA, apols."""
    word = _plain_number(cell) if isinstance(cell, float) else str(cell)
    found = _MARK_OF.get(" ".join(word.casefold().split()).strip(" ."))
    if found is None:
        known = ", ".join(f"{code.value} ({code.label.lower()})" for code in AttendanceCode)
        raise ValueError(f"Write one of these: {known}.")
    return found


def one_of(choices: Mapping[str, object], sentence: str) -> Callable[[Cell], object]:
    """Reads one of some words, however they are spaced or capitalised."""

    def choose(cell: Cell) -> object:
        word = " ".join(re.split(r"[\W_]+", str(cell).casefold())).strip()
        if word not in choices:
            raise ValueError(sentence)
        return choices[word]

    return choose


def _written(cell: Cell) -> str:
    words = _plain_number(cell) if isinstance(cell, int | float) else str(cell)
    if words.isascii() and words.isprintable():
        return words.strip()
    if any(unicodedata.category(sign) in _UNSHOWN and sign not in "\n\r\t" for sign in words):
        raise ValueError("This holds signs that cannot be shown. Type it again.")
    return unicodedata.normalize("NFC", words).strip()


def _plain_number(cell: float) -> str:
    """A number as it was seen: Excel keeps 42 as 42.0."""
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < _EXACT else str(cell)


def _excel_day(number: float) -> date:
    if not number.is_integer() or int(number) not in _EXCEL_DAYS:
        raise ValueError(_WRITE_A_DATE)
    return _EXCEL_BEGINS + timedelta(days=int(number))


def _from_parts(day_: str, month: str, year: str, *, latest: date | None) -> date:
    number = int(month) if month.isdigit() else _MONTHS.get(month.casefold())
    if number is None:
        raise ValueError(_WRITE_A_DATE)
    century = 0 if len(year) > 2 else 2000  # noqa: PLR2004 - two figures leave the century out
    if number not in _MONTHS.values():
        raise ValueError(f"There is no month {number}. Write the day first, then the month.")
    try:
        found = date(int(year) + century, number, int(day_))
        if century and latest is not None and found > latest:
            found = found.replace(year=found.year - 100)
    except ValueError as error:
        raise ValueError(f"There is no such day: {int(day_)} in month {number}.") from error
    return _in_range(found)


def _in_range(found: date) -> date:
    if found.year not in _YEARS:
        raise ValueError(f"Check the year: {found.year} cannot be right.")
    return found


def _from_clock(hour: int, minute: int, half: str) -> time:
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - a clock with two halves
        raise ValueError("Write the time, such as 10:00 or 1.30pm.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError("Write the time, such as 10:00 or 1.30pm.") from error


def _british(digits: str) -> str:
    if not re.fullmatch(r"0[1-9]\d{8,9}", digits):
        raise ValueError(_WRITE_A_PHONE)
    if digits.startswith("02"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return f"{digits[:5]} {digits[5:]}"


def _foreign(digits: str) -> str:
    if not re.fullmatch(r"[1-9]\d{6,14}", digits):
        raise ValueError(_WRITE_A_PHONE)
    return f"+{digits}"
