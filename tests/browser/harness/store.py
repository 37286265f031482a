"""The harness's records: one imaginary register and note for each test, gone with the process."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from ui.components.answers import CONFLICT, SAVED, Answer, refused
from ui.components.autosave_note import Edit
from ui.components.register.register import RegisterRow, Tap

PEOPLE = (
    RegisterRow("p1", "Ada Okafor", needs=("Large print",)),
    RegisterRow("p2", "Bea Lindqvist"),
    RegisterRow("p3", "Cora Mbeki", alerts=("No photographs",), needs=("BSL interpreter",)),
    RegisterRow("p4", "Dilys Pugh"),
    RegisterRow("p5", "Esme Hartley-Wetherby-Fitzgibbon"),
    RegisterRow("p6", "<img src=x onerror=document.title='hurt'>"),
    RegisterRow("p7", "Grace Adeyemi"),
    RegisterRow("p8", "Hana Suzuki", needs=("Needs to sit near the door",)),
    RegisterRow("p9", "Ines Romero"),
    RegisterRow("p10", "Joy Bello", expected=False),
)
REFUSED = "This session is more than a week old. Ask your lead to open the register again."


@dataclass
class Records:
    """What one test sees and changes."""

    rows: dict[str, RegisterRow] = field(default_factory=lambda: {p.place: p for p in PEOPLE})
    taps: list[Tap] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)  # the ids of all taps the page was given
    refusing: bool = False
    mute: int = 0  # so many batches are lost on the way
    note: str = ""
    note_version: int = 0
    note_by: str | None = None
    edits: list[Edit] = field(default_factory=list)
    idle: int = 0
    lock: Lock = field(default_factory=Lock)

    def save(self, taps: Sequence[Tap]) -> dict[str, Answer]:
        """Count each tap unless the row has changed since she saw it."""
        with self.lock:
            self.handed += [tap.id for tap in taps]
            if self.mute:
                self.mute -= 1
                return {}
            return {tap.id: self._mark(tap) for tap in taps}

    def _mark(self, tap: Tap) -> Answer:
        row = self.rows[tap.place]
        if self.refusing:
            return refused(REFUSED)
        if row.version != tap.version:
            return CONFLICT
        self.taps.append(tap)
        self.rows[tap.place] = replace(
            row, code=tap.code, minutes=tap.minutes, version=row.version + 1, by=None
        )
        return SAVED

    def mark_as(self, by: str, place: str, code: str | None) -> None:
        """Somebody else marks somebody on her own screen."""
        with self.lock:
            row = self.rows[place]
            self.rows[place] = replace(row, code=code, version=row.version + 1, by=by)

    def cancel(self) -> None:
        """The service cancels the session, which marks everybody so."""
        with self.lock:
            for place, row in self.rows.items():
                self.rows[place] = replace(row, code="X", expected=False)

    def write(self, edit: Edit) -> Answer:
        """Keep the note unless it has changed since she saw it."""
        with self.lock:
            if edit.version != self.note_version:
                return CONFLICT
            self.edits.append(edit)
            self._write(edit.text, None)
            return SAVED

    def write_as(self, by: str, text: str) -> None:
        """Somebody else changes the note."""
        with self.lock:
            self._write(text, by)

    def _write(self, text: str, by: str | None) -> None:
        self.note, self.note_by = text, by
        self.note_version += 1


_RECORDS: dict[str, Records] = {}


def records(name: str) -> Records:
    """The records of one test."""
    return _RECORDS.setdefault(name, Records())
