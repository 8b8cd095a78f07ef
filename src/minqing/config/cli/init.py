"""``minqing init``: a new county from an empty folder, step by step; what is done already is left as it is."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.cli.database import bring_up_to_date
from minqing.config.env import LOCAL_SETTINGS, env, origin_of
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.command import console, echo, in_the_county_s_language
from minqing.core.language import reason_of

ORIGIN: Final = "MINQING_ORIGIN"
CODE: Final = re.compile(r"[0-9]{6}")


@app.command(
    help=_(
        "Begin a new county in an empty folder, or go on where it was left: address, county, first operator, empty "
        "tables. Asks for what is not given; nothing that is done is done again."
    )
)
def init(
    origin: Annotated[str, typer.Option(help=_("The address that people will reach, such as https://…"))] = "",
    county: Annotated[str, typer.Option(help=_("The county's name."))] = "",
    code: Annotated[str, typer.Option(help=_("The county's code in tables of areas, as the six digits it has."))] = "",
    operator: Annotated[str, typer.Option(help=_("Name with which the first operator signs in."))] = "",
    name: Annotated[str, typer.Option(help=_("The first operator's own name."))] = "",
    tables: Annotated[Path, typer.Option(help=_("Folder for the empty tables."))] = Path("tables"),
) -> None:
    from minqing.config.upgrade_checks import migrations_to_run

    with console.status(_("Preparing the database …")):
        ready(makes=True)
        if migrations_to_run():
            # called again on a county that has begun it changes tables as every other command does
            bring_up_to_date(careful=True)
    echo(_("Data: {var}").format(var=env().var))
    set_origin(origin)
    name_county(county, code)
    appoint_first(operator, name)
    write_tables(tables)
    tell_what_lacks()


def asked(given: str, question: str) -> str:
    """Given with the command, else typed; empty where nobody sits there, or who does wants to say it later."""
    if given or not sys.stdin.isatty():
        return given.strip()
    return str(typer.prompt(question, default="", show_default=False)).strip()


def done(step: str, what: object) -> None:
    echo(f"[green]✓[/] {step}: {escape(str(what))}")


def later(step: str, option: str) -> None:
    echo(f"[yellow]–[/] {step}: " + _("later, with minqing init {option} …").format(option=option))


def set_origin(given: str) -> None:
    """Kept below the data folder; what the environment says goes before it."""
    settings, step = env(), _("Address")
    if settings.minqing_origin and not given:
        return done(step, settings.minqing_origin)
    told = asked(given, _("Address that people will reach (https://…), or nothing"))
    if not told:
        return later(step, "--origin")
    try:
        origin = origin_of(told)
    except ValueError as error:
        raise Unfit(f"--origin: {error}") from None
    if (outside := os.environ.get(ORIGIN, "").strip()) and origin_of(outside) != origin:
        sentence = _("{name} of the environment is {origin} and goes before what is written here. Change it there.")
        raise Unfit(sentence.format(name=ORIGIN, origin=outside))
    path = settings.var / LOCAL_SETTINGS
    kept = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    lines = [one for one in kept if not one.startswith(f"{ORIGIN}=")]
    path.touch(mode=0o600)
    # passwords may come to stand in it
    path.chmod(0o600)
    path.write_text("".join(f"{one}\n" for one in [*lines, f"{ORIGIN}={origin}"]), encoding="utf-8")
    env.cache_clear()
    return done(step, origin)


def name_county(given: str, code: str) -> None:
    from minqing.core.actor import Actor
    from minqing.org.enums import Level
    from minqing.org.queries import top_area
    from minqing.org.services import save_area

    step, top = _("County"), top_area()
    if top is not None:
        return done(step, top.name)
    told = asked(given, _("The county's name, or nothing"))
    number = asked(code, _("Its code in tables of areas, six digits")) if told else ""
    if not (told and number):
        return later(step, "--county … --code")
    if not CODE.fullmatch(number):
        raise Unfit(_("--code: {code} is no code of a county: it has six digits, such as 330000.").format(code=number))
    made, _outcome = save_area(code=number, name=told, level=Level.CITY, parent=None, by=Actor.system("minqing init"))
    return done(step, made.name)


def appoint_first(given: str, name: str) -> None:
    from minqing.org.commands import appoint, give_password
    from minqing.org.queries import operators

    step, there = _("First operator"), operators()
    if there:
        return done(step, ", ".join(there))
    told = asked(given, _("Name with which the first operator signs in, or nothing"))
    if not told:
        return later(step, "--operator")
    appoint(told, name or asked("", _("The operator's own name")) or told, by="minqing init")
    done(step, told)
    # the password stands on a line of its own
    give_password(told, make=True)
    sentence = _("With it sign in at {origin}/: it is changed there, and the operator's room opens.")
    return echo(sentence.format(origin=env().origin))


def write_tables(folder: Path) -> None:
    """Those that a county begins with, one file each; what was filled in already is not touched."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_beginnings(folder)
    except OSError as error:
        sentence = _("{folder} cannot be written ({what}): name another folder with --tables.")
        raise Unfit(sentence.format(folder=folder, what=reason_of(error))) from None
    done(_("Empty tables"), folder)


def write_beginnings(folder: Path) -> None:
    from minqing.config.cli.doctor_setup import beginnings
    from minqing.config.rooms import table_intake

    for number, one in enumerate(beginnings(), 1):
        with in_the_county_s_language():
            path = folder / f"{number}-{one.table}.xlsx"
            if not path.exists():
                with path.open("xb") as file:
                    table_intake().write_empty(file, one.table)


def tell_what_lacks() -> None:
    from minqing.config.cli.doctor import looked_at
    from minqing.config.cli.doctor_setup import setting_up

    (found,) = looked_at("setting up", setting_up)
    echo(f"{'[green]✓[/]' if found.well else '[yellow]–[/]'} {_(str(found.name))}: {escape(found.seen)}")
    if not found.well:
        echo(f"  → {escape(str(found.mend))}")
