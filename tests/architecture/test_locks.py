"""Whatever locks or writes several rows is listed with what keeps it in order, so that a new one is not forgotten."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, python_files, text

pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
MATTER = "under the lock of its one matter"
ORDERED = "things in the one order of their room, matters in that of matters.services.steps.begin"
# how rows are named in code: of a table, or of whatever table a room has
ROWS = ("objects", "_default_manager", "book.")
ONE = "one row, and nothing after it"
PARENT = "the parent's lock first, then what hangs on it"
SKIPS = "takes what is free and waits for nobody"
# where it stands → what keeps two of them from waiting for each other, or from writing back what the other changed
LISTED = {
    "files.services.delete_pictures": ORDERED,
    "files.services.hold_pictures": ORDERED,
    "files.services.lock_pictures": ORDERED,
    "households.imports.storing.write": "rows in the order of the batch; a lost race is tried once more",
    "households.services.households.take_along": PARENT,
    "households.services.reference.load_tags": ONE,
    "households.services.residents.leave_household": PARENT,
    "households.services.residents.move_resident": PARENT,
    "households.services.tags.make_room": PARENT,
    "intake.services.checking.check_run": ONE,
    "intake.services.checking.look_through": ONE,
    "intake.services.sheet_choice.take_sheet": ONE,
    "intake.services.loading.ask_to_load": ONE,
    "intake.services.loading.lock": "the run before its rows",
    "intake.services.loading.stop": ONE,
    "intake.services.retention.forget_old_files": "runs alone",
    "matters.services.categories.load_categories": "part of an upgrade",
    "exports.services.locked": ONE,
    "matters.services.merging.in_order": ORDERED,
    "matters.services.merging.merged_with": ORDERED,
    "matters.services.outside.add_reporter": MATTER,
    "matters.services.outside.report_again": MATTER,
    "matters.services.parts.take_back": MATTER,
    "matters.services.phrases.save_phrase": ONE,
    "publications.services.texts.begin": ONE,
    "publications.services.texts.index_publications": "part of an upgrade",
    "publications.services.texts.prepare_publication": "the matter, then its publication",
    "matters.services.steps.begin": ORDERED,
    "matters.services.steps.held": ONE,
    "notify.services.preferences.put": ONE,
    "notify.services.preferences.put_address": ONE,
    "notify.services.preferences.turned_off": ONE,
    "notify.services.delivering.look_after_lost": SKIPS,
    "notify.services.delivering.put_off": ONE,
    "notify.services.digest.fold": SKIPS,
    "notify.services.digest.gather_digests": SKIPS,
    "notify.services.results.settle": ONE,
    "org.services.areas.lock_tree": "the root of the tree before any area",
    "org.services.areas.settle_path": "under the lock of the tree",
    "org.services.people.choose_language": ONE,
    "org.services.upsert.upsert": ONE,
    "org.services.people.end_post": ONE,
    "partners.services.processing.locked": "one subject at a time",
    "partners.services.dead_letters.replay_delivery": ONE,
    "partners.services.dead_letters.settle_delivery": ONE,
    "partners.services.endpoints.rotate_secret": ONE,
    "partners.services.endpoints.save_endpoint": ONE,
    "partners.services.receiving.corrected": ONE,
    "partners.services.receiving.locked_row": ONE,
    "partners.services.sending.settle": ONE,
    "partners.services.sending.switch_off": ONE,
    "partners.services.handshake.ask_welcome": ONE,
    "partners.services.tokens.give_secret": ONE,
    "partners.services.tokens.note_use": ONE,
    "partners.services.tokens.register_partner": ONE,
    "partners.services.tokens.revoke_token": ONE,
    "visits.services.assignments.assign_household": ONE,
    "visits.services.assignments.end_assignment": ONE,
    "visits.services.assignments.move_due": "one cadre's care of one household",
    **brought("LOCKED"),
}


def writers() -> set[str]:
    """``room.module.function`` of every function of services and imports that calls one of these on rows."""
    found = set()
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "services" not in parts and "imports" not in parts:
            continue
        for function in ast.walk(ast.parse(text(path))):
            if isinstance(function, ast.FunctionDef) and any(writes(call) for call in ast.walk(function)):
                found.add(".".join([*parts, function.name]))
    return found


def writes(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"select_for_update", "update", "bulk_update"}
        and any(rows in ast.unparse(node.func) + ast.unparse(node) for rows in ROWS)
    )


def test_every_function_that_locks_or_writes_rows_says_what_keeps_it_in_order() -> None:
    assert writers() - set(LISTED) == set(), (
        "say above in which order it locks, and lay out a scene in the room's test_pairs.py"
    )
