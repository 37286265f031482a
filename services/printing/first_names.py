"""First names for a sheet of paper, told apart by as little of the last name as it takes."""

from collections import Counter
from collections.abc import Sequence

Name = tuple[str, str]  # first and last


def told_apart(names: Sequence[Name]) -> list[str]:
    """Each first name; where two share one, with as many letters of the last as differ.

    Two people of one name altogether are numbered in the order given.
    """
    shown = [first.strip() for first, _ in names]
    longest = max((len(last) for _, last in names), default=0)
    for letters in range(1, longest + 1):
        same = _repeated(shown)
        if not same:
            return shown
        shown = [
            f"{first} {last[:letters].strip()}".strip() if text.casefold() in same else text
            for text, (first, last) in zip(shown, names, strict=True)
        ]
    return _numbered(shown)


def _repeated(shown: Sequence[str]) -> set[str]:
    counted = Counter(text.casefold() for text in shown)
    return {text for text, count in counted.items() if count > 1}


def _numbered(shown: Sequence[str]) -> list[str]:
    same = _repeated(shown)
    so_far: Counter[str] = Counter()
    taken = {text.casefold() for text in shown}
    found = []
    for text in shown:
        folded, numbered = text.casefold(), text
        while folded in same and numbered.casefold() in taken:
            so_far[folded] += 1
            numbered = f"{text} ({so_far[folded]})"
        taken.add(numbered.casefold())
        found.append(numbered)
    return found
