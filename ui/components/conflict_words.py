"""How pairs that are kept apart are written for people."""

STRENGTHS = {
    "hard": "Must not meet",
    "soft": "To be weighed",
}
WHYS = {
    "together": "They are in one group now",
    "placing": "Somebody is to be placed",
    "asked": "One of them asked about it",
    "review": "Looking through all of them",
}
