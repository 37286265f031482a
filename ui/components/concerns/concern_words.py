"""How concerns are written for people."""

SAFE_NOW = {
    "yes": "Yes, as far as I know",
    "no": "No",
    "unknown": "Not known",
}
KINDS = {
    "decision": "Decision",
    "action": "What was done",
    "closed": "Closed",
    "correction": "Correction",
}
DECISIONS = {"made": "Made", "due": "Due today", "overdue": "Overdue"}
