"""What a partner filed confidentially: its own to read back, nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.matters.models import Matter, Step
from tests.api.conftest import Caller, assigned
from tests.api.test_pictures import sent
from tests.cast import Cast


@pytest.fixture
def other(cast: Cast) -> Caller:
    """Another partner of the same town."""
    return Caller(cast, "other", name="别的系统", unit=None)


def filed(caller: Caller, **values: Any) -> str:
    answer = caller.report(confidential=True, text="家里的事。", **values)
    assert answer.status_code == 201, answer.content
    assert answer.json()["can"]["withdraw"]["allowed"]
    return str(answer.json()["id"])


@pytest.mark.fault(20)
def test_its_sender_alone_reads_back_what_was_filed_confidentially(
    cast: Cast, reporting: Caller, other: Caller
) -> None:
    picture = sent(reporting)
    matter = filed(reporting, partnernumber="A-1", pictures=[picture])
    number = reporting.get(f"/matters/{matter}").json()["number"]
    for name in (matter, number):
        told = reporting.get(f"/matters/{name}").json()
        assert (told["text"], told["confidential"], told["partnernumber"]) == ("家里的事。", True, "A-1")
        assert [step["move"] for step in told["steps"]] == ["receive"]
        assert other.get(f"/matters/{name}").status_code == 404
    assert [row["id"] for row in reporting.get("/matters").json()["matters"]] == [matter]
    assert reporting.get("/matters", text="家里").json()["matters"][0]["own"]
    assert other.get("/matters").json()["matters"] == []
    assert reporting.get(f"/matters/{matter}/pictures/{picture}").status_code == 200
    assert other.get(f"/matters/{matter}/pictures/{picture}").status_code == 404
    assert [one.get("/figures", by="area").json()["rows"] != [] for one in (reporting, other)] == [True, False]


def test_the_same_number_again_finds_it_and_the_same_id_too(cast: Cast, reporting: Caller) -> None:
    matter = filed(reporting, partnernumber="A-1")
    by_number = reporting.report(confidential=True, partnernumber="A-1")
    by_id = reporting.report(confidential=True, text="家里的事。", partnernumber="A-1", id=matter)
    assert [(one.status_code, one.json()["id"]) for one in (by_number, by_id)] == [(200, matter), (200, matter)]


def test_its_sender_brings_the_reporter_s_word(cast: Cast, reporting: Caller, other: Caller) -> None:
    matter = filed(reporting)
    assert other.move(matter, "withdraw").status_code == 404
    with cast.everything():
        found = Matter.objects.get(pk=matter)
    assigned(cast, found)
    assert reporting.move(matter, "withdraw").json()["state"] == "withdrawn"
    assert reporting.move(matter, "reopen", reason="又来了").json()["can"]["withdraw"]["allowed"]


def test_a_step_that_names_a_sender_opens_nothing(cast: Cast, other: Caller) -> None:
    """What the wall goes by is the matter's own column."""
    one = cast.matter(confidential=True)
    with cast.everything():
        by = f"partner:{other.partner.pk}"
        Step.objects.create(id=one.pk, matter=one, move="receive", state="received", at=one.received_at, by=by)
    assert other.get(f"/matters/{one.pk}").status_code == 404


def test_an_objection_to_publication_is_kept(cast: Cast, reporting: Caller) -> None:
    matter = reporting.report(objection=True).json()["id"]
    with cast.everything():
        assert Matter.objects.get(pk=matter).objection
