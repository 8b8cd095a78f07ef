"""What one person checked and decided, when that was allowed, goes on after the upgrade."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from minqing.rights import services
from minqing.rights.enums import RequestKind, State
from minqing.rights.models import Request, RequestClock
from tests.cast import Cast
from tests.rights.cases import Asking

OPEN = "SELECT set_config('minqing.areas', (SELECT array_agg(id)::text FROM org_area), false)"
# the database sees to it for fewer kinds of requests
BEFORE = "0003_phone_shown"


def migrate(name: str | None = None) -> None:
    executor = MigrationExecutor(connections["owner"])
    leaves = [one for one in executor.loader.graph.leaf_nodes() if one[0] == "rights"]
    executor.migrate([("rights", name)] if name else leaves)


@pytest.fixture
def decided(committed_cast: Cast) -> Iterator[tuple[Asking, Request]]:
    """A copy that the same clerk has checked and granted, before the upgrade and after it."""
    with transaction.atomic():
        asking = Asking(committed_cast)
        row = asking.granted(RequestKind.COPY)
    try:
        migrate(BEFORE)
        with connections["owner"].cursor() as cursor:
            cursor.execute(OPEN)
            cursor.execute("UPDATE rights_request SET checked_by_id = decided_by_id")
        connections["owner"].close()
        migrate()
        yield asking, row
    finally:
        migrate()
        connections["owner"].close()


def test_it_is_carried_out_and_answered_and_a_new_one_is_not_let_through(decided: tuple[Asking, Request]) -> None:
    asking, row = decided
    with transaction.atomic():
        asking.do("clerk", services.carry_out_request, row)
        asking.do("clerk", services.answer_request, row)
        other = asking.checked(RequestKind.COPY, who="clerk")
    with transaction.atomic(), asking.cast.everything():
        left = Request.objects.get(pk=row.pk)
        assert (left.state, left.before_four_eyes) == (State.ANSWERED, True)
        clock = RequestClock.objects.get(request=row)
        assert (clock.norm, clock.escalate_at) == ("promise", None)
    with pytest.raises(IntegrityError), transaction.atomic(), asking.cast.everything():
        Request.objects.filter(pk=other.pk).update(decided_by=other.checked_by)
