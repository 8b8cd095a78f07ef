"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.intake import services as intake
from minqing.intake.enums import Mode
from minqing.intake.kinds import kinds_for
from minqing.intake.models import ImportRun
from tests.architecture.acts import Act
from tests.architecture.matrix import IMPORTERS, NOBODY, Line, fixed, unknown
from tests.architecture.reasons import ADDS_ROWS, FINDS_CHANGES, OF_STAFF, ONE_ROW, WHOSE
from tests.cast import Cast
from tests.pairs import Stage


def brings(cast: Cast, actor: Actor) -> Any:
    """``may_bring`` of any kind."""
    return kinds_for(actor)


LINES = {
    "intake:list": Line(IMPORTERS),
    "intake:new": Line(IMPORTERS),
    "intake:template": Line(IMPORTERS, at=fixed("nothing"), reach=NOBODY),
    "intake:run": Line(IMPORTERS, at=unknown(), reach=NOBODY),
    "intake:columns": Line(IMPORTERS, at=unknown(), reach=NOBODY),
    "intake:load": Line(IMPORTERS, at=unknown(), reach=NOBODY, post=True),
    "intake:marked": Line(IMPORTERS, at=unknown(), reach=NOBODY),
}
BY_OTHER_WAYS = {
    "intake:template": "of a kind of table",
    "intake:run": "of a table that was handed in",
    "intake:columns": "of a table that was handed in",
    "intake:marked": "of a table that was handed in",
}
TOLD_BY = {
    "intake.services.checking.look_through": "intake.run.checked",
    "intake.services.layouts.remember": "intake.run.asked",
    "intake.staging.insert_all": "households.import.loaded",
    "intake.staging.upsert": "households.import.loaded",
    "intake.staging.__enter__": "households.import.loaded",
}
LOCKED = {
    "intake.queries.locked_run": ONE_ROW,
    "intake.subjects.erase": "runs in the order of their ids",
    "intake.services.checking.check_run": ONE_ROW,
    "intake.services.checking.look_through": ONE_ROW,
    "intake.services.layout_choice.lay_out": ONE_ROW,
    "intake.services.loading.ask_to_load": ONE_ROW,
    "intake.services.loading.lock": "the run before its rows",
    "intake.services.loading.stop": ONE_ROW,
    "intake.services.retention.forget_old_files": "runs alone",
}
UNPAIRED = {
    "intake.services.receiving.receive_table": ADDS_ROWS,
}
INSIDE = {
    "intake.services.checking.check_run",
    "intake.services.retention.forget_old_files",
    "intake.services.loading.load_run",
}
OTHERWISE = {
    "minqing.intake.services.receiving.receive_table": "claims the id once the file is read",
}
BY_SERVICE = {
    "intake.forms.TableForm": "intake.services.receiving.receive_table",
    "intake.forms.ColumnsForm": FINDS_CHANGES,
}
UNSEEN = {
    "intake:columns": "has the table checked once more, by its headings: nothing is stored by that",
}
ADDS = {
    "TableForm",
}


def brought(stage: Stage) -> ImportRun:
    """By somebody else in the same role."""
    values = {"mapping": {"sheets": ["a", "b"]}, "stored": "x", "total_rows": 1, "by": new_id(), "made_at": clock.now()}
    return ImportRun.objects.create(kind="households", state="checked", **values)


ALONE = {
    intake.lay_out: lambda stage: {"run": brought(stage), "sheet": "a", "heading_row": 1, "columns": None},
    intake.ask_to_load: lambda stage: {"run": brought(stage), "mode": Mode.ALL},
}
ANOTHERS = {intake.lay_out, intake.ask_to_load}
ACTS = {
    "receive_table": Act("intake:new", brings),
    "lay_out": Act("intake:columns", brings),
    "ask_to_load": Act("intake:load", brings),
}
WITHOUT_PAGE = {
    "check_run": "the worker's",
    "load_run": "the worker's",
    "forget_old_files": "the worker's",
}


def states_of_runs() -> list[str]:
    return [*ImportRun.objects.order_by("id").values_list("state", flat=True)]


# a run goes on in jobs: its state tells that it was asked for
FOOTPRINT = {states_of_runs}


def template(cast: Cast, who: Any) -> Any:
    return who.get(reverse("intake:template", args=["households"]))


DOWNLOADS = {"template": ("intake/views.py", template, ("户情.xlsx", "戶情.xlsx", "Households.xlsx"))}
UNERASED = {"intake.ImportRun": dict.fromkeys(("by", "post", "by_name"), OF_STAFF)}
OWN_TEXTS = {"intake.ImportRun": dict.fromkeys(("name",), WHOSE)}
