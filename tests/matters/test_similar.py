"""What is like a matter: made-up duplicates come first, with their reason, and nothing beyond what one may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from minqing.core import clock
from minqing.core.text import bigrams
from minqing.matters.models import Matter
from minqing.matters.queries import similar_matters
from minqing.matters.similarity import Rarity, likeness, shared_words, stretches
from minqing.matters.words import vector
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from tests.cast import Cast

LAMP = ("路灯不亮", "尊敬的领导您好，村口老樟树下的路灯坏了三天，晚上走路很危险，希望尽快维修。")
NOISE = [
    ("水管破裂", "尊敬的领导您好，溪边路的自来水管破了，希望尽快维修。"),
    ("噪音扰民", "尊敬的领导您好，村口广场晚上跳舞声音太大，希望管一管。"),
    ("垃圾清运", "尊敬的领导您好，三号楼旁边垃圾没人运，希望尽快处理。"),
    ("咨询医保", "尊敬的领导您好，请问城乡居民医保今年怎么缴费。"),
]
WORDS = st.text(alphabet="路灯不亮坏了村口水管ab ，", max_size=40)


def put(cast: Cast, area: Area, title: str, text: str, *, days: int = 1, **values: Any) -> Matter:
    at = clock.now() - timedelta(days=days)
    return cast.matter(area, title=title, text=text, search=vector(title, text), received_at=at, **values)


@pytest.fixture
def village(cast: Cast) -> dict[str, Matter]:
    for n, (title, text) in enumerate(NOISE):
        put(cast, cast.own, title, text, days=n)
    return {
        "twice": put(cast, cast.own, *LAMP, days=3),
        "reworded": put(cast, cast.own, "老樟树下路灯坏了", "老樟树下的路灯坏了几天了，晚上走路危险。", days=5),
        "other village": put(cast, cast.other, *LAMP, days=2),
        "long ago": put(cast, cast.own, *LAMP, days=400),
        "far": put(cast, cast.far, "CANARY-FAR" + LAMP[0], LAMP[1], days=1),
    }


@pytest.mark.django_db
def test_the_same_text_comes_first_then_the_other_village_then_other_words(
    cast: Cast, village: dict[str, Matter]
) -> None:
    actor = cast.actor("clerk")
    with acting_as(actor):
        found = similar_matters(actor, title=LAMP[0], text=LAMP[1], area_id=cast.own.pk)
    assert [one.id for one in found] == [village[name].pk for name in ("twice", "other village", "reworded")]
    assert found[0].score == pytest.approx(1)
    assert (found[0].days, found[0].here, found[1].here) == (3, True, False)
    # why: what is rare in the place, not how everybody begins a letter
    assert any("樟树下" in word for word in found[0].words)
    assert not any("尊敬" in word for word in found[2].words)


@pytest.mark.django_db
def test_nothing_is_found_beyond_what_one_may_see(cast: Cast, village: dict[str, Matter]) -> None:
    for who, names in (("cadre", {"twice", "reworded"}), ("far_cadre", set()), ("handler", set())):
        actor = cast.actor(who)
        with acting_as(actor):
            found = similar_matters(actor, title=LAMP[0], text=LAMP[1], area_id=cast.own.pk)
            assert {one.id for one in found} == {village[name].pk for name in names}, who
    sent = {"title": LAMP[0], "text": LAMP[1], "area": str(cast.far.pk)}
    assert "CANARY" not in cast.client("clerk").post("/matters/similar/", sent).content.decode()


@pytest.mark.django_db
def test_while_typing_a_few_words_are_enough(cast: Cast, village: dict[str, Matter]) -> None:
    sent = {"title": "", "text": "老樟树下的路灯坏了", "area": str(cast.own.pk)}
    page = cast.client("cadre").post("/matters/similar/", sent, headers={"HX-Request": "true"}).content.decode()
    assert village["reworded"].number in page
    assert "<html" not in page
    for wrong in (
        {},
        {"area": "x", "text": "路灯"},
        {"area": "9" * 40, "text": "路灯坏了"},
        {"area": "1", "text": "'\\|&"},
    ):
        assert cast.client("cadre").post("/matters/similar/", wrong).status_code == 200


@pytest.mark.django_db
def test_one_click_leads_to_the_merge_form_with_the_number(cast: Cast, village: dict[str, Matter]) -> None:
    one, other = village["twice"], village["reworded"]
    client = cast.client("clerk")
    page = client.get(reverse("matters:alike", args=[one.pk])).content.decode()
    link = f"{reverse('matters:together', args=[one.pk])}?number={other.number}"
    assert link in page
    assert village["long ago"].number not in page
    form = client.get(link).content.decode()
    assert f'value="{other.number}"' in form
    assert "/moves/merge/" in form
    # who may not put matters together is offered no button
    assert "/together/" not in cast.client("cadre").get(reverse("matters:alike", args=[one.pk])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_for_one_and_for_many(cast: Cast, number: int) -> None:
    for _n in range(number):
        put(cast, cast.own, *LAMP)
    client = cast.client("clerk")
    sent = {"title": LAMP[0], "text": LAMP[1], "area": str(cast.own.pk)}
    client.post("/matters/similar/", sent)
    with CaptureQueriesContext(connection) as seen:
        page = client.post("/matters/similar/", sent).content.decode()
    assert page.count("<li><div>") == number
    assert len(seen) == 9, [query["sql"][:90] for query in seen]


@given(one=WORDS, other=WORDS)
def test_likeness_is_symmetric_between_nothing_and_the_same(one: str, other: str) -> None:
    rarity = Rarity(10, {"路灯": 9, "水管": 1})
    first, second = bigrams(one), bigrams(other)
    score = likeness(first, second, rarity)
    assert 0 <= score <= 1 + 1e-9
    assert score == pytest.approx(likeness(second, first, rarity))
    if first:
        assert likeness(first, first, rarity) == pytest.approx(1)
    shared = set(first) & set(second)
    assert all(word[:2] in shared for word in shared_words(one, shared, rarity))
    assert all(len(stretch) >= 2 for stretch in stretches(one, {pair for pair in shared if len(pair) == 2}))
