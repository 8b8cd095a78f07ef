"""Which tags there are: the operator's pages and workbook."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.ids import new_id
from minqing.households.enums import TagSource
from minqing.households.models import Tag
from minqing.households.queries import grantable_tags, visible_tags
from minqing.households.services import add_tag, change_tag, grant_tag, load_tags, put_tag_aside, save_tag, take_tag_up
from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from tests.administration.conftest import send
from tests.cast import Cast
from tests.households.test_services import grant
from tests.intake.conftest import check, load, workbook

HEADINGS = ("编码", "名称", "分组", "谁能看", "有效天数", "启用")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"


def events() -> list[str]:
    return list(Event.objects.filter(type__startswith="households.tag.").order_by("seq").values_list("type", flat=True))


def test_a_tag_of_the_county_is_added_changed_put_aside_and_taken_up_again(cast: Cast) -> None:
    client = cast.client("operator")
    words = {"code": "bamboo", "name": "毛竹户", "group": "生计", "days_valid": "180"}
    assert send(client, reverse("households:kept_add"), **words).status_code == 302
    page = reverse("households:kept_tag", args=["bamboo"])
    words = {"name": "毛竹种植户", "group": "生计", "roles": ["clerk"], "days_valid": "90"}
    assert send(client, page, **words).status_code == 302
    tag = Tag.objects.get(pk="bamboo")
    assert (tag.name, tag.roles, tag.sensitive, tag.days_valid, tag.seen_by) == (
        "毛竹种植户", ["clerk"], True, 90, str(Role.CLERK.label),
    )  # fmt: skip
    for name, given in (("aside", False), ("up", True)):
        assert client.post(reverse(f"households:kept_{name}", args=["bamboo"])).status_code == 302
        assert (tag.pk in {one.pk for one in grantable_tags(cast.actor("clerk"))}) is given
    assert [one.rpartition(".")[2] for one in events()] == ["added", "changed", "left", "taken_up"]


def test_who_may_see_a_tag_holds_at_once_for_files_that_carry_it(cast: Cast) -> None:
    home = cast.household(number="TX-1")
    values = {"id": new_id(), "tag_code": "veteran", "reason": "退伍证", "source": TagSource.VISIT}
    with acting_as(by := cast.actor("cadre")):
        grant_tag(household_id=home.pk, by=by, **values)
    client, page = cast.client("operator"), reverse("households:kept_tag", args=["veteran"])
    words = {"name": "退役军人", "group": "身份", "roles": ["clerk"], "days_valid": "365"}
    assert send(client, page, **words).status_code == 302
    for role, seen in (("clerk", 1), ("cadre", 0)):
        with acting_as(by := cast.actor(role)):
            assert len(visible_tags(by, [home.pk]).get(home.pk, [])) == seen, role
    assert (
        client.get(reverse("households:kept_tags"))
        .content.decode()
        .count('<td class="number" data-label="带此标签的户">1<')
        == 1
    )


def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast) -> None:
    by = cast.actor("operator")
    right: dict[str, Any] = {"name": "x", "group": "g", "roles": (), "days_valid": 30, "used": None}
    for wrong in ({"name": " "}, {"group": ""}, {"roles": ("leader",)}, {"days_valid": 0}):
        with pytest.raises(Invalid):
            save_tag(code="x", by=by, **(right | wrong))
    with pytest.raises(Conflict):
        save_tag(code="x", by=by, **(right | {"name": "退役军人"}))
    clerk, said = cast.actor("clerk"), {name: right[name] for name in ("name", "group", "roles", "days_valid")}
    tag = Tag.objects.get(pk="veteran")
    for write in (
        lambda: save_tag(code="x", by=clerk, **right),
        lambda: add_tag(id=new_id(), code="x", by=clerk, **said),
        lambda: change_tag(tag=tag, by=clerk, **said),
        lambda: put_tag_aside(tag=tag, by=clerk),
        lambda: take_tag_up(tag=tag, by=clerk),
    ):
        with pytest.raises(Refused):
            write()
    assert not events()


def test_what_the_county_made_of_a_tag_outlives_a_release(cast: Cast) -> None:
    by = cast.actor("operator")
    save_tag(code="veteran", name="老兵", group="身份", roles=(), days_valid=10, used=None, by=by)
    save_tag(code="bamboo", name="毛竹户", group="生计", roles=(), days_valid=10, used=None, by=by)
    Tag.objects.update(version=0)
    load_tags(by=by)
    assert Tag.objects.get(pk="veteran").name == "老兵"
    assert not Tag.objects.get(pk="bamboo").retired


def test_the_table_goes_out_comes_back_and_tells_first_what_it_would_change(cast: Cast, tmp_path: Path) -> None:
    answer = cast.client("operator").get(reverse("administration:table", args=["tags"]))
    path = tmp_path / "tags.xlsx"
    path.write_bytes(answer.content)
    with acting_as(by := cast.actor("operator")):
        run = check(path, by, "tags")
        count = Tag.objects.count()
        assert run.mapping["changes"] == {"created": 0, "updated": 0, "unchanged": count, "rows": []}
        rows = [["bamboo", "毛竹户", "生计", "镇街受理员", "90", ""], ["veteran", "老兵", "身份", "", "30", "否"]]
        path = workbook(tmp_path / "b.xlsx", [*rows, ["bad", "", "", "村长", "x", ""]], HEADINGS)
        run = check(path, by, "tags")
        assert run.mapping["changes"]["rows"] == [[2, "毛竹户", "created"], [3, "老兵", "updated"]]
        assert (Tag.objects.count(), events()) == (count, []), "nothing of the trial stays"
        assert run.problem_rows == 1
        loaded = load(workbook(tmp_path / "c.xlsx", rows, HEADINGS), by, "tags")
    assert (loaded.created_rows, loaded.updated_rows) == (1, 1)
    assert Tag.objects.get(pk="veteran").retired
    assert "毛竹户" in cast.client("operator").get(reverse("households:kept_tags")).content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_asks_as_often_for_many_tags(cast: Cast, more: int, django_assert_num_queries: Any) -> None:
    for n in range(more):
        save_tag(code=f"x{n}", name=f"x{n}", group="g", roles=(), days_valid=9, used=None, by=cast.actor("operator"))
    client = cast.client("operator")
    client.get(reverse("households:kept_tags"))
    with django_assert_num_queries(12):
        client.get(reverse("households:kept_tags"))


@pytest.mark.parametrize("more", [1, 3])
def test_the_first_page_counts_sensitive_tags_and_says_of_none_why(cast: Cast, more: int) -> None:
    client = cast.client("village_secretary")
    pages: dict[str, list[str]] = {"orphan": [], "aged-80": []}
    with acting_as(by := cast.actor("village_secretary")):
        for n in range(more):
            for code, way in pages.items():
                home = cast.household(number=f"CANARY-{code}-{n}")
                soon = clock.today() + timedelta(days=9)
                grant(home, by, tag_code=code, reason="CANARY-WHY", expires_on=soon)
                way.append(reverse("households:tags", args=[home.pk]))
    page = client.get("/").content.decode()
    part = page.partition('id="tags-due"')[2].partition("</section>")[0]
    assert [sum(one in part for one in pages[code]) for code in ("aged-80", "orphan")] == [more, 0]
    assert "CANARY-WHY" not in part
    assert (f"{more} 个即将到期" in part, f"{2 * more} 个" in part) == (True, True)
    before = Event.objects.filter(type="households.tag.listed").count()
    (address,) = re.findall(r'href="([^"]+tag=orphan)"', part)
    assert client.get(address).content.decode().count("CANARY-orphan") >= more
    assert Event.objects.filter(type="households.tag.listed").count() == before + 1
