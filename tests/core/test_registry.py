"""What rooms declare of one sort is known by a key, in the order in which it came."""

from __future__ import annotations

from functools import partial

import pytest

from minqing.core.errors import Invalid, NotFound
from minqing.core.registry import Registry


def test_another_under_a_key_is_refused_and_the_same_again_is_no_second_one() -> None:
    words = Registry[str](lambda word: word[:1], NotFound, "apple", "bear")
    words.register("cat")
    words.register(words.of("a"))
    with pytest.raises(ValueError, match="'apple', not 'ant'"):
        words.register("ant")
    with pytest.raises(ValueError, match="'a' is known already"):
        Registry[str](lambda word: word[:1], NotFound, "apple", "ant")
    assert [*words] == ["apple", "bear", "cat"]
    assert [*reversed(words)] == ["cat", "bear", "apple"]
    words.forget("a")
    words.forget("z")
    assert [*words] == ["bear", "cat"]


def test_what_nobody_brings_is_none_or_refused_in_the_rooms_own_way() -> None:
    words = Registry[str](lambda word: word[:1], partial(Invalid, "no_word"), "apple")
    assert (words.get("a"), words.of("a"), words.get("b")) == ("apple", "apple", None)
    with pytest.raises(Invalid) as refused:
        words.of("b")
    assert refused.value.code == "no_word"
