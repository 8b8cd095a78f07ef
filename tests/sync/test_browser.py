"""By hand in a real browser: a photo whose network is cut half-way, and the browser killed, arrives once and whole."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from PIL import Image

from minqing.sync.models import Device, Entry, Photo
from minqing.sync.rules import MOST_PIECE
from minqing.sync.services import revoke_device
from minqing.visits.models import VisitPhoto
from minqing.visits.services import assign_household
from tests.browser.server import ARGUMENTS, CHROMIUM, sign_in
from tests.cast import Cast
from tests.visits.test_browser import OTHERWISE, READ_ALL, forget_phones, in_care

pytestmark = pytest.mark.browser


def noise() -> bytes:
    """Large also after it was made small."""
    out = BytesIO()
    Image.effect_noise((1000, 800), 90).save(out, "PNG")
    return out.getvalue()


def small() -> bytes:
    out = BytesIO()
    Image.effect_noise((80, 60), 90).save(out, "PNG")
    return out.getvalue()


def on_the_phone(open_page: Any) -> Any:
    page = open_page("phone")
    sign_in(page, "cadre", "/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_role("link", name="溪边路3号").wait_for()
    return page


def begin(page: Any, house: Any) -> None:
    page.goto(f"/diary/#write/{house.pk}")
    page.get_by_text("张桂芬 · 其他").click()
    page.get_by_label("说了什么").fill("屋顶漏雨，拍了照片。")


def arrived(cast: Cast) -> list[str]:
    """By their content the photos that stand with a visit."""
    return stored(lambda: [one.sha256 for one in Photo.objects.filter(arrival="received")], cast)


def stored(look: Callable[[], Any], cast: Cast) -> Any:
    with transaction.atomic(), cast.everything():
        return look()


def until(look: Callable[[], Any], page: Any) -> Any:
    """What is there in the end; the page goes on meanwhile."""
    end = time.monotonic() + 40
    while not (found := look()) and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert found
    return found


def killed(profile: Path) -> None:
    """As a phone does that needs the memory: without a word."""
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError, ProcessLookupError):
            said = told.read_bytes()
            if f"--user-data-dir={profile}".encode() in said and b"--type=" not in said:
                os.kill(int(told.parent.name), signal.SIGKILL)


@pytest.mark.fault(2)
@pytest.mark.case("A2")
@pytest.mark.fault(7)
@pytest.mark.case("A12")
@pytest.mark.case("A14")
@pytest.mark.case("A25")
def test_a_photo_goes_on_where_the_network_was_cut_and_the_browser_killed(
    committed_cast: Cast, browser: Any, server: str, tmp_path: Path
) -> None:
    with transaction.atomic():
        house = committed_cast.household()
        committed_cast.resident(house, "张桂芬")
        with committed_cast.everything() as system:
            assign_household(household=house, account_id=committed_cast.account("cadre").id, every_days=90, by=system)

    def opened() -> Any:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path), executable_path=str(CHROMIUM), args=ARGUMENTS, base_url=server, locale="zh-CN",
            viewport={"width": 390, "height": 844},
        )  # fmt: skip
        page = context.pages[0]
        page.set_default_timeout(20_000)
        return page

    def photo() -> Photo:
        found: Photo = stored(Photo.objects.first, committed_cast)
        return found

    page = opened()
    sign_in(page, "cadre", "/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_role("link", name="溪边路3号").wait_for()
    passed = []

    def cut(route: Any) -> None:
        """The first piece arrives and its answer is lost; of the next nothing is heard."""
        passed.append(route.request.url)
        if len(passed) == 1:
            route.fetch()
        route.abort()

    page.route("**/sync/photos/**", cut)
    page.goto(f"/diary/#write/{house.pk}")
    page.get_by_text("张桂芬 · 其他").click()
    page.get_by_label("说了什么").fill("屋顶漏雨，拍了照片。")
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": noise()})
    page.locator(".photo-list img").wait_for()
    # the phone is full: words are kept, a photo is refused with advice
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 9e6, usage: 8e6 })")
    page.locator("#photos").set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": noise()})
    page.get_by_text("手机存储快满了", exact=False).wait_for()
    page.get_by_label("说了什么").fill("屋顶漏雨，拍了一张照片。")
    page.get_by_text("已存在手机里").wait_for()
    # the camera takes the page's memory; a click of a mouse would open a chooser, which is called off at once
    page.evaluate("document.getElementById('photos').dispatchEvent(new Event('click'))")
    page.get_by_text("已存在手机里").wait_for()
    page.reload()
    page.get_by_text("最后一张照片没存下", exact=False).wait_for()
    assert page.get_by_label("说了什么").input_value() == "屋顶漏雨，拍了一张照片。"
    assert page.locator(".photo-list img").count() == 1
    page.get_by_role("button", name="写好了").click()
    until(lambda: passed, page)
    # the words are there, and the photo does not hold them up
    until(lambda: stored(Entry.objects.first, committed_cast), page)
    page.get_by_text("没有待送的").wait_for()
    page.get_by_role("heading", name="照片").wait_for()
    half = until(lambda: photo() if photo().received else None, page)
    assert (half.received, half.arrival) == (MOST_PIECE, "owed")
    assert half.size > 2 * MOST_PIECE
    assert "JFIF" not in page.evaluate(READ_ALL)
    killed(tmp_path)

    again = opened()
    sent = []
    again.on("request", lambda asked: sent.append(asked.url) if "/sync/photos/" in asked.url else None)
    sign_in(again, "cadre", "/diary/#outbox")
    again.get_by_text("没有待送的").wait_for()
    until(lambda: photo().arrival == "received", again)
    offsets = [int(parse_qs(urlsplit(url).query)["offset"][0]) for url in sent]
    # from where the server has it: nothing travels twice
    assert offsets == list(range(MOST_PIECE, half.size, MOST_PIECE))
    again.get_by_role("heading", name="照片").wait_for(state="detached")
    again.get_by_text("能送的都已送到").wait_for()
    (kept,) = stored(lambda: list(VisitPhoto.objects.all()), committed_cast)
    again.goto(f"/visits/{kept.visit_id}/")
    assert again.locator(".photo-list img").evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    again.context.close()


@pytest.mark.case("A16")
def test_a_photo_of_a_diary_that_was_refused_goes_once_that_is_taken(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if "/sync/photos/" in asked.url else None)
    begin(page, house)
    page.locator("#id_visited_on").fill("2099-01-01")
    # finished while the photo is still made small, and tapped twice
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": small()})
    page.evaluate("for (const _time of [1, 2]) document.querySelector('main form').requestSubmit()")
    page.get_by_role("heading", name="没能接收").wait_for()
    assert stored(lambda: [one.outcome for one in Entry.objects.all()], committed_cast) == ["refused"]
    assert '"kind":"draft"' not in page.evaluate(READ_ALL)
    assert sent == []

    # another one of the household is not written over
    begin(page, house)
    page.get_by_text("已存在手机里").wait_for()
    page.goto("/diary/#outbox")
    page.get_by_role("button", name="修改").click()
    page.get_by_text("还有一篇日记写了一半", exact=False).wait_for()
    page.goto(f"/diary/#write/{house.pk}")
    page.get_by_role("button", name="作废草稿").click()
    page.get_by_role("link", name="写日记").wait_for()

    page.goto("/diary/#outbox")
    page.get_by_role("button", name="修改").click()
    page.locator(".photo-list img").wait_for()
    page.locator("#id_visited_on").fill("")
    page.get_by_role("button", name="写好了").click()
    first = until(lambda: arrived(committed_cast), page)
    page.get_by_text("能送的都已送到").wait_for()
    # what the receipt said then is not true any more
    assert page.get_by_text("照片还没到", exact=False).count() == 0

    # a server that was restored has it no more: it is offered again
    forget_phones()
    page.evaluate(OTHERWISE, {"door": {"generation": "before"}})
    page.reload()
    assert until(lambda: arrived(committed_cast), page) == first


@pytest.mark.fault(9)
def test_a_photo_that_the_server_fails_on_keeps_no_closed_phone_open_for_ever(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.route("**/sync/photos/**", lambda route: route.fulfill(status=500, body="no"))
    begin(page, house)
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": small()})
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("已试（次）： 1", exact=False).wait_for()
    cadre = committed_cast.actor("cadre")
    stored(lambda: revoke_device(device_id=Device.objects.get().pk, by=cadre), committed_cast)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("还有照片没送完", exact=False).wait_for()
    assert stored(lambda: Photo.objects.get().arrival, committed_cast) == "owed"
    four_days_ago = page.evaluate("Date.now()") - 4 * 24 * 3600 * 1000
    page.evaluate(OTHERWISE, {"door": {"closing": four_days_ago}})
    page.reload()
    page.get_by_text("这部手机已停用", exact=False).wait_for()
    assert stored(lambda: Photo.objects.get().arrival, committed_cast) == "lost"
    assert '"key":null' in page.evaluate(READ_ALL)


@pytest.mark.fault(9)
def test_a_phone_that_is_closed_while_its_photo_is_on_its_way_waits_for_it(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    held: list[Any] = []
    page.route("**/sync/photos/**", lambda route: held.append(route), times=1)  # noqa: PLW0108
    begin(page, house)
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": small()})
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="写好了").click()
    until(lambda: held, page)
    cadre = committed_cast.actor("cadre")
    stored(lambda: revoke_device(device_id=Device.objects.get().pk, by=cadre), committed_cast)
    with page.expect_response("**/sync/exchange") as told:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert told.value.json()["revoked"]
    assert '"key":null' not in page.evaluate(READ_ALL)
    held[0].continue_()
    page.get_by_text("这部手机已停用", exact=False).wait_for()
    assert len(arrived(committed_cast)) == 1
    assert '"kind":"photo"' not in page.evaluate(READ_ALL)


def test_a_camera_that_was_called_off_is_not_waited_for(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    again = page.get_by_text("最后一张照片没存下", exact=False)
    # by the browser's word, or by the page that is in front again
    for back in ("document.getElementById('photos').dispatchEvent(new Event('cancel'))",
                 "document.dispatchEvent(new Event('visibilitychange'))"):  # fmt: skip
        begin(page, house)
        page.evaluate("document.getElementById('photos').dispatchEvent(new Event('click'))")
        page.get_by_text("已存在手机里").wait_for()
        page.reload()
        again.wait_for()
        page.evaluate("document.getElementById('photos').dispatchEvent(new Event('click'))")
        page.evaluate(back)
        page.wait_for_timeout(200)
        page.reload()
        page.get_by_label("说了什么").wait_for()
        assert again.count() == 0


@pytest.mark.case("A6")
def test_what_has_arrived_is_kept_two_weeks_its_receipt_two_months_and_what_was_refused_until_it_is_settled(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    begin(page, house)
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("没有待送的").wait_for()
    begin(page, house)
    page.locator("#id_visited_on").fill("2099-01-01")
    page.get_by_role("button", name="写好了").click()
    page.get_by_role("heading", name="没能接收").wait_for()
    left = []
    for days in (13, 15, 61, 63):
        page.evaluate(AGED, days)
        page.reload()
        page.get_by_role("heading", name="没能接收").wait_for()
        left.append(page.evaluate(AGED, 0))
    # number of operations, and how many of them still have words
    assert left == [[2, 2], [2, 1], [2, 1], [1, 1]]


AGED = """async (days) => {
  const db = await new Promise((done) => (indexedDB.open("minqing-diary").onsuccess = (e) => done(e.target.result)));
  const all = (tx) => new Promise((done) =>
    (tx.objectStore("sealed").getAll().onsuccess = (e) => done(e.target.result)));
  const tx = db.transaction("sealed", "readwrite");
  for (const one of (await all(tx)).filter((one) => one.kind === "operation")) {
    if (days) {
      const received_at = new Date(Date.now() - days * 24 * 3600 * 1000).toISOString();
      tx.objectStore("sealed").put({ ...one, receipt: { ...one.receipt, received_at } });
    }
  }
  await new Promise((done) => (tx.oncomplete = done));
  const left = (await all(db.transaction("sealed"))).filter((one) => one.kind === "operation");
  db.close();
  return [left.length, left.filter((one) => one.data).length];
}"""


@pytest.mark.fault(9)
def test_a_closed_phone_hands_in_a_photo_that_was_to_be_tried_later(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.route("**/sync/photos/**", lambda route: route.abort(), times=1)
    begin(page, house)
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": small()})
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("已试（次）： 1", exact=False).wait_for()
    cadre = committed_cast.actor("cadre")
    stored(lambda: revoke_device(device_id=Device.objects.get().pk, by=cadre), committed_cast)
    # as at a signal that is there again
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("这部手机已停用", exact=False).wait_for()
    assert arrived(committed_cast)
    kept = page.evaluate(READ_ALL)
    assert '"key":null' in kept
    assert '"kind":"photo"' not in kept


@pytest.mark.fault(7)
@pytest.mark.case("A10")
@pytest.mark.case("A26")
def test_a_file_of_what_is_unsent_brings_a_diary_back_whose_phone_lost_everything(
    committed_cast: Cast, open_page: Any, tmp_path: Path
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => caches.keys().then((names) => names.length)")
    page.context.set_offline(True)
    begin(page, house)
    page.locator("#photos").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": small()})
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存未上传的内容").click()
    saved.value.save_as(tmp_path / "unsent.json")
    told = (tmp_path / "unsent.json").read_text()
    assert saved.value.suggested_filename.startswith("minqing-")
    assert not any(word in told for word in ("屋顶", "张桂芬", "溪边路", str(house.pk), "\\u"))

    # after three days it is offered on the first page
    page.clock.install()
    page.clock.fast_forward(76 * 3600 * 1000)
    page.goto("/diary/#find")
    page.goto("/diary/#")
    page.get_by_text("三天没送出", exact=False).wait_for()

    # all that the phone held is gone, its key as well
    page.evaluate("indexedDB.deleteDatabase('minqing-diary')")
    page.context.set_offline(False)
    desk = open_page("desktop")
    sign_in(desk, "cadre", "/sync/letters/")
    for told in ("收下了 2 条", "2 条早已送到"):
        desk.locator("#id_file").set_input_files(tmp_path / "unsent.json")
        desk.get_by_role("button", name="上交").click()
        desk.get_by_text(told, exact=False).wait_for()
    (kept,) = stored(lambda: list(VisitPhoto.objects.all()), committed_cast)
    desk.goto(f"/visits/{kept.visit_id}/")
    desk.get_by_text("屋顶漏雨，拍了照片。").wait_for()
    assert stored(Entry.objects.count, committed_cast) == 1


@pytest.mark.fault(4)
@pytest.mark.case("A22")
def test_who_was_dismissed_hands_in_sealed_and_the_phone_hears_what_became_of_it(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.context.set_offline(True)
    begin(page, house)
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    stored(lambda: committed_cast.account("cadre").posts.update(until="2026-01-01"), committed_cast)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("登录已过期", exact=False).wait_for()
    page.get_by_role("link", name="待送").click()
    page.get_by_role("button", name="封存上交").click()
    page.get_by_text("已上交，待定（条）： 1").wait_for()
    assert stored(Entry.objects.count, committed_cast) == 0

    desk = open_page("desktop")
    sign_in(desk, "village_secretary", "/sync/letters/")
    desk.get_by_role("link", name="王建国", exact=False).click()
    desk.get_by_text("屋顶漏雨，拍了照片。").wait_for()
    desk.locator("input[name=letter]").check()
    desk.get_by_role("button", name="收下勾选的").click()
    desk.get_by_text("收下了 1 条").wait_for()
    page.get_by_role("button", name="封存上交").click()
    page.get_by_text("上交的都已有了决定").wait_for()
    assert '"kind":"letter"' not in page.evaluate(READ_ALL)
    assert stored(Entry.objects.count, committed_cast) == 1


def test_words_that_could_not_be_taken_from_a_letter_stay_on_the_phone_to_be_mended(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.context.set_offline(True)
    begin(page, house)
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    page.context.clear_cookies()
    page.context.set_offline(False)

    def refuse(route: Any) -> None:
        (one,) = route.request.post_data_json["letters"]
        told = {"id": one["operation"], "number": 1, "outcome": "refused", "code": "too_short", "told": "写得太短。",
                "thing": "", "received_at": "2026-01-01T08:00:00+08:00"}  # fmt: skip
        route.fulfill(json={"letters": [told]})

    page.route("**/sync/letters/drop", refuse)
    page.reload()
    page.get_by_text("登录已过期", exact=False).wait_for()
    page.get_by_role("link", name="待送").click()
    page.get_by_role("button", name="封存上交").click()
    page.get_by_text("上交的都已有了决定").wait_for()
    page.reload()
    page.get_by_text("写得太短。").wait_for()
    page.get_by_role("button", name="修改").click()
    assert page.get_by_label("说了什么").input_value() == "屋顶漏雨，拍了照片。"
