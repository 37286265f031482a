"""What people are to each other, and who stands around them, in people's words."""

# Stored relation → what somebody is to her, and what she is to somebody: the two ends of one line.
RELATIONS = {
    "mother": ("Mother", "Child, as the mother"),
    "father": ("Father", "Child, as the father"),
    "step_parent": ("Step-parent", "Stepchild"),
    "grandparent": ("Grandparent", "Grandchild"),
    "foster_carer": ("Foster carer", "Foster child"),
    "guardian": ("Guardian", "Child under guardianship"),
    "sibling": ("Brother or sister", "Brother or sister"),
    "other_relative": ("Other relative", "Other relative"),
}
PROFESSIONALS = {
    "school": "School",
    "nursery": "Nursery",
    "social_worker": "Social worker",
    "health": "Health",
    "housing": "Housing",
    "solicitor": "Solicitor",
    "police": "Police",
    "other": "Other",
}


def relation(value: str, *, is_relation_of_her: bool) -> str:
    """What the other of the two is to her: her mother, or the child she is the mother of."""
    theirs, hers = RELATIONS[value]
    return theirs if is_relation_of_her else hers
