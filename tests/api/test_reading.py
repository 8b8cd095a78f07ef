"""The list, one matter, and the tables of codes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.localnames.services import Said, set_names
from minqing.matters.models.naming import STATES
from tests.api.conftest import Caller, assigned
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def asked(queries: CaptureQueriesContext) -> list[str]:
    """Statements without the savepoints that stand for the transactions of a real request.

    Nor the one that closes the walls again inside the test's own transaction: elsewhere the commit does that.
    """
    closing = "SELECT set_config('minqing.areas', '', true)"
    return [sql for one in queries if "SAVEPOINT" not in (sql := one["sql"]) and not sql.startswith(closing)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, 7), ({"area": "V1", "unit": "U2", "state": "open", "light": "green"}, 7), ({"text": "路灯"}, 7)],
)
def test_a_list_costs_the_same_few_statements_whatever_its_length(
    cast: Cast, caller: Caller, query: dict[str, str], expected: int
) -> None:
    caller.get("/matters", **query)
    for rows in (1, 3, 50):
        while len(caller.get("/matters").json()["matters"]) < rows:
            assigned(cast)
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get("/matters", **query)
        assert len(answer.json()["matters"]) == (0 if "text" in query else rows)
        assert len(asked(queries)) == expected, "\n".join(asked(queries))


def test_one_matter_costs_four_statements_besides_the_token_s(cast: Cast, caller: Caller) -> None:
    one = assigned(cast)
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(f"/matters/{one.pk}")
    assert answer.status_code == 200, answer.content
    ours = [sql for sql in asked(queries) if "partners_" not in sql]
    # of the token: its areas; of ours: who acts, editions, the matter, all that hangs on it
    assert len(ours) == 1 + 4, "\n".join(ours)


def test_pages_go_on_without_a_gap_and_without_a_row_twice(cast: Cast, caller: Caller) -> None:
    same = clock.now()
    for n in range(5):
        cast.matter(received_at=same if n < 3 else clock.now(), changed_at=same)
    for query in ({}, {"changed_since": "2020-01-01T00:00:00Z"}):
        seen: list[str] = []
        after = ""
        while True:
            answer: Any = caller.get("/matters", limit=2, after=after, **query).json()
            seen += [row["id"] for row in answer["matters"]]
            after = answer["next"]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 5


def test_a_state_is_told_as_its_type_and_in_the_county_s_word(cast: Cast, caller: Caller) -> None:
    one = assigned(cast)
    words = {"assigned": Said("Dispatched")}
    set_names(kind=STATES, language="en", words=words, by=cast.actor("operator"))
    (row,) = caller.get("/matters").json()["matters"]
    whole = caller.get(f"/matters/{one.pk}").json()
    assert [(told["state"], told["state_label"]) for told in (row, whole)] == [("assigned", "Dispatched")] * 2
