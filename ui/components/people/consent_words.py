"""What is said about consents: what for, on what footing, and how it stands."""

from typing import Any

PURPOSES = {
    "take_part": "To take part in groups",
    "share": "To share information with an agency",
    "evaluation": "To use her forms to learn what helps",
    "quote": "To quote her words, without her name",
    "photo": "To use photos of her",
    "contact_after": "To contact her after the group",
    "volunteer_approach": "To ask her about volunteering",
}
BASES = {
    "self": "She gave it herself",
    "gillick": "She gave it herself and was judged able to decide (Gillick)",
    "responsibility": "Somebody with parental responsibility gave it",
}
ANSWERS = {"yes": "Yes", "no": "No"}
SAID_NO = {
    "self": "She said so herself",
    "responsibility": "Somebody with parental responsibility said so",
}
STATES = {
    "given": "Given",
    "withdrawn": "Withdrawn",
    "refused": "Said no",
    "not_asked": "Not asked yet",
}
ASK_AGAIN = {
    "now_16": "She is 16 now and decides for herself. Ask her. If she agrees, withdraw the old "
    "consent and record hers.",
    "not_responsible": "Whoever gave it is not recorded with parental responsibility any more. "
    "Withdraw it, and ask somebody who has it.",
}
OTHER_PARENT = (
    "A person who harms often has parental responsibility too. One holder's consent is usually "
    "enough for a group, and Alongside tells nobody else: not the other parent either. If there "
    "is a court order, or you are not sure, take advice before you ask."
)


def what(row: Any) -> str:
    """What a consent is for, with the agency where there is one."""
    return f"{PURPOSES[row.purpose]}: {row.agency}" if row.agency else PURPOSES[row.purpose]


def how(row: Any) -> str:
    """Who gave it, and on what footing; empty where nobody was asked."""
    if row.basis == "self":
        return "Herself"
    if row.basis == "gillick":
        return f"Herself; judged able by {row.judged_by}, {row.judged_on:%d/%m/%Y}"
    if row.basis == "responsibility":
        return f"{row.given_by or 'Somebody'}, with parental responsibility"
    return ""
