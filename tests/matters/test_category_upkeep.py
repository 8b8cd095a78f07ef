"""Which categories there are and what they ask: the operator's pages and workbook, and their names in each language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.ids import new_id
from minqing.intake.enums import Mode
from minqing.journal.models import Event
from minqing.matters import queries
from minqing.matters.imports.categories import kept, term_in
from minqing.matters.models import Category
from minqing.matters.queries.figures import figures_by
from minqing.matters.rules.categories import Said
from minqing.matters.services import (
    Wanted,
    add_category,
    change_category,
    drop_question,
    load_categories,
    put_category_aside,
    save_categories,
    set_question,
    take_category_up,
)
from minqing.matters.services.category_upkeep import TURN
from minqing.matters.suggestion import tops, unit_words
from minqing.privacy.access import acting_as
from minqing.reporting.queries import topics
from tests.administration.conftest import carried, send
from tests.cast import Cast
from tests.intake.conftest import check, load, workbook

HEADINGS = ("编码", "名称", "繁体名称", "英文名称", "上级编码", "通常承办", "办理期限", "关键词", "启用")
RIGHT = Said(
    name="路灯", names={"en": "Street lamps"}, parent="road", unit_code="kind:office", working_days=3,
    legal_term="", keywords=["路灯"], publishable=True,
)  # fmt: skip
FORM = {
    "name": "路灯", "name_hant": "路燈", "name_en": "Street lamps", "parent": "road", "unit_code": "kind:office",
    "working_days": "3", "keywords": "路灯、照明，灯杆", "publishable": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"


def save_category(*, code: str, said: Said, used: bool | None, by: Actor) -> str:
    (outcome,) = save_categories(wanted=[Wanted(code=code, said=said, used=used)], by=by)
    return outcome


def events() -> list[str]:
    rows = Event.objects.filter(type__startswith="matters.category.").order_by("seq")
    return [one.rpartition(".")[2] for one in rows.values_list("type", flat=True)]


def page_of(code: str, name: str = "category") -> str:
    return reverse(f"matters:{name}", args=[code])


def test_a_category_of_the_county_is_added_changed_put_aside_and_taken_up_again(cast: Cast) -> None:
    client = cast.client("operator")
    assert send(client, reverse("matters:add_category"), code="road.lamp", **FORM).status_code == 302
    made = Category.objects.get(pk="road.lamp")
    assert (made.level, made.keywords, made.names) == (
        3,
        ["路灯", "照明", "灯杆"],
        {"zh-hant": "路燈", "en": "Street lamps"},
    )
    assert send(client, page_of("road.lamp"), **FORM | {"parent": "transport", "legal_days": "60"}).status_code == 302
    made.refresh_from_db()
    assert (made.level, made.legal_term) == (2, "60nd")
    for name, offered in (("aside", False), ("up", True)):
        assert client.post(page_of("road.lamp", f"category_{name}")).status_code == 302
        assert (made.code in {one.code for one in queries.categories()}) is offered
    assert events() == ["added", "changed", "left", "taken_up"]


def test_a_third_level_counts_and_is_offered_with_the_first_it_lies_in(cast: Cast) -> None:
    save_category(code="road.lamp", said=RIGHT, used=None, by=cast.actor("operator"))
    cast.matter(category=Category.objects.get(pk="road.lamp"))
    with acting_as(by := cast.actor("clerk")):
        assert [(one.key, one.received) for one in figures_by(by, "category")] == [("transport", 1)]
        for language, label in (("zh-hans", "路灯"), ("zh-hant", "路灯"), ("en", "Street lamps")):
            with override(language):
                assert [one.label for one in figures_by(by, "subcategory")] == [label]
                assert [one.received for one in figures_by(by, "category")] == [1]
        found = queries.filtered(queries.visible_matters(by), queries.Filters(category="transport"), actor=by)
        assert found.count() == 1
    rows = [one.code for one in queries.categories()]
    assert rows.index("road") + 1 == rows.index("road.lamp")
    assert tops(queries.categories())["road.lamp"] == "transport"
    with override("en"):
        assert ("road.lamp", "Street lamps") in topics().kinds["transport"]


def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast) -> None:
    by = cast.actor("operator")
    save_category(code="road.lamp", said=RIGHT, used=None, by=by)
    wrong = (
        {"name": " "}, {"working_days": 0}, {"legal_term": "60"}, {"parent": "nowhere"}, {"keywords": ["x" * 21]},
    )  # fmt: skip
    for one in wrong:
        with pytest.raises(Invalid):
            save_category(code="x", said=replace(RIGHT, **{"name": "新"} | one), used=None, by=by)
    for code, said, reason in (
        ("x", replace(RIGHT, name="x", parent="road.lamp"), "too_deep"),
        ("transport", replace(RIGHT, name="交通", parent="rural"), "holds_others"),
        ("rural.water", replace(RIGHT, name="水利", parent="rural.water"), "parent"),
        ("x", RIGHT, "name_taken"),
    ):
        with pytest.raises((Conflict, Invalid, Refused)) as error:
            save_category(code=code, said=said, used=None, by=by)
        assert error.value.code == reason
    with pytest.raises(Refused):
        put_category_aside(category=Category.objects.get(pk="road"), by=by)
    assert "请先停用下面的类别" in cast.client("operator").get(page_of("road")).content.decode()


def test_nobody_else_changes_any(cast: Cast) -> None:
    by, road = cast.actor("clerk"), Category.objects.get(pk="road")
    for write in (
        lambda: save_category(code="x", said=RIGHT, used=None, by=by),
        lambda: add_category(id=new_id(), code="x", said=RIGHT, by=by),
        lambda: change_category(category=road, said=RIGHT, by=by),
        lambda: put_category_aside(category=road, by=by),
        lambda: take_category_up(category=road, by=by),
        lambda: set_question(category=road, question={"text": "x", "kind": "text"}, by=by),
        lambda: drop_question(category=road, code="x", by=by),
    ):
        with pytest.raises(Refused):
            write()
    assert not events()


def test_a_question_is_added_changed_and_asked_no_more(cast: Cast) -> None:
    client = cast.client("operator")
    asked = {"text": "几盏？", "kind": "singlevaluelist", "values": "一盏\n几盏", "required": "on"}
    page = page_of("road", "add_question")
    form = carried(client.get(page).content.decode()) | asked
    for _time in range(2):
        assert client.post(page, form).status_code == 302
    (made,) = Category.objects.get(pk="road").questions
    code = made.pop("code")
    values = [{"key": "a1", "name": "一盏"}, {"key": "a2", "name": "几盏"}]
    assert made == {
        "kind": "singlevaluelist", "text": "几盏？", "required": True, "values": values,
    }  # fmt: skip
    address = reverse("matters:question", args=["road", code])
    assert send(client, address, **asked | {"values": "只一盏 = a1\n整条路"}).status_code == 302
    assert Category.objects.get(pk="road").questions[0]["values"] == [
        {"key": "a1", "name": "只一盏"}, {"key": "a2", "name": "整条路"},
    ]  # fmt: skip
    assert send(client, address, **asked | {"values": "只一盏"}).status_code == 422
    said = {"text_en": "How many?", "values_en": "One\nSeveral", "text_hant": "幾盞？"}
    assert send(client, address, **asked | said | {"values_en": "One"}).status_code == 422
    assert send(client, address, **asked | said).status_code == 302
    with override("en"):
        (reads,) = Category.objects.get(pk="road").asks
    assert (reads["text"], [one["name"] for one in reads["values"]]) == ("How many?", ["One", "Several"])
    page = client.get(address).content.decode()
    assert 'value="幾盞？"' in page
    # what nobody has written in another language stays folded
    opened = '<details class="more-rows" open>'
    assert (opened in page, opened in client.get(page_of("road", "add_question")).content.decode()) == (True, False)
    assert send(client, page_of("road", "add_question"), text="危险请打110", kind="tells").status_code == 302
    assert Category.objects.get(pk="road").questions[1]["variable"] is False
    assert client.post(reverse("matters:drop_question", args=["road", code])).status_code == 302
    assert [one["text"] for one in Category.objects.get(pk="road").questions] == ["危险请打110"]


def test_what_the_county_made_of_a_category_outlives_a_release(cast: Cast) -> None:
    by = cast.actor("operator")
    save_category(code="road", said=replace(RIGHT, name="公路", parent="transport"), used=None, by=by)
    save_category(code="road.lamp", said=RIGHT, used=None, by=by)
    Category.objects.update(version=0)
    load_categories(by=by)
    assert Category.objects.get(pk="road").name == "公路"
    assert not Category.objects.get(pk="road.lamp").retired


def test_the_table_goes_out_a_cell_is_changed_and_it_comes_back(cast: Cast, tmp_path: Path) -> None:
    answer = cast.client("operator").get(reverse("administration:table", args=["categories"]))
    path = tmp_path / "categories.xlsx"
    path.write_bytes(answer.content)
    with acting_as(by := cast.actor("operator")):
        run, count = check(path, by, "categories"), Category.objects.count()
        assert run.mapping["changes"] == {"created": 0, "updated": 0, "unchanged": count, "rows": []}
        book = load_workbook(path)
        sheet = book.active
        (row,) = [row for row in sheet.iter_rows(min_row=2) if row[0].value == "road"]
        row[3].value, row[6].value = "Roads and bridges", "7"
        sheet.append(["road.lamp", "路灯", "", "", "road", "-", "3", "", "", "", ""])
        book.save(path)
        run = check(path, by, "categories")
        assert (run.problem_rows, events()) == (0, [])
        assert [one[1:] for one in run.mapping["changes"]["rows"]] == [["道路", "updated"], ["路灯", "created"]]
        loaded = load(path, by, "categories")
    assert (loaded.created_rows, loaded.updated_rows, loaded.unchanged_rows) == (1, 1, count - 1)
    road = Category.objects.get(pk="road")
    assert (road.names["en"], road.working_days, road.keywords != []) == ("Roads and bridges", 7, True)


def test_every_shipped_category_has_its_name_in_each_language(cast: Cast) -> None:
    for one in Category.objects.all():
        assert set(one.names) == {"zh-hant", "en"}, one.code
    road = Category.objects.get(pk="road")
    for language, name in (("zh-hans", "道路"), ("zh-hant", "道路"), ("en", "Roads")):
        with override(language):
            assert road.called == name


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_asks_as_often_for_many(cast: Cast, more: int, django_assert_num_queries: Any) -> None:
    for n in range(more):
        save_category(code=f"x{n}", said=replace(RIGHT, name=f"x{n}"), used=None, by=cast.actor("operator"))
    client = cast.client("operator")
    client.get(reverse("matters:categories"))
    with django_assert_num_queries(12):
        client.get(reverse("matters:categories"))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("kind:office", True), ("name:水利|kind:office", True), ("", True), ("bureau-of-none", False),
        ("kind:ofice", False), ("name: ", False), ("area:x", False), ("kind:office|kind:x", False),
    ],
)  # fmt: skip
def test_a_table_says_at_the_cell_that_no_unit_is_meant(cast: Cast, tmp_path: Path, written: str, right: bool) -> None:
    path = workbook(tmp_path / "c.xlsx", [["road", "道路", "", "", "", written, "5", "", ""]], HEADINGS)
    with acting_as(by := cast.actor("operator")):
        run = check(path, by, "categories")
    assert [one["column"] for one in run.problems] == ([] if right else ["通常承办"])


def test_a_category_that_says_no_unit_is_refused_and_a_stored_one_still_opens(cast: Cast) -> None:
    with pytest.raises(Invalid) as error:
        save_category(code="x", said=replace(RIGHT, unit_code="kind:ofice"), used=None, by=cast.actor("operator"))
    assert error.value.code == "unit_wrong"
    Category.objects.filter(pk="road").update(unit_code="kind:ofice")
    page = cast.client("operator").get(page_of("road"))
    assert (page.status_code, "kind:ofice" in page.content.decode()) == (200, True)
    assert unit_words("kind:ofice|name:水利", {}).startswith("kind:ofice")


def test_a_release_leaves_in_use_what_lies_above_the_county_s_own_and_waits_its_turn(cast: Cast) -> None:
    old = Category.objects.create(code="old", name="旧", version=0)
    between = Category.objects.create(code="old.between", name="旧中", parent=old, level=2, version=0)
    gone = Category.objects.create(code="old.gone", name="旧无", parent=old, level=2, version=0)
    said = replace(RIGHT, name="旧灯", parent="old.between")
    save_category(code="old.lamp", said=said, used=None, by=(by := cast.actor("operator")))
    Category.objects.update(version=0)
    with CaptureQueriesContext(connection) as caught:
        load_categories(by=by)
    asked = [one["sql"] for one in caught.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert TURN in asked[0]
    for one, retired in ((old, False), (between, False), (gone, True)):
        one.refresh_from_db()
        assert one.retired is retired, one.code


def brought_back(cast: Cast, folder: Path, cells: dict[tuple[str, int], str]) -> Any:
    """The table as it went out, with cells changed by code and column."""
    path = folder / "out.xlsx"
    path.write_bytes(cast.client("operator").get(reverse("administration:table", args=["categories"])).content)
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        for column, cell in enumerate(row):
            cell.value = cells.get((row[0].value, column), cell.value)
    book.save(path)
    with acting_as(by := cast.actor("operator")):
        return load(path, by, "categories", Mode.VALID)


def test_a_branch_is_put_aside_and_taken_up_again_by_the_table_as_it_went_out(cast: Cast, tmp_path: Path) -> None:
    save_category(code="road.lamp", said=RIGHT, used=None, by=cast.actor("operator"))
    branch = ("transport", "road", "road.lamp", "transport.bus", "transport.taxi", "transport.traffic")
    branch = (*branch, "transport.post")
    for word, retired in (("否", True), ("是", False)):
        run = brought_back(cast, tmp_path, {(code, 10): word for code in branch})
        assert (run.updated_rows, run.problem_rows) == (len(branch), 0)
        assert {one.retired for one in Category.objects.filter(pk__in=branch)} == {retired}


def test_the_table_tells_apart_what_it_changes_and_what_it_puts_aside(cast: Cast, tmp_path: Path) -> None:
    brought_back(cast, tmp_path, {("road", 10): "否"})
    brought_back(cast, tmp_path, {("road", 10): "是", ("road", 6): "9"})
    assert events() == ["left", "changed", "taken_up"]
    last = Event.objects.filter(type="matters.category.changed").get()
    assert last.data["fields"] == ["working_days"]


def test_what_lies_above_something_in_use_is_refused_at_its_row_and_hinders_no_other(
    cast: Cast, tmp_path: Path
) -> None:
    run = brought_back(cast, tmp_path, {("transport", 10): "否", ("road", 6): "9"})
    assert (run.updated_rows, len({one["row"] for one in run.problems})) == (1, 1)
    assert not Category.objects.get(pk="transport").retired


def test_two_change_their_names_with_each_other(cast: Cast, tmp_path: Path) -> None:
    run = brought_back(cast, tmp_path, {("road", 1): "公交与客运", ("transport.bus", 1): "道路"})
    assert (run.updated_rows, len({one["row"] for one in run.problems})) == (2, 0)
    assert Category.objects.get(pk="road").name == "公交与客运"
    run = brought_back(cast, tmp_path, {("road", 1): "快递与邮政", ("transport.taxi", 6): "9"})
    assert (run.updated_rows, len({one["row"] for one in run.problems})) == (1, 2)


def test_one_moves_together_with_what_lies_below_it_and_not_alone(cast: Cast, tmp_path: Path) -> None:
    by = cast.actor("operator")
    save_category(code="old", said=replace(RIGHT, name="旧", parent=""), used=None, by=by)
    save_category(code="old.lamp", said=replace(RIGHT, parent="old"), used=None, by=by)
    alone = {("old", 4): "transport", ("old.lamp", 4): "-", ("old.lamp", 10): "x"}
    assert brought_back(cast, tmp_path, alone).updated_rows == 0
    # both one level down; then the one above out of it, and the one that was below it above it
    for old, lamp, levels in (("transport", "", (2, 3)), ("old.lamp", "-", (2, 1))):
        run = brought_back(cast, tmp_path, {("old", 4): old, ("old.lamp", 4): lamp or "old"})
        assert (run.problems, run.updated_rows) == ([], 2)
        assert tuple(Category.objects.get(pk=code).level for code in ("old", "old.lamp")) == levels


def test_a_table_tells_all_that_is_wrong_with_a_category_at_once(cast: Cast, tmp_path: Path) -> None:
    row = ["road", "道" * 61, "", "r" * 61, "", "bureau-of-none", "900", "、".join(["词" * 21]), "也许"]
    path = workbook(tmp_path / "c.xlsx", [row], HEADINGS)
    with acting_as(by := cast.actor("operator")):
        run = check(path, by, "categories")
    wrong = {"名称", "英文名称", "通常承办", "办理期限", "关键词", "启用"}
    assert {one["column"] for one in run.problems} == wrong


def test_one_is_taken_up_where_it_lies_by_then(cast: Cast) -> None:
    by = cast.actor("operator")
    save_category(code="old", said=replace(RIGHT, name="旧", parent=""), used=None, by=by)
    for code, used in (("old.lamp", False), ("old", False)):
        said = replace(RIGHT, name=code, parent="old" if "." in code else "")
        save_category(code=code, said=said, used=used, by=by)
    save_category(code="old.lamp", said=RIGHT, used=True, by=by)
    assert not Category.objects.get(pk="old.lamp").retired


@pytest.mark.parametrize(
    ("hant", "english", "words", "names", "keywords"),
    [
        ("-", "-", "-", {}, []),
        ("", "-", "", {"zh-hant": "道路"}, None),
        ("", "Streets", "路面，大桥；塌方,坑", {"zh-hant": "道路", "en": "Streets"}, ["路面", "大桥", "塌方", "坑"]),
    ],
)
def test_a_hyphen_empties_a_cell_and_words_are_parted_as_on_the_page(
    cast: Cast, tmp_path: Path, hant: str, english: str, words: str, names: Any, keywords: Any
) -> None:
    before = Category.objects.get(pk="road").keywords
    path = workbook(tmp_path / "c.xlsx", [["road", "道路", hant, english, "", "", "5", words, ""]], HEADINGS)
    with acting_as(by := cast.actor("operator")):
        load(path, by, "categories")
    road = Category.objects.get(pk="road")
    assert (road.names, road.keywords) == (names, before if keywords is None else keywords)


@pytest.mark.parametrize(
    ("typed", "empty"),
    [("-", True), ("－", True), ("—", True), ("——", True), ("–", True), (" - ", True), ("", False), ("A-B", False)],
)
def test_every_dash_is_the_sign_for_nothing(typed: str, *, empty: bool) -> None:
    assert (kept(typed, "stored") == "") is empty
    assert (term_in(typed) if typed != "A-B" else "") == ("-" if empty else "")
