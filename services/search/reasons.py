"""Why somebody was found, in words: what the reader cannot see from the name alone."""

from services.search import keys
from services.search.finding import Step
from services.search.names import normalised
from services.search.phones import plain_number


def reason(
    text: str, step: Step, *, name: str, known_as: str | None = None, code: str | None = None
) -> str:
    """What to say beside a name; nothing where it shows by itself."""
    match step:
        case Step.REFERENCE:
            return _by_reference(text, code)
        case Step.WHOLE | Step.BEGINNING:
            return _by_name(text, name, known_as)
        case Step.OTHER_FORM:
            return "short form of the name"
        case Step.ALIKE:
            return "sounds like it"
        case Step.MISTYPED:
            return "one letter different"


def _by_reference(text: str, code: str | None) -> str:
    marks = "".join(normalised(text)).upper()
    if code is not None and marks == code.replace("-", ""):
        return "her reference"
    if code in keys.codes(text):
        return "a reference like it"
    return "telephone number" if plain_number(text) else "earlier reference"


def _by_name(text: str, name: str, known_as: str | None) -> str:
    words, hers = normalised(text), normalised(name)
    if all(any(have.startswith(word) for have in hers) for word in words if len(word) > 1):
        return ""
    return f"known as {known_as}" if known_as else "an earlier name"
