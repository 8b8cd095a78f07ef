"""The pages: bring a table, look, load; once, and only what is one's own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from minqing.core.ids import new_id
from minqing.intake import tasks
from minqing.intake.models import ImportRun
from minqing.intake.views import XLSX
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, check, chosen, person

Make = Callable[..., Path]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the queue holds, in order."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    class Jobs(list):  # type: ignore[type-arg]
        def __iter__(self) -> Any:
            rows = ProcrastinateJob.objects.filter(task_name__startswith="intake.").order_by("id")
            return iter([(job.task_name, job.args["run"]) for job in rows])

    return Jobs()


def upload(path: Path, **values: object) -> dict[str, object]:
    file = SimpleUploadedFile(path.name, path.read_bytes(), content_type=XLSX)
    return {"request_id": str(new_id()), "kind": "households", "file": file} | values


def test_a_table_is_brought_checked_and_loaded_and_each_step_is_done_once(
    cast: Cast, table: Make, jobs: list[tuple[str, str]]
) -> None:
    client = cast.client("clerk")
    assert client.get(reverse("intake:new")).status_code == 200
    path = table(person(1), person(2))
    data = upload(path)
    answer = client.post(reverse("intake:new"), data)
    run = ImportRun.objects.get()
    page = reverse("intake:run", args=[run.id])
    assert (answer.status_code, answer["Location"]) == (302, page)
    again = {"request_id": data["request_id"]}
    assert client.post(reverse("intake:new"), upload(path, **again))["Location"] == page
    assert client.post(reverse("intake:new"), upload(table(person(1)), **again)).status_code == 409
    assert list(jobs) == [("intake.check", str(run.id))]
    assert 'hx-trigger="every 2s"' in client.get(page).content.decode()
    tasks.check_table(run=str(run.id))
    shown = client.get(page).content.decode()
    assert "导入全部 2 行" in shown
    assert 'hx-trigger="every' not in shown
    for _tap in range(2):
        assert client.post(reverse("intake:load", args=[run.id]), {"mode": "all"})["Location"] == page
    assert list(jobs)[1:] == [("intake.load", str(run.id))]
    tasks.load_table(run=str(run.id))
    tasks.load_table(run=str(run.id))
    run.refresh_from_db()
    assert (run.state, run.created_rows) == ("done", 2)
    assert "新增" in client.get(page).content.decode()


def test_only_the_part_with_the_state_is_sent_while_waiting(cast: Cast, table: Make) -> None:
    client = cast.client("clerk")
    client.post(reverse("intake:new"), upload(table(person(1))))
    answer = client.get(reverse("intake:run", args=[ImportRun.objects.get().id]), headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="run-state"')


def test_problems_are_shown_masked_with_the_workbook_to_correct(cast: Cast, table: Make) -> None:
    run = check(table(person(1, 身份证号="330683197203150018"), person(2)), cast.actor("clerk"))
    client = cast.client("clerk")
    shown = client.get(reverse("intake:run", args=[run.id])).content.decode()
    assert "330683197203150018" not in shown
    assert "3306************18" in shown
    assert re.search(r'value="all" disabled aria-describedby="all-reason"', shown)
    assert "只导入没有问题的 1 行" in shown
    assert client.post(reverse("intake:load", args=[run.id]), {"mode": "all"}).status_code == 403
    book = b"".join(client.get(reverse("intake:marked", args=[run.id])).streaming_content)  # type: ignore[attr-defined]
    page = load_workbook(io.BytesIO(book)).worksheets[0]
    assert page.cell(1, 13).value == "问题"
    assert page.cell(2, 7).comment is not None


def test_a_wrong_file_comes_back_with_its_sentence_and_no_run(cast: Cast, tmp_path: Path) -> None:
    client = cast.client("clerk")
    picture = SimpleUploadedFile("户情表.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(4000))
    for file, said in ((picture, "这不是表格文件"), (SimpleUploadedFile("a.csv", b""), "空文件")):
        answer = client.post(reverse("intake:new"), {"request_id": str(new_id()), "kind": "households", "file": file})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    answer = client.post(reverse("intake:new"), {"request_id": str(new_id()), "kind": "staff", "file": picture})
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_each_post_is_offered_its_own_kinds_and_templates(cast: Cast) -> None:
    for role, own, other in (("clerk", "households", "staff"), ("operator", "staff", "households")):
        client = cast.client(role)
        shown = client.get(reverse("intake:new")).content.decode()
        assert f'value="{own}"' in shown
        assert f'value="{other}"' not in shown
        assert client.get(reverse("intake:template", args=[other])).status_code == 403
        assert client.get(reverse("intake:template", args=["nothing"])).status_code == 404
        book = b"".join(client.get(reverse("intake:template", args=[own])).streaming_content)  # type: ignore[attr-defined]
        first, second = load_workbook(io.BytesIO(book)).worksheets
        assert first.max_row == 1
        assert any(str(cell.value).endswith("*") for cell in first[1])
        assert second.max_row > 5


def test_a_filled_in_template_has_no_problem(cast: Cast, tmp_path: Path) -> None:
    client = cast.client("clerk")
    book = b"".join(client.get(reverse("intake:template", args=["households"])).streaming_content)  # type: ignore[attr-defined]
    opened = load_workbook(io.BytesIO(book))
    first, second = opened.worksheets
    for place in range(1, first.max_column + 1):
        for line, column in ((2, 4), (3, 5)):
            first.cell(line, place).value = second.cell(place + 1, column).value
    opened.save(tmp_path / "filled.xlsx")
    run = check(tmp_path / "filled.xlsx", cast.actor("clerk"))
    assert (run.state, run.total_rows, run.problem_rows) == ("checked", 2, 0), run.problems


def test_nobody_reaches_the_runs_of_somebody_else(cast: Cast, table: Make) -> None:
    run = check(table(person(1, 联系电话="1")), cast.actor("clerk"))
    for role in ("far_clerk", "operator"):
        client = cast.client(role)
        for name in ("run", "marked"):
            assert client.get(reverse(f"intake:{name}", args=[run.id])).status_code == 404
        assert client.post(reverse("intake:load", args=[run.id]), {"mode": "valid"}).status_code == 404
        assert run.name not in client.get(reverse("intake:list")).content.decode()


def test_the_list_takes_the_same_queries_for_one_and_three_tables(
    cast: Cast, table: Make, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("clerk")
    client.get(reverse("intake:list"))
    for more in (1, 2):
        for _n in range(more):
            check(table(person(1)), cast.actor("clerk"))
        with django_assert_num_queries(8):
            assert client.get(reverse("intake:list")).content.decode().count("户情表.xlsx") == ImportRun.objects.count()


@pytest.mark.fault(110)
def test_another_sheet_is_taken_before_anything_is_loaded(
    cast: Cast, tmp_path: Path, jobs: list[tuple[str, str]]
) -> None:
    book = Workbook()
    sheets = (("说明", [["填表说明"]]), ("去年", [HEADINGS, person(1)]), ("今年", [HEADINGS, person(2), person(3)]))
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    client = cast.client("clerk")
    client.post(reverse("intake:new"), upload(tmp_path / "a.xlsx"))
    run = ImportRun.objects.get()
    page, choose = reverse("intake:run", args=[run.id]), reverse("intake:columns", args=[run.id])
    assert "换工作表" not in client.get(page).content.decode()
    tasks.check_table(run=str(run.id))
    assert choose in client.get(page).content.decode()
    shown = client.get(choose).content.decode()
    assert [name for name, _rows in sheets if f'<option value="{name}"' in shown] == ["说明", "去年", "今年"]
    assert '<option value="去年" selected' in shown
    taken = chosen(client.get(choose, {"sheet": "今年", "of": "去年", "heading_row": "1"}))
    for _tap in range(2):
        assert client.post(choose, taken)["Location"] == page
    assert len(list(jobs)) == 2
    tasks.check_table(run=str(run.id))
    run.refresh_from_db()
    assert (run.state, run.total_rows, run.mapping["sheet"]) == ("checked", 2, "今年")
    # one that does not fit is told, and another can still be taken
    answer = client.post(choose, {"sheet": "说明", "heading_row": "1", "look": "1"})
    assert answer.status_code == 422
    assert "少了它" in answer.content.decode()
    assert client.post(choose, taken | {"sheet": "没有"}).status_code == 422
    client.post(reverse("intake:load", args=[run.id]), {"mode": "all"})
    tasks.load_table(run=str(run.id))
    assert client.post(choose, taken).status_code == 403
    assert client.get(choose).status_code == 403
    assert choose not in client.get(page).content.decode()
