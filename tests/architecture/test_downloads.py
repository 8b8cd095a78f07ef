"""Files that somebody takes home: their names, of every place that makes one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from openpyxl import load_workbook

from minqing.core import clock
from minqing.deadlines.enums import Light
from minqing.matters.enums import State
from minqing.matters.models.matter import deadline_word
from tests.architecture.of_rooms import brought
from tests.cast import Cast, at

pytestmark = [pytest.mark.django_db, pytest.mark.fault(96)]
SOURCE = Path("src/minqing")
# still the day before by UTC
MIDNIGHT = at("2026-11-29 00:10")


# what it is called among the tests → its module, how it is made, and its name in three languages
DOWNLOADS: dict[str, tuple[str, Callable[[Cast, Any], Any], tuple[str, str, str]]] = brought("DOWNLOADS")


def name_in(header: str) -> str:
    """As a browser reads it (RFC 6266): the extended name in UTF-8, else the plain one, which is ASCII."""
    assert header.startswith("attachment; ")
    assert header.isascii()
    extended = re.search(r"filename\*=utf-8''([^;]+)", header)
    plain = re.search(r'filename="([^"]+)"', header)
    found = extended or plain
    assert found is not None, header
    return unquote(found[1]) if extended else found[1]


@pytest.mark.parametrize("place", range(3), ids=["zh-hans", "zh-hant", "en"])
def test_a_file_is_named_in_the_reader_s_language_by_the_county_s_day(
    cast: Cast, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MIDNIGHT)
    who = cast.client("clerk")
    who.cookies[settings.LANGUAGE_COOKIE_NAME] = ("zh-hans", "zh-hant", "en")[place]
    told = {}
    for _module, made, names in DOWNLOADS.values():
        answer = made(cast, who)
        assert answer.status_code == 200, names
        assert "no-store" in answer["Cache-Control"]
        told[name_in(answer["Content-Disposition"])] = names[place]
    assert list(told) == list(told.values())


def test_every_download_of_the_house_is_in_the_table_and_none_names_its_file_by_hand() -> None:
    texts = {str(path.relative_to(SOURCE)): path.read_text() for path in SOURCE.rglob("*.py")}
    naming = {name for name, text in texts.items() if "file_name(" in text} - {"web/downloads.py"}
    assert naming == {module for module, _made, _names in DOWNLOADS.values()}
    by_hand = {
        name for name, text in texts.items() if '"Content-Disposition"]' in text or "attachment; filename" in text
    }
    # a picture keeps the name under which it came
    assert by_hand == {"web/downloads.py", "files/responses.py"}


def test_an_export_says_of_a_settled_deadline_its_dates_alone(cast: Cast) -> None:
    day = at("2026-11-30 17:00")
    cast.matter(state="finished", due_at=day, finished_at=at("2026-11-20 09:00"), lead_unit=cast.bureau)
    _module, export, _names = DOWNLOADS["list"]
    answer = export(cast, cast.client("clerk"))
    page = load_workbook(io.BytesIO(answer.content)).active
    row = [cell.value for cell in next(page.iter_rows(min_row=3))]
    assert row[2] == "已答复", row
    assert row[3] is None, "what is settled has no colour, and is not without a deadline"
    assert str(row[11]).startswith("2026-11-30 17:00")
    assert deadline_word(State.ACCEPTED, Light.RED)
