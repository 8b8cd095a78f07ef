"""The tree and the bytes that it is made of."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.clock import SHANGHAI
from minqing.journal.canonical import EVENT_COLUMNS, canonical, canonical_event
from minqing.journal.merkle import Tree, leaf_hash, node_hash
from minqing.journal.models import Event


def defined(leaves: list[bytes]) -> bytes:
    """The tree as RFC 6962, section 2.1, defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(defined(leaves[:split]), defined(leaves[split:]))


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_that_of_the_standard(contents: list[bytes]) -> None:
    leaves = [leaf_hash(content) for content in contents]
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert (tree.root(), tree.size) == (defined(leaves), len(leaves))


def test_known_roots_of_the_standard() -> None:
    assert Tree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    tree = Tree()
    tree.add(leaf_hash(b""))
    assert tree.root().hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_node_never_passes_as_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_canonical_form_does_not_depend_on_order_or_zone() -> None:
    local = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)
    utc = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    assert canonical({"b": local, "a": "民情"}) == canonical({"a": "民情", "b": utc})
    assert canonical({"b": utc, "a": "民情"}) == '{"a":"民情","b":"2026-09-30T08:00:00.000000Z"}'.encode()


def test_every_column_of_an_event_is_in_its_canonical_form() -> None:
    assert set(EVENT_COLUMNS) == {field.column for field in Event._meta.concrete_fields}
    row = (
        UUID(int=1),
        2,
        3,
        datetime(2026, 1, 1, tzinfo=UTC),
        "t",
        "s",
        "x",
        datetime(2026, 1, 1, tzinfo=UTC),
        "a",
        "p",
        {},
    )
    assert set(json.loads(canonical_event(row))) == set(EVENT_COLUMNS)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": float("nan")})
    with pytest.raises(TypeError, match="no canonical form"):
        canonical({"a": {1, 2}})
