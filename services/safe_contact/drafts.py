"""What is filled in about reaching somebody, and whether it can be kept."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import time

from models import Route, RouteAnswer
from services.errors import InvalidInputError
from services.safe_contact.facts import EVERY_DAY, Rule

MAX_NAME = 100
MAX_ADDRESS = 500
MAX_TEXT = 1_000
_LIMITS = {
    "name_to_use": MAX_NAME,
    "code_word": MAX_NAME,
    "our_code_word": MAX_NAME,
    "without_code_word": MAX_TEXT,
    "who_else_sees": MAX_TEXT,
    "note": MAX_TEXT,
}
_BY_NUMBER = (Route.CALL, Route.TEXT, Route.VOICEMAIL, Route.WHATSAPP)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What holds for every route, as it was filled in.

    A code word of None stays as it is kept; an empty one is taken away.
    """

    name_to_use: str = ""
    code_word: str | None = None
    our_code_word: str | None = None
    without_code_word: str = ""
    who_else_sees: str = ""
    withhold_number: bool = True
    she_contacts_us: bool = False
    note: str = ""

    def checked(self) -> "PlanDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        given = {field: getattr(self, field) for field in _LIMITS}
        tidy = {field: text.strip() for field, text in given.items() if text is not None}
        problems = {
            field: f"Shorten this to {_LIMITS[field]} letters; it has {len(text)}."
            for field, text in tidy.items()
            if len(text) > _LIMITS[field]
        }
        if problems:
            raise InvalidInputError(problems)
        return replace(self, **tidy)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDraft:
    """One route as it was filled in. An address of None stays as it is; an empty one goes."""

    route: Route
    answer: RouteAnswer
    address: str | None = None
    weekdays: Collection[int] = ()
    from_time: time | None = None
    until_time: time | None = None
    condition: str = ""
    may_leave_message: bool = False
    may_say_who: bool = False

    def checked(self) -> "RouteDraft":
        """The same with nothing left that its answer rules out.

        Raises InvalidInputError with a sentence a field.
        """
        tidy = _tidied(self)
        problems = _address_problem(tidy) | _when_problems(tidy)
        if problems:
            raise InvalidInputError(problems)
        return tidy

    def rule(self, *, has_address: bool) -> Rule:
        """What the decision makes of it."""
        return Rule(
            answer=self.answer,
            has_address=has_address,
            weekdays=frozenset(self.weekdays) or EVERY_DAY,
            from_time=self.from_time,
            until_time=self.until_time,
            condition=self.condition or None,
            may_leave_message=self.may_leave_message,
            may_say_who=self.may_say_who,
        )


def _tidied(draft: RouteDraft) -> RouteDraft:
    address = None if draft.address is None else draft.address.strip()
    tidy = replace(draft, address=address, condition=draft.condition.strip())
    if draft.answer is not RouteAnswer.ONLY_WHEN:
        tidy = replace(tidy, weekdays=(), from_time=None, until_time=None, condition="")
    if draft.answer is RouteAnswer.NO:
        tidy = replace(tidy, may_leave_message=False, may_say_who=False)
    return replace(tidy, weekdays=sorted(set(tidy.weekdays) & EVERY_DAY))


def _address_problem(draft: RouteDraft) -> dict[str, str]:
    if not draft.address:
        return {}
    if len(draft.address) > MAX_ADDRESS:
        return {"address": f"Shorten this to {MAX_ADDRESS} letters."}
    fits, sentence = _PLAUSIBLE.get(draft.route, (bool, ""))
    return {} if fits(draft.address) else {"address": sentence}


def _when_problems(draft: RouteDraft) -> dict[str, str]:
    problems: dict[str, str] = {}
    begins, ends = draft.from_time, draft.until_time
    if len(draft.condition) > MAX_TEXT:
        problems["condition"] = f"Shorten this to {MAX_TEXT} letters."
    if begins and ends and ends <= begins:
        problems["until_time"] = "The end must come after the beginning, on the same day."
    anything = any((draft.weekdays, begins, ends, draft.condition))
    if draft.answer is RouteAnswer.ONLY_WHEN and not anything:
        problems["weekdays"] = "Say when: choose days or times, or write what must be so."
    return problems


def _is_number(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_email(text: str) -> bool:
    return "@" in text.strip("@") and " " not in text


_NUMBER = (_is_number, "Enter a phone number, or leave it empty.")
_PLAUSIBLE: dict[Route, tuple[Callable[[str], bool], str]] = {
    **dict.fromkeys(_BY_NUMBER, _NUMBER),
    Route.EMAIL: (_is_email, "Enter an email address with an @, or leave it empty."),
}
