"""Whoever is refused keeps what they typed: the page of the form is gone, and nobody keeps it for them."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from tests.architecture.test_sent_once import forms_of
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault(81)]
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("who", ["far_cadre", "far_clerk", "analyst"])
def test_a_form_of_somebody_who_may_not_is_refused_with_all_its_words(cast: Cast, who: str) -> None:
    refused = []
    for sent in forms_of(cast):
        if not sent.who:
            continue
        before = Event.objects.count()
        answer = cast.client(who).post(sent.address, sent.first | sent.other | {"request_id": str(new_id())})
        if answer.status_code in {403, 404}:
            page = html.unescape(answer.content.decode())
            words = [one for one in (sent.first | sent.other).values() if isinstance(one, str) and HAN.search(one)]
            assert all(one in page for one in words), (sent.what, words)
            assert answer["Cache-Control"] == "no-store", sent.what
            # a refusal of the gate stands in the journal, and nothing else
            assert Event.objects.count() - before <= 1
            refused.append(sent.what)
    assert len(refused) >= 5, refused


def test_ids_choices_and_passwords_are_no_words(cast: Cast) -> None:
    address = reverse("matters:move", args=[new_id(), "note"])
    typed = {
        "request_id": "一", "seen": "二", "csrfmiddlewaretoken": "三", "old_password": "四四", "unit": "17",
        "category": "road.light", "met": "at_home", "phone": "13800138000", "text": "路灯坏了 <b>",
    }  # fmt: skip
    page = html.unescape(cast.client("clerk").post(address, typed).content.decode())
    areas = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)
    assert areas == ["13800138000", "路灯坏了 <b>"]


# on plain http a browser names the page alone, and what it says of the site counts first
SENT_FROM: tuple[tuple[dict[str, str], bool], ...] = (
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "http://elsewhere"}, False),
    ({"Origin": "null", "Referer": "http://testserver/"}, False),
    ({"Referer": "http://testserver/matters/new"}, True),
    ({"Referer": "http://testserver.elsewhere/"}, False),
    ({}, False),
)


def test_a_page_that_was_open_too_long_gives_back_what_was_typed_on_it_and_nobody_else_s_words(cast: Cast) -> None:
    from django.test import Client

    from tests.cast import signed_in

    address = reverse("matters:new")
    for sent, given in SENT_FROM:
        client = signed_in(Client(enforce_csrf_checks=True), cast.account("clerk"))
        answer = client.post(address, {"text": "井盖丢失"}, headers=sent)
        assert answer.status_code == 403
        assert ("井盖丢失" in answer.content.decode()) is given, sent
