"""The questions about protected characteristics, described in data/reference (domain §6)."""

from functools import cache

from models import PersonKind
from services.config import DATA
from services.definitions import Definition, read_definition

NOT_SAID = "prefer_not_to_say"
OWN_WORDS = "own_words"


class Question(Definition):
    """One question; `choices` are its answers as they are offered, in order."""

    key: str
    question: str
    answers: dict[str, str]
    own_words: bool = False
    adults_only: bool = False

    @property
    def choices(self) -> dict[str, str]:
        """Answer to label, with self-description where there is one, and not saying last."""
        own = {OWN_WORDS: "In her own words"} if self.own_words else {}
        return {**self.answers, **own, NOT_SAID: "Prefers not to say"}

    def is_for(self, kind: PersonKind) -> bool:
        """Whether it is asked of an adult, or of a child."""
        return kind is PersonKind.ADULT or not self.adults_only


class Questions(Definition):
    """The whole form, and why it is asked."""

    why: str
    questions: tuple[Question, ...]


@cache
def questions() -> Questions:
    """The form as the file describes it."""
    return read_definition(DATA / "reference" / "characteristics.yaml", Questions)


def question(key: str) -> Question:
    """One question. Raises KeyError when there is none of this key."""
    return {one.key: one for one in questions().questions}[key]
