"""What was done about an answer that asks for action the same day, as it was written down."""

from dataclasses import dataclass, replace

from models import SafeNow
from services.errors import InvalidInputError

MAX_WORDS = 2_000
_TEXTS = ("told", "what_was_done", "mistake")


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskResponse:
    """Is she safe now, who was told, what was done, and whether a concern is raised with it.

    `mistake` stands alone: why an answer that raised the action was not meant.
    """

    safe_now: SafeNow | None = None
    told: str = ""
    what_was_done: str = ""
    raise_concern: bool | None = None
    mistake: str = ""

    def checked(self) -> "RiskResponse":
        """The same, tidied, as an account of what was done. Raises InvalidInputError by field."""
        tidy, problems = self._tidied()
        if tidy.safe_now is None:
            problems["safe_now"] = "Say whether they are safe now; “not known” is an answer too."
        if not tidy.told:
            problems.setdefault("told", "Say who was told. It must be somebody today.")
        if not tidy.what_was_done:
            problems.setdefault("what_was_done", "Write what was done. A few words are enough.")
        if tidy.raise_concern is None:
            problems["raise_concern"] = "Choose whether a concern is raised."
        elif not tidy.raise_concern and tidy.safe_now is not SafeNow.YES:
            problems["raise_concern"] = (
                "Raise a concern: without one nobody decides what happens next, and it is not "
                "certain that they are safe."
            )
        if problems:
            raise InvalidInputError(problems)
        return replace(tidy, mistake="")

    def checked_mistake(self) -> str:
        """Why there was nothing to do. Raises InvalidInputError while it is not said."""
        tidy, problems = self._tidied()
        if not tidy.mistake:
            problems.setdefault(
                "mistake",
                "An answer that asked for action today does not stand above. Give it again, "
                "or say why.",
            )
        if problems:
            raise InvalidInputError(problems)
        return tidy.mistake

    def _tidied(self) -> tuple["RiskResponse", dict[str, str]]:
        texts = {field: getattr(self, field).strip() for field in _TEXTS}
        too_long = {
            field: f"Shorten this to {MAX_WORDS:,} letters; it has {len(text):,}."
            for field, text in texts.items()
            if len(text) > MAX_WORDS
        }
        return replace(self, **texts), too_long
