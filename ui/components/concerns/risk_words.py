"""How levels of risk are written for people: in words, and never "low"."""

LEVELS = {
    "standard": "Standard risk",
    "medium": "Medium risk",
    "high": "High risk",
}
ICONS = {
    "standard": ":material/shield:",
    "medium": ":material/report:",
    "high": ":material/priority_high:",
}
