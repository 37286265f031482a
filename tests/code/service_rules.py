"""Rules about services. Each takes the root of a tree and gives a sentence for each breach.

A command is recognised by what it or anything it calls within services/ does: adding, deleting,
sending INSERT, UPDATE or DELETE, or setting a field of a record.
"""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tests.code.source import Module, called, calls, modules

AUDIT, LOOK = "services.audit.record", "services.audit.viewed"
FIRST_LINES = {"actor.require", "actor.require_any"}
CHANGING = {"db.add", "db.add_all", "db.delete", "db.merge"}
STATEMENTS = {"insert", "update", "delete"}
KEPT, DB = "while_unchanged", "db"
FRAME_PARTS = {"columns", "index", "name", "attrs"}

Definition = ast.FunctionDef | ast.ClassDef


def unauthorised(root: Path, exempt: Collection[str] = ()) -> list[str]:
    """Public functions that take an actor and do not ask first whether she may."""
    services = of_tree(root)
    open_doors = {
        name: function
        for name, function in services.for_an_actor.items()
        if not _asks_first(function)
    }
    return [
        f"{name} does not begin with actor.require" for name in open_doors if name not in exempt
    ] + [f"{name} is exempt for nothing" for name in exempt if name not in open_doors]


def unaudited(root: Path, exempt: Collection[str] = ()) -> list[str]:
    """Public functions that take an actor, change something and leave no audit entry."""
    services = of_tree(root)
    silent = [
        name
        for name in services.for_an_actor
        if services.changes(name) and AUDIT not in services.reached(name) | {name}
    ]
    return [
        f"{name} changes something and leaves no audit entry"
        for name in silent
        if name not in exempt
    ] + [f"{name} is exempt for nothing" for name in exempt if name not in silent]


def kept_and_changing(root: Path) -> list[str]:
    """Functions whose answers are kept although they change something or note a look: what they
    do besides answering would be left out the second time."""
    services = of_tree(root)
    return [
        f"{name} is kept while nothing changes, and does more than read"
        for name, definition in services.defined.items()
        if KEPT in {ast.unparse(decorator) for decorator in definition.decorator_list}
        and (services.changes(name) or AUDIT in services.reached(name))
    ]


def lost_in_reading(root: Path) -> list[str]:
    """Blocks of `reading()` that call what changes something: it would be rolled back, unsaid."""
    services = of_tree(root)
    return [
        module.at(call, f"changes something while reading: {name}")
        for module, block in _blocks(root, "reading")
        for call, name in services.called_in(module, block)
        if services.alters(name)
    ]


def waiting_to_look(root: Path) -> list[str]:
    """Blocks that could change something and only look: whoever writes would wait for them, and
    they for her."""
    services = of_tree(root)
    found = []
    for module, block in _blocks(root, "transaction", "saving"):
        names = [name for _call, name in services.called_in(module, block)]
        everything = [call for statement in block.body for call in calls(statement)]
        given_away = [call for call in everything if DB in map(ast.unparse, call.args)]
        if names and len(names) == len(given_away) and not any(map(services.alters, names)):
            found.append(module.at(block, f"opens a transaction only to look: {names[0]}"))
    return found


def commits(root: Path) -> list[str]:
    """The caller commits: one transaction a click."""
    return [
        module.at(call, "ends a transaction")
        for module in modules(root, "services")
        for call in calls(module.tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
    ]


_RECORDS = re.compile(r"(models|sqlalchemy)\b")


@dataclass(frozen=True)
class Services:
    """Everything defined in services/, and which definition uses which."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, Module]:
        return {module.name: module for module in modules(self.root, "services")}

    @cached_property
    def defined(self) -> dict[str, Definition]:
        return {
            f"{module.name}.{node.name}": node
            for module in self.modules.values()
            for node in module.tree.body
            if isinstance(node, Definition)
        }

    @cached_property
    def for_an_actor(self) -> dict[str, ast.FunctionDef]:
        """Public functions whose second parameter is the actor."""
        return {
            name: node
            for name, node in self.defined.items()
            if isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and [argument.arg for argument in node.args.args[1:2]] == ["actor"]
        }

    @cached_property
    def imports(self) -> dict[str, dict[str, str]]:
        """What each imported word stands for in each module, in full."""
        return {name: _imports(module) for name, module in self.modules.items()}

    @cached_property
    def uses(self) -> dict[str, set[str]]:
        """What each definition mentions of the others."""
        return {name: set(self._mentioned(name)) - {name} for name in self.defined}

    @cached_property
    def changing(self) -> set[str]:
        """What changes the database in its own lines; auditing apart.

        Whoever is handed no database, in a module that imports nothing of the models or of
        SQLAlchemy, knows no record: what she sets is her own.
        """
        return {
            name
            for name, definition in self.defined.items()
            if not name.startswith("services.audit.")
            and self._knows_records(name, definition)
            and _changes(definition, self._words(name))
        }

    def _knows_records(self, name: str, definition: Definition) -> bool:
        handed = {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}
        return DB in handed or any(map(_RECORDS.match, self._words(name).values()))

    def _words(self, name: str) -> dict[str, str]:
        return self.imports[name.rpartition(".")[0]]

    def changes(self, name: str) -> bool:
        """Whether it changes the database, itself or by what it calls."""
        return not self.changing.isdisjoint(self.reached(name) | {name})

    def alters(self, name: str) -> bool:
        """Whether it changes anything or leaves an entry, but for noting a look."""
        found = self.reached(name, but_for=LOOK) | {name}
        return AUDIT in found or not self.changing.isdisjoint(found)

    def called_in(self, module: Module, block: ast.With) -> Iterator[tuple[ast.Call, str]]:
        """The services that a block on the screen side calls."""
        words = _imports(module)
        for statement in block.body:
            for call in calls(statement):
                base, _, word = called(call).rpartition(".")
                home, _, own = words.get(word, "").rpartition(".") if not base else ("", "", "")
                name = self._resolve(words.get(base, home), word if base else own)
                if name and DB in map(ast.unparse, call.args):
                    yield call, name

    def reached(self, name: str, but_for: str = "") -> set[str]:
        """Everything in services/ that it uses, directly or not."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            fresh = self.uses[waiting.pop()] - found - {but_for}
            found |= fresh
            waiting += fresh
        return found

    def _mentioned(self, name: str) -> Iterator[str]:
        module = name.rpartition(".")[0]
        nodes = list(ast.walk(self.defined[name]))
        its_own = {node.arg for node in nodes if isinstance(node, ast.arg)} | {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for node in nodes:
            match node:
                case ast.Name(id=word) if word not in its_own:
                    target = self._resolve(module, word)
                case ast.Attribute(value=ast.Name(id=base), attr=word):
                    target = self._resolve(self.imports[module].get(base, ""), word)
                case _:
                    target = None
            if target:
                yield target

    def _resolve(self, module: str, word: str) -> str | None:
        """The full name of what a word means in a module, if it is defined in services/."""
        seen: set[tuple[str, str]] = set()
        while (module, word) not in seen:
            seen.add((module, word))
            if f"{module}.{word}" in self.defined:
                return f"{module}.{word}"
            # A word may come from a package that has it from one of its modules in turn.
            module, _, word = self.imports.get(module, {}).get(word, "").rpartition(".")
        return None


@cache
def of_tree(root: Path) -> Services:
    """The services of a tree, taken apart once for all the rules."""
    return Services(root)


def _imports(module: Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _blocks(root: Path, *opens: str) -> Iterator[tuple[Module, ast.With]]:
    """The blocks on the screen side that open the database in one of these ways."""
    for module in modules(root, "pages", "ui"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.With) and _opened(node) in opens:
                yield module, node


def _opened(block: ast.With) -> str:
    opener = block.items[0].context_expr
    return called(opener) if isinstance(opener, ast.Call) else ""


def _asks_first(function: ast.FunctionDef) -> bool:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    match body:
        case [ast.Expr(value=ast.Call() as call), *_]:
            return called(call) in FIRST_LINES
        case _:
            return False


def _changes(definition: Definition, imports: dict[str, str]) -> bool:
    return any(_is_change(node, imports) for node in ast.walk(definition))


def _is_change(node: ast.AST, imports: dict[str, str]) -> bool:
    match node:
        case ast.Call():
            full = imports.get(called(node), "")
            is_statement = full.startswith("sqlalchemy.") and full.split(".")[-1] in STATEMENTS
            return is_statement or called(node) in CHANGING
        case ast.Assign(targets=[*targets]):
            return any(_sets_a_field(target) for target in targets)
        case ast.AugAssign(target=target):
            return _sets_a_field(target)
        case _:
            return False


def _sets_a_field(target: ast.expr) -> bool:
    match target:
        case ast.Attribute(value=ast.Name(id=base), attr=field):
            return base not in {"self", "cls"} and field not in FRAME_PARTS
        case ast.Tuple(elts=parts):
            return any(_sets_a_field(part) for part in parts)
        case _:
            return False
