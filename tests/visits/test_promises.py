"""What was promised in a visit: by page and phone, back before its day, kept or not, erased with its person."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.privacy.subjects import Person
from minqing.visits import subjects
from minqing.visits.models import Promise
from minqing.visits.services import follow_household
from tests.cast import Cast
from tests.sync.conftest import home, phone
from tests.sync.phone import Phone

__all__ = ["home", "phone"]
pytestmark = pytest.mark.django_db
WORDS = "周五前送瓦片来"


def promised(days: int, text: str = WORDS) -> dict[str, Any]:
    return {"id": str(new_id()), "text": text, "due_on": (clock.today() + timedelta(days=days)).isoformat()}


def promises(cast: Cast) -> list[Promise]:
    with cast.everything():
        return list(Promise.objects.order_by("due_on"))


def send(phone: Phone, house: Any, *told: dict[str, Any]) -> dict[str, Any]:
    made = phone.write(house, promises=list(told))
    made["schema_number"] = 4
    phone.exchange()
    return phone.receipts[made["id"]]


def test_a_promise_comes_back_to_who_made_it_before_its_day_and_is_settled(cast: Cast, phone: Phone, home: Any) -> None:
    house = home()
    assert send(phone, house, promised(3), promised(30, "下月再来量血压"))["outcome"] == "applied"
    client, url = cast.client("cadre"), reverse("visits:promises")
    first, second = promises(cast)
    page = client.get(f"{url}?queue=due").content.decode()
    assert (WORDS in page, second.text in page) == (True, False)
    work = client.get(reverse("listing:worklist")).content.decode()
    assert (WORDS in work, second.text in work) == (True, False)
    assert WORDS not in cast.client("village_secretary").get(reverse("listing:worklist")).content.decode()
    for page in (client.get(f"/visits/{first.visit_id}/"), client.get(f"/households/{house.pk}/")):
        assert WORDS in page.content.decode()
    one = reverse("visits:promise", args=[first.pk])
    seen = client.get(one).context["press"]["seen"].initial
    assert client.post(one, {"seen": seen, "kept": "yes"}).status_code == 302
    assert promises(cast)[0].kept is True
    assert WORDS not in client.get(reverse("listing:worklist")).content.decode()
    assert Event.objects.filter(type="visits.promise.settled").count() == 1


@pytest.mark.parametrize(
    "wrong", [promised(-2), promised(400), promised(3, " "), {"due_on": "x"}, {"text": "长" * 121}]
)
def test_what_is_no_promise_is_refused_with_the_diary_whole(
    cast: Cast, phone: Phone, home: Any, wrong: dict[str, Any]
) -> None:
    receipt = send(phone, home(), promised(3) | wrong)
    assert receipt["outcome"] == "refused"
    assert receipt["told"]
    assert promises(cast) == []


def test_a_diary_of_the_page_holds_a_promise_and_one_without_a_day_comes_back(cast: Cast, home: Any) -> None:
    house, client = home(), cast.client("cadre")
    url = reverse("visits:new", args=[house.pk])
    given = {"request_id": str(new_id()), "matter_id": str(new_id()), "met": "at_home", "met_people": "户主",
             "text": "屋顶漏雨。", "promise": WORDS}  # fmt: skip
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "请选期限" in answer.content.decode()
    given["promised_on"] = (clock.today() + timedelta(days=3)).isoformat()
    for _time in range(2):
        assert client.post(url, given).status_code == 302
    assert [one.text for one in promises(cast)] == [WORDS]


def test_an_older_phone_promises_nothing(cast: Cast, phone: Phone, home: Any) -> None:
    made = phone.write(home())
    made["schema_number"] = 3
    phone.exchange()
    assert phone.outcomes() == ["applied"]
    assert "promises" not in json.loads(made["body"])
    assert promises(cast) == []


def test_a_promise_follows_its_household_and_is_erased_with_who_lives_there_alone(
    cast: Cast, phone: Phone, home: Any
) -> None:
    house = home()
    send(phone, house, promised(3))
    with cast.everything() as by:
        follow_household(household_id=house.pk, area_id=cast.far.pk, by=by)
    assert [one.area_id for one in promises(cast)] == [cast.far.pk]
    # where its area becomes part of another one what was settled is the past of that, what is open goes on
    send(phone, house, promised(5, "下周送药"))
    first = promises(cast)[0]
    with cast.everything() as by:
        Promise.objects.filter(pk=first.pk).update(settled_at=clock.now(), kept=True)
        follow_household(household_id=house.pk, area_id=cast.other.pk, kept=True, by=by)
    assert [one.area_id for one in promises(cast)] == [cast.far.pk, cast.other.pk]
    with cast.everything() as by:
        one = Person(cause="test:1", name="张桂芬", resident=house.residents.get().pk, household=house.pk,
                     areas=frozenset({cast.own.id, cast.other.id, cast.far.id}), alone=True)  # fmt: skip
        given = next(part for part in subjects.give(one) if part.code == "promises").rows
        assert [(row["text"], row["kept"]) for row in given] == [(WORDS, "已兑现"), ("下周送药", "待兑现")]
        assert subjects.erase(person=one, by=by, at=clock.now() + timedelta(seconds=1))
    assert [one.text for one in promises(cast)] == ["", ""]
