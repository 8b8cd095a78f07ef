"""The staff's pages of claims."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import Move, State
from minqing.earning.lists import found_for
from minqing.earning.models import Claim
from minqing.earning.queries import NUMBERED
from minqing.earning.rules import LONGEST_WORDS
from minqing.privacy.access import acting_as
from minqing.web.moves import NOT_OPEN
from tests.cast import Cast
from tests.earning.cases import FEAST, FEW, MANY, WHY, Earning

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Earning:
    return Earning(cast)


def seen(page: str, nth: int = 0) -> str:
    return re.findall(r'name="seen" value="([^"]+)"', page)[nth]


def test_a_cadre_keys_in_a_paper_and_the_secretary_confirms_it(case: Earning) -> None:
    cadre, secretary = case.cast.client("cadre"), case.cast.client("village_secretary")
    page = reverse("earning:new") + f"?household={case.home.pk}"
    assert "何桂香" in cadre.get(page).content.decode()
    sent = {"request_id": str(new_id()), "resident": str(case.one.pk), "code": FEW, "words": "送饭",
            "happened_on": clock.today().isoformat()}  # fmt: skip
    assert cadre.post(page, sent | {"code": ""}).status_code == 422
    assert cadre.post(page, sent).status_code == 302
    with case.cast.everything():
        row = Claim.objects.get()
    detail = reverse("earning:detail", args=[row.pk])
    assert "要由别人来审" in cadre.get(detail).content.decode()
    told = secretary.get(detail).content.decode()
    assert "送饭" in told
    confirm = reverse("earning:confirm", args=[row.pk])
    assert cadre.post(confirm, {"resident": str(case.one.pk)}).status_code == 403
    assert secretary.post(confirm, {"resident": "nobody", "seen": seen(told)}).status_code == 422
    assert secretary.post(confirm, {"resident": str(case.one.pk), "seen": seen(told)}).status_code == 302
    assert case.balance() == 10
    assert "已奖励" in secretary.get(detail).content.decode()


def choices(client: Any, row: Claim) -> Any:
    offers = client.get(reverse("earning:detail", args=[row.pk])).context["offers"]
    return next(one.form for one in offers if one.verb == "confirm").fields["resident"]


def test_whoever_has_moved_is_still_among_those_who_may_be_thanked_and_nobody_is_chosen_for_a_name_that_fits_nobody(
    case: Earning,
) -> None:
    cast, client = case.cast, case.cast.client("village_secretary")
    moved, door = case.send(code=FEAST), case.at_door(code=FEAST, name="何桂香")
    assert choices(client, moved).initial == choices(client, door).initial == str(case.one.pk)
    with cast.everything():
        case.one.household = cast.household()
        case.one.save()
    field = choices(client, moved)
    assert (field.initial, field.choices[0][0]) == (str(case.one.pk), str(case.one.pk))
    assert "已迁走" in field.choices[0][1]
    field = choices(client, door)
    assert (field.initial, [value for value, _label in field.choices]) == (None, ["household"])
    assert "何桂香" in field.help_text
    case.confirm(moved)
    assert (case.balance(), case.home_balance()) == (30, 0)


def test_the_household_together_is_thanked_where_that_is_chosen(case: Earning) -> None:
    row, clerk = case.send(code=FEAST), case.cast.client("clerk")
    assert clerk.post(reverse("earning:confirm", args=[row.pk]), {"resident": "household"}).status_code == 302
    assert (case.balance(), case.home_balance()) == (0, 30)


def test_a_limit_is_said_on_the_page(case: Earning) -> None:
    case.awarded()
    row, clerk = case.send(), case.cast.client("clerk")
    answer = clerk.post(reverse("earning:confirm", args=[row.pk]), {"resident": str(case.one.pk)})
    assert answer.status_code == 422
    assert "已经发过" in answer.content.decode()


def test_refused_and_taken_back_with_words_that_the_page_shows(case: Earning) -> None:
    clerk, row = case.cast.client("clerk"), case.send(happened_on=clock.today() - timedelta(days=3))
    assert clerk.post(reverse("earning:refuse", args=[row.pk]), {"reasons": ""}).status_code == 422
    assert clerk.post(reverse("earning:refuse", args=[row.pk]), {"reasons": WHY}).status_code == 302
    given = case.awarded()
    assert clerk.post(reverse("earning:correct", args=[given.pk]), {"reasons": WHY}).status_code == 302
    assert WHY in clerk.get(reverse("earning:detail", args=[given.pk])).content.decode()
    with case.cast.everything():
        states = dict(Claim.objects.values_list("pk", "state"))
    assert states == {row.pk: State.REFUSED, given.pk: State.CORRECTED}


def test_what_was_typed_for_a_move_that_is_not_open_any_more_stands_beside_the_refusal(case: Earning) -> None:
    row, secretary = case.send(), case.cast.client("village_secretary")
    there = reverse("earning:refuse", args=[row.pk])
    long = "登记重复了，" + "再写一遍。" * LONGEST_WORDS
    sent = {"reasons": long, "seen": seen(secretary.get(reverse("earning:detail", args=[row.pk])).content.decode(), 1)}
    # wrong, and still open: the form with it
    assert secretary.post(there, sent).context["offers"][1].form["reasons"].value() == long
    case.do("clerk", services.refuse_claim, row, reasons=WHY)
    answer = secretary.post(there, sent)
    assert answer.status_code == 409
    assert (str(NOT_OPEN) in answer.content.decode(), "登记重复了，" in answer.content.decode()) == (True, True)


def test_the_second_tap_is_told_what_the_first_one_did(case: Earning) -> None:
    row, clerk = case.send(code=MANY), case.cast.client("clerk")
    detail = reverse("earning:detail", args=[row.pk])
    form = clerk.get(detail).context["offers"][0].form
    sent = {"resident": str(case.one.pk), "seen": form.token, "request_id": str(form["request_id"].value())}
    for _tap in range(2):
        page = clerk.post(reverse("earning:confirm", args=[row.pk]), sent, follow=True)
        assert [str(one) for one in page.context["messages"]] == [f"{Move.VOUCH.done}。"]
    assert case.balance() == 0


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one(
    case: Earning, django_assert_num_queries: Any
) -> None:
    client, page = case.cast.client("clerk"), reverse("earning:list")
    for _time in range(2):
        case.send()
        client.get(page)
        with django_assert_num_queries(8):
            told = client.get(page).content.decode()
        assert "照料邻家老人 · 何桂香" in told
        case.send(), case.send()


def test_the_file_of_a_household_tells_of_its_claims(case: Earning) -> None:
    row = case.send()
    told = case.cast.client("cadre").get(reverse("households:file", args=[case.home.pk])).content.decode()
    assert reverse("earning:detail", args=[row.pk]) in told


def test_a_number_is_found_however_it_is_typed(case: Earning) -> None:
    row = case.send()
    wide = row.number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    forms = (row.number, row.number.lower(), f" {row.number} ", row.number.replace("-", "—"), wide)
    with acting_as(by := case.cast.actor("clerk")):
        found = {typed: ([one.pk for one in found_for(by, typed, None)], NUMBERED.found(by, typed)) for typed in forms}
        assert NUMBERED.titles(by, [f"claim:{row.pk}", "claim:none", "matter:1"]) == {
            f"claim:{row.pk}": row.version.name
        }
    assert found == dict.fromkeys(forms, ([row.pk], str(row.pk)))
