"""Rules about screens. Each takes the root of a tree and gives a sentence for each breach."""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from services.permissions import Permission
from tests.code.source import Module, called, calls, imported, modules

MOST_LINES = 120
NOT_IN_PAGES = ("sqlalchemy", "models", "altair", "streamlit_authenticator", "alembic", "sqlite3")
LEAVING = {"st.rerun", "st.stop", "st.switch_page", "rerun", "stop", "switch_page"}
IN_DATABASE = {"transaction", "reading", "saving"}


class OnTheMap(Protocol):
    """What a rule needs to know of a screen; ui.navigation.Screen is one."""

    @property
    def file(self) -> str: ...
    @property
    def permission(self) -> Permission: ...


def pages(root: Path) -> list[Module]:
    """Every page script."""
    return modules(root, "pages")


def directly_in_pages(root: Path) -> list[str]:
    """Streamlit serves pages/*.py by itself until the shell has run once: open to anybody."""
    return [f"{file.name} lies directly in pages/" for file in (root / "pages").glob("*.py")]


def off_the_map(root: Path, screens: Iterable[OnTheMap]) -> list[str]:
    """Pages without a line in SCREENS, and lines without a page."""
    mapped = {f"pages/{screen.file}" for screen in screens}
    there = {page.path for page in pages(root)}
    return [f"{path} is not on the map" for path in sorted(there - mapped)] + [
        f"{path} is on the map but not there" for path in sorted(mapped - there)
    ]


def badly_guarded(root: Path, screens: Iterable[OnTheMap]) -> list[str]:
    """Pages that do not begin with `actor = require(…)` for the permission on the map."""
    mapped = {f"pages/{screen.file}": screen.permission.name for screen in screens}
    problems = []
    for page in pages(root):
        guard = _guard(page)
        if guard is None:
            problems.append(f"{page.path} does not begin with actor = require(Permission.…)")
        elif guard != mapped.get(page.path, guard):
            problems.append(f"{page.path} asks for {guard}, the map says {mapped[page.path]}")
    return problems


def forbidden_imports(root: Path) -> list[str]:
    """Queries, tables, chart grammar and sign-in belong below the pages."""
    return [
        page.at(statement, f"imports {name}")
        for page in pages(root)
        for statement, name in imported(page.tree)
        if name.split(".")[0] in NOT_IN_PAGES
    ]


def too_long(root: Path) -> list[str]:
    """Pages with more to do than one screen should."""
    lengths = {page.path: len(page.text.splitlines()) for page in pages(root)}
    return [f"{path} has {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES]


def raw_html(root: Path) -> list[str]:
    """What a person typed must never be able to become part of a page's own markup."""
    return [
        page.at(call, "allows raw HTML")
        for page in pages(root)
        for call in calls(page.tree)
        if any(keyword.arg == "unsafe_allow_html" for keyword in call.keywords)
    ]


def tables_of_its_own(root: Path) -> list[str]:
    """A table made past `ui.components.choose` runs off the screen of a phone."""
    return [
        module.at(call, "makes a table of its own")
        for module in modules(root, "pages", "ui")
        if module.path != "ui/components/choose.py"
        for call in calls(module.tree)
        if called(call).endswith(".dataframe")
    ]


def leaving_a_transaction(root: Path) -> list[str]:
    """Reruns, stops and switches are exceptions: inside the block they undo what was saved."""
    screens = modules(root, "app.py", "pages", "ui")
    leaving = LEAVING | _functions_that_leave(screens)
    return [
        module.at(call, f"calls {called(call)} inside a transaction")
        for module in screens
        for block in ast.walk(module.tree)
        if isinstance(block, ast.With) and _opens_database(block)
        for statement in block.body
        for call in calls(statement)
        if called(call) in leaving
    ]


def shell_beside_pages(root: Path) -> list[str]:
    """With the script beside pages/, the first visitor gets a page without signing in."""
    (application,) = modules(root, "app.py")
    scripts = [
        call.args[0].value
        for call in calls(application.tree)
        if called(call).endswith("App") and call.args and isinstance(call.args[0], ast.Constant)
    ]
    return [] if scripts == ["ui/shell.py"] else [f"app.py runs {scripts}, not ui/shell.py"]


def _guard(page: Module) -> str | None:
    """The permission the page's first statement asks for."""
    body = [
        statement
        for statement in page.tree.body
        if not isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    match body[1:] if ast.get_docstring(page.tree) else body:
        case [
            ast.Assign(
                targets=[ast.Name(id="actor")],
                value=ast.Call(func=ast.Name(id="require"), args=[ast.Attribute(attr=name)]),
            ),
            *_,
        ] if "ui.auth" in {module for _, module in imported(page.tree)}:
            return name
        case _:
            return None


def _opens_database(block: ast.With) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call)
        and called(item.context_expr).split(".")[-1] in IN_DATABASE
        for item in block.items
    )


def _functions_that_leave(screens: Iterable[Module]) -> set[str]:
    """Our own functions that rerun, stop or switch somewhere in their body."""
    return {
        function.name
        for module in screens
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef)
        and any(called(call) in LEAVING for call in calls(function))
    }
