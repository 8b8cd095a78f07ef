"""Several connections at once: what a transaction of one test cannot show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from minqing.core.ids import new_id
from minqing.doorstep import services
from minqing.files.models import Attachment
from minqing.journal.models import Event
from minqing.matters.enums import Move
from minqing.matters.models import Step
from minqing.reporting import rules
from tests.cast import Cast
from tests.doorstep.conftest import make_door
from tests.files.pictures import jpeg


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run ``work`` in as many threads, each with a connection of its own."""
    results: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait(10)
            results.append(work())
        except Exception as error:  # shown by the assertion
            results.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.fault(18)
def test_a_bucket_gives_no_more_to_many_connections_than_to_one(committed: None) -> None:
    limit = rules.REPORT_BY_CODE
    assert sum(at_once(limit.burst + 6, lambda: services.allow(limit, "all"))) == limit.burst


def test_the_same_report_sent_twice_at_the_same_moment_is_one(committed_cast: Cast, media: None) -> None:
    with transaction.atomic():
        door = make_door(committed_cast)
        before = door.matters()
    typed = door.typed(request_id=str(new_id()))
    data = jpeg()

    def send() -> str:
        from django.test import Client

        photo = SimpleUploadedFile("a.jpg", data, "image/jpeg")
        answer = Client(raise_request_exception=False).post(f"{door.url}/report", typed | {"photos": [photo]})
        return answer["Location"] if answer.status_code == 302 else str(answer.status_code)

    links = at_once(4, send)
    assert len(links) == 4
    assert len(set(links)) == 1, links
    assert links[0].startswith("/m/")
    with transaction.atomic():
        assert door.matters() == before + 1
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(type="matters.matter.received").count() == 1


def test_the_same_addition_sent_twice_at_the_same_moment_is_one(committed_cast: Cast, media: None) -> None:
    with transaction.atomic():
        door = make_door(committed_cast)
        ticket, _matter = door.reported()
    typed, data = {"form": "add", "request_id": str(new_id()), "text": "又灭了一盏。"}, jpeg()

    def send() -> int:
        one = SimpleUploadedFile("a.jpg", data, "image/jpeg")
        from django.test import Client

        client = Client(raise_request_exception=False)
        return client.post(f"/m/{ticket}", typed | {"photos": [one]}).status_code

    assert at_once(3, send) == [302] * 3
    with transaction.atomic(), door.cast.everything():
        assert Step.objects.filter(move=Move.NOTE.value).count() == 1
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(type="matters.matter.remarked").count() == 1
