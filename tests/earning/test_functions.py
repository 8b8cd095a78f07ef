"""What people are thanked for: shipped, read, and changed by the operator in versions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from minqing.core.errors import Invalid, Refused
from minqing.core.ids import new_id
from minqing.core.reference import read_reference
from minqing.earning import services
from minqing.earning.enums import Category, Confirmer, Evidence
from minqing.earning.models import FunctionVersion
from minqing.earning.queries import current_version
from minqing.earning.services import functions
from minqing.earning.services.functions import Said
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast

ROAD = Said(name="清扫公共道路", what="义务清扫村道", points=6, evidence=[Evidence.PHOTO], person_day=1)


def change(cast: Cast, who: str = "operator", **values: Any) -> FunctionVersion:
    with acting_as(by := cast.actor(who)):
        return services.change_function(id=new_id(), by=by, code="road_swept", said=replace(ROAD, **values))


def add(cast: Cast, code: str = "well_dug", **values: Any) -> FunctionVersion:
    with acting_as(by := cast.actor("operator")):
        said = replace(ROAD, **values)
        return services.add_function(id=new_id(), by=by, code=code, category=Category.CUSTOMS, said=said)


def sent(**values: Any) -> dict[str, Any]:
    return {"request_id": str(new_id()), "name": "清扫道路", "what": "清扫村道", "points": "7", "evidence": ["photo"],
            "confirmer": "village", "person_day": "1"} | values  # fmt: skip


@pytest.mark.django_db
def test_six_categories_are_shipped_with_more_than_thirty_functions() -> None:
    kinds = Counter(FunctionVersion.objects.filter(current=True).values_list("function__category", flat=True))
    assert set(kinds) == {one.value for one in Category}
    assert sum(kinds.values()) >= 32
    assert min(kinds.values()) >= 5
    for item in read_reference("minqing.earning", "functions")["items"]:
        assert set(item["evidence"]) <= {one.value for one in Evidence}, item["code"]
        assert item["confirmer"] in {one.value for one in Confirmer}, item["code"]


def test_what_is_changed_is_a_new_version_and_the_old_one_stays(cast: Cast) -> None:
    before = current_version("road_swept")
    made = change(cast, points=6)
    assert (made.number, made.points, made.current) == (2, 6, True)
    before.refresh_from_db()
    assert (before.points, before.current) == (5, False)
    event = Event.objects.get(type="earning.function.changed")
    assert event.data == {"version": 2, "points": 6, "withdrawn": False}
    # the same once more is no other version
    assert change(cast, points=6).pk == made.pk


def test_a_release_changes_what_it_shipped_and_leaves_what_the_operator_wrote(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(cast, points=9)
    shipped = read_reference("minqing.earning", "functions")
    items = [one | {"points": 4} for one in shipped["items"] if one["code"] in {"road_swept", "river_clean"}]
    newer = {"version": shipped["version"] + 1, "items": [*items, items[0] | {"code": "well_dug"}]}
    monkeypatch.setattr(functions, "read_reference", lambda _package, _name: newer)
    with acting_as(by := system_actor("test")):
        assert services.load_functions(by=by) == 2
        assert services.load_functions(by=by) == 0
    assert current_version("road_swept").points == 9
    assert (current_version("river_clean").points, current_version("river_clean").number) == (4, 2)
    assert current_version("well_dug").points == 4


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"points": 0}, "function_points"),
        ({"points": 1001}, "function_points"),
        ({"code": "Bad Code"}, "function_code"),
        ({"code": "road_swept"}, "function_taken"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        (add if "code" in values else change)(cast, **values)
    assert refused.value.code == code


def test_nobody_but_the_operator_changes_it(cast: Cast) -> None:
    for who in ("clerk", "leader", "auditor"):
        with pytest.raises(Refused):
            change(cast, who)
    page = reverse("earning:function", args=["road_swept"])
    assert cast.client("clerk").post(page, sent()).status_code == 403
    assert current_version("road_swept").number == 1


def test_the_operator_changes_it_on_its_page_and_all_read_it(cast: Cast) -> None:
    page, operator = reverse("earning:function", args=["road_swept"]), cast.client("operator")
    assert 'name="points"' in operator.get(page).content.decode()
    assert operator.post(page, sent(points="0")).status_code == 422
    assert operator.post(page, sent()).status_code == 302
    told = cast.client("cadre").get(page).content.decode()
    assert "清扫道路" in told
    assert 'name="points"' not in told
    assert "清扫道路" in cast.client("clerk").get(reverse("earning:functions")).content.decode()


def test_the_operator_adds_one(cast: Cast) -> None:
    page, operator = reverse("earning:add_function"), cast.client("operator")
    assert operator.post(page, sent(code="well_dug", category="safety")).status_code == 302
    assert current_version("well_dug").function.category == "safety"
    answer = operator.post(page, sent(code="well_dug", category="safety"))
    assert answer.status_code == 422
    assert cast.client("clerk").get(page).status_code == 403


def test_the_list_takes_as_many_queries_with_three_more_as_before(cast: Cast, django_assert_num_queries: Any) -> None:
    client, page = cast.client("cadre"), reverse("earning:functions")
    client.get(page)
    for number in range(3):
        with django_assert_num_queries(7):
            client.get(page)
        add(cast, f"extra_{number}")
