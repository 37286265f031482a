"""Rules about every file that is kept. Each gives a sentence for each breach."""

import ast
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.code.source import modules

# A path of somebody's machine, or the address packages are fetched from, works nowhere else.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w|[A-Z]:\\Users\\")
REGISTRY = re.compile(r"pypi\.|python[h]osted|npm[j]s|docker\.io|ghcr\.|quay\.io", re.IGNORECASE)
# Invented people have addresses and numbers that cannot belong to anybody: example domains,
# and the numbers Ofcom keeps free for drama.
EMAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})")
INVENTED_EMAIL = re.compile(r"(?:.*\.)?(?:example(?:\.(?:org|com|net))?|test|invalid)$")
MOBILE = re.compile(r"(?<![\w.+])(?:\+44 ?|0)7\d{3} ?\d{3} ?\d{3}(?![\w.])")
INVENTED_MOBILE = re.compile(r"(?:\+44 ?|0)7700 ?900 ?\d{3}")


def kept_files(root: Path) -> list[Path]:
    """What is in the history, or would be with the next commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True)
    files = [root / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def telling_places(root: Path, files: Iterable[Path]) -> list[str]:
    """Paths of one machine and addresses of registries."""
    problems = []
    for file, number, line in _lines(files):
        for pattern, name in ((MACHINE_PATH, "a machine's path"), (REGISTRY, "a registry")):
            if pattern.search(line):
                problems.append(f"{file.relative_to(root)}:{number} names {name}")
    return problems


def possible_people(root: Path, files: Iterable[Path]) -> list[str]:
    """E-mail addresses and mobile numbers that might be somebody's."""
    problems = []
    for file, number, line in _lines(files):
        where = f"{file.relative_to(root)}:{number}"
        problems += [
            f"{where} has an address outside the example domains"
            for domain in EMAIL.findall(line)
            if not INVENTED_EMAIL.match(domain)
        ]
        problems += [
            f"{where} has a mobile number that may exist"
            for mobile in MOBILE.findall(line)
            if not INVENTED_MOBILE.fullmatch(mobile)
        ]
    return problems


def without_first_line(root: Path, *places: str) -> list[str]:
    """Modules whose first line does not say what they are for; empty ones may be silent."""
    return [
        f"{module.path} does not say what it is for"
        for module in modules(root, *places)
        if module.tree.body and not (ast.get_docstring(module.tree) or "").split("\n")[0].strip()
    ]


def _lines(files: Iterable[Path]) -> Iterable[tuple[Path, int, str]]:
    for file in files:
        content = file.read_bytes()
        if b"\0" not in content:
            lines = content.decode("utf-8", errors="replace").splitlines()
            yield from ((file, number, line) for number, line in enumerate(lines, start=1))
