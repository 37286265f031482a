"""What a browser sent back, read as it was typed and understood as answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.errors import InvalidInputError
from services.feedback.own_code import PARTS, spelled
from services.forms.checking import NOT_TODAY, Answer
from services.forms.definition import CHOSEN, FormDefinition, Question
from services.forms.lines import Lines

MOST_BYTES = 256_000
_MOST_FIELDS = 300


class TooLargeError(Exception):
    """More than anybody types; no more of it was read than the language, which comes first."""

    def __init__(self, language: str) -> None:
        super().__init__("More was sent than a form may hold.")
        self.language = language


@dataclass(frozen=True, slots=True)
class SentForm:
    """The fields by name, to be shown again as they are; `number` is the blank form's own."""

    fields: Mapping[str, str]

    @property
    def number(self) -> str:
        """What makes a form sent twice count once."""
        return self.fields.get("number", "")

    @property
    def language(self) -> str:
        """The language the questions were read in."""
        return self.fields.get("lang", "")

    @property
    def seen(self) -> str:
        """Which version of which form she had before her."""
        return self.fields.get("form", "")

    @property
    def is_shared(self) -> bool:
        """Whether it came from a tablet that is passed round."""
        return "kiosk" in self.fields

    @property
    def is_kept(self) -> bool:
        """Whether some of it is kept under its number by now."""
        return "kept" in self.fields

    @property
    def to_keep(self) -> bool:
        """Whether she asked to keep it for later; never on a tablet that is passed round."""
        return "keep" in self.fields and not self.is_shared

    @property
    def is_quiet(self) -> bool:
        """Whether her browser asks by itself to keep it, as she goes: she sees no new page."""
        return self.fields.get("keep") == "quiet"

    @property
    def own_code(self) -> str | None:
        """The code she made herself, if she gave all of it."""
        return spelled({part: self.fields.get(f"code.{part}", "") for part in PARTS})

    def answers(self, form: FormDefinition, lines: Lines) -> dict[str, Answer]:
        """The answers as services.feedback takes them. Raises InvalidInputError by question."""
        if self.fields.get("website"):
            raise InvalidInputError({"form": lines.say("once_more")})
        both = {
            question.key: lines.say(
                "both_words" if question.kind == "text" else "both_ticks",
                not_today=lines.say("not_today"),
            )
            for question in form.questions
            if question.kind not in CHOSEN and self._skipped(question) and self._given(question)
        }
        if both:
            raise InvalidInputError(both)
        return {question.key: self._answer(question) for question in form.questions}

    def words(self) -> list[str]:
        """Whatever was written in her own words, on a form that may be known no more."""
        ours = {"number", "lang", "form", "website", "kiosk", "keep", "kept", "one", "go"}
        return [
            text
            for name, value in self.fields.items()
            if name not in ours and "." not in name and (text := value.strip())
            if text != "not_today" and not text.isdecimal()
        ]

    def _typed(self, question: Question) -> str:
        return self.fields.get(question.key, "").strip()

    def _given(self, question: Question) -> Answer:
        if question.kind == "several":
            return [value for value in question.labels if f"{question.key}.{value}" in self.fields]
        typed = self._typed(question)
        if question.kind == "text" or not (typed.isascii() and typed.isdecimal()):
            return typed
        return int(typed[:9])

    def _skipped(self, question: Question) -> bool:
        if question.kind in CHOSEN:
            return self._typed(question) == "not_today"
        return f"{question.key}.not_today" in self.fields

    def _answer(self, question: Question) -> Answer:
        return NOT_TODAY if self._skipped(question) else self._given(question)


async def read(request: Request) -> SentForm:
    """Read a form sent from a page of ours. Raises TooLargeError before taking in too much."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLargeError(_understood(body[:MOST_BYTES]).language)
    return _understood(body)


def _understood(body: bytearray) -> SentForm:
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
    return SentForm(dict(pairs[:_MOST_FIELDS]))
