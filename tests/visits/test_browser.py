"""By hand in a real browser: the diary on the phone with the network cut, the answer lost, the page opened anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.config import embedded
from minqing.config.env import env
from minqing.core import clock
from minqing.households.models import Household
from minqing.matters.models import Matter
from minqing.sync.models import Device, Entry
from minqing.visits.models import Promise, Visit
from minqing.visits.services import assign_household
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.embedded import SOCKET

pytestmark = pytest.mark.browser
WORDS = "老人说屋顶漏雨，夜里要接水。"


def stored(cast: Cast) -> list[str]:
    with transaction.atomic(), cast.everything():
        return [one.entry.text for one in Visit.objects.select_related("entry").order_by("recorded_at")]


@pytest.mark.fault(1)
@pytest.mark.fault(2)
@pytest.mark.fault(9)
@pytest.mark.fault(10)
@pytest.mark.case("A12")
def test_a_diary_of_the_mountains_arrives_once(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = open_page("phone")
    sign_in(page, "cadre")
    page.goto("/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_role("link", name="溪边路3号").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => caches.keys().then((names) => names.length)")

    # the valley: a cold start from what the phone holds
    page.context.set_offline(True)
    page.goto("/diary/")
    page.get_by_text("没有信号", exact=False).wait_for()
    page.get_by_role("link", name="查找").click()
    page.get_by_role("searchbox").fill("zgf")
    page.get_by_role("link", name="溪边路3号").click()
    page.get_by_role("link", name="写日记").click()
    page.get_by_text("张桂芬 · 其他").click()
    page.get_by_label("说了什么").fill(WORDS)
    page.get_by_text("已存在手机里").wait_for()

    # the phone closed the page while something else was open: what was begun stands first
    page.goto("/diary/")
    page.get_by_text("有一篇日记写了一半").wait_for()
    page.locator("main a[href^='#write/']").click()
    assert page.get_by_label("说了什么").input_value() == WORDS
    assert page.get_by_label("张桂芬 · 其他").is_checked()
    page.get_by_text("有事要办").click()
    # what is missing is said beside its field, which is where the person then is
    page.get_by_role("button", name="写好了").click()
    page.locator(".field:has(#id_matter_title) .field-error").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')").endswith("matter_title-wrong")
    page.get_by_label("要办什么事（一句话）").fill("屋顶漏雨")
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    assert stored(committed_cast) == []
    # nothing of it lies readable in the store
    kept = page.evaluate(READ_ALL)
    assert "屋顶" not in kept
    assert "张桂芬" not in kept
    assert "operation" in kept

    # the server stores it and its answer is lost; then the sign-in has ended
    lost = []

    def lose(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/sync/exchange", lose, times=1)
    page.context.set_offline(False)
    page.get_by_text("没有信号", exact=False).wait_for()
    page.wait_for_function("() => true")
    for _n in range(100):
        if lost:
            break
        page.wait_for_timeout(50)
    assert lost == [200]
    assert stored(committed_cast) == [WORDS]
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.reload()
    page.get_by_text("登录已过期", exact=False).wait_for()
    page.get_by_role("link", name="待送").click()
    page.get_by_text("等有信号时送出").wait_for()
    page.context.add_cookies(session)
    page.get_by_role("button", name="现在送出").click()
    page.get_by_text("没有待送的").wait_for()
    for _time in range(2):
        page.reload()
        page.get_by_text("没有待送的").wait_for()
    assert stored(committed_cast) == [WORDS]
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.get().title == "屋顶漏雨"
        assert Entry.objects.get().outcome == "applied"
        assert Device.objects.get().arrived == 1

    # the server was restored from a backup of before: it knows neither the phone nor what came from it
    forget_phones()
    page.evaluate(OTHERWISE, {"door": {"generation": "before"}})
    page.reload()
    page.get_by_text("没有待送的").wait_for()
    for _n in range(100):
        if offered():
            break
        page.wait_for_timeout(50)
    assert (offered(), stored(committed_cast)) == (1, [WORDS])

    # signing out shuts the door, also in a browser that does not tell which stores it has
    page.add_init_script("delete IDBFactory.prototype.databases")
    page.goto(reverse("org:me"))
    page.locator("main form[action$='/logout/'] button").click()
    page.wait_for_url("**/login/**")
    assert is_shut(page)

    # the key with which something waits behind it is one that the server lost
    forget_phones()
    sign_in(page, "cadre")
    page.evaluate(OTHERWISE, {"door": {}, "sealed": {"kind": "operation", "name": "lost", "number": 99}})
    page.goto("/diary/#outbox")
    page.get_by_role("button", name="打开").click()
    page.get_by_text("没有待送的").wait_for()
    assert '"kind":"aside","name":"operation lost"' in page.evaluate(READ_ALL)
    # what had arrived was sealed with the key that was lost as well: it needs no telling
    page.get_by_text("打不开的日记（篇）： 1").wait_for()
    page.reload()
    page.get_by_text("没有待送的").wait_for()

    # the phone is closed, and what waits on it gets no receipt: it stays sealed, and nothing of a household is left
    page.get_by_role("link", name="今天").click()
    page.get_by_role("link", name="溪边路3号").wait_for()
    assert '"kind":"home"' in page.evaluate(READ_ALL)
    page.route("**/sync/exchange", close)
    page.goto("/diary/#write/" + str(house.pk))
    page.get_by_text("张桂芬 · 其他").click()
    page.get_by_label("说了什么").fill("明天再来。")
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("这里还锁着没送的日记（篇）： 1").wait_for()
    assert is_shut(page)


@pytest.mark.fault(5)
def test_an_address_that_two_changed_is_decided_by_one(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = open_page("phone")
    sign_in(page, "cadre")
    page.goto("/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_role("link", name="溪边路3号").click()
    page.context.set_offline(True)
    page.get_by_role("link", name="改档案").click()
    page.get_by_label("地址").fill("后山路8号")
    page.get_by_text("已存在手机里").wait_for()
    with transaction.atomic(), committed_cast.everything():
        Household.objects.filter(pk=house.pk).update(address="桥头路2号")
    page.context.set_offline(False)
    # what was pulled while it was a draft has not been seen by who wrote it
    page.get_by_role("link", name="今天").click()
    page.get_by_role("link", name="桥头路2号").wait_for()
    page.get_by_role("link", name="溪边路3号").click()
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("两个人写了同一处，由人来定").wait_for()
    page.goto(reverse("visits:conflicts"))
    page.get_by_role("link", name="桥头路2号 · 地址").click()
    page.get_by_role("button", name="手机上写的对").click()
    page.get_by_text("按手机上写的改").wait_for()
    with transaction.atomic(), committed_cast.everything():
        assert Household.objects.get(pk=house.pk).address == "后山路8号"


def test_a_promise_of_the_phone_has_a_day_and_arrives_with_its_diary(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = open_page("phone")
    sign_in(page, "cadre")
    page.goto("/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_role("link", name="溪边路3号").wait_for()
    page.goto(f"/diary/#write/{house.pk}")
    page.get_by_text("张桂芬 · 其他").click()
    page.get_by_label("说了什么").fill(WORDS)
    page.locator("#id_promise").fill("周五前送瓦片来")
    page.get_by_role("button", name="写好了").click()
    page.locator(".field:has(#id_promised_on) .field-error").wait_for()
    day = clock.today() + timedelta(days=3)
    page.locator("#id_promised_on").fill(day.isoformat())
    page.get_by_text("已存在手机里").wait_for()
    page.reload()
    assert page.locator("#id_promise").input_value() == "周五前送瓦片来"
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("没有待送的").wait_for()
    with transaction.atomic(), committed_cast.everything():
        assert Promise.objects.get().due_on == day


def in_care(cast: Cast) -> Household:
    with transaction.atomic():
        house = cast.household(number="H1001")
        cast.resident(house, "张桂芬")
        with cast.everything() as system:
            assign_household(household=house, account_id=cast.account("cadre").id, every_days=90, by=system)
    return house


def is_shut(page: Any) -> bool:
    kept = page.evaluate(READ_ALL)
    return '"kind":"home"' not in kept and '"key":null' in kept


def close(route: Any) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"receipts": [], "pull": None, "revoked": True})


def forget_phones() -> None:
    with embedded.superuser(SOCKET, env().minqing_db_name) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE sync_device, visits_visit, matters_matter, journal_send CASCADE")


def offered() -> int:
    with transaction.atomic():
        return Entry.objects.count()


OTHERWISE = """async ({ door: told, sealed }) => {
  const db = await new Promise((done) => (indexedDB.open("minqing-diary").onsuccess = (e) => done(e.target.result)));
  const tx = db.transaction(["doors", "sealed"], "readwrite");
  const [door] = await new Promise((done) => (tx.objectStore("doors").getAll().onsuccess =
    (e) => done(e.target.result)));
  tx.objectStore("doors").put({ ...door, ...told });
  const [iv, data] = [new Uint8Array(12), new Uint8Array(40).buffer];
  if (sealed) tx.objectStore("sealed").put({ account: door.account, iv, data, ...sealed });
  await new Promise((done) => (tx.oncomplete = done));
  db.close();
}"""

READ_ALL = """async () => {
  const db = await new Promise((done) => (indexedDB.open("minqing-diary").onsuccess = (e) => done(e.target.result)));
  const all = (name) => new Promise((done) => (db.transaction(name).objectStore(name).getAll().onsuccess =
    (e) => done(e.target.result)));
  const plain = (value) => JSON.stringify(value, (key, one) =>
    one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? new TextDecoder().decode(one) : one);
  return plain([await all("doors"), await all("sealed")]);
}"""
