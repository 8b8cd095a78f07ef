"""What was sent under an id: at the same moment, and long ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import SentBefore
from minqing.core.ids import new_id
from minqing.core.retry import once_more
from minqing.journal.idempotency import KEPT, claim, forget_sends, was_sent
from minqing.journal.models import Send
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from minqing.matters.services import report_matter
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.pairs import overlapped

BY = Actor.system("test")


def test_what_nobody_sends_any_more_is_forgotten(db: None) -> None:
    old, new = new_id(), new_id()
    claim(new, "test", {"text": "一"}, by=BY)
    Send.objects.create(id=old, digest=b"x" * 16, at=clock.now() - KEPT - timedelta(days=1))
    assert forget_sends() == 1
    assert list(Send.objects.values_list("pk", flat=True)) == [new]
    assert was_sent(new, "test", {"text": "一"}, by=BY)
    assert not was_sent(new, "test", {"text": "二"}, by=BY)
    assert forget_sends(at=clock.now() + KEPT + timedelta(days=1)) == 1


@pytest.mark.fault(67)
@pytest.mark.parametrize("same", [True, False])
def test_of_two_reports_at_the_very_same_moment_one_is_made(committed_cast: Cast, same: bool) -> None:
    id = new_id()

    def send(text: str) -> Callable[[], Any]:
        def work() -> UUID:
            with transaction.atomic(), acting_as(committed_cast.actor("clerk")) as by:
                area = committed_cast.own.pk
                return report_matter(id=id, title="", text=text, area_id=area, channel=Channel.COUNTER, by=by).pk

        return lambda: once_more(work)

    first, second = overlapped(send("路灯不亮"), send("路灯不亮" if same else "井盖丢了"))
    assert first == id
    assert second == id if same else isinstance(second, SentBefore)
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.get().text == "路灯不亮"


@pytest.mark.fault(80)
def test_a_claim_that_meets_another_in_the_opposite_order_is_tried_once_more(committed: None) -> None:
    a, b = new_id(), new_id()

    def claims(*ids: UUID) -> Callable[[], Any]:
        def work() -> list[bool]:
            with transaction.atomic():
                made = []
                for id in ids:
                    made.append(claim(id, "test", {"text": "一"}, by=BY))
                    with connection.cursor() as cursor:
                        # where the two wait for each other (tests.pairs)
                        cursor.execute("SELECT 'FOR UPDATE'")
                return made

        return lambda: once_more(work)

    assert sorted(overlapped(claims(a, b), claims(b, a))) == [[False, False], [True, True]]
    assert Send.objects.filter(pk__in=[a, b]).count() == 2
