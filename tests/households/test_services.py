"""Writes of household files, through the services alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError, FormatError, Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.households import services
from minqing.households.enums import Closed, Purpose, Relation, TagSource
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.households.queries import code_state, household_by_code, members_of, visible_tags
from minqing.households.queries.doors import CodeState
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from tests.cast import Cast

ZHANG = "33068319720315431X"


def types() -> list[str]:
    rows = Event.objects.filter(type__startswith="households.").exclude(type="households.tags.loaded")
    return list(rows.order_by("seq").values_list("type", flat=True))


def household(cast: Cast, by: Actor, **values: object) -> Household:
    number = values.pop("number", "H0001")
    return services.save_household(number=number, area_id=cast.own.id, by=by, **values)[0]  # type: ignore[arg-type]


def person(home: Household, by: Actor, name: str = "张桂芬", id: UUID | None = None, **values: object) -> Resident:
    return services.save_resident(id=id or new_id(), household_id=home.pk, name=name, by=by, **values)[0]  # type: ignore[arg-type]


def test_a_household_is_made_once_and_corrected_afterwards(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        outcomes = [
            services.save_household(number="h0001", area_id=cast.own.id, address=address, by=cadre)[1]
            for address in ("溪边路3号", "溪边路3号", "溪边路5号")
        ]
    assert outcomes == ["created", "unchanged", "updated"]
    assert types() == ["households.household.created", "households.household.updated"]


def test_a_number_of_another_village_is_taken_without_a_word_about_where(cast: Cast) -> None:
    cast.household(cast.other, number="H7", address="CANARY-ADDRESS")
    with acting_as(cast.actor("cadre")) as cadre, pytest.raises(Conflict) as refused:
        services.save_household(number="H7", area_id=cast.own.id, by=cadre)
    assert "CANARY" not in f"{refused.value.sentence}{refused.value.data}"


def test_nobody_writes_into_another_village(cast: Cast) -> None:
    with acting_as(cast.actor("other_cadre")) as stranger, pytest.raises(Refused):
        services.save_household(number="H1", area_id=cast.own.id, by=stranger)
    home = cast.household()
    with acting_as(cast.actor("other_cadre")) as stranger, pytest.raises(NotFound):
        person(home, stranger)


def test_a_household_takes_people_tags_and_code_along_to_another_village(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")) as clerk:
        home = household(cast, clerk)
        person(home, clerk)
        services.issue_code(household_id=home.pk, by=clerk)
        services.save_household(number="H0001", area_id=cast.other.id, by=clerk)
        for model in (Resident, HouseholdCode):
            assert model.objects.get(household=home).area_id == cast.other.id


def test_a_person_is_written_down_once_with_what_the_identity_number_says(cast: Cast) -> None:
    id = new_id()
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        for _ in range(2):
            one = person(home, cadre, id=id, identity_number=ZHANG, phone="138 1234 5678", relation=Relation.HEAD)
        assert (one.sex, one.born_on, one.pinyin) == ("male", date(1972, 3, 15), "zgf")
        assert one.phone == "13812345678"
        assert [member.name for member in members_of(cadre, home.pk)] == ["张桂芬"]
        assert ZHANG not in repr(members_of(cadre, home.pk))
    assert types().count("households.resident.created") == 1


@pytest.mark.parametrize("values", [{"identity_number": "330683197203154312"}, {"phone": "12345"}])
def test_a_number_that_cannot_be_is_refused(cast: Cast, values: dict[str, str]) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        with pytest.raises(FormatError):
            person(home, cadre, **values)


def test_a_person_on_file_elsewhere_is_not_written_down_twice(cast: Cast) -> None:
    far = cast.household(cast.far, address="CANARY-ADDRESS")
    cast.resident(far, "CANARY-NAME", identity_number=ZHANG)
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        with pytest.raises(Conflict) as refused:
            person(home, cadre, identity_number=ZHANG)
    assert refused.value.code == "person_on_file"
    assert "CANARY" not in f"{refused.value.sentence}{refused.value.data}"


def test_the_id_of_a_person_elsewhere_is_not_found(cast: Cast) -> None:
    elsewhere = cast.resident(cast.household(cast.far))
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        with pytest.raises(NotFound):
            person(home, cadre, id=elsewhere.pk)


def test_a_household_has_one_head(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        person(home, cadre, relation=Relation.HEAD)
        with pytest.raises(Conflict) as refused:
            person(home, cadre, "李四", relation=Relation.HEAD)
    assert refused.value.code == "second_head"


def test_a_person_moves_with_the_tags_that_are_the_persons_own(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")) as clerk:
        home = household(cast, clerk)
        new = services.save_household(number="H0002", area_id=cast.other.id, by=clerk)[0]
        one = person(home, clerk, relation=Relation.HEAD)
        grant(home, clerk, resident_id=one.pk)
        for _ in range(2):
            services.move_resident(resident_id=one.pk, household_id=new.pk, by=clerk)
        assert not members_of(clerk, home.pk)
        assert [member.relation for member in members_of(clerk, new.pk)] == [Relation.OTHER]
        assert list(visible_tags(clerk, [home.pk, new.pk])) == [new.pk]
    assert types().count("households.resident.moved") == 1


def test_nobody_moves_a_person_to_a_village_of_others(cast: Cast) -> None:
    away = cast.household(cast.other)
    with acting_as(cast.actor("cadre")) as cadre:
        one = person(household(cast, cadre), cadre)
        with pytest.raises(NotFound):
            services.move_resident(resident_id=one.pk, household_id=away.pk, by=cadre)


def test_who_has_left_is_no_member_and_can_come_back_elsewhere(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        one = person(home, cadre, identity_number=ZHANG)
        for _ in range(2):
            services.leave_household(resident_id=one.pk, by=cadre)
        assert not members_of(cadre, home.pk)
        person(home, cadre, identity_number=ZHANG)
    assert types().count("households.resident.left") == 1


def test_a_household_is_closed_only_when_empty_and_its_code_dies_with_it(cast: Cast) -> None:
    with acting_as(cast.actor("village_secretary")) as secretary:
        home = household(cast, secretary)
        one = person(home, secretary)
        token = services.issue_code(household_id=home.pk, by=secretary).token
        with pytest.raises(Conflict):
            services.close_household(household_id=home.pk, by=secretary)
        services.leave_household(resident_id=one.pk, by=secretary)
        for _ in range(2):
            services.close_household(household_id=home.pk, by=secretary)
    assert household_by_code(token) is None
    assert types().count("households.household.closed") == 1


@pytest.mark.fault(25)
def test_a_revealed_number_leaves_who_why_and_whose_but_not_the_number(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        one = person(home, cadre, phone="13812345678")
        shown = services.reveal_number(resident_id=one.pk, what=Closed.PHONE, purpose=Purpose.VISIT, by=cadre)
    assert shown == "13812345678"
    event = Event.objects.get(type="households.resident.revealed")
    assert (event.actor, event.subject) == (cadre.ref, f"household:{home.pk}")
    assert event.data == {"resident": str(one.pk), "what": "phone", "purpose": "visit"}


def grant(home: Household, by: Actor, **values: object) -> TagGrant:
    given = {"id": new_id(), "tag_code": "aged-80", "reason": "一个人住", "source": TagSource.VISIT} | values
    return services.grant_tag(household_id=home.pk, by=by, **given)  # type: ignore[arg-type]


def test_a_tag_is_given_once_runs_out_and_can_be_given_again(cast: Cast) -> None:
    id = new_id()
    now = clock.now()
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        first = grant(home, cadre, id=id, at=now)
        assert grant(home, cadre, id=id, at=now).pk == first.pk
        assert first.expires_on == clock.local_date(now) + timedelta(days=730)
        with pytest.raises(Conflict):
            grant(home, cadre)
        later = now + timedelta(days=731)
        assert visible_tags(cadre, [home.pk], on=clock.local_date(later)) == {}
        grant(home, cadre, at=later)
    assert types().count("households.tag.granted") == 2


def test_a_tag_cannot_outlive_its_kind_nor_begin_in_the_past(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        with pytest.raises(Invalid):
            grant(home, cadre, expires_on=clock.today() - timedelta(days=1))
        with pytest.raises(Invalid):
            grant(home, cadre, reason=" ")
        with pytest.raises(Invalid):
            grant(home, cadre, reason="字" * 201)
        assert grant(home, cadre, expires_on=date(2999, 1, 1)).expires_on.year < 2999


def test_a_tag_taken_back_is_gone_and_taking_it_back_again_changes_nothing(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        given = grant(home, cadre)
        for _ in range(2):
            services.revoke_tag(grant_id=given.pk, by=cadre)
        assert visible_tags(cadre, [home.pk]) == {}
    assert types().count("households.tag.revoked") == 1


@pytest.mark.fault(20)
def test_a_tag_for_other_posts_is_neither_seen_nor_given_nor_taken_back(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")) as clerk:
        home = household(cast, clerk)
        secret = grant(home, clerk, tag_code="mental-illness", reason="CANARY-REASON")
        assert [tag.code for tag in visible_tags(clerk, [home.pk])[home.pk]] == ["mental-illness"]
    with acting_as(cast.actor("cadre")) as cadre:
        assert visible_tags(cadre, [home.pk]) == {}
        with pytest.raises(Refused):
            grant(home, cadre, tag_code="mental-illness")
        with pytest.raises(NotFound):
            services.revoke_tag(grant_id=secret.pk, by=cadre)


def test_a_code_is_issued_once_and_opens_the_household(cast: Cast) -> None:
    with acting_as(cast.actor("village_secretary")) as secretary:
        home = household(cast, secretary)
        first, again = (services.issue_code(household_id=home.pk, by=secretary) for _ in range(2))
    assert first.token == again.token
    assert len(first.token) >= 22
    assert first.url.endswith(f"/h/{first.token}")
    found = household_by_code(first.token)
    assert found is not None
    assert found.pk == home.pk
    assert types().count("households.code.issued") == 1


@pytest.mark.fault(16)
def test_unknown_revoked_and_malformed_codes_are_the_same_nothing(
    cast: Cast, django_assert_num_queries: object
) -> None:
    with acting_as(cast.actor("village_secretary")) as secretary:
        home = household(cast, secretary)
        old = services.issue_code(household_id=home.pk, by=secretary)
        id = new_id()
        fresh, again = (services.reissue_code(id=id, household_id=home.pk, by=secretary) for _ in range(2))
    assert fresh.token == again.token != old.token
    for token in (old.token, "A" * 22, "", "../..", "x\0y", "码" * 300, fresh.token[:-1]):
        # the settings of the second wall before and after, and one look-up: no more for one than for the other
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert household_by_code(token) is None
    assert household_by_code(fresh.token) is not None


def test_a_revoked_code_opens_nothing_at_once_and_the_scanner_says_so_to_its_own_village_alone(cast: Cast) -> None:
    with acting_as(cast.actor("village_secretary")) as secretary:
        home = household(cast, secretary)
        issued = services.issue_code(household_id=home.pk, by=secretary)
        for _ in range(2):
            services.revoke_code(code_id=issued.code.pk, by=secretary)
        assert code_state(secretary, issued.token) == (CodeState.REVOKED, home.pk)
    assert household_by_code(issued.token) is None
    with acting_as(cast.actor("other_cadre")) as stranger:
        assert code_state(stranger, issued.token) == (CodeState.UNKNOWN, None)
    assert types().count("households.code.revoked") == 1


def test_missing_codes_are_issued_for_the_areas_asked_for(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")) as clerk:
        for number in ("H1", "H2", "H3"):
            services.save_household(number=number, area_id=cast.own.id, by=clerk)
        services.save_household(number="H4", area_id=cast.other.id, by=clerk)
        assert services.issue_missing_codes(area_ids=[cast.own.id], by=clerk) == 3
        assert services.issue_missing_codes(area_ids=[cast.own.id], by=clerk) == 0
        with pytest.raises(Refused):
            services.issue_missing_codes(area_ids=[cast.far.id], by=clerk)


def test_a_cadre_does_not_issue_codes(cast: Cast) -> None:
    with acting_as(cast.actor("cadre")) as cadre:
        home = household(cast, cadre)
        with pytest.raises(DomainError) as refused:
            services.issue_code(household_id=home.pk, by=cadre)
    assert refused.value.code == "not_issuer"
