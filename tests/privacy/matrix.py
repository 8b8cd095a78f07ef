"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

TOLD_BY = {
    "privacy.key_prints.drop_former_prints": "config.key.dropped",
    "privacy.key_prints.exchange_print": "config.key.accepted",
    "privacy.subjects.blanked": "matters.person.erased",
    "privacy.subjects.cover_row": "matters.person.erased",
}
WALLESS = {"privacy_withheld": "asked before a message goes, for whoever it is; holds keyed marks and no number"}
FINDINGS = {"rights of the app", "rights to tables", "owners", "walls", "functions and triggers"}
LOCKED = {
    "privacy.subjects.blanked": "rows that its room has locked, in that order",
    "privacy.subjects.cover_row": "rows of one model in the order of their ids",
    "privacy.reindexing.reindex": "a piece of one table in a transaction, in the order of ids",
    "privacy.rotation.rewrite_field": "a piece of one table in a transaction, in the order of ids",
}
