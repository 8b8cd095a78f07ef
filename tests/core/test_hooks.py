"""Hooks: rooms above join in at a moment of a room below, in their order."""

from __future__ import annotations

import pytest

from minqing.core.hooks import Hook


def test_those_who_join_in_are_asked_in_their_order_and_once() -> None:
    hook: Hook[[int], str] = Hook("tests.counted")
    assert hook(1) == []

    def first(number: int) -> str:
        return f"first {number}"

    def second(number: int) -> str:
        return f"second {number}"

    for function in (first, second, first):
        hooked = hook.calls(function)
        hooked.hook.register(hooked.function)
    assert hook(2) == ["first 2", "second 2"]


def test_what_fails_in_one_fails_the_moment() -> None:
    hook: Hook[[], None] = Hook("tests.failing")

    def fails() -> None:
        raise ValueError

    hook.register(fails)
    with pytest.raises(ValueError):
        hook()
