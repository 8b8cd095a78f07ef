"""Nothing happens that the journal does not hold: every write of many rows at once is told, or says why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, Function, python_files, text, tree

pytestmark = pytest.mark.fault(83)
MANY = frozenset({"bulk_create", "bulk_update", "insert_rows", "insert_all", "upsert", "delete"})
SQL = ("INSERT INTO", "UPDATE ", "DELETE FROM", "TRUNCATE", "MERGE INTO", "WITH part", "COPY ")
# what appends to the journal, by whatever name a room calls it
TELLS = frozenset({"record", "record_all"})
MOVE = "matters.matter.assigned"
LOADED = "households.import.loaded"
HANDED = "matters.import.loaded"
SENT = "notify.notice.sent"
COUNTED = "no event: counted from rows that are told themselves, and can be made anew"
QUEUE = "no event: how far a job has come, which says nothing of anybody's work"
SAVED = "org.{thing}.{outcome}"
SLOWED = "no event: who called too often, for some minutes"
TELLER = "no event: it is the journal, or what it is made of"
# where it stands → the event of its caller that tells it, or "no event" with the reason
TOLD_BY = {
    "config.worker_card.bury": QUEUE,
    "core.cache_version.versioned": "no event: that a small table has changed, whose change is told",
    "core.bulk_insert.layout": TELLER,
    "doorstep.services.sweep_buckets": SLOWED,
    "files.services.remove_files": "files.picture.deleted",
    "households.imports.storing.write_grants": LOADED,
    "households.services.households.take_along": "households.household.updated",
    "intake.services.checking.look_through": "intake.run.checked",
    "intake.staging.insert_all": LOADED,
    "intake.staging.upsert": LOADED,
    "intake.staging.__enter__": LOADED,
    "journal.idempotency.claim": TELLER,
    "journal.idempotency.forget_sends": "no event: that the same was sent twice is not asked so long after",
    "journal.subscriptions.deliver": QUEUE,
    "journal.subscriptions.retry_parked": QUEUE,
    "matters.imports.storing.insert": HANDED,
    "matters.imports.storing.update": HANDED,
    "matters.services.days.count_next_days": COUNTED,
    "matters.services.days.keep": COUNTED,
    "matters.services.parts.take_back": MOVE,
    "publications.services.texts.index_publications": "no event: how published words are found; none of them changes",
    "matters.services.reporting.take_in": "matters.matter.received",
    "matters.services.steps.add_pictures": "matters.matter.noted",
    "matters.services.supervising.end_supervision": "matters.matter.released",
    "matters.services.supervising.release_matter": "matters.matter.released",
    "matters.subjects.cover_elsewhere": "matters.person.erased",
    "notify.services.preferences.put_address": "notify.address.{verb}",
    "notify.services.sending.replace_unread": SENT,
    "notify.services.sending.tell_account": SENT,
    "notify.services.sending.tell_accounts": SENT,
    "notify.services.sending.tell_outside": SENT,
    "org.services.areas.save_area": SAVED,
    "org.services.areas.save_unit": SAVED,
    "org.services.areas.settle_boundary": SAVED,
    "org.services.areas.settle_path": SAVED,
    "org.services.days.set_work_day": SAVED,
    "org.services.people.save_account": SAVED,
    "org.services.people.save_post": SAVED,
    "partners.services.queueing.queue_event": QUEUE,
    "partners.services.receiving.kept_once": "partners.event.received",
    "partners.services.sending.forget_delivered": "no event: what arrived; its event stays in the journal",
    "partners.services.sending.settle": QUEUE,
    "partners.services.tokens.note_use": "no event: the day a token was last used, for the operator's list",
    "partners.services.tokens.sweep_buckets": SLOWED,
    "privacy.key_prints.exchange_print": "config.key.accepted",
    "privacy.subjects.blanked": "matters.person.erased",
    "privacy.subjects.covered_in": "matters.person.erased",
    "visits.services.days.count_next_visit_days": COUNTED,
    "visits.services.days.keep": COUNTED,
    "visits.services.days.rebuild_visit_days": COUNTED,
    "visits.services.diary.record_visit": "visits.visit.recorded",
    "visits.subjects.forget_name": "visits.person.erased",
    **brought("TOLD_BY"),
}


def of_many(node: ast.AST) -> bool:
    """A write of as many rows as a filter finds, or are handed in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.lstrip().startswith(SQL)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name != "update" or not isinstance(node.func, ast.Attribute):
        return name in MANY
    # what is updated by names is a queryset, or a dictionary of options
    return bool(node.keywords) and not node.args and ast.unparse(node.func.value) not in {"options", "kwargs"}


def functions_of(path_tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(path_tree) if isinstance(node, Function))


def bulk_writes() -> dict[str, Function]:
    """``room.module.function`` of each function that writes many rows at once; the made-up county is none of them."""
    found = {}
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if parts[0] == "demo":
            continue
        for function in functions_of(tree(path)):
            if any(of_many(node) for node in ast.walk(function)):
                found[".".join([*parts, function.name])] = function
    return found


def records(function: Function) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLS
        for node in ast.walk(function)
    )


def test_every_write_of_many_rows_is_told_or_says_why_not() -> None:
    silent = {name for name, function in bulk_writes().items() if not records(function)}
    assert silent - set(TOLD_BY) == set(), "record it, or name above the event that tells it"
    assert set(TOLD_BY) - silent == set(), "told by itself by now, or gone"


def test_the_events_that_tell_them_are_recorded_somewhere() -> None:
    everything = "".join(text(path) for path in python_files())
    # a verb that stands in a variable is looked for by what stands before it
    named = {event for event in TOLD_BY.values() if not event.startswith("no event: ")}
    missing = {
        one for one in named if f'"{one}"' not in everything and f'"{one.rpartition(".")[0]}.{{' not in everything
    }
    assert missing == set()
