"""Any page can be the first one that is opened: what it imports needs nothing imported before."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.code.source import ROOT, Module, modules, write


def circle(root: Path) -> list[str]:
    """Modules that import each other in a circle as they are loaded, the first again last.

    Without one, each is whole by the time another asks for something in it, whoever came first.
    """
    found = {module.name: module for module in modules(root, "ui", "services", "models")}
    imports = {name: set(_loaded(module, found)) - {name} for name, module in found.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        around: list[str] = error.args[1]
        return around
    return []


def _loaded(module: Module, known: dict[str, Module]) -> Iterator[str]:
    """What a module imports, and the packages around that: they are loaded before it."""
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                imported = whole if whole in known else node.module
                around = (imported.rsplit(".", up)[0] for up in range(1, imported.count(".") + 1))
                entered = {one for one in around if not module.name.startswith(f"{one}.")}
                yield from ({imported} | entered) & known.keys() - {module.name}


def test_no_page_depends_on_which_was_opened_before() -> None:
    assert circle(ROOT) == []


def test_a_circle_is_noticed(tmp_path: Path) -> None:
    parts = {"a": "from ui.b import x\n", "b": "from ui import c\n", "c": "from ui.a import y\n"}
    write(tmp_path, {f"ui/{name}.py": text for name, text in parts.items()})
    assert sorted(circle(tmp_path)[1:]) == ["ui.a", "ui.b", "ui.c"]


def test_a_circle_through_a_package_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"ui/a/__init__.py": "from ui.b import x\n", "ui/a/c.py": "y = 1\n"})
    write(tmp_path, {"ui/b.py": "from ui.a.c import y\n"})
    assert sorted(circle(tmp_path)[1:]) == ["ui.a", "ui.b"]


def test_what_is_imported_only_when_it_is_needed_makes_no_circle(tmp_path: Path) -> None:
    write(tmp_path, {"ui/a.py": "from ui.b import x\n"})
    write(tmp_path, {"ui/b.py": "def late():\n    from ui.a import y\n"})
    assert circle(tmp_path) == []
