"""What participants say: the link to a form, their answers, and what staff see of them."""

from services.feedback.addresses import (
    NO_FORM,
    FormClosedError,
    grouped,
    plainly,
    token_digest,
    usable_number,
)
from services.feedback.counting import recount
from services.feedback.giving import is_kept, submit
from services.feedback.links import (
    FeedbackLinkView,
    OpenForm,
    follow,
    form_for_token,
    form_seen,
    open_link,
    told,
)

__all__ = [
    "NO_FORM",
    "FeedbackLinkView",
    "FormClosedError",
    "OpenForm",
    "follow",
    "form_for_token",
    "form_seen",
    "grouped",
    "is_kept",
    "open_link",
    "plainly",
    "recount",
    "submit",
    "token_digest",
    "told",
    "usable_number",
]
