"""Numbers that one room hands over for another's page."""

from __future__ import annotations

import pytest

from minqing.web.pieces import share


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "–"), (0, 9, "0 %"), (9, 9, "100 %"), (999, 1000, "99 %"), (1, 1000, "1 %"), (1, 3, "33 %")],
)
def test_a_share_is_never_whole_while_something_is_missing(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text
