"""What forms are called where staff choose among them: several have the same title."""

import re


def called(key: str) -> str:
    """A form's own name, from its key: Children 5-7."""
    return re.sub(r"(\d) (\d)", r"\1-\2", key.replace("_", " ")).capitalize()
