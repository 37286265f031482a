"""Registers of the demonstration: who came, who sent word, and what it comes to for each place."""

from dataclasses import dataclass

from services.attendance import CODES
from services.demo.chance import Chance
from services.demo.runs import NEVER, Run, Seat

_ATTENDED = "".join(code for code, meaning in CODES.items() if meaning.attended)
_COVERED = "".join(code for code, meaning in CODES.items() if meaning.covers_content)
_EXPECTED = "".join(code for code, meaning in CODES.items() if meaning.expected)
_HERE, _HERE_SHARES = "PLEO", (88, 7, 3, 2)
_TOLD_US, _CAUGHT_UP = 0.5, 0.16  # of those who were not there


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's marks by the number of the session, and the sums kept with her place."""

    codes: dict[int, str]
    attended: int  # how often she was there
    covered: int  # how many sessions she knows the content of
    expected: int  # at how many she was expected

    def expects(self, number: int) -> bool:
        """Whether a session took place at which she was expected, and has a mark."""
        return self.codes.get(number, "X") in _EXPECTED

    @property
    def came_first(self) -> int | None:
        """The first session she was at, None when she never came."""
        return min((n for n, code in self.codes.items() if code in _ATTENDED), default=None)


def attendances(chance: Chance, run: Run, seat_number: int) -> list[Attendance]:
    """The marks of everybody in one seat: a child comes with its parent, or is not brought."""
    seat = run.seats[seat_number]
    codes = {
        number: _code(chance, seat)
        for number in run.held_numbers
        if seat.is_there(number) and not _is_unmarked(run, seat_number, number)
    }
    later = {number: "C" for missed, number in run.caught_up if missed == seat_number}
    ahead = {number: "A" for told, number in run.apologies if told == seat_number}
    silent = {number: "D" for missed, number in run.silent if missed == seat_number}
    called_off = {n: "X" for n in run.cancelled_numbers if seat.is_there(n)}
    adult = _summed(run, codes | later | ahead | silent | called_off)
    if not run.with_child:
        return [adult]
    child = {n: _with_parent(chance, code) for n, code in adult.codes.items()}
    return [adult, _summed(run, child)]


def _summed(run: Run, codes: dict[int, str]) -> Attendance:
    held = run.held_numbers
    marks = "".join(code for number, code in codes.items() if number in held)
    return Attendance(
        codes, *(sum(map(marks.count, letters)) for letters in (_ATTENDED, _COVERED, _EXPECTED))
    )


def minutes(chance: Chance, code: str) -> int | None:
    """How late or how early, where somebody noted it."""
    return 5 * chance.randint(1, 6) if code in "LE" and chance.happens(0.7) else None


def _code(chance: Chance, seat: Seat) -> str:
    if chance.happens(seat.comes):
        return chance.choices(_HERE, _HERE_SHARES)[0]
    if seat.comes > NEVER and chance.happens(_CAUGHT_UP):
        return "C"
    return "A" if chance.happens(_TOLD_US) else "D"


def _with_parent(chance: Chance, code: str) -> str:
    if code in _ATTENDED:
        return code if chance.happens(0.94) else "A"
    return "B" if code == "D" else code


def _is_unmarked(run: Run, seat_number: int, number: int) -> bool:
    """In the register that is not finished, the last seats have no mark yet."""
    return number == run.held and seat_number >= len(run.seats) - run.unmarked
