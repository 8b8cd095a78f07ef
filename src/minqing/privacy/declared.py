"""What the code says of walls, functions and triggers: the SQL of its own migrations, in their order.

Read as text and not run, so that a database can be compared with it (:mod:`minqing.privacy.comparing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.migrations import RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader

# no bracket within brackets or behind them: what is searched then ends at the next statement of the kind
FUNCTION = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION (?P<name>\w+)\s*\((?P<given>[^()]*)\)(?P<before>[^$()]*?)\bAS (?P<quote>\$\w*\$)"
    r"(?P<body>.*?)(?P=quote)(?P<after>[^;]*)",
    re.S,
)
SETTING = re.compile(r"\bSET (?P<name>\w+) = (?P<value>\w+(?:, \w+)*)")
DROPPED = re.compile(
    r"DROP (?P<kind>FUNCTION|TRIGGER|POLICY)(?: IF EXISTS)? (?P<name>\w+)(?:\s*\(\))?(?: ON (?P<table>\w+))?"
)
POLICY = re.compile(
    r"CREATE POLICY (?P<name>\w+) ON (?P<table>\w+) USING \((?P<seen>.*)\) WITH CHECK \((?P<written>.*)\)", re.S
)
SECURITY = re.compile(r"ALTER TABLE (?P<table>\w+) (?P<word>ENABLE|DISABLE|NO FORCE|FORCE) ROW LEVEL SECURITY")
RENAMED = re.compile(r"ALTER TABLE (?P<table>\w+) RENAME TO (?P<name>\w+)")
TRIGGER = re.compile(
    r"CREATE (?:OR REPLACE )?TRIGGER (?P<name>\w+)\s+(?P<when>BEFORE|AFTER)\s+(?P<events>\w+(?: OR \w+)*)\s+"
    r"ON (?P<table>\w+)\s+"
    r"(?:REFERENCING (?:(?:OLD|NEW) TABLE AS \w+\s+)+)?"
    r"FOR EACH (?P<level>ROW|STATEMENT)\s+EXECUTE FUNCTION (?P<function>\w+)\(\)",
    re.S,
)


@dataclass(frozen=True)
class Wall:
    """Row-level security of a table as its migration states it; ``forced`` holds for the owner too."""

    seen: str = ""
    written: str = ""
    enabled: bool = False
    forced: bool = False


@dataclass(frozen=True)
class Function:
    """``definer``: it runs with its owner's rights; ``settings``: as PostgreSQL keeps them, ``name=value, value``."""

    body: str
    definer: bool
    settings: tuple[str, ...]
    statement: str


@dataclass(frozen=True)
class Trigger:
    """``events`` are words in alphabetical order."""

    when: str
    events: tuple[str, ...]
    level: str
    function: str
    statement: str


@dataclass
class Declared:
    """Walls by table, functions by name, triggers by table and name."""

    walls: dict[str, Wall] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    triggers: dict[tuple[str, str], Trigger] = field(default_factory=dict)

    def read(self, sql: str) -> None:
        """One piece of SQL, which comes after those read before."""
        for found in FUNCTION.finditer(sql):
            around = f"{found['before']} {found['after']}"
            settings = tuple(f"{one['name']}={one['value']}" for one in SETTING.finditer(around))
            definer = "SECURITY DEFINER" in around
            self.functions[found["name"]] = Function(found["body"], definer, settings, found[0])
        # what is left has neither a body nor a semicolon within a statement
        for statement in FUNCTION.sub("", sql).split(";"):
            self.take(statement.strip())

    def take(self, statement: str) -> None:
        if found := DROPPED.match(statement):
            self.drop(found["kind"], found["name"], found["table"] or "")
        elif found := POLICY.match(statement):
            self.change(found["table"], seen=found["seen"], written=found["written"])
        elif found := SECURITY.match(statement):
            word = found["word"]
            self.change(found["table"], **{"forced" if "FORCE" in word else "enabled": word in {"ENABLE", "FORCE"}})
        elif found := RENAMED.match(statement):
            self.rename(found["table"], found["name"])
        elif found := TRIGGER.match(statement):
            events = tuple(sorted(one.strip() for one in found["events"].split(" OR ")))
            self.triggers[found["table"], found["name"]] = Trigger(
                found["when"], events, found["level"], found["function"], statement
            )

    def change(self, table: str, **values: object) -> None:
        before = self.walls.get(table, Wall())
        self.walls[table] = Wall(**{**before.__dict__, **values})

    def rename(self, table: str, name: str) -> None:
        """A table that went to another room takes its wall and its triggers along."""
        if table in self.walls:
            self.walls[name] = self.walls.pop(table)
        for key in [key for key in self.triggers if key[0] == table]:
            self.triggers[name, key[1]] = self.triggers.pop(key)

    def drop(self, kind: str, name: str, table: str) -> None:
        if kind == "FUNCTION":
            self.functions.pop(name, None)
        elif kind == "TRIGGER":
            self.triggers.pop((table, name), None)
        else:
            self.change(table, seen="", written="")


def declared() -> Declared:
    """Of all migrations of our own rooms, for tables that there are."""
    found = Declared()
    for sql in statements():
        found.read(sql)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    found.walls = {table: wall for table, wall in found.walls.items() if table in tables and wall.enabled}
    found.triggers = {key: trigger for key, trigger in found.triggers.items() if key[0] in tables}
    return found


def statements() -> Iterator[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("minqing.")}
    done: set[tuple[str, str]] = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key not in done and key[0] in ours:
                yield from texts(loader.graph.nodes[key].operations)
            done.add(key)


def texts(operations: Iterable[Any]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from texts(operation.database_operations)
        elif isinstance(operation, RunSQL):
            given = [operation.sql] if isinstance(operation.sql, str) else operation.sql
            yield from (one if isinstance(one, str) else one[0] for one in given)
