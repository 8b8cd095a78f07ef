"""By hand in a real browser: the machine's screen, its picture scanned with the phone, a bottle drops."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.households.codes import short_check
from minqing.machines.agent import screen
from minqing.machines.agent.cycle import Agent
from minqing.machines.agent.driver import Simulated
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link
from tests.browser.server import free_port
from tests.cast import Cast
from tests.machines.world import World

pytestmark = pytest.mark.browser


def test_scan_choose_and_it_rings(committed_cast: Cast, open_page: Any, server: str, tmp_path: Path) -> None:
    with transaction.atomic():
        world = World(committed_cast, tmp_path / "first")
        code = short_check(committed_cast.code(world.home))
        number, key, machine = world.home.number, world.key, world.machine.code
    folder = tmp_path / "second"
    folder.mkdir()
    agent = Agent(Journal(folder / "journal.sqlite3"), Link(server, machine, key), Simulated(folder / "tray"))
    agent.turn()
    shown = screen.serve(agent, free_port())
    threading.Thread(target=shown.serve_forever, daemon=True).start()
    try:
        display, phone = open_page("desktop"), open_page("phone")
        display.goto(f"http://127.0.0.1:{shown.server_address[1]}/")
        phone.goto(display.locator("a.picture").get_attribute("href"))
        for name, said in (("number", number), ("check_code", code), ("proof", "0001")):
            phone.locator(f"[name={name}]").fill(said)
        phone.get_by_role("button", name="下一步").click()
        phone.get_by_role("link", name="矿泉水").click()
        phone.get_by_role("button", name="好，出货").click()
        phone.locator("#vend").wait_for()
        agent.turn()
        agent.turn()
        phone.get_by_role("heading", name="叮").wait_for()
        display.reload()
        display.locator(".rang").wait_for()
        assert "25" in phone.locator("#vend").inner_text()
    finally:
        shown.shutdown()
        shown.server_close()
        agent.journal.close()
