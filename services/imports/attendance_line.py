"""What a row of an attendance list comes to: whose marks, and where each goes."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.attendance import AttendanceCode
from services.imports.attendance_find import KnownMark, KnownPlace, KnownSession


@dataclass(frozen=True, slots=True)
class Entered:
    """One mark of a row and where it goes; without a place, she gets one."""

    session: KnownSession
    code: AttendanceCode
    minutes: int | None
    place: KnownPlace | None
    mark: KnownMark | None

    @property
    def is_new(self) -> bool:
        """Whether nothing stands there."""
        return self.mark is None

    @property
    def is_imported(self) -> bool:
        """Whether what stands there is as an import left it."""
        return self.mark is not None and self.mark.is_imported

    @property
    def differs(self) -> bool:
        """Whether something else stands there."""
        return self.mark is not None and (self.mark.code, self.mark.minutes) != (
            self.code.value, self.minutes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What a row comes to: whose marks, and which."""

    id: int  # the person's
    marks: Mapping[str, Entered]  # by field

    @property
    def version(self) -> int:
        """Of everything the row is about, added up: whatever changes makes it another number."""
        return sum(
            known.version
            for one in self.marks.values()
            for known in (one.session, one.session.group, one.place, one.mark)
            if known is not None
        )
