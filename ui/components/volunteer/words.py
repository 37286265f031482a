"""What is said about volunteers: stages, roles, the next step."""

# Stepping back stands among the others: private, reversible and no mark against anybody.
STAGES = {
    "interest": "Interest",
    "conversation": "Conversation",
    "application": "Application",
    "interview": "Interview",
    "checks": "Checks",
    "training": "Training",
    "shadowing": "Shadowing",
    "active": "Active",
    "stepped_back": "Stepped back",
    "moved_on": "Moved on",
}
ROLES = {
    "co_facilitator": "Co-facilitator",
    "creche": "Crèche",
    "welcome": "Welcome",
    "peer_contact": "Peer contact",
    "shadowing": "Shadowing",
}
NEXT_STEPS = {
    "interest": "Arrange a first conversation about what she would like to do, and what support "
    "she has of her own.",
    "conversation": "If she would like to go on, give her the application form and agree a date.",
    "application": "Read her application with her and agree a date for the interview.",
    "interview": "Tell her how it went. Then ask for two references and start the DBS check.",
    "checks": "Follow up her references and DBS check, and keep her posted while she waits.",
    "training": "Agree her training dates, and who supports her meanwhile.",
    "shadowing": "Place her with a group to shadow two to four sessions, then talk it over.",
    "active": "Agree when you next talk. If she is with no group, ask which she would like.",
    "stepped_back": "Keep in touch as she wishes. Stepping back is private and she can return "
    "at any time: move her to the stage that fits.",
    "moved_on": "Thank her. If she would like to return one day, move her to the stage that fits.",
}
NEXT_STEPS_SHORT = {
    "interest": "Arrange a first conversation",
    "conversation": "Give her the application form",
    "application": "Agree a date for the interview",
    "interview": "Tell her how it went",
    "checks": "Follow up her checks",
    "training": "Agree her training dates",
    "shadowing": "Talk over what she has seen",
    "active": "Agree when you next talk",
}
RULES = {
    "own_group": "Her own group is over",
    "live_case": "No open case of her own",
    "own_support": "Support of her own",
}
FACTS = {
    "met": "Met",
    "not_yet": "Not yet",
    "not_known": "Not known",
}
OWN_TIME_WHYS = {
    "readiness": "To see whether she is ready",
    "placing": "She is to be placed",
    "asked": "She asked about it",
    "review": "Looking through records",
}


def days_waiting(count: int) -> str:
    """How long she has waited: since today, 1 day, 12 days."""
    return {0: "Waiting since today", 1: "Waiting 1 day"}.get(count, f"Waiting {count} days")


def days_late(count: int) -> str:
    """By how much it is overdue."""
    return "Overdue by 1 day" if count == 1 else f"Overdue by {count} days"
