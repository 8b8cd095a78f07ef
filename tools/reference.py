"""Reference pages that are made from the code: ``tools/reference.py write`` makes them, ``… check`` compares.

To add a page: a function without parameters that returns its text, named in ``PAGES``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import faults
import room_map
import slot_table

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
HEAD = "<!-- Made from the code by tools/reference.py. Do not edit. -->\n"
YES, NO = "●", "–"


def permissions() -> str:
    """Every page × role, from the gate in front of it."""
    from minqing.org.enums import Role

    roles = list(Role)
    lines = [
        "# Who may open which page",
        "",
        "A page opens for the post in which somebody acts. What it then shows is narrowed to the post's area and unit,",
        "by the query and again by the database. “anyone” needs no account.",
        "",
        "| Address | Name | anyone | " + " | ".join(role.replace("_", " ") for role in roles) + " |",
        "|---" * (len(roles) + 3) + "|",
    ]
    for path, name, gate in sorted(gates()):
        opened = [YES if gate.anyone or role in gate.roles else NO for role in roles]
        lines.append(f"| `/{path}` | `{name}` | {YES if gate.anyone else NO} | " + " | ".join(opened) + " |")
    lines += [
        "",
        "Signing in and out is open to all. `/healthz` tells monitoring that the database answers, "
        "`/readyz` whether people can work, and "
        "`/metrics` holds figures for a program on the same machine.",
    ]
    return "\n".join(lines) + "\n"


def gates() -> Iterator[tuple[str, str, Any]]:
    """Path, name and gate of every page."""
    from django.urls import get_resolver

    def walk(patterns: list[Any], space: str, path: str) -> Iterator[tuple[str, str, Any]]:
        for one in patterns:
            here = f"{path}{one.pattern}"
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, here)
            elif gate := getattr(one.callback, "gate", None):
                yield here, f"{space}{one.name}", gate

    return walk(get_resolver().url_patterns, "", "")


def lifecycles() -> str:
    """The life of each thing that moves through states, from its table of transitions."""
    from minqing.config.rooms import rooms

    lines = ["# Lifecycles"]
    for life in (life for room in rooms() for life in room.lifecycles):
        lines += ["", f"## {life.title}", "", "```mermaid", life.lifecycle.diagram().rstrip(), "```"]
        if life.lifecycle.staying:
            lines += ["", "Moves that change no state:", "", "| State | Moves |", "|---|---|"]
        for state, moves in life.lifecycle.staying.items():
            lines.append(f"| {state.label} (`{state.value}`) | {', '.join(f'`{move.value}`' for move in moves)} |")
        lines += ["", life.note] if life.note else []
        lines += who_may(life.parties)
    return "\n".join(lines) + "\n"


def who_may(parties: Mapping[Any, Collection[StrEnum]]) -> list[str]:
    """A table of moves by those who may make them, where the state allows it."""
    if not parties:
        return []
    every = list(type(next(one for some in parties.values() for one in some)))
    lines = ["", "Who may make which move, where the state allows it:", ""]
    lines += ["| Move | " + " | ".join(party.value for party in every) + " |", "|---" * (len(every) + 1) + "|"]
    for move, some in parties.items():
        marks = " | ".join(YES if party in some else NO for party in every)
        lines.append(f"| {move.label} (`{move.value}`) | {marks} |")
    return lines


def privacy_classes() -> str:
    """Every field of every room's tables with its privacy class."""
    from django.apps import apps

    kinds = ("public", "internal", "personal", "sensitive")
    lines = [
        "# Privacy class of each field",
        "",
        "*Public* may be published; *internal* is for those at work; *personal* tells of somebody; *sensitive* needs a",
        "reason to be read and is encrypted or shown to few. A test fails for a field without a class.",
        "",
        "| Room | Model | Field | Class |",
        "|---|---|---|---|",
    ]
    models = [model for model in apps.get_models() if hasattr(model, "Privacy")]
    for model in sorted(models, key=lambda model: model._meta.label):
        for kind in kinds:
            for field in getattr(model.Privacy, kind):
                lines.append(f"| {model._meta.app_label} | {model._meta.object_name} | `{field}` | {kind} |")
    return "\n".join(lines) + "\n"


def api() -> str:
    """The OpenAPI document as it is served."""
    from minqing.config.api import document

    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "../faults.md": faults.page,
    "api.json": api,
    "lifecycles.md": lifecycles,
    "permissions.md": permissions,
    "privacy-classes.md": privacy_classes,
    "rooms.md": room_map.page,
    "slots.md": slot_table.page,
}
# pages with figures that every commit moves a little
ROUGH = {"rooms.md"}


def head_of(name: str) -> str:
    """JSON takes no comment."""
    return "" if name.endswith(".json") else HEAD


def holds(name: str, made: str) -> bool:
    """Whether the page as it is written says what the code says."""
    path = FOLDER / name
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    wanted = head_of(name) + made
    return room_map.close_enough(written, wanted) if name in ROUGH else written == wanted


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["write", "check"])
    verb = parser.parse_args(arguments).verb
    ready()
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, make in PAGES.items():
        made = make()
        if holds(name, made):
            continue
        stale.append(name)
        if verb == "write":
            (FOLDER / name).write_text(head_of(name) + made, encoding="utf-8")
    if verb == "check" and stale:
        sys.stdout.write(f"not what the code says: {', '.join(stale)}; run: tools/reference.py write\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
