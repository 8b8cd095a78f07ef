"""How fast and how large an import is: ``python -m tests.intake.measure [rows] [xlsx|csv]``.

Makes a table of made-up people, then checks it, loads it and loads it again in a process of its own each time, in
the test server; prints rows per second and the peak of the resident memory. The figures are in intake's README.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("MINQING_TEST_DB", "mq_measure")
PEOPLE_A_HOUSEHOLD = 3


def rows(count: int):  # type: ignore[no-untyped-def]
    from tests.intake.conftest import identity, person

    for n in range(count):
        household, place = divmod(n, PEOPLE_A_HOUSEHOLD)
        born = f"{1930 + n // 1000 % 90}{1 + n // 90_000 % 9:02d}{1 + n // 810_000:02d}"
        yield person(
            n, household=f"TX-{household:06d}", 身份证号=identity(n % 1000, born=born),
            与户主关系="户主" if place == 0 else "其他", 门牌地址=f"溪边路{household}号",
        )  # fmt: skip


def make_table(path: Path, count: int) -> None:
    from minqing.core.sheets import write_csv, write_workbook
    from tests.intake.conftest import HEADINGS

    (write_workbook if path.suffix == ".xlsx" else write_csv)(path, HEADINGS, rows(count))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(step: str, path: Path) -> None:
    import django

    django.setup()
    from minqing.core.ids import new_id
    from minqing.intake.enums import Mode
    from minqing.intake.kinds import actor_for
    from minqing.intake.models import ImportRun
    from minqing.intake.services import ask_to_load, check_run, load_run, receive_table

    by = actor_for(None, None)
    assert by
    before = peak_mb()
    begun = time.perf_counter()
    if step == "check":
        with path.open("rb") as stream:
            chunks = iter(lambda: stream.read(1 << 20), b"")
            run, _made = receive_table(
                id=new_id(), kind="households", chunks=chunks, name=path.name, by=by, limit=1 << 30
            )
        run = check_run(run=run, by=by)
    else:
        run = ImportRun.objects.latest("made_at")
        ImportRun.objects.filter(id=run.id).update(state="checked", done_rows=0, created_rows=0, unchanged_rows=0)
        ask_to_load(run=run, mode=Mode(step.split("-")[1]), by=by)
        run = load_run(run=run, by=by)
    took = time.perf_counter() - begun
    said = f"{run.state} {run.total_rows} rows, wrong {run.problem_rows}"
    said += f", new {run.created_rows}, same {run.unchanged_rows}"
    # a busy machine stretches the time of the clock, not that of the processor
    speed = f"{took:7.1f} s {run.total_rows / took:8.0f} rows/s (processor {time.process_time():6.1f} s)"
    sys.stdout.write(f"{step:12} {speed}  peak {peak_mb():5.0f} MB (start {before:.0f})  {said}\n")


def main() -> None:
    from tests import embedded

    name = os.environ["MINQING_DB_NAME"]
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 700_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "xlsx"
    os.environ["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
    import django

    django.setup()
    from django.db import connections, transaction

    from tests.cast import make_cast

    template = f"mq_template_{embedded.fingerprint()}"
    if not embedded.exists(template):
        embedded.make_template(template)
    embedded.drop(name)
    with embedded.embedded.superuser(embedded.SOCKET) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {embedded.embedded.OWNER}')
    with transaction.atomic():
        make_cast()
    for alias in connections:
        connections[alias].close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"people.{kind}"
        make_table(path, count)
        sys.stdout.write(f"{path.name}: {count} rows, {path.stat().st_size / 1e6:.0f} MB\n")
        sys.stdout.flush()
        for step in ("check", "load-valid", "again-valid"):
            subprocess.run([sys.executable, "-m", "tests.intake.measure", "child", step, str(path)], check=True)
    embedded.drop(name)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        import tests.embedded  # noqa: F401  # sets the environment of the test server

        os.environ["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
        child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
