"""How pairs that are kept apart are written for people."""

STRENGTHS = {
    "hard": "Must not meet",
    "soft": "To be weighed",
}
CROSSINGS = {
    "avoids": "Parts of town she must not go to: a hard stop",
    "neighbourhood": "Where she lives: the first part of the postcode",
    "employer": "Where she works",
    "worship": "Where she worships",
    "community": "A small community, or a language few here speak",
}
WHYS = {
    "together": "They are in one group now",
    "placing": "Somebody is to be placed",
    "asked": "One of them asked about it",
    "review": "Looking through all of them",
}
