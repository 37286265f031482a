"""One person as she was filled in, checked before anything is kept."""

from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta

from models import PersonKind
from services.errors import InvalidInputError

MAX_NAME = 100
MAX_LANGUAGE = 40
MAX_NOTE = 500
OLDEST = 110
_LONG = {
    "known_as": (MAX_NAME, "name she is known by"),
    "language": (MAX_LANGUAGE, "language"),
    "access_needs": (MAX_NOTE, "access needs"),
    "complex_needs": (MAX_NOTE, "complex needs"),
    "alert": (MAX_NOTE, "alert"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """One member of a family as she was filled in."""

    kind: PersonKind
    first_name: str
    last_name: str
    known_as: str | None = None
    date_of_birth: date | None = None
    language: str | None = None
    needs_interpreter: bool = False
    access_needs: str | None = None
    complex_needs: str | None = None
    alert: str | None = None

    def checked(self, *, today: date) -> "PersonDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        tidy = self._tidy()
        problems: dict[str, str] = {}
        for field, label in (("first_name", "first name"), ("last_name", "last name")):
            if not 1 <= len(getattr(tidy, field)) <= MAX_NAME:
                problems[field] = f"Enter a {label} of up to {MAX_NAME} letters."
        for field, (most, label) in _LONG.items():
            if len(getattr(tidy, field) or "") > most:
                problems[field] = f"Shorten the {label} to {most} letters."
        born = tidy.date_of_birth
        if born is not None and not today - relativedelta(years=OLDEST) <= born <= today:
            problems["date_of_birth"] = "Check the date of birth: it cannot be in the future."
        if problems:
            raise InvalidInputError(problems)
        return tidy

    def _tidy(self) -> "PersonDraft":
        return replace(
            self,
            first_name=self.first_name.strip(),
            last_name=self.last_name.strip(),
            known_as=_text(self.known_as),
            language=_text(self.language),
            access_needs=_text(self.access_needs),
            complex_needs=_text(self.complex_needs),
            alert=_text(self.alert),
        )


def _text(typed: str | None) -> str | None:
    """What was typed without stray spaces; nothing typed is nothing kept."""
    return (typed or "").strip() or None
