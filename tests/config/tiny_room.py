"""A room of a few lines, and a house to which it was added as any other: see ``test_tiny_room.py``."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE

ROOM = {
    "__init__.py": "",
    "room.py": """
from django.utils.translation import gettext_lazy as _

from minqing.core.health import Finding
from minqing.core.room import Entry, Mount, Room
from minqing.notify.kinds import NoticeKind
from minqing.org.enums import Role
from minqing.wells.lists import WELLS


def dry() -> Finding:
    return Finding("wells that are dry", False, "two", "Dig deeper")


ROOM = Room(
    name="wells",
    pages=(Mount("wells/", "minqing.wells.urls"),),
    entries=(Entry(777, "wells:list", "Wells of the village", "geo-alt", frozenset({Role.CLERK})),),
    lists=(WELLS,),
    notices=(NoticeKind(code="wells.dry", label="A well", title="A well is dry", body="Please look at it."),),
    checks=(dry,),
)
""",
    "lists.py": """
from minqing.listing.kinds import Column, Empty, List, Order
from minqing.org.enums import Role
from minqing.org.queries import areas_within


WELLS = List(
    name="wells",
    label="Wells of the village",
    url="wells:list",
    roles=frozenset({Role.CLERK}),
    rows=lambda request, form: areas_within(request.actor),
    orders={"name": Order(("name", "id"))},
    columns=(Column("Place", lambda area: f"The well of {area.name}"),),
    empty=Empty("geo-alt", "There are none"),
)
""",
    "urls.py": """
from django.urls import path

from minqing.listing.views import list_page
from minqing.wells.lists import WELLS

app_name = "wells"
urlpatterns = [path("", list_page(WELLS), name="list")]
""",
    "commands.py": """
import typer

from minqing.core.command import echo, ready
from minqing.core.language import sentences

_ = sentences(__name__)
app = typer.Typer(name="wells", no_args_is_help=True, help=_("Wells of the county."))


@app.command(help=_("How many there are."))
def count() -> None:
    ready()
    from django.apps import apps

    echo(f"{apps.get_app_config('wells').name}: 2")


@app.command(help=_("Where they are."))
def places() -> None:
    pass
""",
}
CHINESE = {"Wells of the county.": "全县的水井。", "How many there are.": "共有多少口。", "Where they are.": "在哪里。"}


def build(folder: Path) -> Path:
    """The house as it stands here, and the room: its folder, its line in the list, its place in the layers."""
    house = folder / "minqing"
    house.mkdir(parents=True)
    for one in SOURCE.iterdir():
        if one.name not in {"config", "__pycache__"}:
            (house / one.name).symlink_to(one)
    shutil.copytree(SOURCE / "config", house / "config", ignore=shutil.ignore_patterns("__pycache__"))
    line(house / "config" / "rooms.py", '    "minqing.desk",\n', '    "minqing.wells",\n')
    shutil.copy(ROOT / "pyproject.toml", folder)
    line(folder / "pyproject.toml", '    "partners",\n', '    "wells",\n')
    for name, text in ROOM.items():
        path = house / "wells" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    speak_chinese(house / "wells" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo")
    return house


def line(path: Path, before: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, new + before, 1), encoding="utf-8")


def speak_chinese(path: Path) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalog = Catalog(locale="zh_Hans")
    for english, chinese in CHINESE.items():
        catalog.add(english, chinese)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
