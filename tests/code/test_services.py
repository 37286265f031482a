"""Every service asks first and leaves a trace, and the rules notice one that does not."""

from pathlib import Path

import pytest

from tests.code import service_rules as rules
from tests.code.source import ROOT, write

# Public functions that take an actor and rightly do not ask whether she may, with the reason.
ASKS_NOTHING = {
    "services.accounts.accounts.set_password": "her own is hers to change; another's is asked for",
    "services.audit.record": "everybody's actions are recorded, refusals as well",
    "services.audit.has_looked": "the service whose view it records has asked",
    "services.audit.viewed": "the service whose view it records has asked",
    "services.merging.joining.held_pair": "a step of other services, which have asked",
    "services.people.one_person.find": "a step of other services, which have asked",
    "services.people.one_person.number_of": "a step of other services, which have asked",
    "services.people.one_person.row": "a step of other services, which have asked",
    "services.registers.who_is_on.find_session": "a step of other services, which have asked",
    "services.registers.who_is_on.unseen": "a step of other services, which have asked",
    "services.volunteers.rota.allowed.held_session": "a step of other services, which have asked",
    "services.volunteers.rota.allowed.held_shift": "a step of other services, which have asked",
    "services.volunteers.rota.allowed.require": "a step of other services, which have asked",
    "services.volunteers.rota.allowed.session_of": "a step of other services, which have asked",
    "services.accounts.sign_ins.end": "everybody may leave",
}
# Public functions that change something and rightly leave no entry, with the reason.
LEAVES_NO_TRACE: dict[str, str] = {}

HEAD = """'''Groups.'''
from sqlalchemy import delete, select, update
from services import audit
from models import Group
"""
AUDIT = "def record(db, actor, action):\n    db.add(action)\n"


def service(root: Path, text: str) -> Path:
    """A tree with this one service beside the audit log."""
    return write(root, {"services/groups/groups.py": HEAD + text, "services/audit.py": AUDIT})


PURE = "def hide(figures):\n    for one in figures:\n        one.hidden = True\n"


def silent(root: Path, text: str) -> list[str]:
    """What the rule about traces says of this service."""
    return rules.unaudited(service(root, text))


def test_every_service_for_an_actor_asks_first() -> None:
    assert rules.unauthorised(ROOT, ASKS_NOTHING) == []


def test_every_command_leaves_an_audit_entry() -> None:
    assert rules.unaudited(ROOT, LEAVES_NO_TRACE) == []


def test_there_are_commands_and_queries_to_judge() -> None:
    services = rules.of_tree(ROOT)
    commands = [name for name in services.for_an_actor if services.changes(name)]
    assert 5 < len(commands) < len(services.for_an_actor)


def test_what_is_kept_while_nothing_changes_only_reads() -> None:
    assert rules.kept_and_changing(ROOT) == []


def test_nothing_is_changed_where_it_would_be_rolled_back() -> None:
    assert rules.lost_in_reading(ROOT) == []


def test_who_only_looks_waits_for_nobody() -> None:
    assert rules.waiting_to_look(ROOT) == []


def test_no_service_ends_a_transaction() -> None:
    assert rules.commits(ROOT) == []


def test_a_commit_in_a_service_is_noticed(tmp_path: Path) -> None:
    service(tmp_path, "def close(db, actor):\n    db.commit()\n")
    assert rules.commits(tmp_path) == ["services/groups/groups.py:6 ends a transaction"]


def test_a_service_that_asks_late_is_noticed(tmp_path: Path) -> None:
    text = "def close(db, actor):\n    x = 1\n    actor.require(P.EDIT)\n"
    problems = rules.unauthorised(service(tmp_path, text), ["services.audit.record"])
    assert problems == ["services.groups.groups.close does not begin with actor.require"]


def test_asking_after_the_docstring_is_first(tmp_path: Path) -> None:
    text = (
        "def close(db, actor):\n    '''Close it.'''\n    actor.require(P.EDIT)\n"
        "def show(db, actor):\n    actor.require_any(P.EDIT, P.READ)\n"
        "def _inner(db, actor):\n    return 1\n"
    )
    assert rules.unauthorised(service(tmp_path, text), ["services.audit.record"]) == []


def test_an_exemption_nobody_needs_is_noticed(tmp_path: Path) -> None:
    exempt = ["services.audit.record", "services.groups.groups.gone"]
    problems = rules.unauthorised(service(tmp_path, ""), exempt)
    assert problems == ["services.groups.groups.gone is exempt for nothing"]


def test_adding_without_a_trace_is_noticed(tmp_path: Path) -> None:
    problems = silent(tmp_path, "def make(db, actor):\n    db.add(Group())\n")
    assert problems == ["services.groups.groups.make changes something and leaves no audit entry"]


def test_an_update_statement_without_a_trace_is_noticed(tmp_path: Path) -> None:
    text = "def close(db, actor):\n    query = update(Group).values(x=1)\n    db.execute(query)\n"
    assert len(silent(tmp_path, text)) == 1


def test_setting_a_field_without_a_trace_is_noticed_even_in_a_helper(tmp_path: Path) -> None:
    text = "def close(db, actor):\n    _shut(db)\n\ndef _shut(db):\n    group.state = 'closed'\n"
    assert len(silent(tmp_path, text)) == 1


def test_a_change_made_in_another_module_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"services/tallies/tallies.py": "def add(db):\n    db.add(1)\n"})
    text = "from services.tallies import tallies\n\ndef close(db, actor):\n    tallies.add(db)\n"
    assert len(silent(tmp_path, text)) == 1


def test_a_trace_left_by_a_helper_counts(tmp_path: Path) -> None:
    text = (
        "def make(db, actor):\n    db.add(Group())\n    _note(db, actor)\n\n"
        "def _note(db, actor):\n    audit.record(db, actor, 'group.made')\n"
    )
    assert silent(tmp_path, text) == []


def test_what_is_reckoned_without_a_database_changes_none(tmp_path: Path) -> None:
    write(tmp_path, {"services/sums/__init__.py": "", "services/sums/hiding.py": PURE})
    text = "from services.sums import hiding\n\ndef close(db, actor):\n    hiding.hide([])\n"
    assert silent(tmp_path, text) == []


def test_a_change_behind_a_package_is_noticed(tmp_path: Path) -> None:
    package = "from services.sums import adding\nfrom services.sums.adding import add\n"
    write(tmp_path, {"services/sums/__init__.py": package})
    write(tmp_path, {"services/sums/adding.py": "def add(db):\n    db.add(1)\n"})
    text = "from services import sums\n\ndef close(db, actor):\n    sums.add(db)\n"
    assert len(silent(tmp_path, text)) == 1


def test_a_query_needs_no_trace(tmp_path: Path) -> None:
    text = (
        "def show(db, actor):\n    frame = db.execute(select(Group).with_for_update())\n"
        "    frame.columns = ['a']\n    return frame\n"
    )
    assert silent(tmp_path, text) == []


def test_a_kept_answer_that_notes_a_look_is_noticed(tmp_path: Path) -> None:
    text = (
        "@while_unchanged\ndef show(db, actor):\n    return _open(db, actor)\n\n"
        "def _open(db, actor):\n    audit.record(db, actor, 'group.viewed')\n\n"
        "@while_unchanged\ndef listed(db, actor):\n    return db.execute(select(Group))\n"
    )
    found = rules.kept_and_changing(service(tmp_path, text))
    assert found == [
        "services.groups.groups.show is kept while nothing changes, and does more than read"
    ]


SCREEN = """from services.groups import groups
from services.db import reading, transaction

with OPEN as db:
    groups.show(db, actor)
"""
LOOKING = (
    "def show(db, actor):\n    audit.viewed(db, actor, 'group')\n    return db.get(Group, 1)\n"
)
AUDIT_WITH_LOOKS = AUDIT + "\ndef viewed(db, actor, subject):\n    record(db, actor, 'viewed')\n"


@pytest.mark.parametrize(
    ("opens", "text", "lost", "waiting"),
    [
        ("reading()", LOOKING, 0, 0),
        ("reading()", "def show(db, actor):\n    db.add(Group())\n", 1, 0),
        ("reading()", "def show(db, actor):\n    audit.record(db, actor, 'searched')\n", 1, 0),
        ("transaction()", LOOKING, 0, 1),
        ("saving('Kept.')", LOOKING, 0, 1),
        ("transaction()", "def show(db, actor):\n    audit.record(db, actor, 'searched')\n", 0, 0),
    ],
)
def test_a_block_that_fits_what_it_does_is_told_from_one_that_does_not(
    tmp_path: Path, opens: str, text: str, lost: int, waiting: int
) -> None:
    service(tmp_path, text)
    write(tmp_path, {"services/audit.py": AUDIT_WITH_LOOKS})
    write(tmp_path, {"pages/groups/list.py": SCREEN.replace("OPEN", opens)})
    assert len(rules.lost_in_reading(tmp_path)) == lost
    assert len(rules.waiting_to_look(tmp_path)) == waiting
