"""What holds for every kind of table: bad files, all or nothing, resuming after a kill, bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connections, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.core.sheets import write_csv
from minqing.households.models import Household, Resident, Tag
from minqing.intake import storage
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.intake.queries import half_loaded, visible_run
from minqing.intake.services import ask_to_load, check_run, forget_old_files, load_run, receive_table
from minqing.intake.storage.seen_keys import Seen
from minqing.journal.models import Event
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, check, csv_file, load, person, receive, workbook
from tests.processes import ending, until

Make = Callable[..., Path]


def residents(cast: Cast) -> int:
    with cast.everything():
        return Resident.objects.count()


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(5000), b"\x7fELF\x00\x01" * 2000, b"%PDF-1.7\n" + bytes(range(256)) * 20]
)
def test_a_file_that_is_no_table_is_refused_at_once(clerk: Actor, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        receive_table(id=new_id(), kind="households", chunks=[content], name="户情表.xlsx", by=clerk)
    assert caught.value.code == "file_unknown"
    assert list(storage.folder().iterdir()) == []


def test_an_empty_file_and_one_beyond_50_mb_are_refused_and_leave_nothing(clerk: Actor) -> None:
    for chunks, code in (([], "file_empty"), ([b"a" * storage.MB] * 51, "file_too_large")):
        with pytest.raises(Invalid) as caught:
            receive_table(id=new_id(), kind="households", chunks=chunks, name="a.csv", by=clerk)
        assert caught.value.code == code
    assert list(storage.folder().iterdir()) == []
    assert not ImportRun.objects.exists()


def test_fifty_megabytes_of_garbage_text_end_with_a_sentence(clerk: Actor) -> None:
    line = "这不是表格，只是一些文字。\n".encode()
    run, _made = receive_table(
        id=new_id(), kind="households", chunks=[line * (49 * storage.MB // len(line))], name="a.csv", by=clerk
    )
    run = check_run(run=run, by=clerk)
    assert run.state == "refused"
    assert "户号" in run.message


@pytest.mark.fault(39)
def test_a_bomb_is_refused_before_it_is_unpacked(cast: Cast, clerk: Actor, table: Make, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(table(person(1))) as good, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in good.infolist():
            bad.writestr(entry, good.read(entry))
        with bad.open("xl/media/big.xml", "w") as stream:
            for _n in range(200):
                stream.write(bytes(1_000_000))
    assert bomb.stat().st_size < 300_000
    run = check(bomb, clerk)
    assert (run.state, residents(cast)) == ("refused", 0)
    assert run.message


def test_a_damaged_workbook_and_a_missing_column_end_with_a_sentence(clerk: Actor, table: Make, tmp_path: Path) -> None:
    whole = table(person(1)).read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    assert check(tmp_path / "half.xlsx", clerk).state == "refused"
    run = check(workbook(tmp_path / "b.xlsx", [["张三", "x"]], ["姓名", "爱好"]), clerk)
    assert run.state == "refused"
    assert "户号" in run.message
    assert "村社" in run.message
    assert run.mapping["unknown"] == ["爱好"]
    assert len(run.mapping["missing"]) == 2


def test_macros_are_not_run_and_are_mentioned(clerk: Actor, table: Make, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsm"
    with zipfile.ZipFile(table(person(1))) as good, zipfile.ZipFile(path, "w") as bad:
        for entry in good.infolist():
            bad.writestr(entry, good.read(entry))
        bad.writestr("xl/vbaProject.bin", b"macro")
    run = check(path, clerk)
    assert (run.state, run.problem_rows) == ("checked", 0)
    assert run.mapping["warnings"]


def test_all_or_none_waits_for_a_table_without_problems(cast: Cast, clerk: Actor, table: Make) -> None:
    run = check(table(person(1), person(2, 村社="没有这个村")), clerk)
    with pytest.raises(Refused):
        ask_to_load(run=run, mode=Mode.ALL, by=clerk)
    assert residents(cast) == 0
    assert ask_to_load(run=run, mode=Mode.VALID, by=clerk) is True
    assert ask_to_load(run=run, mode=Mode.VALID, by=clerk) is False
    assert load_run(run=run, by=clerk).created_rows == 1


def test_all_or_none_undoes_every_batch_when_a_later_row_is_refused(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [person(n) for n in range(2_500)])
    run = check(path, clerk)
    assert run.problem_rows == 0
    cast.household(cast.far, number=person(2_400)[2])
    ask_to_load(run=run, mode=Mode.ALL, by=clerk)
    run = load_run(run=run, by=clerk)
    assert (run.state, run.done_rows, run.created_rows, residents(cast)) == ("checked", 0, 0, 0)
    assert run.problems[0]["row"] == 2_402
    assert not Event.objects.filter(type="households.import.loaded").exists()


def test_the_same_request_twice_is_one_run(clerk: Actor, table: Make) -> None:
    id, content = new_id(), table(person(1)).read_bytes()
    first, made = receive_table(id=id, kind="households", chunks=[content], name="a.xlsx", by=clerk)
    second, again = receive_table(id=id, kind="households", chunks=[content], name="a.xlsx", by=clerk)
    assert (first.id, made, second.id, again) == (id, True, id, False)
    assert len(list(storage.folder().iterdir())) == 1


def test_a_run_is_its_owners_alone_and_a_kind_its_posts(cast: Cast, clerk: Actor, table: Make) -> None:
    run = check(table(person(1)), clerk)
    for other in ("far_clerk", "operator", "leader"):
        with pytest.raises(NotFound):
            visible_run(cast.actor(other), run.id)
    with pytest.raises(Refused):
        receive(table(person(1)), cast.actor("operator"))
    with pytest.raises(Refused):
        receive(table(person(1)), clerk, kind="staff")


def test_files_and_first_problems_are_gone_after_thirty_days(clerk: Actor, table: Make) -> None:
    run = check(table(person(1, 联系电话="1")), clerk)
    system = Actor.system("test")
    assert forget_old_files(by=system) == 0
    stray = storage.path_of("stray.table")
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    assert forget_old_files(by=system, at=clock.now() + timedelta(days=31)) == 1
    run.refresh_from_db()
    assert (run.stored, run.marked, run.problems, run.problem_rows) == ("", "", [], 1)
    assert [path for path in storage.folder().iterdir() if path.suffix != ".progress"] == []
    assert Event.objects.filter(type="intake.files.forgotten").count() == 1


def test_the_journal_holds_counts_and_no_names(clerk: Actor, table: Make) -> None:
    load(table(person(1, name="王金丝雀")), clerk)
    events = list(Event.objects.filter(actor=clerk.ref).order_by("seq").values_list("type", "data"))
    assert [type for type, _data in events] == [
        "intake.run.received", "intake.run.checked", "intake.run.asked",
        "households.import.loaded", "intake.run.loaded",
    ]  # fmt: skip
    assert "金丝雀" not in str(events)


def test_what_was_seen_is_found_with_its_first_place() -> None:
    book = Seen()
    assert book.first("a", "x", 2, 7) is None
    assert book.first("b", "x", 3) is None
    assert book.first("a", "x", 4, 8) == (2, 7)
    assert book.first("a", "x", 5) == (2, 7)
    book.close()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    clerk: Actor, tmp_path: Path, django_assert_num_queries: Callable[..., object]
) -> None:
    for count, path in ((1, tmp_path / "1.csv"), (3, tmp_path / "3.csv"), (900, tmp_path / "900.csv")):
        rows = [person(n, household=f"{count}-{n}", 身份证号="", 标签="退役军人") for n in range(count)]
        run = check(csv_file(path, rows), clerk)
        ask_to_load(run=run, mode=Mode.VALID, by=clerk)
        with django_assert_num_queries(35):  # type: ignore[attr-defined]
            load_run(run=run, by=clerk)


KILLED = """
import os, sys
import tests.embedded
os.environ["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
import django
django.setup()
from django.conf import settings
from pathlib import Path
settings.VAR = Path(sys.argv[2])
from minqing.intake.tasks import load_table
load_table(run=sys.argv[1])
"""


def committed_run(cast: Cast, path: Path) -> ImportRun:
    clerk = cast.actor("clerk")
    chunks = [path.read_bytes()]
    run, _made = receive_table(id=new_id(), kind="households", chunks=chunks, name=path.name, by=clerk)
    run = check_run(run=run, by=clerk)
    with transaction.atomic():
        ask_to_load(run=run, mode=Mode.VALID, by=clerk)
    return run


@pytest.mark.fault(45)
def test_a_killed_worker_is_followed_by_one_that_goes_on_without_doubles(
    committed_cast: Cast, tmp_path: Path, settings: object
) -> None:
    cast, count = committed_cast, 6_001
    # the last row doubles the first, which the second attempt has to know although it does not load it again
    rows = [person(n, household=f"TX-{n // 3}", 与户主关系="其他", 门牌地址="") for n in range(count - 1)]
    rows.append(person(0, household="TX-0", 与户主关系="其他", 门牌地址=""))
    run = committed_run(cast, csv_file(tmp_path / "a.csv", rows))
    assert run.problem_rows == 1
    var = str(settings.VAR)  # type: ignore[attr-defined]

    def begun() -> bool:
        run.refresh_from_db()
        return run.done_rows >= 2_000

    with ending(subprocess.Popen([sys.executable, "-c", KILLED, str(run.id), var], cwd=Path(__file__).parents[2])):
        until(begun, pause=0.01)
    run.refresh_from_db()
    assert 2_000 <= run.done_rows < count
    assert run.state == "loading"
    with transaction.atomic():
        assert residents(cast) == run.created_rows
    # as the queue does it with a job whose worker is gone
    again = subprocess.run([sys.executable, "-c", KILLED, str(run.id), var], cwd=Path(__file__).parents[2], check=True)
    assert again.returncode == 0
    run.refresh_from_db()
    assert (run.state, run.done_rows, run.created_rows) == ("done", count, count - 1)
    with transaction.atomic(), cast.everything():
        assert Resident.objects.count() == count - 1
        assert Household.objects.count() == 2_000


LOSE_ONE_RACE = """
CREATE SEQUENCE lost_races;
CREATE FUNCTION lose_one_race() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('lost_races') = 2 THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END IF;
    RETURN NEW;
END $$;
GRANT USAGE ON SEQUENCE lost_races TO PUBLIC;
CREATE TRIGGER lose_one_race BEFORE INSERT ON households_resident FOR EACH ROW EXECUTE FUNCTION lose_one_race();
"""
NO_RACE = """
DROP TRIGGER lose_one_race ON households_resident; DROP FUNCTION lose_one_race; DROP SEQUENCE lost_races;
"""


@pytest.fixture
def a_race_is_lost(committed_cast: Cast) -> Iterator[None]:
    """The second resident that is stored meets a deadlock; a sequence counts on through what is rolled back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(LOSE_ONE_RACE)
        yield
        cursor.execute(NO_RACE)


@pytest.mark.fault(80)
def test_a_batch_that_lost_a_race_is_loaded_whole_and_what_was_wrong_is_told_once(
    committed_cast: Cast, a_race_is_lost: None, tmp_path: Path
) -> None:
    rows = [person(n) for n in range(5)]
    rows.append(person(0))
    run = committed_run(committed_cast, csv_file(tmp_path / "a.csv", rows))
    assert run.problem_rows == 1
    run = load_run(run=run, by=committed_cast.actor("clerk"))
    assert (run.state, run.done_rows, run.created_rows, run.problem_rows) == ("done", 6, 5, 1)
    assert [one["row"] for one in run.problems] == [7]
    with transaction.atomic():
        assert residents(committed_cast) == 5


def test_what_became_wrong_since_the_dry_run_is_told(committed_cast: Cast, tmp_path: Path) -> None:
    with transaction.atomic():
        tag = Tag.objects.filter(retired=False).order_by("code").first()
    assert tag is not None
    rows = [person(1), person(2, 标签=tag.name), person(3, name=" ")]
    run = committed_run(committed_cast, csv_file(tmp_path / "a.csv", rows))
    assert [one["row"] for one in run.problems] == [4]
    try:
        with transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(retired=True)
        run = load_run(run=run, by=committed_cast.actor("clerk"))
    finally:
        # reference data outlives the test
        with transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(retired=False)
    assert (run.created_rows, run.problem_rows) == (1, 2)
    assert sorted({one["row"] for one in run.problems}) == [3, 4]


def test_a_cut_off_load_is_found_again_by_its_content(clerk: Actor, table: Make) -> None:
    run = check(table(person(1), person(2)), clerk)
    ask_to_load(run=run, mode=Mode.VALID, by=clerk)
    facts = {"kind": "households", "sha256": run.sha256, "sheet": ""}
    assert half_loaded(clerk, **facts) is None
    ImportRun.objects.filter(id=run.id).update(done_rows=1, created_rows=1)
    found = half_loaded(clerk, **facts)
    assert found is not None
    assert load_run(run=found, by=clerk).created_rows == 2


def test_somebody_whose_post_ended_loads_nothing(cast: Cast, clerk: Actor, table: Make) -> None:
    from minqing.intake.tasks import load_table
    from minqing.org.models import Post

    post = Post.objects.get(account=cast.account("clerk"))
    run = check(table(person(1)), clerk)
    ask_to_load(run=run, mode=Mode.ALL, by=clerk)
    Post.objects.filter(id=post.id).update(until=clock.today() - timedelta(days=1))
    load_table(run=str(run.id))
    run.refresh_from_db()
    assert (run.state, residents(cast)) == ("failed", 0)


MEASURED = """
import resource, sys
sys.path.insert(0, "")
from tests.intake.measure import child
import tests.embedded, os
os.environ["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
from pathlib import Path
for path in sys.argv[1:]:
    child("check", Path(path))
"""


def test_a_table_ten_times_as_long_takes_hardly_more_memory(committed_cast: Cast, tmp_path: Path) -> None:
    """A process of its own checks 2,000 rows and then 20,000: the second adds a few megabytes at most."""
    peaks = []
    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.csv"
        write_csv(path, HEADINGS, (person(n, household=f"{count}-{n}") for n in range(count)))
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(path)],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"MINQING_TEST_DB": os.environ["MINQING_DB_NAME"]},
            check=True,
            capture_output=True,
        )
        told = done.stdout.decode()
        assert f"checked {count} rows" in told
        peaks.append(float(told.split("peak")[1].split()[0]))
    assert peaks[1] - peaks[0] < 10


def test_a_fault_of_ours_ends_the_run_with_a_sentence_and_it_may_be_tried_again(
    cast: Cast, clerk: Actor, table: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minqing.households.imports.checking import Households
    from minqing.intake.tasks import load_table

    run = check(table(person(1)), clerk)
    ask_to_load(run=run, mode=Mode.ALL, by=clerk)
    with monkeypatch.context() as broken:
        broken.setattr(Households, "store", lambda self, rows: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            load_table(run=str(run.id))
    run.refresh_from_db()
    assert (run.state, residents(cast)) == ("failed", 0)
    assert run.message
    ask_to_load(run=run, mode=Mode.ALL, by=clerk)
    load_table(run=str(run.id))
    assert residents(cast) == 1


@pytest.mark.fault(71)
def test_a_database_that_went_away_ends_no_run(
    cast: Cast, clerk: Actor, table: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue runs it again."""
    from minqing.households.imports.checking import Households
    from minqing.intake.tasks import load_table

    run = check(table(person(1)), clerk)
    ask_to_load(run=run, mode=Mode.ALL, by=clerk)

    def away(self: Households, rows: object) -> None:
        raise OperationalError from psycopg.errors.AdminShutdown()

    with monkeypatch.context() as broken:
        broken.setattr(Households, "store", away)
        with pytest.raises(OperationalError):
            load_table(run=str(run.id))
    run.refresh_from_db()
    assert run.state == "loading"
    load_table(run=str(run.id))
    run.refresh_from_db()
    assert (run.state, residents(cast)) == ("done", 1)


def test_whoever_finds_another_at_work_leaves_the_run_to_it(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    run = check(csv_file(tmp_path / "a.csv", [person(n) for n in range(4_001)]), clerk)
    ask_to_load(run=run, mode=Mode.VALID, by=clerk)

    def other_worker(rows: int) -> None:
        ImportRun.objects.filter(id=run.id).update(done_rows=4_000)

    found = load_run(run=run, by=clerk, progress=other_worker)
    assert (found.state, found.done_rows, residents(cast)) == ("loading", 4_000, 2_000)
