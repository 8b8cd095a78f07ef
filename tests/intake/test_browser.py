"""A clerk's way through an import, on a phone and at a desk, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minqing.intake import tasks
from minqing.intake.models import ImportRun
from tests.browser.server import picture, sign_in
from tests.cast import Cast
from tests.embedded import VAR
from tests.intake.conftest import person, workbook

pytestmark = pytest.mark.browser
SMALL = """(least) => [...document.querySelectorAll('main button, main a, main summary, main input[type=file]')]
    .filter((e) => e.offsetParent && !e.closest('td') && e.getBoundingClientRect().height < least)
    .map((e) => e.textContent.trim())"""


def look(page: Any, name: str) -> None:
    """Nothing cut off, nothing too small to tap or to click, no accessibility violation."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(SMALL, 44 if name.startswith("phone") else 32) == [], name
    results = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    if folder := os.environ.get("MINQING_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def another_column(page: Any, size: str, run: ImportRun) -> None:
    """The note is read of the column of the tags, looked at, and then left as it was."""
    page.get_by_role("link", name="换工作表、表头或列").click()
    look(page, f"{size}-columns")
    choose = page.locator("select[name=column_tags]")
    choose.select_option("4", force=True)
    page.get_by_role("button", name="先看前几行").click()
    page.wait_for_selector(".form-errors")
    choose.select_option("10", force=True)
    page.get_by_role("button", name="就这样读，检查全表").click()
    page.wait_for_selector("#run-state")
    tasks.check_table(run=str(run.id))
    page.wait_for_selector("text=有问题")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_clerk_brings_a_table_corrects_it_and_loads_it(
    committed_cast: Cast, open_page: Callable[..., Any], tmp_path: Path, settings: Any, size: str
) -> None:
    # the server's own folder
    settings.VAR = VAR
    rows = [person(n, 联系电话="13812" if n == 2 else "", 村社="棠西村" if n == 3 else "棠溪村") for n in range(6)]
    path = workbook(tmp_path / "棠溪村户情表.xlsx", rows)
    page = open_page(size)
    sign_in(page, "clerk", "/imports/")
    look(page, f"{size}-empty")
    page.get_by_role("link", name="导入表格").click()
    page.locator("label[for=id_kind_0]").click()
    page.set_input_files("input[type=file]", path)
    look(page, f"{size}-new")
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("#run-state")
    look(page, f"{size}-checking")
    run = ImportRun.objects.get()
    tasks.check_table(run=str(run.id))
    page.wait_for_selector("text=有问题")
    page.wait_for_selector(".import-rows")
    look(page, f"{size}-problems")
    picture(page, f"import-{size}")
    another_column(page, size, run)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有问题的行").click()
    assert download.value.suggested_filename == "待改-棠溪村户情表.xlsx"
    page.get_by_role("button", name="只导入没有问题的 4 行").click()
    page.wait_for_selector("progress")
    look(page, f"{size}-loading")
    tasks.load_table(run=str(run.id))
    page.wait_for_selector("text=新增")
    look(page, f"{size}-done")
    page.goto("/imports/")
    look(page, f"{size}-list")
