"""Two who change one file without a signal: different fields are joined, of the same field both values are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.journal.models import Event
from minqing.privacy.subjects import Person, erase_person
from minqing.sync.rules import Merge, merge, value_version
from minqing.visits import subjects
from minqing.visits.models import FileConflict
from minqing.visits.services import assign_household, follow_household
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import Phone

pytestmark = pytest.mark.django_db
NEW, OTHER = "后山路8号", "桥头路2号"


@pytest.fixture
def house(cast: Cast, home: Home) -> Any:
    """In the care of both whose phones are there."""
    made = home()
    with cast.everything() as system:
        assign_household(household=made, account_id=cast.account("village_secretary").pk, every_days=90, by=system)
    return made


@pytest.fixture
def two(cast: Cast, phone: Phone, house: Any) -> tuple[Phone, Phone]:
    second = Phone(cast.client("village_secretary")).register()
    phone.exchange()
    second.exchange()
    return phone, second


def on_file(cast: Cast, house: Any) -> tuple[str, bool]:
    with cast.everything():
        return Household.objects.get(pk=house.pk).address, house.residents.get().lives_here


def person_of(cast: Cast, house: Any) -> str:
    with cast.everything():
        return str(house.residents.get().pk)


def conflicts(cast: Cast) -> list[FileConflict]:
    with cast.everything():
        return list(FileConflict.objects.order_by("received_at", "id"))


def decide(client: Any, url: str, take: str) -> Any:
    page = client.get(url)
    given = {name: page.context["press"][name].initial for name in ("seen",)} if page.context["press"] else {}
    return client.post(url, given | {"take": take})


@pytest.mark.parametrize(
    ("base", "stands", "wanted", "becomes"),
    [
        ("A", "A", "B", Merge.TAKE), ("A", "B", "B", Merge.SAME), ("A", "C", "B", Merge.DISPUTED),
        ("A", "A", "A", Merge.SAME), ("A", None, "B", Merge.DISPUTED), ("", "", "B", Merge.TAKE),
        ("A", "C", "A", Merge.DISPUTED),
    ],
)  # fmt: skip
def test_one_field_by_what_was_known_what_stands_and_what_is_wanted(
    base: str, stands: str | None, wanted: str, becomes: Merge
) -> None:
    assert merge(base=value_version(base), stands=stands, wanted=wanted) is becomes


@pytest.mark.fault(5)
def test_different_fields_of_two_phones_are_joined(cast: Cast, two: tuple[Phone, Phone], house: Any) -> None:
    first, second = two
    first.change(house, address=NEW)
    second.change(house, lives_here={person_of(cast, house): False})
    first.exchange()
    second.exchange()
    assert (first.outcomes(), second.outcomes()) == (["applied"], ["merged"])
    assert on_file(cast, house) == (NEW, False)
    assert conflicts(cast) == []


@pytest.mark.fault(5)
def test_of_the_same_field_both_values_are_kept_until_one_decides(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    first, second = two
    first.change(house, address=NEW)
    second.change(house, address=OTHER, lives_here={person_of(cast, house): False})
    first.exchange()
    second.exchange()
    second.post("/sync/exchange", second.message([]))
    # what nobody else has touched is taken
    assert second.outcomes() == ["conflict"]
    assert on_file(cast, house) == (NEW, False)
    (one,) = conflicts(cast)
    assert (one.value, one.stands, one.account_id) == (OTHER, NEW, cast.account("village_secretary").pk)
    page = cast.client("cadre").get("/visits/conflicts/").content.decode()
    url = f"/visits/conflicts/{one.pk}/"
    assert url in page
    assert url in cast.client("cadre").get("/worklist/").content.decode()
    shown = cast.client("cadre").get(url).content.decode()
    assert ("这一户已经转给别人负责" in shown, "别人也改了" in shown) == (False, True)
    assert NEW in shown
    assert OTHER in shown
    assert decide(cast.client("cadre"), url, "maybe").status_code == 422
    assert decide(cast.client("cadre"), url, "yes").status_code == 302
    assert on_file(cast, house) == (OTHER, False)
    # both stay written, and there is nothing to decide any more
    assert NEW in cast.client("cadre").get(url).content.decode()
    assert decide(cast.client("village_secretary"), url, "no").status_code == 409
    assert on_file(cast, house)[0] == OTHER
    told = set(Event.objects.filter(type__startswith="visits.conflict.").values_list("type", flat=True))
    assert told == {"visits.conflict.found", "visits.conflict.decided", "visits.conflict.viewed"}
    first.exchange()
    assert first.held[f"visits.home:{house.pk}"]["address"] == OTHER


def test_a_second_change_on_the_phone_builds_on_its_first(cast: Cast, two: tuple[Phone, Phone], house: Any) -> None:
    phone, _second = two
    phone.change(house, address=NEW)
    phone.change(house, address=OTHER)
    phone.exchange()
    assert phone.outcomes() == ["applied", "applied"]
    assert on_file(cast, house)[0] == OTHER


def test_the_same_value_twice_is_no_conflict_and_a_conflict_is_there_once(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    first, second = two
    first.change(house, address=NEW)
    first.exchange()
    second.change(house, address=NEW)
    second.exchange()
    assert second.outcomes() == ["applied"]
    for _time in range(2):
        made = second.change(house, address=OTHER)
        made["base"]["address"] = value_version("溪边路3号")
    second.exchange()
    assert second.outcomes() == ["applied", "conflict", "conflict"]
    assert len(conflicts(cast)) == 1


@pytest.mark.case("A28")
def test_of_somebody_who_has_moved_out_it_is_asked_and_only_the_file_can_stand(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    phone, _second = two
    phone.change(house, lives_here={person_of(cast, house): False})
    with cast.everything():
        Resident.objects.filter(household=house.pk).update(left_at=clock.now())
    phone.exchange()
    assert phone.outcomes() == ["conflict"]
    (one,) = conflicts(cast)
    url = f"/visits/conflicts/{one.pk}/"
    assert 'value="yes"' not in cast.client("cadre").get(url).content.decode()
    assert decide(cast.client("cadre"), url, "yes").status_code == 422
    assert decide(cast.client("cadre"), url, "no").status_code == 302


@pytest.mark.parametrize("who", ["erased", "invented", "of another village"])
def test_of_somebody_who_is_not_on_file_nothing_is_kept_and_all_else_arrives(
    cast: Cast, two: tuple[Phone, Phone], house: Any, who: str
) -> None:
    phone, _second = two
    ids = {"erased": person_of(cast, house), "invented": str(new_id())}
    if who == "of another village":
        ids[who] = str(cast.resident(cast.household(cast.far), "何大明").pk)
    phone.change(house, address=NEW, lives_here={ids[who]: False})
    phone.write(house)
    if who == "erased":
        with cast.everything():
            Resident.objects.filter(household=house.pk).delete()
    told = phone.exchange()
    assert (phone.outcomes(), told["waits"], phone.outbox) == (["refused", "applied"], [], [])
    (refused,) = [one for one in phone.receipts.values() if one["outcome"] == "refused"]
    assert (refused["code"], "已不在这一户" in refused["told"]) == ("not_a_member", True)
    assert conflicts(cast) == []


def test_what_changed_on_file_since_the_page_was_opened_is_another_question(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    one = a_conflict(cast, two, house)
    client, url = cast.client("cadre"), f"/visits/conflicts/{one.pk}/"
    seen = client.get(url).context["press"]["seen"].initial
    with cast.everything():
        Household.objects.filter(pk=house.pk).update(address="第三处")
    assert client.post(url, {"take": "yes", "seen": seen}).status_code == 409
    assert on_file(cast, house)[0] == "第三处"


@pytest.mark.case("A7")
def test_what_was_changed_of_a_file_that_went_to_others_is_put_before_them(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    phone, _second = two
    phone.change(house, address=NEW)
    with cast.everything() as system:
        Household.objects.filter(pk=house.pk).update(area=cast.far)
        follow_household(household_id=house.pk, area_id=cast.far.pk, by=system)
    told = phone.exchange()
    assert phone.outcomes() == ["handed_over"]
    assert f"visits.home:{house.pk}" in told["pull"]["left"]
    assert on_file(cast, house)[0] != NEW
    (one,) = conflicts(cast)
    assert (one.value, one.area_id) == (NEW, cast.far.pk)
    url = f"/visits/conflicts/{one.pk}/"
    assert url not in cast.client("cadre").get("/visits/conflicts/").content.decode()
    assert url in cast.client("far_cadre").get("/visits/conflicts/").content.decode()
    # nobody need have changed anything
    page = cast.client("far_cadre").get(url).content.decode()
    assert ("这一户已经转给别人负责" in page, "别人也改了" in page) == (True, False)


def test_a_file_that_was_never_in_ones_care_is_not_changed(cast: Cast, phone: Phone) -> None:
    far = cast.household(cast.far)
    phone.put({"household": str(far.pk), "address": NEW}, about=f"household:{far.pk}", kind="visits.file")
    phone.exchange()
    assert phone.outcomes() == ["refused"]
    assert conflicts(cast) == []


@pytest.mark.case("A8")
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_no_order_of_sending_and_no_clock_lets_a_value_vanish(
    cast: Cast, two: tuple[Phone, Phone], house: Any, hours: int
) -> None:
    first, second = two
    first.ahead, second.ahead = timedelta(hours=hours), timedelta(hours=-hours)
    first.change(house, address="一号")
    first.exchange()
    first.change(house, address=NEW)
    second.exchange()
    first.exchange()
    second.change(house, address=OTHER)
    second.exchange()
    first.exchange()
    assert (first.outcomes(), second.outcomes()) == (["applied", "applied"], ["conflict"])
    assert on_file(cast, house)[0] == NEW
    assert [(one.value, one.stands) for one in conflicts(cast)] == [(OTHER, NEW)]


@pytest.mark.case("A9")
def test_a_later_change_of_a_series_is_compared_with_what_the_phone_knew_when_it_was_written(
    cast: Cast, two: tuple[Phone, Phone], house: Any
) -> None:
    """Its predecessor has arrived: that makes nothing of it that it was not."""
    phone, _second = two
    first = phone.change(house, lives_here={person_of(cast, house): False})
    phone.change(house, address=NEW)
    with cast.everything():
        Household.objects.filter(pk=house.pk).update(address=OTHER)
    phone.exchange([first])
    phone.exchange()
    assert phone.outcomes() == ["merged", "conflict"]
    assert on_file(cast, house) == (OTHER, False)
    assert [(one.value, one.stands) for one in conflicts(cast)] == [(NEW, OTHER)]


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_as_many_statements_for_three_as_for_one(
    cast: Cast, two: tuple[Phone, Phone], house: Any, many: int
) -> None:
    for n in range(many):
        a_conflict(cast, two, house, value=f"{OTHER}{n}")
    client = cast.client("cadre")
    client.get("/visits/conflicts/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/visits/conflicts/")
    assert page.content.decode().count("data-open") == many
    assert len(queries) == 8, [one["sql"][:90] for one in queries.captured_queries]


@pytest.mark.parametrize("decided", [False, True], ids=["open", "decided"])
def test_what_two_said_of_somebody_is_given_and_erased_and_no_phone_puts_it_back(
    cast: Cast, two: tuple[Phone, Phone], house: Any, decided: bool
) -> None:
    kept, (phone, _second) = a_conflict(cast, two, house), two
    stands = kept.stands
    if decided:
        decide(cast.client("cadre"), f"/visits/conflicts/{kept.pk}/", "no")
    later = phone.change(house, address=NEW)
    one = Person(cause="test:1", name="张桂芬", resident=person_of(cast, house), household=house.pk,
                 areas=frozenset({cast.own.id}), alone=True)  # type: ignore[arg-type]  # fmt: skip
    with cast.everything() as by:
        (told,) = [section for section in subjects.give(one) if section.code == "file_conflicts"]
        assert [(row["value"], row["stands"]) for row in told.rows] == [(OTHER, stands)]
        assert subjects.find(one).records == 1
        assert erase_person(person=one, by=by, at=clock.now())["visits"] == 1
    assert conflicts(cast) == []
    assert cast.client("cadre").get(f"/visits/conflicts/{kept.pk}/").status_code == 404
    phone.exchange()
    receipt = phone.receipts[later["id"]]
    assert (receipt["outcome"], receipt["code"]) == ("refused", "household_closed")
    assert conflicts(cast) == []
    with cast.everything():
        assert Household.objects.get(pk=house.pk).address == ""


def a_conflict(cast: Cast, two: tuple[Phone, Phone], house: Any, value: str = OTHER) -> FileConflict:
    phone, _second = two
    made = phone.change(house, address=value)
    made["base"]["address"] = value_version("从前的地址")
    phone.exchange()
    return conflicts(cast)[-1]
