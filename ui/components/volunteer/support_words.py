"""What is said about supporting a volunteer: what is due, how it stands, how heavy it feels."""

DUE = {
    "check_in": "Check-in: ask how she is",
    "supervisor": "Name a supervisor",
    "supervision": "Supervision, one to one",
    "reflective_group": "Reflective group",
    "review": "Review of her role",
}
STATES = {"ahead": "To come", "amber": "Due", "red": "Overdue"}
ICONS = {
    "ahead": ":material/schedule:",
    "amber": ":material/notification_important:",
    "red": ":material/error:",
}
MEETINGS = {
    "one_to_one": "Supervision, one to one",
    "reflective_group": "Reflective group",
    "review": "Review of her role",
}
HEAVINESS = {
    1: "1: light",
    2: "2: mostly light",
    3: "3: some weight",
    4: "4: heavy",
    5: "5: very heavy",
}
SUGGESTIONS = {
    "nothing": "Nothing in these weeks stands out. Her own word comes first: ask her all the same.",
    "supervision": "A good deal came together lately. Offer to bring her next supervision forward.",
    "rest": "A lot came together in these weeks. Offer her a week without sessions, and talk soon.",
}
SHE_SAID = "She has said herself that it is heavy: that alone is reason enough to talk."
