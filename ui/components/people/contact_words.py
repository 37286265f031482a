"""What is said about safe contact: routes, answers, outcomes, and the icon beside each word."""

from services import clock
from services.safe_contact import Answer, Reach, wording
from services.safe_contact.facts import Why

ROUTES = {route.value: words for route, words in wording.ROUTES.items()}
ANSWERS = {"no": "No", "yes": "Yes", "only_when": "Only when"}
DAYS = {str(number): name[:3] for number, name in enumerate(wording.DAYS)}
ADDRESSES = {
    "call": "Phone number",
    "text": "Phone number, if not the one for calls",
    "voicemail": "Phone number, if not the one for calls",
    "whatsapp": "Phone number, if not the one for calls",
    "email": "Email address",
    "post": "Address. Of a refuge never more than a PO box",
    "via_worker": "Which worker or school, and how to reach them",
    "online": "Where you meet, or how the link reaches her",
}
OUTCOMES = {
    "spoke": "Spoke with her",
    "sent": "Sent",
    "message_left": "Left a message",
    "no_answer": "No answer, nothing left",
    "someone_else": "Somebody else answered",
    "message_not_left": "A machine answered, left no message",
    "no_code_word": "She did not give her code word",
    "wrong_number": "Wrong number",
    "they_came_to_us": "She contacted us",
}
HIDDEN = {
    "call": "number for calls",
    "text": "number for texts",
    "voicemail": "number for voicemail",
    "whatsapp": "WhatsApp number",
    "email": "email address",
    "post": "postal address",
    "via_worker": "which worker or school",
    "online": "where you meet online",
    "code_word": "code word she gives",
    "our_code_word": "code word we give",
}
ICONS = {
    Why.SAFE: ":material/check_circle:",
    Why.CHECK_FIRST: ":material/help:",
    Why.NOT_NOW: ":material/schedule:",
    Why.LAPSED: ":material/event_busy:",
    Why.NOT_CONFIRMED: ":material/event_busy:",
    Why.NO_PLAN: ":material/contact_support:",
    Why.SHE_CONTACTS_US: ":material/hourglass_top:",
    Why.SUSPENDED: ":material/block:",
}
NO_ICON = ":material/do_not_disturb_on:"


def way(answer: Answer) -> str:
    """A route that is safe, and until when: "Call (until 3pm)"."""
    until = f" (until {clock.spoken(answer.until)})" if answer.until else ""
    return wording.ROUTES[answer.route] + until


def how(reach: Reach) -> str:
    """In one line of a list: by which routes she may be reached now, or why by none."""
    if reach.now:
        return ", ".join(way(answer) for answer in reach.now)
    if reach.to_check:
        ways = ", ".join(wording.ROUTES[answer.route] for answer in reach.to_check)
        return f"Check first: {ways}"
    return reach.reason
