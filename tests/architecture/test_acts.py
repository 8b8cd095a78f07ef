"""The page's gate lets in whom the rule of what is done there can ever allow: not more posts, and not fewer.

A wider gate offers a button that answers 403, a narrower one keeps somebody from what is theirs to do.
"""

from __future__ import annotations

import inspect

import pytest

from minqing.org.enums import Role
from tests.architecture.acts import ACTS, ASKING, MOVING, SPACES, WITHOUT_PAGE, writes
from tests.architecture.addresses import Address, addresses
from tests.architecture.of_rooms import brought
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88)]
# what a move of these lives is called among the writes
OF_LIVES = brought("OF_LIVES")


def takes_a_form(one: Address) -> bool:
    """By its text and that of the functions beside it which it calls."""
    view = inspect.unwrap(one.view)
    beside = [view.__globals__.get(name) for name in view.__code__.co_names]
    parts = [view, *(part for part in beside if inspect.isfunction(part) and part.__module__ == view.__module__)]
    return any("POST" in inspect.getsource(part) for part in parts)


def ours(one: Address) -> bool:
    return one.name.startswith(SPACES) and one.name not in MOVING


@pytest.mark.parametrize("role", list(Role))
def test_the_gate_of_a_page_lets_in_whom_its_rule_allows(cast: Cast, role: Role) -> None:
    gates = {one.name: one.gate for one in addresses()}
    actor, wrong = cast.actor(role.value), []
    for verb, act in ACTS.items():
        allowed, passes = bool(act.rule(cast, actor)), role in gates[act.url].roles
        if allowed and not passes:
            wrong.append(f"{verb}: {role} may by the rule and does not pass the gate of {act.url}")
        if passes and not allowed and not act.shared:
            wrong.append(f"{verb}: {role} passes the gate of {act.url} and never may by the rule")
    assert not wrong, "\n".join(wrong)


def test_every_write_has_its_page_and_every_form_its_write() -> None:
    found = set(writes())
    assert found == set(ACTS) | set(WITHOUT_PAGE), found ^ (set(ACTS) | set(WITHOUT_PAGE))
    assert set(OF_LIVES) == {move for life in {*map(type, OF_LIVES)} for move in life}
    assert set(OF_LIVES.values()) <= set(ACTS)
    formed = {one.name for one in addresses() if ours(one) and takes_a_form(one)}
    listed = {act.url for act in ACTS.values()} | ASKING
    assert formed == listed, formed ^ listed
