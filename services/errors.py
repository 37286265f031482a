"""Everything expected that can go wrong. Each message is safe to show and says what to do."""

from collections.abc import Mapping, Sequence

from services.versions import Difference


class AppError(Exception):
    """The root of the family: its text may stand on a screen."""


class InvalidInputError(AppError):
    """What was typed cannot be used; `problems` maps a field to a sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class NotFoundError(AppError):
    """There is no such record, or none this person may know of: the two read the same."""

    def __init__(self, what: str = "record") -> None:
        super().__init__(
            f"This {what} could not be found. The address may be old, or it is not one of yours. "
            "Go back to the list and open it from there."
        )


class NotPermittedError(AppError):
    """She knows of it but may not do this."""

    def __init__(self, what: str = "do this") -> None:
        super().__init__(
            f"Your role does not allow you to {what}. Ask your administrator if you need to."
        )


class ConflictError(AppError):
    """Somebody else was faster. `theirs` is what stands there now, ready to show.

    Where a record has several fields, `differences` says in which of them the two versions
    differ, so that she can choose one by one.
    """

    def __init__(
        self, message: str, theirs: str | None = None, differences: Sequence[Difference] = ()
    ) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.differences = tuple(differences)


class FormClosedError(AppError):
    """A public form is switched off; the text may stand on a public page."""


class SetupError(AppError):
    """The programme cannot start as it is: a key, a folder or the database needs attention."""
