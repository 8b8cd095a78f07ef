"""``minqing doctor``: is everything as it must be, and if not, what to do about it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from json import dumps
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from minqing.config import embedded
from minqing.config.cli import app
from minqing.config.cli.base import ready, start_django
from minqing.config.cli.doctor_address import address, keys_fit
from minqing.config.database import go_direct
from minqing.config.disks import filled, free_below, there
from minqing.config.env import all_keys, env, former_keys
from minqing.config.pools import pool
from minqing.config.processes import Unfit
from minqing.config.words import N_, _, language
from minqing.core.command import console, show_words
from minqing.core.glyphs import SAMPLES, has_font
from minqing.core.health import Check, Finding
from minqing.core.language import speaking

GIB = 1024**3
LEAST_DISK = 2 * GIB


@app.command(help=_("Check database, migrations, disk, clock, worker and fonts; each failure says how to mend it."))
def doctor(
    settle: Annotated[
        str,
        typer.Option(
            help=_("First say that the failed jobs of this task were seen to; clock: that the time is right.")
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help=_("Print the findings as JSON, for a program."))] = False,
) -> None:
    if settle:
        ready()
        console.print(settled(settle), highlight=False)
    # what a program reads is the same whoever runs it
    with speaking("en" if json else language()):
        findings = examine()
        (print_json if json else tell_findings)(findings)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def settled(what: str) -> str:
    """In a sentence; raises Unfit for what is no job and not the clock."""
    from minqing.config.cli.doctor_clock import CLOCK, settle_clock
    from minqing.config.cli.doctor_jobs import settle_jobs
    from minqing.config.jobs import is_job

    if what == CLOCK:
        return settle_clock()
    if not is_job(what):
        raise Unfit(
            _(
                "There is no job {what}. Say the name that the doctor shows in brackets, or clock for the machine's "
                "clock."
            ).format(what=what)
        )
    return _("{count} failed jobs of {settle} were seen to.").format(count=settle_jobs(task=what), settle=what)


def tell_findings(findings: Iterable[Finding]) -> None:
    table = Table(show_header=False, box=None)
    for _column in range(3):
        # whole also where a terminal is narrow: broken between words, and never cut
        table.add_column(overflow="fold")
    for finding in findings:
        mark = ("[green]✓[/]" if finding.known else "[yellow]–[/]") if finding.well else "[red]✗[/]"
        table.add_row(mark, _(str(finding.name)), escape(finding.seen))
        if finding.mend and not (finding.well and finding.known):
            table.add_row("", "", f"[yellow]→ {escape(str(finding.mend))}[/]")
    show_words(table)


def print_json(findings: Iterable[Finding]) -> None:
    """A list of objects, for a program."""
    told = [
        {"name": str(one.name), "well": one.well, "known": one.known, "seen": one.seen, "mend": str(one.mend)}
        for one in findings
    ]
    typer.echo(dumps(told, ensure_ascii=False, indent=1))


def examine() -> list[Finding]:
    """All findings; what needs the database is left out while it does not answer, or is not this software's."""
    findings = [disk(), keys_safe(), libraries(), chinese_font(), rare_characters(), assets(), server()]
    if not (findings[1].well and findings[-1].well):
        return findings
    start_django()
    go_direct()
    findings.append(database())
    if findings[-1].well:
        findings += looked_at("tables", migrations)
    if findings[-1].well:
        findings += [one for name, check in checks() for one in looked_at(name, check)]
    return findings


def look() -> list[Finding]:
    """What a worker of the running system sees, in the language it speaks; for the operator's page."""
    found = [disk(), keys_safe(), libraries(), chinese_font(), rare_characters()]
    found += looked_at("tables", migrations)
    found += [one for name, check in checks() for one in looked_at(name, check)]
    return [replace(one, name=_(str(one.name))) for one in found]


def checks() -> Iterator[tuple[str, Check]]:
    """What is looked at in the database: by the house itself, then by each room, from the lowest up."""
    from minqing.config.cli.doctor_backups import backups, drilled, moments
    from minqing.config.cli.doctor_clock import clock
    from minqing.config.cli.doctor_jobs import jobs, periodic
    from minqing.config.cli.doctor_replication import acknowledged, standbys
    from minqing.config.cli.doctor_setup import setting_up
    from minqing.config.rooms import rooms

    yield from {
        "keys of this database": keys_fit,
        "setting up": setting_up,
        "way to the database": pool,
        "what is acknowledged": acknowledged,
        "standbys": standbys,
        "address": address,
        "clock": clock,
        "backups": backups,
        "moments": moments,
        "drill": drilled,
        "worker": worker_alive,
        "jobs": jobs,
        "periodic jobs": periodic,
    }.items()
    for room in rooms():
        yield from ((room.name, check) for check in room.checks)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """For sentences of the rooms. What is looked at before Django can be asked has none of them."""
    from django.conf import settings
    from django.utils import translation

    if settings.configured:
        with translation.override(code):
            yield
    else:
        yield


def looked_at(name: str, check: Check) -> list[Finding]:
    """What ``check`` finds; a right that is lacking is a finding too, and no reason to stop looking."""
    from django.db import DatabaseError, transaction
    from psycopg import Error

    try:
        with transaction.atomic(), in_language(language()):
            found = check()
    except (DatabaseError, Error, OSError) as error:
        # also what a check asks with a connection of its own, and a file or an address that is not there
        first = (str(error).splitlines() or [type(error).__name__])[0][:200]
        # what did not answer lacks no right
        mend = _("Run: minqing migrate") if isinstance(error, DatabaseError) else ""
        return [Finding(name, False, _("cannot be looked at: {first}").format(first=first), mend)]
    return [found] if isinstance(found, Finding) else [*found]


def disk() -> Finding:
    """Each disk on which this machine's part of the county grows, once."""
    disks = {there(folder).stat().st_dev: folder for folder in reversed(filled().values())}
    found = [(free_below(folder), folder) for folder in reversed(disks.values())]
    return Finding(
        N_("disk"),
        all(free >= LEAST_DISK for free, _folder in found),
        "; ".join(_("{free} GiB free in {folder}").format(free=f"{free / GIB:.1f}", folder=at) for free, at in found),
        _("Free some space or move the folder to a larger disk and set MINQING_VAR."),
    )


def keys_safe() -> Finding:
    """Whether there are keys in the form of keys, and nobody else may read them."""
    settings = env()
    path = settings.var / "keys.json"
    new = settings.embedded and not path.exists() and not (settings.pgdata / "PG_VERSION").exists()
    try:
        if new:
            former_keys("field_key")
        else:
            all_keys()
    except Unfit as unfit:
        return Finding(N_("keys"), False, str(unfit), _("See docs/operations.md"))
    if not path.exists():
        return Finding(N_("keys"), True, _("from the environment, or made at the first start"))
    open_to_others = path.stat().st_mode & 0o077
    return Finding(
        N_("keys"),
        not open_to_others,
        _("{path}: keep a copy in a safe place").format(path=path),
        _("Run: chmod 600 {path}").format(path=path),
    )


def libraries() -> Finding:
    try:
        import weasyprint  # noqa: F401  # loads the system's text layout
    except OSError as error:
        return Finding(
            N_("text layout for PDF"),
            False,
            str(error).splitlines()[0][:90],
            _("Run: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        )
    return Finding(N_("text layout for PDF"), True, _("found"))


def chinese_font() -> Finding:
    try:
        listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        listed = ""
    first = listed.splitlines()[0] if listed.strip() else ""
    return Finding(
        N_("Chinese font"), bool(first), first or _("none"), _("Run: apt-get install fonts-noto-cjk fontconfig")
    )


def rare_characters() -> Finding:
    """Names hold them; without a font they are printed as empty boxes, which the print then says."""
    lacking = "".join(one for one in SAMPLES if not has_font(one))
    told = (
        _("no font for {lacking}").format(lacking=lacking)
        if lacking
        else _("found; Word shows a sheet in the fonts of whoever opens it")
    )
    return Finding(
        N_("font for rare characters"), not lacking, told, _("Run: apt-get install fonts-hanazono fontconfig")
    )


def assets() -> Finding:
    from importlib.resources import files

    built = (files("minqing.web") / "static" / "dist" / "app.js").is_file()
    if not built:
        return Finding(N_("pages"), False, _("not built"), _("Run: make assets (a released wheel has them)."))
    # where the pages are served under something else than `minqing up`, nobody else puts them there
    served = (env().var / "static" / ".collected").is_file()
    return Finding(
        N_("pages"),
        served,
        _("built") if served else _("not put into {var} yet").format(var=env().var / "static"),
        _("Run: minqing up"),
    )


def server() -> Finding:
    settings = env()
    if not settings.embedded:
        return Finding(N_("database server"), True, _("your own (DATABASE_URL)"))
    if not (settings.pgdata / "PG_VERSION").exists():
        told = _("no county in {pgdata}").format(pgdata=settings.pgdata)
        return Finding(
            N_("database server"),
            False,
            told,
            _("Name its data folder with MINQING_VAR, or begin a new one: minqing init"),
        )
    up = embedded.running(settings.pgdata) is not None
    return Finding(N_("database server"), up, _("running") if up else _("not running"), _("Run: minqing up"))


def database() -> Finding:
    from django.db import connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, current_database()")
            version, name = cursor.fetchone()
    except Exception as error:  # whatever is wrong is what the operator must read
        return Finding(
            N_("database"), False, str(error).splitlines()[0][:90], _("Check DATABASE_URL, then: minqing up")
        )
    return Finding(
        N_("database"),
        version >= 150000,
        _("{name}, PostgreSQL {version}").format(name=name, version=version // 10000),
        _("Use PostgreSQL 15 or later."),
    )


def migrations() -> Finding:
    from minqing.config.upgrade_checks import migrations_to_run
    from minqing.core.compatibility import made_by_newer

    if newer := made_by_newer():
        return Finding(
            N_("tables"),
            False,
            _("of newer software: {newer}").format(newer=newer),
            _("Install that version of Minqing"),
        )
    lacking = migrations_to_run()
    seen = _("{lacking} migrations to run").format(lacking=lacking) if lacking else _("current")
    return Finding(N_("tables"), not lacking, seen, _("Run: minqing migrate"))


def worker_alive() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - interval '90 seconds') FROM procrastinate_workers"
        )
        (alive,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone()
    seen = _("{alive} running, {failed} failed jobs").format(alive=alive, failed=failed)
    return Finding(N_("worker"), alive > 0, seen, _("Run: minqing up (or minqing worker beside your web server)"))
