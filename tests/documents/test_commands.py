"""``minqing sheets``: which sheet is meant, the command asks."""

from __future__ import annotations

import pytest
import typer

from minqing.documents.commands import chosen
from minqing.documents.kinds import SHEETS


def test_a_sheet_that_is_not_named_is_asked_for_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen("matters") is SHEETS.of("matters")
    for code in ("", "nothing"):
        with pytest.raises(typer.Exit):
            chosen(code)
        told = capsys.readouterr()
        assert all(f"--sheet {one.code}" in told.out + told.err for one in SHEETS)
