"""What participants say: the link to a form, their answers, and what staff see of them."""

from services.feedback.counting import recount
from services.feedback.giving import (
    NO_FORM,
    FeedbackLinkView,
    FormClosedError,
    OpenForm,
    follow,
    form_for_token,
    form_seen,
    is_kept,
    open_link,
    plainly,
    submit,
    token_digest,
    usable_number,
)

__all__ = [
    "NO_FORM",
    "FeedbackLinkView",
    "FormClosedError",
    "OpenForm",
    "follow",
    "form_for_token",
    "form_seen",
    "is_kept",
    "open_link",
    "plainly",
    "recount",
    "submit",
    "token_digest",
    "usable_number",
]
