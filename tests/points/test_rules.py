"""What points may be moved for, in Python and in the database."""

from __future__ import annotations

import pytest
from django.db import connection

from minqing.points.enums import HOUSE, OWNED, AccountKind, Code
from minqing.points.rules import ROUTES, may

pytestmark = pytest.mark.fault(59)


@pytest.mark.django_db
def test_the_database_has_the_same_table_as_the_rules() -> None:
    asked = [(str(code), str(debit), str(credit)) for code in Code for debit in AccountKind for credit in AccountKind]
    codes, debits, credits = map(list, zip(*asked, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT points_may(g.code, g.debit, g.credit) FROM unnest(%s::text[], %s::text[], %s::text[]) "
            "WITH ORDINALITY AS g(code, debit, credit, place) ORDER BY g.place",
            [codes, debits, credits],
        )
        told = [row[0] for row in cursor.fetchall()]
    assert told == [may(code, debit, credit) for code in Code for debit in AccountKind for credit in AccountKind]


def test_no_transfer_takes_points_from_somebody_for_what_they_did() -> None:
    """From a person's account they go for goods, to another of theirs, are given up, run out or are corrected."""
    taking = {code for code, (debits, _credits) in ROUTES.items() if debits & OWNED}
    assert taking == {Code.REDEEM, Code.MOVE, Code.GIVE_UP, Code.EXPIRE, Code.CORRECT}
    for code in taking - {Code.MOVE, Code.CORRECT}:
        assert not ROUTES[code][1] & (OWNED | {AccountKind.ISSUANCE, AccountKind.UNIT, AccountKind.BUDGET})
    assert not may(Code.AWARD, AccountKind.RESIDENT, AccountKind.ISSUANCE)


def test_every_code_has_a_route_and_no_account_of_the_house_is_a_person_s() -> None:
    assert set(ROUTES) == set(Code)
    assert not HOUSE & OWNED
