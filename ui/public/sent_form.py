"""What a browser sent back, read as it was typed and understood as answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.errors import InvalidInputError
from services.feedback.form import NOT_TODAY, Answer, FeedbackForm, Question

MOST_BYTES = 256_000
_MOST_FIELDS = 100
_BOTH = (
    "You wrote something and chose “{}”. Untick it to send your words, or empty the box to leave "
    "them out."
)


class TooLargeError(Exception):
    """More than anybody types; no more of it was read."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """The fields by name, to be shown again as they are; `number` is the blank form's own."""

    fields: Mapping[str, str]

    @property
    def number(self) -> str:
        """What makes a form sent twice count once."""
        return self.fields.get("number", "")

    def answers(self, form: FeedbackForm) -> dict[str, Answer]:
        """The answers as services.feedback takes them. Raises InvalidInputError by question."""
        if self.fields.get("website"):
            raise InvalidInputError({"form": "Please press Send once more."})
        both = {
            question.key: _BOTH.format(question.not_today)
            for question in form.questions
            if question.kind == "text" and self._skipped(question) and self._typed(question)
        }
        if both:
            raise InvalidInputError(both)
        return {question.key: self._answer(question) for question in form.questions}

    def words(self, form: FeedbackForm) -> list[str]:
        """What was written in her own words."""
        texts = (self._typed(question) for question in form.questions if question.kind == "text")
        return [text for text in texts if text]

    def _typed(self, question: Question) -> str:
        return self.fields.get(question.key, "").strip()

    def _skipped(self, question: Question) -> bool:
        if question.kind == "text":
            return f"{question.key}.not_today" in self.fields
        return self._typed(question) == "not_today"

    def _answer(self, question: Question) -> Answer:
        typed = self._typed(question)
        if self._skipped(question):
            return NOT_TODAY
        if question.kind == "text" or not (typed.isascii() and typed.isdecimal()):
            return typed
        return int(typed[:9])


async def read(request: Request) -> SentForm:
    """Read a form sent from a page of ours. Raises TooLargeError before taking in too much."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLargeError
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
    return SentForm(dict(pairs[:_MOST_FIELDS]))
