"""A machine's own journal beside what the server has of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minqing.core.ids import new_id
from minqing.machines import commands
from minqing.machines.agent.journal import read_lines
from minqing.machines.models import Vend
from minqing.machines.queries.journals import differences
from tests.machines.world import WATER, World

pytestmark = [pytest.mark.django_db, pytest.mark.case("B15"), pytest.mark.case("B17")]
Change = Callable[[World, str], object]


def says(told: str) -> Change:
    return lambda world, id: world.agent.journal.db.execute("UPDATE vends SET told = ? WHERE id = ?", (told, id))


def forgets(world: World, id: str) -> object:
    return world.agent.journal.db.execute("DELETE FROM vends WHERE id = ?", (id,))


def knows_more(world: World, id: str) -> object:
    other = str(new_id())
    world.agent.journal.take(other, WATER, 1)
    return world.agent.journal.end(other, "dropped")


def taken_back(world: World, id: str) -> object:
    return Vend.objects.filter(pk=id).update(state="returned")


def compared(world: World) -> list[tuple[object, object]]:
    lines = read_lines(world.folder / "journal.sqlite3")
    return [(one.there, one.here) for one in differences(world.machine, lines)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (says("failed"), ("failed", "done")),
        (says("unknown"), ("unknown", "done")),
        (forgets, (None, "done")),
        (knows_more, ("dropped", None)),
        (taken_back, ("dropped", "returned")),
    ],
    ids=["other end", "not known", "forgotten", "not known here", "taken back"],
)
def test_each_difference_is_named_with_what_both_say(
    world: World, change: Change, found: tuple[object, object]
) -> None:
    vend = world.choose()
    world.turns()
    assert compared(world) == []
    change(world, str(vend.pk))
    assert compared(world) == [found]


def test_what_nobody_knew_is_as_somebody_who_looked_has_said(world: World) -> None:
    vend = world.choose()
    world.agent.turn()
    says("unknown")(world, str(vend.pk))
    assert compared(world) == []
    world.turns()
    assert Vend.objects.get().state == "unknown"
    world.settle()
    assert (Vend.objects.get().state, compared(world)) == ("done", [])


def test_the_command_says_what_differs_and_refuses_what_is_no_journal(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ready", lambda: None)
    vend = world.choose()
    world.turns()
    journal = world.folder / "journal.sqlite3"

    def told(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands.app, ["compare", *words])
        return done.exit_code, done.output

    assert told(world.machine.code, str(journal))[0] == 0
    forgets(world, str(vend.pk))
    code, output = told(world.machine.code, str(journal))
    # its account has points for what the journal no longer knows
    assert (code, output.count("✗"), str(vend.pk) in output) == (1, 2, True)
    other = tmp_path / "other"
    other.write_text("nothing of the kind")
    assert told(world.machine.code, str(other))[0] == told(world.machine.code, str(tmp_path / "none"))[0] == 2
    assert told("NONE", str(journal))[0] == 2
