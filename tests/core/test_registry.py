"""What rooms declare of one sort is known by a key, in the order in which it came."""

from __future__ import annotations

from functools import partial

import pytest

from minqing.core.errors import Invalid, NotFound
from minqing.core.registry import Registry


def test_what_comes_again_under_a_key_takes_the_place_of_what_was_there() -> None:
    words = Registry[str](lambda word: word[:1], NotFound, "apple", "bear")
    words.register("cat")
    words.register("ant")
    assert [*words] == ["ant", "bear", "cat"]
    assert [*reversed(words)] == ["cat", "bear", "ant"]
    words.forget("a")
    words.forget("z")
    assert [*words] == ["bear", "cat"]


def test_what_nobody_brings_is_none_or_refused_in_the_rooms_own_way() -> None:
    words = Registry[str](lambda word: word[:1], partial(Invalid, "no_word"), "apple")
    assert (words.get("a"), words.of("a"), words.get("b")) == ("apple", "apple", None)
    with pytest.raises(Invalid) as refused:
        words.of("b")
    assert refused.value.code == "no_word"
