"""What a notice costs does not grow with how many it goes to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.notify.enums import Channel
from minqing.notify.models import Notice
from minqing.notify.queries import job
from minqing.notify.services import Letter, Outside, send_letters, send_notices
from minqing.org.models import Account, Post
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from minqing.privacy.models import Withheld
from minqing.privacy.withholding import mark_of
from tests.cast import Cast
from tests.notify.conftest import ANSWERED, ASSIGNED, NOON, NUMBER, RESCUE, outbox
from tests.notify.gateway import Gateway

pytestmark = [pytest.mark.django_db, pytest.mark.fault(86)]


def crowd(cast: Cast, many: int) -> list[Any]:
    """Accounts with a post and a telephone number, after those that are there already."""
    found = []
    with cast.everything():
        for number in range(many):
            account = Account(username=f"crowd{new_id().hex[-12:]}", name="众", phone=f"1380000{number:04}")
            account.save(force_insert=True)
            Post.objects.create(account=account, unit=cast.bureau, area=cast.town, role="handler", since="2026-01-01")
            found.append(account.pk)
    return found


def told(cast: Cast, to: list[Any], cause: Any = None) -> int:
    with CaptureQueriesContext(connection) as seen:
        done = send_notices(
            cause=cause or new_id(), to=to, kind=RESCUE.code, subject="matter:1", params={}, link="/matters/",
            by=system_actor("test"), at=NOON,
        )  # fmt: skip
    assert len(done) == len(to)
    return len(seen)


def test_one_three_and_eleven_are_told_in_as_many_statements(cast: Cast, sms: Gateway) -> None:
    everybody = crowd(cast, 11)
    costs = {many: told(cast, everybody[:many]) for many in (1, 3, 11)}
    assert costs == {1: 13, 3: 13, 11: 13}
    with transaction_as(job()):
        assert Notice.objects.count() == 15
    assert len(outbox()) == 15


def test_of_some_told_before_only_the_others_are_told_now(cast: Cast, sms: Gateway) -> None:
    everybody, cause = crowd(cast, 3), new_id()
    told(cast, everybody[:2], cause)
    told(cast, everybody, cause)
    told(cast, everybody, cause)
    assert len(outbox()) == 3
    with cast.everything():
        Account.objects.filter(pk=everybody[0]).update(is_active=False)
        Post.objects.filter(account_id=everybody[1]).update(until="2026-01-02")
    told(cast, everybody)
    assert len(outbox()) == 4, "nobody whose account is closed or whose posts have ended"


ANSWER = {"number": NUMBER}


def written(letters: list[Letter], by: Any) -> tuple[int, int]:
    """Statements, and how many were new."""
    with CaptureQueriesContext(connection) as seen:
        done = send_letters(letters=letters, kind=ANSWERED.code, subject="matter:1", params=ANSWER, by=by, at=NOON)
    return len(seen), len(done)


def test_people_outside_are_told_once_in_as_many_statements_and_not_who_objected(cast: Cast, sms: Gateway) -> None:
    numbers = [f"1390000{number:04}" for number in range(7)]
    letters = [Letter(new_id(), Outside(Channel.SMS, one), f"/m/{number}") for number, one in enumerate(numbers)]
    Withheld.objects.create(mark=mark_of(numbers[6]), since=NOON)
    by = system_actor("test")
    first, three = written(letters[:1], by), written(letters[1:4], by)
    assert (first[0], first[1], three[1]) == (three[0], 1, 3)
    # of those told before nobody is told again
    assert written(letters, by)[1] == 2
    assert len(outbox()) == 6
    with pytest.raises(DomainError):
        send_letters(letters=letters, kind=ASSIGNED.code, subject="matter:1", params={}, by=by)
