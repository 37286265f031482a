"""The two forms anybody may send, so that what holds for both is tested of both."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from sqlalchemy import select, update

from models import Organisation, PipelineRules, ReferralForm, VolunteerApplication
from services.db import transaction
from tests.public.server import Answer, Site
from ui.public import refer, volunteer

MARKUP = "</textarea><script>alert('x')</script><b>“bold”</b> & ☕"


@dataclass(frozen=True, slots=True)
class Form:
    """One of them: its address, what somebody writes in it, and what it leaves behind."""

    site: Site
    path: str
    fields: dict[str, str]
    words: str  # the field for her own words
    private: frozenset[str]
    module: ModuleType
    kept: Callable[[], list[dict[str, object]]]
    close: Callable[[], None]

    @property
    def pages(self) -> list[str]:
        return [self.path, f"{self.path}/form", f"{self.path}/thanks"]

    def blank(self) -> str:
        return self.site.get(f"{self.path}/form").text

    def post(self, **fields: str) -> Answer:
        return self.site.post(self.path, {**self.fields, **fields})

    def send(self, **fields: str) -> Answer:
        """A blank form, filled in and sent."""
        return self.post(number=number_in(self.blank()), **fields)

    @property
    def typed(self) -> str:
        """Her own words where a form gives them back."""
        return f"{self.fields[self.words]}</textarea>"


def number_in(text: str) -> str:
    found = re.search(r'name="number" value="([\w-]+)"', text)
    assert found
    return found[1]


def referrals_kept() -> list[dict[str, object]]:
    with transaction() as db:
        return list(db.scalars(select(ReferralForm.answers)))


def applications_kept() -> list[dict[str, object]]:
    with transaction() as db:
        return list(db.scalars(select(VolunteerApplication.answers)))


def _close_referrals() -> None:
    with transaction() as db:
        db.execute(update(Organisation).values(referrals_open=False))


def _close_applications() -> None:
    with transaction() as db:
        db.execute(update(PipelineRules).values(applications_open=False))


_PRIVATE = {"first_name": "Zsofia", "last_name": "Quillfeather", "phone": "07700 900123"}
_SEALED = {"code_word": "marmalade", "hard_to_meet": "Somebody called Perpetua"}


def referral(site: Site) -> Form:
    """The form by which professionals refer."""
    sender = {
        "sender_name": "Wren Tull",
        "sender_agency": "Harbour Advice",
        "sender_contact": "01632 960111",
    }
    fields = {
        **sender, "kind": "adult", "agrees": "yes", "routes.text": "yes",
        "reason": "Would like a group", **_PRIVATE,
    }  # fmt: skip
    private = frozenset(_PRIVATE.values())
    return Form(site, "/refer", fields, "reason", private, refer, referrals_kept, _close_referrals)


def application(site: Site) -> Form:
    """The form by which somebody applies to volunteer."""
    fields = {"routes.text": "yes", "adult": "yes", "why": "I like tea", **_PRIVATE, **_SEALED}
    private = frozenset((_PRIVATE | _SEALED).values())
    return Form(
        site, "/volunteer", fields, "why", private, volunteer, applications_kept,
        _close_applications,
    )  # fmt: skip
