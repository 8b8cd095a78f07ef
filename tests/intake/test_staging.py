"""Many rows at once: what COPY stores is what an ordinary save would."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household, HouseholdCode
from minqing.intake.staging import Among, insert_all
from minqing.matters.enums import ClockKind, Source
from minqing.matters.models import Clock, Confirmation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_encrypted_values_are_bound_to_their_rows_and_can_be_read(cast: Cast) -> None:
    household = cast.household()
    with cast.everything():
        row = HouseholdCode(
            id=new_id(), household=household, area_id=household.area_id, digest="ab" * 32, token="a secret",
            issued_at=clock.now(),
        )  # fmt: skip
        insert_all([row])
        found = HouseholdCode.objects.get(pk=row.pk)
        assert (found.token, found.digest, found.revoked_at) == ("a secret", "ab" * 32, None)


def test_members_are_stored_by_their_value_and_what_the_database_makes_is_left_to_it(cast: Cast) -> None:
    matter = cast.matter()
    with cast.everything():
        word = {"matter_id": matter.pk, "answered": True, "solved": None, "at": clock.now(), "by": "user:x"}
        insert_all([Confirmation(source=Source.VISIT, **word), Confirmation(text="谢谢\t\\N", **word)])
        rows = Confirmation.objects.filter(matter=matter).order_by("text")
        assert list(rows.values_list("source", "solved", "declined", "text")) == [
            ("visit", None, False, ""), ("link", None, False, "谢谢\t\\N"),
        ]  # fmt: skip
        insert_all([Clock(matter=matter, kind=ClockKind.FINISH, started_at=clock.now(), due_at=clock.now())])
        assert Clock.objects.get(matter=matter).pk


def test_no_rows_are_no_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_all([])


def test_rows_are_found_among_many_values_and_none_by_a_longer_one(cast: Cast) -> None:
    household = cast.household()
    longest = "7" * 100
    with cast.everything():
        size = Household._meta.get_field("number").max_length
        Household.objects.filter(pk=household.pk).update(number=longest[:size])
        assert not Household.objects.filter(Among(F("number"), [longest, "x"])).exists()
        assert Household.objects.get(Among(F("number"), {longest[:size], "x"})).pk == household.pk
        assert not Household.objects.filter(Among(F("id"), [])).exists()
