"""A concern as somebody writes it down: facts apart from opinion, exact words apart from both."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time

from models import SafeNow
from services import clock
from services.errors import InvalidInputError

MAX_ABOUT = 200
MAX_WORDS = 10_000
_TEXTS = ("about", "facts", "exact_words", "opinion", "told")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernDraft:
    """A concern as it was filled in: about a participant, or in words about somebody else."""

    person_ref: str | None = None
    about: str = ""
    noticed_on: date
    noticed_time: time
    facts: str
    exact_words: str = ""
    opinion: str = ""
    safe_now: SafeNow | None = None
    told: str = ""
    is_incident: bool = False  # something happened to the participant it is about

    def checked(self) -> "ConcernDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        texts = {key: text.strip() for key, text in asdict(self).items() if key in _TEXTS}
        tidy = replace(self, **texts)
        problems = {
            field: f"Shorten this to {MAX_WORDS:,} letters; it has {len(text):,}."
            for field, text in texts.items()
            if len(text) > MAX_WORDS
        }
        if not tidy.person_ref and not 1 <= len(tidy.about) <= MAX_ABOUT:
            problems["about"] = f"Say whom it is about, in up to {MAX_ABOUT} letters."
        if not tidy.facts:
            problems["facts"] = "Write what was seen or heard. A few words are enough."
        if tidy.safe_now is None:
            problems["safe_now"] = "Choose one; “not known” is an answer too."
        if tidy.noticed_at > clock.now():
            problems["noticed_on"] = "Check the day and time: they cannot be in the future."
        if problems:
            raise InvalidInputError(problems)
        return tidy

    @property
    def noticed_at(self) -> datetime:
        """The instant at which it was noticed."""
        return datetime.combine(self.noticed_on, self.noticed_time, tzinfo=clock.LONDON)
