"""The invented names and sentences of the demonstration programme, from data/demo."""

import csv
from collections import defaultdict
from functools import cache

from services.config import DATA

FOLDER = DATA / "demo"


def words(kind: str) -> tuple[str, ...]:
    """The names or sentences of one kind, in the order of the file."""
    return _lists()[kind]


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for file in ("names.csv", "sentences.csv"):
        with (FOLDER / file).open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                lists[row["kind"]].append(row["text"])
    return {kind: tuple(texts) for kind, texts in lists.items()}
