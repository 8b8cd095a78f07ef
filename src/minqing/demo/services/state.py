"""What a database holds: nothing yet, the demo or a part of it, or a county's own data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import translation
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from minqing.core.language import language, sentences
from minqing.demo.parts import parts
from minqing.demo.scales import Scale
from minqing.demo.services.loading import BEGUN, LOADED, load_demo
from minqing.demo.staff import PASS_PHRASE, SIGN_INS
from minqing.journal.queries import events_between, newest_of
from minqing.org.queries import all_areas, system_actor

_ = sentences(__name__)


class Contents(StrEnum):
    NOTHING = "nothing"
    DEMO = "demo"
    PART = "part"
    OWN = "own"


def contents() -> Contents:
    """Told by the journal, which nobody can rewrite; without areas and accounts there is nothing else either.

    Asked before the tables are brought up to date: there may be none yet, or those of an earlier version, of which no
    column is read that is new.
    """
    if not has_tables():
        return Contents.NOTHING
    if events_between(types=[LOADED]).exists():
        return Contents.DEMO
    if events_between(types=[BEGUN]).exists():
        return Contents.PART
    empty = not all_areas() and not get_user_model().objects.exists()
    return Contents.NOTHING if empty else Contents.OWN


def has_tables() -> bool:
    there = connection.introspection.table_names()
    return {"journal_event", "org_area", "org_account"} <= set(there)


def loaded_scale() -> str:
    """The scale of the demo that the database holds; empty without one."""
    loaded = newest_of(LOADED)
    return str(loaded.data["scale"]) if loaded else ""


def ensure_demo(*, console: Console) -> bool:
    """Load the demo village into an empty database; returns whether the database holds a demo now.

    A database with data of its own stays as it is.
    """
    found = contents()
    if found is Contents.OWN:
        console.print(_("[yellow]This database holds data of its own: no demo was added, and none is shown.[/]"))
    elif found is Contents.PART:
        console.print(_("[yellow]Loading the demo was cut off here: its figures are not complete.[/]"))
    elif found is Contents.NOTHING:
        load_demo(scale=Scale.VILLAGE, seed=1, console=console)
    return found is not Contents.OWN


def beside(folder: Path, server: str) -> dict[str, list[str]]:
    """By the name of the room whose it is; only of what is a demo."""
    commands = {part: part.beside(folder, server, by=system_actor("demo")) for part in parts()}
    return {part.__module__.split(".")[1]: command for part, command in commands.items() if command}


def sign_ins_table() -> Table:
    """Who can be tried out, for the terminal, in the language of its commands."""
    title = _("Everybody's pass phrase: {phrase}").format(phrase=PASS_PHRASE)
    # no narrower than its title, which would be broken inside the pass phrase
    wide = cell_len(title)
    table = Table(_("Sign in as"), _("Post"), title=title, title_justify="left", min_width=wide)
    with translation.override(language()):
        for one in SIGN_INS:
            table.add_row(one.username, Text(str(one.role.label)))
    return table
