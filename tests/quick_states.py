"""Migrating the database of the tests in less than half of the time, to the same tables.

For each new table, index and constraint Django makes the classes of all models anew that hang together with the one
that it belongs to: two thirds of what migrating takes. Of a table that nobody refers to yet its own class is enough,
and of an index none at all. Steps that look at rows (``RunPython``) have all of them made anew first, as Django does it
itself after what it calls a delay. ``test_up.py`` compares the tables with those of a county, migrated without this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.migrations.state import ModelState, ProjectState


def add_model(state: ProjectState, model: ModelState) -> None:
    key = model.app_label, model.name_lower
    known = "apps" in state.__dict__ and key in state.models
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if known:
        state.reload_model(*key)
    elif "apps" in state.__dict__:
        state.is_delayed = True
        state.apps.render_multiple([model])


def with_options(state: ProjectState, label: str, name: str, option: str, found: list[Any]) -> None:
    state.models[label, name].options[option] = found
    if "apps" in state.__dict__:
        state.is_delayed = True
        setattr(state.apps.get_model(label, name)._meta, option, [one.clone() for one in found])


def append(state: ProjectState, label: str, name: str, option: str, one: Any) -> None:
    with_options(state, label, name, option, [*state.models[label, name].options[option], one])


def remove(state: ProjectState, label: str, name: str, option: str, gone: str) -> None:
    left = [one for one in state.models[label, name].options[option] if one.name != gone]
    with_options(state, label, name, option, left)


@contextmanager
def quick_states() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "add_model", add_model)
        patch.setattr(ProjectState, "_append_option", append)
        patch.setattr(ProjectState, "_remove_option", remove)
        yield
