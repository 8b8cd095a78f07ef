"""A move says which version of the matter it was made from: another one is refused with what came since."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.matters.models import Step
from minqing.matters.schemas.moves import SPECS
from minqing.matters.services import accept_matter
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.api.conftest import Caller, assigned
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault(81)]


def accepted_meanwhile(matter: Any) -> None:
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        accept_matter(id=new_id(), matter=matter, by=by)


def test_one_matter_its_row_and_each_move_tell_the_same_version(cast: Cast, caller: Caller) -> None:
    matter = assigned(cast)
    one = caller.get(f"/matters/{matter.pk}")
    assert one["ETag"] == f'"{one.json()["version"]}"'
    rows = caller.get("/matters").json()["matters"]
    assert [row["version"] for row in rows] == [one.json()["version"]]
    moved = caller.move(matter.pk, "accept")
    assert moved["ETag"] == f'"{moved.json()["version"]}"' != one["ETag"]
    assert caller.get(f"/matters/{matter.pk}")["ETag"] == moved["ETag"]


@pytest.mark.parametrize("way", ["header", "weak", "body"])
def test_what_was_made_from_another_version_is_refused_with_what_came_since(
    cast: Cast, caller: Caller, way: str
) -> None:
    matter = assigned(cast)
    seen = caller.get(f"/matters/{matter.pk}").json()["version"]
    accepted_meanwhile(matter)
    tag = {"header": f'"{seen}"', "weak": f'W/"{seen}"'}
    values: dict[str, Any] = {"text": "已到场", "id": str(new_id())}
    values |= {"headers": {"If-Match": tag[way]}} if way in tag else {"seen": seen}
    answer = caller.move(matter.pk, "act", **values)
    assert (answer.status_code, answer["Content-Type"]) == (412, "application/problem+json")
    told = answer.json()
    assert told["code"] == "changed_since"
    assert told["data"]["state"] == "accepted"
    assert [step["move"] for step in told["data"]["since"]] == ["accept"]
    with cast.everything():
        assert not Step.objects.filter(matter=matter, move="act").exists()
    # looked at again it goes through, under the same id
    values.pop("seen", None)
    again = caller.move(matter.pk, "act", **values | {"headers": {"If-Match": f'"{told["data"]["version"]}"'}})
    assert again.status_code == 200, again.content


def test_the_same_send_again_finds_its_own_change(cast: Cast, caller: Caller) -> None:
    matter = assigned(cast)
    seen = caller.get(f"/matters/{matter.pk}")["ETag"]
    values: dict[str, Any] = {"id": str(new_id()), "headers": {"If-Match": seen}}
    assert [caller.move(matter.pk, "accept", **values).status_code for _n in range(2)] == [200, 200]


@pytest.mark.parametrize("header", ["", "*", '"1", "2"'])
def test_without_a_version_it_is_as_before(cast: Cast, caller: Caller, header: str) -> None:
    matter = assigned(cast)
    seen = caller.get(f"/matters/{matter.pk}")["ETag"]
    header = f"{header}, {seen}" if "," in header else header
    given = {"headers": {"If-Match": header}} if header else {}
    assert caller.move(matter.pk, "accept", **given).status_code == 200


def test_every_move_takes_a_version(cast: Cast, caller: Caller) -> None:
    document = caller.client.get("/api/v1/openapi.json").json()
    for spec in SPECS:
        operation = document["paths"][f"/api/v1/matters/{{name}}/moves/{spec.move.value}"]["post"]
        assert "If-Match" in {one["name"] for one in operation["parameters"]}, spec.move
        assert "412" in operation["responses"], spec.move
        assert "seen" in spec.body.model_fields, spec.move
