"""Behind the code at a door: choose what was done, send it, follow it by a private link."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.models import Claim
from minqing.earning.queries import TICKETS
from minqing.web import forms
from tests.cast import Cast
from tests.earning.cases import FEW, WHY, Earning
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms.PublicForm, "FASTEST_SECONDS", -1)


@pytest.fixture
def case(cast: Cast) -> Earning:
    return Earning(cast)


def typed(**values: Any) -> dict[str, Any]:
    opened = forms._stamp()
    return {"request_id": str(new_id()), "opened": opened, "name": "何桂香", "happened_on": clock.today().isoformat(),
            "witness": "邻居", "words": "送饭"} | values  # fmt: skip


def test_a_resident_chooses_sends_and_follows_until_the_points_are_there(case: Earning) -> None:
    token, phone = case.cast.code(case.home), Client()
    chosen = phone.get(reverse("earning:choose", args=[token])).content.decode()
    page = reverse("earning:claim", args=[token, FEW])
    assert page in chosen
    assert "何桂香" not in phone.get(page).content.decode(), "nothing of the household is shown"
    answer = phone.post(page, typed())
    assert answer.status_code == 302
    assert "待确认" in phone.get(answer["Location"]).content.decode()
    with case.cast.everything():
        row = Claim.objects.get()
    case.confirm(row)
    assert "10 枚香榧币" in phone.get(answer["Location"]).content.decode()
    at_home = {"proof": "0001", "next": reverse("points:own", args=[token])}
    (purse,) = phone.post(reverse("doorstep:who", args=[token]), at_home, follow=True).context["purses"]
    assert [what for _line, what in purse["lines"]] == [row.version.name], "what it was for"
    case.do("clerk", services.correct_claim, row, reasons=WHY)
    assert WHY in phone.get(answer["Location"]).content.decode()


def test_what_is_missing_is_said_and_the_same_form_twice_is_one_claim(case: Earning) -> None:
    page, phone = reverse("earning:claim", args=[case.cast.code(case.home), FEW]), Client()
    answer = phone.post(page, typed(witness="", happened_on="2199-01-01"))
    assert answer.status_code == 422
    again = typed()
    assert phone.post(page, again)["Location"] == phone.post(page, again)["Location"]
    assert phone.post(page, typed(happened_on="2199-01-01")).status_code == 422
    with case.cast.everything():
        assert Claim.objects.count() == 1


def test_a_photo_is_asked_where_the_function_asks_for_one_and_shown_to_who_confirms(case: Earning) -> None:
    page, phone = reverse("earning:claim", args=[case.cast.code(case.home), "yard_clean"]), Client()
    assert phone.post(page, typed()).status_code == 422
    sent = typed(photos=SimpleUploadedFile("院子.jpg", jpeg(), "image/jpeg"))
    assert phone.post(page, sent).status_code == 302
    with case.cast.everything():
        row = Claim.objects.get()
        (photo,) = row.photos.values_list("attachment_id", flat=True)
    address = reverse("earning:photo", args=[row.pk, photo])
    assert address in case.cast.client("cadre").get(reverse("earning:detail", args=[row.pk])).content.decode()
    assert case.cast.client("cadre").get(address)["Content-Type"] == "image/jpeg"
    assert case.cast.client("far_cadre").get(address).status_code == 404


def test_wrong_codes_and_functions_lead_nowhere(case: Earning) -> None:
    token, phone = case.cast.code(case.home), Client()
    for address in (
        reverse("earning:choose", args=["no-such-token"]),
        reverse("earning:claim", args=["no-such-token", FEW]),
        reverse("earning:claim", args=[token, "report_true"]),
        reverse("earning:follow", args=[TICKETS.ticket_of(new_id())]),
    ):
        assert phone.get(address).status_code == 404
