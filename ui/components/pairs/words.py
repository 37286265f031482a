"""How the halves of a pair are called, and how they meet."""

from services.pairs.halves import Side

SHAPES = {
    "together": "Together",
    "apart": "Apart",
    "in_turns": "Together, apart, together again",
}
HALVES = {Side.PARENTS: "Parents' half", Side.CHILDREN: "Children's half"}
