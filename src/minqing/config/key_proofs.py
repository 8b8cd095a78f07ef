"""What the rows of the database say of a key: what is encrypted opens, what is indexed is found, seals are ours."""

from __future__ import annotations

from typing import Any


def disproved(model: Any, sealed: list[str]) -> set[str]:
    """Keys by which a row of ``model`` cannot be read or found, of the newest and the oldest of them."""
    wrong: set[str] = set()
    for name in sealed:
        written = model._default_manager.exclude(**{name: b""})
        for order in ("-pk", "pk"):
            row = written.order_by(order).first()
            wrong |= disproved_by(row, name) if row is not None else set()
    return wrong


def disproved_by(row: Any, name: str) -> set[str]:
    from minqing.privacy.fields import BlindIndexField
    from minqing.privacy.seal import CannotDecrypt

    try:
        getattr(row, name)
    except CannotDecrypt:
        return {"field_key"}
    for field in row._meta.concrete_fields:
        held = field.held(row) if isinstance(field, BlindIndexField) and field.source == name else None
        if held is not None and held not in field.digests(field.text(row)):
            return {"index_key"}
    return set()


def last_seal_is_foreign() -> bool:
    from minqing.journal.seals import last_public_key, public_hex, signing_key

    theirs, key = last_public_key(), signing_key()
    return bool(theirs) and (key is None or public_hex(key) != theirs)
