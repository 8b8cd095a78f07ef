"""Household tables: what is right, what is told, and what a second import does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from minqing.core.actor import Actor
from minqing.core.sheets import read_rows
from minqing.households.models import Household, Resident, TagGrant
from minqing.intake import storage
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.journal.models import Event
from tests.cast import Cast
from tests.intake.conftest import check, csv_file, identity, load, person, workbook

Make = Callable[..., Path]


def sentences(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(problem["row"], problem["column"], problem["text"]) for problem in run.problems]


def people(cast: Cast) -> list[Resident]:
    with cast.everything():
        return list(Resident.objects.select_related("household").order_by("household__number", "name"))


def counts(run: ImportRun) -> tuple[int, int, int]:
    return run.created_rows, run.updated_rows, run.unchanged_rows


def test_a_table_with_a_title_and_synonyms_is_loaded(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    headings = (
        "所属乡镇",
        "村（社区）*",
        "户 号",
        "户主姓名",
        "姓名*",
        "性别",
        "公民身份号码",
        "家庭关系",
        "手机号码",
        "住址",
        "人员标签",
        "备注",
    )
    rows = [
        person(1, household="TX-1", name="张国强", 标签="退役军人、独居老人", 备注="住在二楼"),
        person(2, household="TX-1", name="李桂芳", 与户主关系="配偶", 门牌地址="", 联系电话="0575-83012345"),
    ]
    run = load(workbook(tmp_path / "a.xlsx", rows, headings, title="石璜镇棠溪村户情表"), clerk)
    assert (run.state, run.message, counts(run)) == ("done", "", (2, 0, 0))
    assert run.mapping["heading_row"] == 2
    assert ["公民身份号码", "身份证号"] in run.mapping["columns"]
    head, spouse = people(cast)
    assert (head.name, head.relation, head.identity_number, head.sex) == (
        "张国强",
        "head",
        identity(1, born="19300111"),
        "female" if int(identity(1)[16]) % 2 == 0 else "male",
    )
    assert (spouse.relation, spouse.phone, spouse.pinyin) == ("spouse", "0575-83012345", "lgf")
    assert head.household.address == "溪边路1号"
    assert head.household.note == "张国强：住在二楼"
    with cast.everything():
        assert set(TagGrant.objects.values_list("tag_id", "resident_id")) == {
            ("veteran", head.id),
            ("lives-alone-old", head.id),
        }


def test_the_dry_run_stores_nothing(cast: Cast, clerk: Actor, table: Make) -> None:
    run = check(table(person(1)), clerk)
    assert (run.state, run.total_rows, run.problem_rows, run.marked) == ("checked", 1, 0, "")
    assert people(cast) == []
    assert not Event.objects.filter(type="households.import.loaded").exists()


def test_the_same_table_again_changes_nothing_and_doubles_nobody(cast: Cast, clerk: Actor, table: Make) -> None:
    rows = [
        person(
            n,
            household=f"TX-{n // 3}",
            与户主关系="户主" if n % 3 == 0 else "其他",
            门牌地址="",
            备注="外出",
            标签="退役军人",
        )
        for n in range(9)
    ]
    assert counts(load(table(*rows), clerk)) == (9, 0, 0)
    before = [(one.id, one.changed_at) for one in people(cast)]
    assert counts(load(table(*rows), clerk)) == (0, 0, 9)
    assert [(one.id, one.changed_at) for one in people(cast)] == before
    assert Event.objects.filter(type="households.import.loaded").count() == 1


def test_a_changed_cell_is_taken_and_an_empty_one_leaves_what_is_stored(cast: Cast, clerk: Actor, table: Make) -> None:
    load(table(person(1), person(2)), clerk)
    run = load(table(person(1, 联系电话="13900000001", 门牌地址="", 性别="", 与户主关系=""), person(2)), clerk)
    assert counts(run) == (0, 1, 1)
    first, _second = people(cast)
    assert (first.phone, first.relation, first.household.address) == ("13900000001", "head", "溪边路1号")


def test_a_number_joins_the_person_who_had_none(cast: Cast, clerk: Actor, table: Make) -> None:
    load(table(person(1, 身份证号="")), clerk)
    assert counts(load(table(person(1)), clerk)) == (0, 1, 0)
    (one,) = people(cast)
    assert one.identity_number.startswith("33068319300111001")


def test_a_new_head_replaces_the_former_one(cast: Cast, clerk: Actor, table: Make) -> None:
    load(table(person(1, household="H", 门牌地址=""), person(2, household="H", 与户主关系="儿子", 门牌地址="")), clerk)
    run = load(
        table(person(1, household="H", 与户主关系="", 门牌地址=""), person(2, household="H", 门牌地址="")), clerk
    )
    assert run.state == "done", run.message
    assert sorted(one.relation for one in people(cast)) == ["head", "other"]


def test_two_heads_and_one_number_twice_name_the_other_row(clerk: Actor, table: Make) -> None:
    run = check(
        table(
            person(1, household="H", 门牌地址=""),
            person(2, household="H", 门牌地址=""),
            person(3, 身份证号=person(1)[6]),
            person(4, household="K", 身份证号="", name="王小明", 与户主关系=""),
            person(5, household="K", 身份证号="", name="王小明", 与户主关系="", 门牌地址=""),
        ),
        clerk,
    )
    told = sentences(run)
    assert [(row, column) for row, column, _text in told] == [(3, "与户主关系"), (4, "身份证号"), (6, "姓名")]
    assert "2" in told[0][2]
    assert "2" in told[1][2]
    assert "5" in told[2][2]


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    ("cell", "right"),
    [
        (int(identity(1)[:17] + "0") // 1000 * 1000, False),  # a number: the last digits are lost
        ("3.30683197203154E+17", False),
        ("330683720315431", True),  # 15 digits, as before 1999
        ("３３０６８３１９７２０３１５００１" + identity(1)[17], True),  # full width
        (identity(2, born="19400101").replace("X", "x"), True),  # an elder of a county code of 1989
        (identity(2, born="20990101"), False),
        (identity(1)[:17] + ("1" if identity(1)[17] != "1" else "2"), False),
        ("3306831972031", False),
    ],
)
def test_identity_numbers_as_clerks_and_spreadsheets_write_them(
    clerk: Actor, table: Make, cell: object, right: bool
) -> None:
    row = person(1)
    run = check(table([*row[:6], cell, *row[7:]]), clerk)
    assert (run.problem_rows == 0) is right, run.problems
    if not right:
        assert run.problems[0]["column"] == "身份证号"
        assert str(cell) not in str(run.problems)


@pytest.mark.fault(44)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "gb2312", "big5hkscs", "utf-16-le"]
)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_csv_of_every_encoding_and_line_end_is_loaded(
    cast: Cast, clerk: Actor, tmp_path: Path, encoding: str, end: str
) -> None:
    name = "張國強" if encoding == "big5hkscs" else "张国强"
    text = csv_file(tmp_path / "a.csv", [person(1, name=name)], "utf-8", end).read_text("utf-8")
    if encoding == "big5hkscs":
        text = text.translate(str.maketrans("乡镇号与关系联电话门标签备璜证", "鄉鎮號與關係聯電話門標籤備璜證"))
    if encoding == "gb18030":
        text = text.replace("强", "𠮷")
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (tmp_path / "a.csv").write_bytes(
        mark + text.encode(encoding, errors="replace" if encoding == "big5hkscs" else "strict")
    )
    run = check(tmp_path / "a.csv", clerk)
    if encoding == "big5hkscs":
        # traditional names of places are not ours: the file is read, the village is not found
        assert run.total_rows == 1 or run.message
        return
    assert (run.state, run.problem_rows) == ("checked", 0), (run.message, run.problems)


@pytest.mark.fault(44)
def test_mixed_line_ends_and_rare_characters_are_loaded(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    lines = (
        csv_file(tmp_path / "a.csv", [person(1, name="张𠮷"), person(2, name="王㛃"), person(3)])
        .read_bytes()
        .split(b"\r\n")
    )
    (tmp_path / "a.csv").write_bytes(lines[0] + b"\r\n" + lines[1] + b"\n" + lines[2] + b"\r\n" + lines[3] + b"\n")
    assert counts(load(tmp_path / "a.csv", clerk)) == (3, 0, 0)
    assert {one.name for one in people(cast)} >= {"张𠮷", "王㛃"}


@pytest.mark.fault(37)
def test_formulas_are_refused_and_come_back_as_text(clerk: Actor, table: Make) -> None:
    run = check(table(person(1, name='=HYPERLINK("http://example.invalid","x")'), person(2, 备注="=1+1")), clerk)
    assert [(row, column) for row, column, _text in sentences(run)] == [(2, "姓名")]
    copy = read_rows(storage.path_of(run.marked))
    (row,) = list(copy.rows)
    assert row[1][4].startswith("=HYPERLINK")
    assert b"<f>" not in storage.path_of(run.marked).read_bytes()


def test_an_unknown_village_names_close_ones_and_a_foreign_one_is_refused(clerk: Actor, table: Make) -> None:
    run = check(table(person(1, 村社="棠西村"), person(2, 村社="黄泥桥村", 乡镇=""), person(3, 村社="")), clerk)
    told = sentences(run)
    assert [column for _row, column, _text in told] == ["村社", "村社", "村社"]
    assert "棠溪村" in told[0][2]
    assert "黄泥桥村" in told[1][2]


def test_a_household_of_another_township_is_not_touched_and_not_shown(cast: Cast, clerk: Actor, table: Make) -> None:
    far = cast.household(cast.far, number="TX-000001", address="CANARY-ADDRESS")
    run = load(table(person(1), person(2)), clerk, mode=Mode.VALID)
    assert (run.state, counts(run)) == ("done", (1, 0, 0))
    assert "CANARY" not in str(run.problems)
    assert run.problems[0]["row"] == 2
    with cast.everything():
        assert Household.objects.get(id=far.id).area_id == cast.far.id


def test_a_person_filed_outside_the_area_stops_a_load_of_all(cast: Cast, clerk: Actor, table: Make) -> None:
    far = cast.household(cast.far, number="FAR-1")
    cast.resident(far, identity_number=person(2)[6])
    run = load(table(person(1), person(2)), clerk)
    assert run.state == "checked"
    assert run.message
    assert run.problems[0]["row"] == 3
    assert len(people(cast)) == 1


def test_a_person_of_another_household_of_the_area_is_told_by_its_number(cast: Cast, clerk: Actor, table: Make) -> None:
    own = cast.household(number="OWN-1")
    cast.resident(own, identity_number=person(2)[6])
    run = check(table(person(2)), clerk)
    assert "OWN-1" in run.problems[0]["text"]


def test_the_valid_rows_alone_and_the_corrected_copy_complete_the_table(
    cast: Cast, clerk: Actor, table: Make, tmp_path: Path
) -> None:
    run = load(table(person(1), person(2, 联系电话="123"), person(3, 标签="退役军")), clerk, mode=Mode.VALID)
    assert (run.state, counts(run), run.done_rows) == ("done", (1, 0, 0), 3)
    copy = read_rows(storage.path_of(run.marked))
    rows = [cells for _number, cells in copy.rows]
    assert len(rows) == 2
    rows[0][8], rows[1][10] = "13800000009", "退役军人"
    assert counts(load(workbook(tmp_path / "b.xlsx", rows), clerk)) == (2, 0, 0)
    assert len(people(cast)) == 3


def test_private_values_are_masked_in_what_is_kept(clerk: Actor, table: Make) -> None:
    wrong = "330683197203150018"
    run = check(table(person(1, 身份证号=wrong, 联系电话="13812345678901")), clerk)
    kept = str(run.problems)
    assert run.problem_rows == 1
    assert wrong not in kept
    assert "13812345678901" not in kept


def test_a_village_is_refined_to_its_grid(cast: Cast, clerk: Actor, table: Make) -> None:
    from minqing.org.enums import Level
    from tests.cast import area

    load(table(person(1)), clerk)
    grid = area("G1", "第一网格", Level.GRID, cast.own)
    headings = ("村社", "网格", "户号", "姓名")
    run = load(table(["棠溪村", "第一网格", "TX-000001", person(1)[4]], headings=headings), cast.actor("clerk"))
    assert counts(run) == (0, 1, 0)
    (one,) = people(cast)
    assert {one.area_id, one.household.area_id} == {grid.id}
    assert counts(
        load(table(["棠溪村", "TX-000001", person(1)[4]], headings=("村", "户号", "姓名")), cast.actor("clerk"))
    ) == (0, 0, 1)


@pytest.mark.fault(83)
def test_a_household_that_a_table_puts_into_its_grid_takes_its_visits_along(cast: Cast, tmp_path: Path) -> None:
    from django.db import transaction

    from minqing.core import clock
    from minqing.org.enums import Level
    from minqing.visits.listeners import household_moved
    from minqing.visits.models import Visit
    from tests.cast import area

    grid = area("V1-G1", "一网格", Level.GRID, cast.own)
    clerk = cast.actor("clerk")
    home = cast.household(number="TX-000001")
    with cast.everything():
        visit = Visit.objects.create(
            household=home, area=cast.own, account=cast.account("cadre"), visited_at=clock.now(),
            recorded_at=clock.now(),
        )  # fmt: skip
    headings = ("乡镇", "村社", "网格", "户号", "姓名", "身份证号")
    row = ["石璜镇", "棠溪村", "一网格", "TX-000001", "张国强", identity(1)]
    run = load(workbook(tmp_path / "a.xlsx", [row], headings), clerk)
    assert run.state == "done", run.problems
    event = Event.objects.get(type="households.household.updated", subject=f"household:{home.pk}")
    assert event.data == {"fields": ["area_id"], "area": grid.pk}
    with transaction.atomic():
        household_moved(event)
    with cast.everything():
        visit.refresh_from_db()
    assert visit.area_id == grid.pk
