"""In a real browser, as slow as an old phone in a valley: what is loaded, begun, scrolled. Figures are told, not held.

``MINQING_FIGURES=file`` keeps them as JSON; docs/operations.md has those of the last time.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.server import sign_in
from tests.cast import Cast
from tests.sync.test_browser import on_the_phone
from tests.visits.test_browser import in_care

pytestmark = pytest.mark.browser
# as WebPageTest calls slow 3G: bytes a second both ways, milliseconds there and back
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
HOMES, ENTRIES = 500, 2000


def keep(**figures: Any) -> None:
    if told := os.environ.get("MINQING_FIGURES"):
        path = Path(told)
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(known | figures, indent=2))


def slowed(page: Any, *, cpu: int = 1, network: bool = False) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    if network:
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
    return session


def since_begun(page: Any, shown: str) -> int:
    """Milliseconds from the beginning of the load until it is shown."""
    page.locator(shown).first.wait_for(timeout=60000)
    return round(page.evaluate("performance.now()"))


def test_the_first_load_on_a_slow_line_and_a_cold_start_without_one(committed_cast: Cast, open_page: Any) -> None:
    in_care(committed_cast)
    page = open_page("phone")
    sign_in(page, "cadre", "/here")
    slowed(page, network=True)
    loaded = []
    page.on("response", lambda answer: loaded.append(answer.url))
    page.goto("/diary/", wait_until="commit", timeout=60000)
    first = since_begun(page, "main .btn-primary")
    keep(first_load_ms=first, first_load_files=len(loaded))
    page.close()

    page = on_the_phone(open_page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => caches.keys().then((names) => names.length)")
    page.context.set_offline(True)
    page.goto("about:blank")
    for cpu in (1, 6):
        slowed(page, cpu=cpu)
        page.goto("/diary/", wait_until="commit")
        keep(**{f"cold_start_ms_cpu_{cpu}": since_begun(page, "main a[href^='#home/']")})
        page.goto("about:blank")


def test_five_hundred_households_and_two_thousand_entries_scroll_on_an_old_phone(
    committed_cast: Cast, open_page: Any
) -> None:
    in_care(committed_cast)
    page = on_the_phone(open_page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => caches.keys().then((names) => names.length)")
    page.context.set_offline(True)
    page.evaluate(FILLED, {"homes": HOMES, "entries": ENTRIES})
    slowed(page, cpu=6)
    page.goto("about:blank")
    page.goto("/diary/", wait_until="commit")
    keep(full_cold_start_ms_cpu_6=since_begun(page, "main a[href^='#home/']"))
    assert page.locator("main a[href^='#home/']").count() <= 50
    keep(today=page.evaluate(SCROLLED))
    page.goto("/diary/#outbox")
    page.get_by_text("溪边路", exact=False).first.wait_for()
    keep(outbox=page.evaluate(SCROLLED))
    page.goto("/diary/#find")
    box = page.get_by_role("searchbox")
    begun = page.evaluate("performance.now()")
    box.fill("溪边路499号")
    page.locator("main a[href^='#home/']").filter(has_text="溪边路499号").wait_for()
    keep(find_ms=round(page.evaluate("performance.now()") - begun))


# two seconds of scrolling: how many frames, and how many took longer than a tenth of a second
SCROLLED = """() => new Promise((done) => {
  const gaps = [];
  let last = performance.now();
  const end = last + 2000;
  const step = (now) => {
    gaps.push(now - last);
    last = now;
    window.scrollBy(0, 40);
    if (window.scrollY + window.innerHeight >= document.body.scrollHeight - 1) window.scrollTo(0, 0);
    if (now < end) requestAnimationFrame(step);
    else done({ frames: gaps.length, slow: gaps.filter((one) => one > 100).length, longest: Math.max(...gaps) });
  };
  requestAnimationFrame(step);
})"""

FILLED = """async ({ homes, entries }) => {
  const db = await new Promise((done) => (indexedDB.open("minqing-diary").onsuccess = (e) => done(e.target.result)));
  const [door] = await new Promise((done) => (db.transaction("doors").objectStore("doors").getAll().onsuccess =
    (e) => done(e.target.result)));
  const sealed = async (told) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const words = new TextEncoder().encode(JSON.stringify(told));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, door.key, words) };
  };
  const rows = [];
  const now = Date.now();
  const at = new Date(now - 3600000).toISOString();
  for (let n = 0; n < homes; n += 1) {
    const members = [0, 1, 2].map((m) => ({ id: `m${n}-${m}`, name: "张桂芬", label: "张桂芬 · 其他", pinyin: "zgf",
      lives_here: true }));
    const told = { id: `h${n}`, number: `H${n}`, address: `溪边路${n}号`, area: "石璜村", code: "", members,
      due_on: "2027-01-01", last_visit_at: "" };
    rows.push({ account: door.account, kind: "home", name: `visits.home:h${n}`, ...(await sealed(told)) });
  }
  for (let n = 1; n <= entries; n += 1) {
    const body = JSON.stringify({ visit: `v${n}`, household: `h${n % homes}`, text: "老人说屋顶漏雨。".repeat(20) });
    const home = n % homes;
    const told = { kind: "visits.visit", schema: 4, about: `household:h${home}`, title: `溪边路${home}号`, body,
      written_at: at, base: {} };
    const receipt = { id: `o${n}`, number: n, outcome: "applied", thing: `visit:v${n}`, received_at: at, told: "" };
    rows.push({ account: door.account, kind: "operation", name: `o${n}`, number: n, receipt, ...(await sealed(told)) });
  }
  const tx = db.transaction(["doors", "sealed"], "readwrite");
  rows.forEach((one) => tx.objectStore("sealed").put(one));
  tx.objectStore("doors").put({ ...door, last: entries });
  await new Promise((done) => (tx.oncomplete = done));
  db.close();
}"""
