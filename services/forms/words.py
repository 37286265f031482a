"""Texts in several languages, as they stand in a form: English always, the others if there are."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator

ENGLISH = "en"
CODES = (ENGLISH, "cy", "pl", "lt", "pt", "ro", "ar", "uk")

Words: TypeAlias = dict[str, str]  # language code → text


def spoken(words: Mapping[str, str], language: str = ENGLISH) -> str:
    """The text in a language, or in English where nobody has put it into that one yet."""
    return words.get(language) or words[ENGLISH]


def _mapped(given: Any) -> Any:
    return {ENGLISH: given} if isinstance(given, str) else given


def _tidy(longest: int) -> AfterValidator:
    def tidied(words: Words) -> Words:
        tidy = {code: " ".join(text.split()) for code, text in words.items()}
        tidy = {code: text for code, text in tidy.items() if text}
        if ENGLISH not in tidy:
            raise ValueError("there must be words in English")
        if unknown := tidy.keys() - set(CODES):
            raise ValueError(f"there is no language {min(unknown)}")
        if any(len(text) > longest for text in tidy.values()):
            raise ValueError(f"this is longer than {longest} characters")
        return tidy

    return AfterValidator(tidied)


Label: TypeAlias = Annotated[Words, BeforeValidator(_mapped), _tidy(60)]
Sentence: TypeAlias = Annotated[Words, BeforeValidator(_mapped), _tidy(160)]
Paragraph: TypeAlias = Annotated[Words, BeforeValidator(_mapped), _tidy(600)]
