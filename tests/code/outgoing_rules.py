"""Rules about what leaves the programme. Each takes the root of a tree and gives a sentence for
each breach.

Nothing goes to a person except by the door, `services.safe_contact.outgoing.clear`, which asks
the decision of safe contact. Two things keep it so: whatever can send, print or hand over a file
is named here with its reason or goes through the door, and nobody but the door reads where people
are reached.
"""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.code.service_rules import of_tree
from tests.code.source import Module, calls, imported, modules

DOOR = "services.safe_contact.outgoing.clear"
DECISION = "services.safe_contact.decision.decide"
# Libraries that send something away, or make something to take along.
WAYS_OUT = {
    "aiohttp", "docx", "email", "ftplib", "http.client", "httpx", "icalendar", "imaplib",
    "reportlab", "requests", "segno", "smtplib", "socket", "twilio", "typst", "urllib.request",
    "vl_convert", "webbrowser", "xlsxwriter",
}  # fmt: skip
HANDING_OVER = {
    "download_button", "sheet_button", "to_csv", "to_excel", "to_html", "to_markdown",
}  # fmt: skip
# Where people are reached: to be read by safe contact and its door only.
WHERE = {"ContactRoute", "ContactPlan"}
AT_HOME = ("services.safe_contact", "services.safe_contact.outgoing")


def past_the_door(root: Path, about_nobody: Collection[str] = ()) -> list[str]:
    """Modules from which something leaves without anybody having asked whether it may."""
    services = of_tree(root)
    through = {name for name in services.defined if DOOR in services.reached(name) | {name}}
    leaving = {
        module.name: module
        for module in modules(root, "app.py", "pages", "ui", "services")
        if _lets_out(module) and not _goes_through(module, through)
    }
    return [
        f"{module.path} lets something leave without {DOOR}; if it concerns nobody in "
        "particular, name it in ABOUT_NOBODY and say why"
        for name, module in leaving.items()
        if name not in about_nobody
    ] + [f"{name} is exempt for nothing" for name in about_nobody if name not in leaving]


def reading_addresses(root: Path, exempt: Collection[str] = ()) -> list[str]:
    """Services that read where people are reached, past the decision."""
    readers = {
        module.name: module.path
        for module in modules(root, "services")
        if not module.name.startswith(AT_HOME) and WHERE & set(_from_models(module))
    }
    return [
        f"{path} reads where people are reached; ask {DOOR} for it"
        for name, path in readers.items()
        if name not in exempt
    ] + [f"{name} is exempt for nothing" for name in exempt if name not in readers]


def unguarded_door(root: Path) -> list[str]:
    """The door itself asks the decision."""
    services = of_tree(root)
    asks = DOOR in services.defined and DECISION in services.reached(DOOR)
    return [] if asks else [f"{DOOR} does not ask {DECISION}"]


def _lets_out(module: Module) -> bool:
    brought = {name for _statement, name in imported(module.tree)}
    by_library = any(
        name == way or name.startswith(f"{way}.") for name in brought for way in WAYS_OUT
    )
    return by_library or any(
        isinstance(call.func, ast.Attribute) and call.func.attr in HANDING_OVER
        for call in calls(module.tree)
    )


def _goes_through(module: Module, through: set[str]) -> bool:
    return not through.isdisjoint(_services_named(module)) or any(
        name.rpartition(".")[0] == module.name for name in through
    )


def _services_named(module: Module) -> Iterator[str]:
    """The full names of services a module mentions: `outgoing.clear`, `clear`."""
    words = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services")
        for alias in node.names
    }
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=base), attr=word) if base in words:
                yield f"{words[base]}.{word}"
            case ast.Name(id=word) if word in words:
                yield words[word]


def _from_models(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.attr if node.value.id == "models" else ""
