"""How the halves of a pair are called, and how they meet."""

from services.groups.pairs.halves import Side

SHAPES = {
    "together": "Together",
    "apart": "Apart",
    "in_turns": "Together, apart, together again",
}
# For a column of a table.
SHORT = SHAPES | {"in_turns": "Both in turns"}
HALVES = {Side.PARENTS: "Parents' half", Side.CHILDREN: "Children's half"}
