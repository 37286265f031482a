"""Reads the project's own Python files, so that rules can be written about them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its path from the root, its dotted name, its text and its tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    def at(self, node: ast.stmt | ast.expr, sentence: str) -> str:
        """A problem, said so that an editor finds the line."""
        return f"{self.path}:{node.lineno} {sentence}"


def modules(root: Path, *places: str) -> list[Module]:
    """The Python files in these folders (or these files themselves), in order of their path."""
    found: list[Path] = []
    for place in places:
        target = root / place
        if target.is_dir():
            found += sorted(target.rglob("*.py"))
        elif target.exists():
            found.append(target)
    return [_read(root, file) for file in found]


def _read(root: Path, file: Path) -> Module:
    path = file.relative_to(root)
    text = file.read_text(encoding="utf-8")
    parts = path.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path.as_posix(), name, text, _tree(text))


@cache
def _tree(text: str) -> ast.Module:
    """Many rules read the same files: each is taken apart once."""
    return ast.parse(text)


def write(root: Path, files: dict[str, str]) -> Path:
    """Make small files for a rule to judge; gives the root back."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def imported(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every module a file imports, wherever in the file, with the statement that does it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module


def called(call: ast.Call) -> str:
    """What is called, as written: `require`, `st.rerun`, `db.add`; empty when it is no name."""
    match call.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=base), attr=name):
            return f"{base}.{name}"
        case _:
            return ""


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call inside, however deep."""
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
