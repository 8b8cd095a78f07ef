"""Finding households; that an index answers behind the second wall; that both walls agree."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minqing.config import embedded
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.core.text import pinyin_initials
from minqing.households.models import Household, Resident, Tag, TagGrant
from minqing.households.queries import (
    kind_of,
    members_of,
    search_households,
    visible_grants,
    visible_households,
    visible_residents,
    visible_tags,
)
from minqing.households.queries.search import begins, has_part
from minqing.org.enums import Role
from minqing.org.rules import SEES_HOUSEHOLDS
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.embedded import SOCKET

ZHANG = "33068319720315431X"


@pytest.fixture
def village(cast: Cast) -> Cast:
    """Two households in the own village, one in another, with people whose names are alike."""
    home = cast.household(number="H0001", address="溪边路3号")
    cast.resident(home, "张国强", relation="head", identity_number=ZHANG, phone="13812345678")
    cast.resident(home, "单桂芬", phone="13900001111")
    second = cast.household(number="H0002", address="")
    cast.resident(second, "章桂琴", relation="head", phone="13700005678")
    away = cast.household(cast.other, number="H0003", address="CANARY-ADDRESS")
    cast.resident(away, "张国庆", relation="head", phone="13612345678")
    return cast


def numbers(actor: Actor, text: str) -> list[str]:
    with acting_as(actor):
        return [row.number for row in search_households(actor, text).rows]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "nothing"),
        (" 　 ", "nothing"),
        ("张", "name"),
        ("zgq", "initials"),
        ("ZGQ", "initials"),
        ("5678", "tail"),
        ("５６７８", "tail"),
        ("13812345678", "phone"),
        ("138 1234 5678", "phone"),
        ("+8613812345678", "phone"),
        ("0575-83012345", "phone"),
        (ZHANG, "identity"),
        (ZHANG.lower(), "identity"),
        ("330683197203154312", "number"),
        ("H0001", "number"),
        ("123", "number"),
        ("老街", "name"),
        ("老街177号", "address"),
        ("祠堂路 ２３", "address"),
    ],
)
def test_what_is_typed_is_understood(text: str, kind: str) -> None:
    assert kind_of(text)[0] == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张国强", ["H0001"]),
        ("张", ["H0001"]),
        ("桂芬", ["H0001"]),
        ("桂", ["H0001", "H0002"]),
        ("zgq", ["H0001", "H0002"]),
        ("sgf", ["H0001"]),
        ("h000", ["H0001", "H0002"]),
        ("5678", ["H0001", "H0002"]),
        ("13812345678", ["H0001"]),
        (ZHANG, ["H0001"]),
        ("13612345678", []),
        ("H0003", []),
        ("张国庆", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE households_household; --", []),
        ("\0", []),
        # a part of the number
        ("0002", ["H0002"]),
        ("00", ["H0001", "H0002"]),
        ("0003", []),
        # a part of the address
        ("溪边路", ["H0001"]),
        ("边路3", ["H0001"]),
        ("溪边路 3 号", ["H0001"]),
        ("溪边路４号", []),
        ("CANARY", []),
        ("CANARY-ADDRESS", []),
        ("溪边路_号", []),
        ("%路%", []),
    ],
)
def test_a_cadre_finds_the_households_of_the_own_village_alone(village: Cast, text: str, found: list[str]) -> None:
    assert numbers(village.actor("cadre"), text) == found


STREET = {
    "S1": "祠堂路231号",
    "S2": "祠堂路 23 号",
    "S3": "老街177号",
    "S4": "老街17-2号3幢b座",
    "S5": "",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("祠堂路23", ["S2", "S1"]),
        ("祠堂路23号", ["S2"]),
        ("祠堂", ["S1", "S2"]),
        ("177号", ["S3"]),
        ("177", ["S3"]),
        ("老街17—2", ["S4"]),
        ("３幢b座", ["S4"]),
        # a single sign stands in every street
        ("号", []),
        ("7", []),
        ("S", ["S1", "S2", "S3", "S4", "S5"]),
    ],
)
def test_a_door_is_found_by_a_part_of_its_address(cast: Cast, text: str, found: list[str]) -> None:
    for number, address in STREET.items():
        cast.household(number=number, address=address)
    assert numbers(cast.actor("cadre"), text) == found


def test_people_of_a_name_come_before_a_street_of_that_name_and_are_never_crowded_out(cast: Cast) -> None:
    with cast.everything():
        homes = [Household(number=f"A{n:03}", area=cast.own, address=f"张家弄{n}号") for n in range(60)]
        Household.objects.bulk_create(homes)
    cast.resident(cast.household(number="Z1", address="老街1号"), "张家宝", relation="head")
    assert numbers(cast.actor("cadre"), "张家")[:2] == ["Z1", "A000"]
    assert len(numbers(cast.actor("cadre"), "张家")) == 50


def test_a_clerk_finds_those_of_the_whole_township(village: Cast) -> None:
    assert numbers(village.actor("clerk"), "张国") == ["H0001", "H0003"]


def test_a_row_tells_head_village_address_and_who_was_found(village: Cast) -> None:
    with acting_as(village.actor("cadre")) as cadre:
        row = search_households(cadre, "单桂芬").rows[0]
    assert (row.head, row.village, row.address, row.matched) == ("张国强", "棠溪村", "溪边路3号", ("单桂芬",))


@pytest.mark.parametrize("households", [1, 3, 50])
@pytest.mark.parametrize(
    ("text", "queries"), [("张", 3), ("zg", 4), ("5678", 4), ("13812345678", 3), ("N0", 3), ("老街1", 3), ("老街", 6)]
)
def test_searching_takes_the_same_few_queries_however_many_there_are(
    cast: Cast, households: int, text: str, queries: int, django_assert_num_queries: Any
) -> None:
    fill(cast, households)
    with acting_as(cast.actor("cadre")) as cadre, django_assert_num_queries(queries):
        found = search_households(cadre, text)
    assert len(found.rows) == households
    assert not found.more


@pytest.mark.parametrize("text", ["张", "zg", "5678", "N0", "老街"])
def test_no_more_than_fifty_are_shown_and_that_there_are_more_is_said(cast: Cast, text: str) -> None:
    fill(cast, 60)
    with acting_as(cast.actor("cadre")) as cadre:
        found = search_households(cadre, text)
    assert (len(found.rows), found.more) == (50, True)


GIVEN = {
    "国强": {"G1", "G4"},
    "强": {"G1"},
    "阿卜杜": {"G2"},
    "欧阳": {"G4"},
    "阳国": {"G4"},
    "婷": {"G3"},
    "国": {"G1", "G4"},
}


def test_who_is_known_by_the_given_name_alone_is_found(cast: Cast) -> None:
    for number, name in {"G1": "张国强", "G2": "古丽·阿卜杜", "G3": "王婷", "G4": "欧阳国强"}.items():
        cast.resident(cast.household(number=number), name, relation="head")
    assert {text: set(numbers(cast.actor("cadre"), text)) for text in GIVEN} == GIVEN


@pytest.mark.parametrize("part", ["'", "\\", "' | '", "a&b", "!1", ":*", "1/老", "/老街"])
def test_what_is_typed_of_an_address_is_never_taken_for_a_query(cast: Cast, part: str) -> None:
    cast.household(number="Q1", address="老街1号")
    cast.household(number="Q2", address=f"桥头{part}3号")
    assert numbers(cast.actor("cadre"), f"桥头{part}3") == ["Q2"]
    assert "Q1" not in numbers(cast.actor("cadre"), part)


def test_a_part_that_follows_an_address_that_changes_is_found(cast: Cast) -> None:
    home = cast.household(number="M1", address="老街177号")
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(address="茶山路9号")
    assert (numbers(cast.actor("cadre"), "茶山路9"), numbers(cast.actor("cadre"), "老街177")) == (["M1"], [])


def test_a_part_of_an_address_is_read_by_its_index_behind_the_second_wall(committed_cast: Cast) -> None:
    with transaction.atomic(), committed_cast.everything():
        own, roads = committed_cast.own, random.Random(7).choices(["老街", "茶山路", "溪边路", "塘下弄"], k=3000)
        homes = [Household(number=f"P{n:05}", area=own, address=f"{road}{n}号") for n, road in enumerate(roads)]
        Household.objects.bulk_create(homes)
    with embedded.superuser(SOCKET, connection.settings_dict["NAME"]) as superuser:
        superuser.execute("ANALYZE households_household")
    with transaction.atomic(), acting_as(committed_cast.actor("cadre")), connection.cursor() as cursor:
        # so small a table it would read through, and of one village all of it
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Household.objects.alias(written=F("address")).filter(has_part("老街177")).explain()
    assert "(pairs @@" in "".join(line for line in plan.splitlines() if "Index Cond" in line), plan


def fill(cast: Cast, households: int) -> None:
    with cast.everything():
        homes = [Household(number=f"N{n:05}", area=cast.own, address=f"老街1{n}号") for n in range(households)]
        Household.objects.bulk_create(homes)
        for home in homes:
            Resident(
                household=home, area=cast.own, name="张国强", pinyin="zgq", relation="head", phone="13812345678"
            ).save()


RANGES = {"name": "张国", "given": "国强", "rest": "强", "pinyin": "zg"}
EQUALS = {"phone_index": b"0" * 16, "phone_tail_index": b"0" * 16, "identity_index": b"0" * 16}


def test_an_index_is_read_behind_the_second_wall(committed_cast: Cast) -> None:
    """In a large village, where reading the whole of it would cost more; LIKE would have to."""
    with transaction.atomic():
        crowd(committed_cast)
    with embedded.superuser(SOCKET, connection.settings_dict["NAME"]) as superuser:
        superuser.execute("ANALYZE households_resident")
    wanted = {column: begins(column, text) for column, text in RANGES.items()}
    wanted |= {column: Q(**{column: value}) for column, value in EQUALS.items()}
    with transaction.atomic(), acting_as(committed_cast.actor("cadre")) as cadre:
        for column, condition in wanted.items():
            plan = visible_residents(cadre).filter(condition, left_at=None).explain()
            index = "".join(line for line in plan.splitlines() if "Index Cond" in line)
            assert column in index, plan


def crowd(cast: Cast) -> None:
    chosen = random.Random(7)
    given = "国家建华文明志强伟勇军平生荣发兴旺和春夏秋冬梅兰竹菊金银花木"
    names = [chosen.choice("赵钱孙李周吴郑王冯陈") + "".join(chosen.choices(given, k=2)) for _ in range(3000)]
    with cast.everything():
        home = Household.objects.create(number="H1", area=cast.own)
        people = [
            Resident(household=home, area=cast.own, name=name, pinyin=pinyin_initials(name), phone=f"138{n:08}")
            for n, name in enumerate(names)
        ]
        Resident.objects.bulk_create(people)


def lay_out(cast: Cast) -> None:
    with cast.everything():
        tags = list(Tag.objects.all())
        for area in (cast.own, cast.other, cast.far):
            home = cast.household(area)
            one = cast.resident(home)
            for tag in tags:
                TagGrant.objects.create(
                    household=home,
                    resident=one,
                    area=area,
                    tag=tag,
                    reason="r",
                    source="visit",
                    granted_by="system:test",
                    granted_at="2026-01-01T00:00Z",
                    expires_on="2999-01-01",
                )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_two_walls_agree_for_any_actor(walled: Cast, data: st.DataObject) -> None:
    """What a query shows is what the database shows to those whose post works with files; others see less."""
    areas = [area.id for area in (walled.city, walled.town, walled.own, walled.other, walled.far)]
    actor = Actor(
        id=uuid4(),
        kind="user",
        name="x",
        roles=data.draw(st.frozensets(st.sampled_from([role.value for role in Role]), max_size=2)),
        areas=data.draw(st.frozensets(st.sampled_from(areas))),
    )
    with acting_as(actor):
        for visible, model in ((visible_households, Household), (visible_residents, Resident)):
            first = set(visible(actor).values_list("pk", flat=True))
            second = set(model._default_manager.values_list("pk", flat=True))
            assert first == (second if actor.has(*SEES_HOUSEHOLDS) else set())
        for given_tag in visible_grants(actor):
            assert not given_tag.tag.roles or actor.has(*given_tag.tag.roles)
            assert given_tag.area_id in actor.areas


@pytest.fixture
def walled(cast: Cast) -> Cast:
    lay_out(cast)
    return cast


def test_a_household_opened_by_its_code_is_seen_without_its_people(walled: Cast) -> None:
    with walled.everything():
        home = Household.objects.get(area=walled.own)
    door = Actor(id=None, kind="resident", name="", household=home.pk)
    with acting_as(door):
        assert list(visible_households(door)) == [home] == list(Household.objects.all())
        assert not visible_residents(door).exists()
        assert not Resident.objects.exists()
        assert visible_tags(door, [home.pk]) == {}


def test_without_an_actor_there_is_nothing(walled: Cast) -> None:
    assert not Household.objects.exists()
    assert not Resident.objects.exists()
    assert not TagGrant.objects.exists()


@pytest.mark.parametrize("people", [1, 3, 12])
def test_a_file_is_read_in_one_query_for_people_and_one_for_tags(
    cast: Cast, people: int, django_assert_num_queries: Any
) -> None:
    home = cast.household()
    for number in range(people):
        cast.resident(home, f"张{number}", phone="13812345678", relation="head" if number == 0 else "son")
    with acting_as(cast.actor("cadre")) as cadre, django_assert_num_queries(2):
        assert len(members_of(cadre, home.pk)) == people
        visible_tags(cadre, [home.pk, new_id()])


def test_a_number_that_is_on_file_in_small_letters_is_found(cast: Cast) -> None:
    home = cast.household(number="sj-12a")
    actor = cast.actor("clerk")
    with acting_as(actor):
        for typed in ("SJ-12A", "sj-12a", "J-12A"):
            assert [row.id for row in search_households(actor, typed).rows] == [home.pk], typed
