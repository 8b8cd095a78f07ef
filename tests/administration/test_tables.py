"""What is taken out as a workbook comes in again by the table of the same kind."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from minqing.journal.models import Event
from minqing.org.models import Account, Area, Post, Unit
from tests.cast import Cast
from tests.intake.conftest import load

PAGES = {"areas": "areas_table", "units": "units_table", "staff": "people_table"}


def taken(cast: Cast, kind: str, folder: Path) -> Path:
    answer = cast.client("operator").get(reverse(f"administration:{PAGES[kind]}"))
    assert answer.status_code == 200
    # what the server does once the answer is out
    for told in answer._resource_closers:
        told()
    path = folder / f"{kind}.xlsx"
    path.write_bytes(answer.content)
    return path


def numbered() -> None:
    """Tables know people by their staff number."""
    for n, account in enumerate(Account.objects.order_by("username"), 1):
        Account.objects.filter(pk=account.pk).update(staff_number=f"G{n:04d}")


def counts(run: Any) -> tuple[int, int, int]:
    return run.created_rows, run.updated_rows, run.unchanged_rows


@pytest.mark.parametrize("kind", list(PAGES))
def test_what_goes_out_comes_in_again_without_a_change(cast: Cast, kind: str, tmp_path: Path) -> None:
    numbered()
    Unit.objects.filter(pk=cast.bureau.pk).update(active=False, phone="0575-83012345")
    Area.objects.filter(pk=cast.own.pk).update(latitude=29.5901, longitude=120.8305)
    path = taken(cast, kind, tmp_path)
    rows = load_workbook(io.BytesIO(path.read_bytes())).active.max_row - 1
    # of the people those whose unit is in use
    assert rows == {"areas": 6, "units": 4, "staff": 12}[kind]
    assert counts(load(path, cast.actor("operator"), kind)) == (0, 0, rows)
    (event,) = Event.objects.filter(type="org.table.taken")
    assert (event.subject, event.data) == (f"table:{kind}", {"rows": rows})


def test_what_was_changed_since_is_put_back_and_what_is_gone_is_made_anew(cast: Cast, tmp_path: Path) -> None:
    numbered()
    paths = {kind: taken(cast, kind, tmp_path) for kind in PAGES}
    by = cast.actor("operator")
    Area.objects.filter(pk=cast.own.pk).update(name="别的名字", parent=cast.other_town)
    Unit.objects.filter(pk=cast.office.pk).update(name="别的办")
    Post.objects.filter(account=cast.account("liaison")).delete()
    Account.objects.filter(pk=cast.account("liaison").pk).delete()
    assert counts(load(paths["areas"], by, "areas")) == (0, 1, 5)
    assert counts(load(paths["units"], by, "units")) == (0, 1, 3)
    assert counts(load(paths["staff"], by, "staff")) == (1, 0, 13)
    own = Area.objects.get(pk=cast.own.pk)
    assert (own.name, own.parent_id) == ("棠溪村", cast.town.pk)
    assert Post.objects.get(account__name="褚卫东").area_id == cast.town.pk


def test_telephone_numbers_stay_here_and_are_not_wiped_by_the_way_back(cast: Cast, tmp_path: Path) -> None:
    numbered()
    who = Account.objects.get(username="cadre")
    who.phone = "13800138000"
    who.save()
    path = taken(cast, "staff", tmp_path)
    cells = [cell.value for row in load_workbook(path).active.iter_rows() for cell in row]
    assert "13800138000" not in map(str, cells)
    load(path, cast.actor("operator"), "staff")
    assert Account.objects.get(username="cadre").phone == "13800138000"
