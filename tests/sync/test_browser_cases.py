"""By hand in a real browser: what others met with answers, tabs, stores and workers (``offline.md``)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from minqing.sync.models import Entry
from minqing.visits.models import Visit
from tests.cast import Cast
from tests.sync.test_browser import begin, on_the_phone, stored, until
from tests.visits.test_browser import in_care

pytestmark = pytest.mark.browser
FRONT = "document.dispatchEvent(new Event('visibilitychange'))"
PROBLEM = '{"code":"no","title":"no"}'


@pytest.mark.case("A4")
@pytest.mark.case("A37")
def test_whatever_is_no_receipt_removes_nothing(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    answers: list[dict[str, Any]] = [
        {"status": status, "body": PROBLEM, "content_type": "application/problem+json"}
        for status in (401, 403, 409, 413, 422, 429, 500)
    ]
    # a Wi-Fi sign-in; half an answer; one that names another entry
    answers += [{"status": 200, "body": "<h1>Wi-Fi</h1>", "content_type": "text/html"},
                {"status": 200, "body": '{"receipts":', "content_type": "application/json"},
                {"status": 200, "json": {"receipts": [{"id": "x", "outcome": "applied"}], "waits": [],
                                         "generation": "x", "photos": []}}]  # fmt: skip
    heard: list[int] = []

    def answer(route: Any) -> None:
        heard.append(1)
        route.fulfill(**answers[len(heard) - 1])

    page.route("**/sync/exchange", answer, times=len(answers))
    begin(page, house)
    page.get_by_role("button", name="写好了").click()
    for number in range(1, len(answers) + 1):
        until(lambda least=number: len(heard) >= least, page)
        page.get_by_text("等有信号时送出").wait_for()
        page.wait_for_timeout(100)
        page.evaluate(FRONT)
    page.get_by_text("没有待送的").wait_for()
    assert stored(Entry.objects.count, committed_cast) == 1

    # the worker is no part of it: without one the next goes as well
    page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))"
    )
    page.context.set_offline(True)
    begin(page, house)
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    page.context.set_offline(False)
    page.get_by_text("没有待送的").wait_for()
    assert stored(Entry.objects.count, committed_cast) == 2


@pytest.mark.case("A19")
def test_two_tabs_that_send_at_once_double_nothing(committed_cast: Cast, open_page: Any) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => caches.keys().then((names) => names.length)")
    page.context.set_offline(True)
    for _n in range(3):
        begin(page, house)
        page.get_by_role("button", name="写好了").click()
        page.get_by_text("等有信号时送出").first.wait_for()
    other = page.context.new_page()
    other.goto("/diary/#outbox")
    other.get_by_text("等有信号时送出").first.wait_for()
    page.context.set_offline(False)
    for one in (page, other):
        one.get_by_text("没有待送的").wait_for()
    assert stored(Entry.objects.count, committed_cast) == stored(Visit.objects.count, committed_cast) == 3


@pytest.mark.case("A23")
def test_a_store_whose_handle_was_cut_is_opened_anew_and_a_dead_one_is_told(
    committed_cast: Cast, open_page: Any
) -> None:
    house = in_care(committed_cast)
    page = on_the_phone(open_page)
    begin(page, house)
    page.get_by_text("已存在手机里").wait_for()
    page.evaluate(CUT, 1)
    page.get_by_label("说了什么").fill("屋顶漏雨，断过一次。")
    page.get_by_text("已存在手机里").wait_for()
    page.reload()
    assert page.get_by_label("说了什么").input_value() == "屋顶漏雨，断过一次。"
    # for good: it is said, and the text is still there to be copied
    page.evaluate(CUT, 1e9)
    page.get_by_label("说了什么").fill("这句没处存。")
    page.get_by_text("没能存进手机", exact=False).wait_for()
    assert page.get_by_label("说了什么").input_value() == "这句没处存。"


CUT = """(times) => {
  const open = IDBDatabase.prototype.transaction;
  let left = times;
  IDBDatabase.prototype.transaction = function (...given) {
    left -= 1;
    if (left >= 0) throw new DOMException("The database connection is closing.", "InvalidStateError");
    return open.apply(this, given);
  };
}"""


@pytest.mark.case("A26")
def test_a_browser_that_cannot_keep_a_key_is_found_out_before_anything_is_written(
    committed_cast: Cast, open_page: Any
) -> None:
    in_care(committed_cast)
    page = open_page("phone")
    from tests.browser.server import sign_in

    page.add_init_script(KEYLESS)
    sign_in(page, "cadre", "/diary/")
    page.get_by_role("button", name="在这部手机上写日记").click()
    page.get_by_text("这个浏览器不能", exact=False).wait_for()
    assert page.get_by_role("link", name="写日记").count() == 0


KEYLESS = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (value?.key instanceof CryptoKey) throw new DOMException("CryptoKey", "DataCloneError");
    return put.call(this, value, ...rest);
  };
"""


@pytest.mark.case("A43")
def test_no_old_file_is_kept_under_a_new_page(committed_cast: Cast, open_page: Any) -> None:
    in_care(committed_cast)
    page = open_page("phone")
    from tests.browser.server import sign_in

    sign_in(page, "cadre", "/diary/")
    answer = page.goto("/diary/")
    assert answer.headers["cache-control"] == "no-store"
    files = page.evaluate(
        "[...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((one) => one.src || one.href)"
    )
    assert files
    assert all(re.search(r"\.[0-9a-f]{8,}\.(js|css)$", one) for one in files)
