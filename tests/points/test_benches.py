"""What the bench lays in is as transfers would have left it."""

from __future__ import annotations

from django.db import connection

from minqing.config import embedded
from minqing.points.benches.growth import LAID, QUIET, Step, sizes, told
from minqing.points.models import Transfer
from tests.embedded import SOCKET
from tests.points.ledgers import Ledger, holds


def test_transfers_laid_in_are_found_as_they_were_written(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    ledger.post(("issuance", "ann", 200))
    ledger.post(("issuance", "bo", 200))
    before = Transfer.objects.count()
    with embedded.superuser(SOCKET, connection.settings_dict["NAME"]) as owner:
        owner.execute(QUIET)
        owner.execute(LAID, [60])
    assert Transfer.objects.count() == before + 60
    assert ledger.has("ann") + ledger.has("bo") == 370
    assert ledger.has("shop") == 60
    assert holds()


def test_the_cost_of_one_is_told_in_those_of_the_yardstick() -> None:
    assert [*sizes(1_000_000)] == [10_000, 100_000, 1_000_000]
    rows = told([Step(10_000, 700.0, 0.7), Step(100_000, 300.0, 0.35)])
    assert [one["cost"] for one in rows] == [1.0, 2.0]
