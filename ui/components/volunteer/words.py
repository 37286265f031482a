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
    "active": "Agree when you next talk, and place her with a group if she would like one.",
    "stepped_back": "Keep in touch as she wishes. Stepping back is private and she can return "
    "at any time: move her to the stage that fits.",
    "moved_on": "Thank her. If she would like to return one day, move her to the stage that fits.",
}
