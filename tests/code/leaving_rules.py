"""Rules about what leaves the programme. Each gives a sentence for each breach.

Something leaves when a service exports, extracts or quotes it, which its name or its module's
name says, or when a screen offers it as a file.
"""

import ast
from collections.abc import Collection
from pathlib import Path

from tests.code.service_rules import of_tree
from tests.code.source import calls, modules

CONSENT = {"services.consents.consents.consented", "services.consents.consents.holds"}
OFFERING = {"download_button", "sheet_button"}
LEAVING = {"export", "exports", "extract", "extracts", "quote", "quotes"}


def without_consent(root: Path, exempt: Collection[str] = ()) -> list[str]:
    """Public functions by which something leaves, and which never ask whether consent stands."""
    services = of_tree(root)
    asking_nothing = [
        name
        for name, node in services.defined.items()
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and _says_it_leaves(name)
        and CONSENT.isdisjoint(services.reached(name))
    ]
    return [
        f"{name} lets something leave and does not ask whether consent stands"
        for name in asking_nothing
        if name not in exempt
    ] + [f"{name} is exempt for nothing" for name in exempt if name not in asking_nothing]


def unexplained_downloads(root: Path, explained: Collection[str]) -> list[str]:
    """Files whose screens offer something to take away, without a word on why they may."""
    offering = {
        module.path
        for module in modules(root, "pages", "ui")
        for call in calls(module.tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in OFFERING
    }
    return [
        f"{path} offers a file to take away: say in this test whose consent it asks, or why none"
        for path in sorted(offering - set(explained))
    ] + [f"{path} is explained for nothing" for path in explained if path not in offering]


def _says_it_leaves(name: str) -> bool:
    words = name.removeprefix("services.").replace(".", "_").split("_")
    return not LEAVING.isdisjoint(words)
