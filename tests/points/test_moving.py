"""Points that lie with nobody who can have them: moved to another account of the same household, by the clerk."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from minqing.core.errors import Conflict, Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.households.models import Duplicate
from minqing.households.services import (
    close_household,
    decide_duplicate,
    leave_household,
    move_resident,
    propose_duplicates,
)
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.queries.verifying import verify
from minqing.points.services import move_points, open_account, post_transfer
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.points.test_pages import Home

pytestmark = pytest.mark.django_db


class Family(Home):
    """With forty points of the household besides."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        with cast.everything() as by:
            self.common = open_account(kind=AccountKind.HOUSEHOLD, area=cast.own.pk, household=self.home.pk, by=by).pk
            given = {"debit": self.account, "credit": self.common, "amount": 20, "code": Code.MOVE}
            post_transfer(caller="tests", key="common", by=by, **given).checked()

    def has(self, *accounts: int) -> list[int]:
        with self.cast.everything():
            return [balance_of(one).posted for one in accounts]

    def move(self, account: int, to: Any = None, who: str = "clerk") -> int:
        with acting_as(by := self.cast.actor(who)):
            return move_points(id=new_id(), account=account, resident=to, by=by)

    def moved_away(self) -> None:
        with self.cast.everything() as by:
            there = self.cast.household(self.cast.far)
            move_resident(resident_id=self.one.pk, household_id=there.pk, by=by)

    def close(self) -> None:
        with acting_as(by := self.cast.actor("clerk")):
            close_household(household_id=self.home.pk, by=by)


def test_a_file_is_closed_once_its_points_went_with_somebody_who_was_of_it(cast: Cast) -> None:
    case = Family(cast)
    case.moved_away()
    with pytest.raises(Conflict) as told:
        case.close()
    assert (told.value.code, "20" in str(told.value.sentence)) == ("household_holds", True)
    page, client = reverse("points:move", args=[case.common]), cast.client("clerk")
    assert page in client.get(reverse("points:account", args=[case.common])).content.decode()
    body = client.get(page).content.decode()
    assert "何桂香（已迁走）" in body
    sent = {"request_id": str(new_id()), "to": str(case.one.pk)}
    assert client.post(page, sent).status_code == client.post(page, sent).status_code == 302
    assert case.has(case.common, case.account) == [0, 25]
    case.close()
    with cast.everything():
        assert verify() == []


def test_what_somebody_has_who_lives_there_stays_theirs_and_nothing_goes_past_them(cast: Cast) -> None:
    case = Family(cast)
    sister = cast.resident(case.home, "何小妹")
    page, client = reverse("points:move", args=[case.account]), cast.client("clerk")
    for to in (None, sister.pk):
        with pytest.raises(Refused) as told:
            case.move(case.account, to)
        assert told.value.code == "still_theirs"
    assert client.get(page).status_code == 403
    assert page not in client.get(reverse("points:account", args=[case.account])).content.decode()
    case.moved_away()
    # in another township by now, where this clerk does not see them: they live all the same
    with pytest.raises(Refused):
        case.move(case.account, sister.pk)
    shown = client.get(reverse("points:move", args=[case.common])).content.decode()
    assert ("何小妹" in shown, "何桂香" in shown) == (True, False)
    with pytest.raises(Invalid) as wrong:
        case.move(case.common, case.one.pk)
    assert wrong.value.code == "not_of_household"
    assert case.move(case.common, sister.pk) == 20
    assert case.has(case.account, case.common) == [5, 0]


def test_what_somebody_had_who_has_left_goes_to_the_household_and_to_no_stranger(cast: Cast) -> None:
    case = Family(cast)
    with cast.everything() as by:
        leave_household(resident_id=case.one.pk, by=by)
    stranger = cast.resident(cast.household(), "外人")
    for who, to, error in (
        ("village_secretary", None, Refused),
        ("far_clerk", None, NotFound),
        ("clerk", stranger.pk, Invalid),
    ):
        with pytest.raises(error):
            case.move(case.account, to, who)
    assert case.move(case.account) == 5
    assert case.has(case.account, case.common) == [0, 25]
    with pytest.raises(Conflict) as told:
        case.move(case.account)
    assert told.value.code == "points_none"
    with pytest.raises(Invalid):
        case.move(case.common)


@pytest.mark.parametrize("there", [True, False], ids=["stands", "has left"])
def test_what_an_entry_has_that_ended_for_another_goes_to_that_one_alone(cast: Cast, there: bool) -> None:
    """Also the household's, where nobody is of it any more."""
    case = Family(cast)
    kept = cast.resident(cast.household(cast.other), "何桂香", phone="13857500001")
    son = cast.resident(kept.household, "何大明")
    sister = cast.resident(case.home, "何小妹")
    with cast.everything() as by:
        propose_duplicates(by=by)
    with acting_as(by := cast.actor("clerk")):
        decide_duplicate(duplicate_id=Duplicate.objects.get().pk, keep=kept.pk, by=by)
        leave_household(resident_id=sister.pk, by=by)
        if not there:
            leave_household(resident_id=kept.pk, by=by)
    heir, other = (kept, son) if there else (son, kept)
    for to in (None, sister.pk, other.pk):
        with pytest.raises(Invalid) as wrong:
            case.move(case.account, to)
        assert wrong.value.code == "not_of_household"
    client = cast.client("clerk")
    page = client.get(reverse("points:move", args=[case.account]))
    offered = [label for value, label in page.context["form"].fields["to"].choices if value]
    assert offered == [heir.name]
    assert case.move(case.account, heir.pk) == 5
    if there:
        assert case.move(case.common, kept.pk) == 20
        case.close()
    with cast.everything():
        assert verify() == []
