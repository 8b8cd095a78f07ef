"""Two at the same phone, in both orders."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household
from minqing.matters.models import Evidence
from minqing.matters.services import add_report_picture
from minqing.sync import serializers, services
from minqing.sync.enums import Came, Outcome
from minqing.sync.models import Device, Entry, Letter, Photo, PhotoPiece
from minqing.sync.rules import AWAITED, PIECES_KEPT
from minqing.sync.services.exchange import Outbox
from minqing.sync.services.taking import Given
from minqing.visits.models import HouseholdAssignment, Visit, VisitPhoto
from tests.files.pictures import jpeg
from tests.pairs import Pair, Scenes, Stage, job, play, stage
from tests.sync.letters import as_sent, letter
from tests.sync.phone import Phone

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def device(stage: Stage) -> str:
    """One more of the cadre's, who may have five: those of earlier scenes are closed."""
    stage.given(lambda: Device.objects.filter(revoked_at=None).update(revoked_at=clock.now()))
    made = stage.done("cadre", services.register_device, id=new_id(), name="小米")
    return str(made.pk)


@SCENES.of(services.exchange)
def the_same_outbox_twice(stage: Stage) -> Pair:
    """As two tabs, or the page and its worker, do it: case A19."""
    id, home = device(stage), stage.given(stage.cast.household)
    phone = Phone(Client(), id=id)
    batch = [given(phone.write(home)) for _n in range(3)]
    call = stage.call(
        "cadre", services.exchange, device_id=id, outbox=Outbox(3, 3, None), operations=batch, holds=0,
        sent_at=clock.now(),
    )  # fmt: skip

    def look(*ends: Any) -> None:
        told = [[(one.pk, one.outcome, one.thing) for one in end.receipts] for end in ends]
        assert told[0] == told[1]
        assert len(told[0]) == 3
        assert Visit.objects.filter(household=home).count() == Entry.objects.filter(device=id).count() == 3
        assert Device.objects.get(pk=id).arrived == 3

    return Pair(call, call, look)


@SCENES.of(services.exchange)
def two_households_in_opposite_orders(stage: Stage) -> Pair:
    """A file of the second with a diary of the first, and the other way round: kinds do not lock one by one."""
    homes = [stage.given(stage.cast.household) for _n in range(2)]
    met = Barrier(2)
    calls = []
    for file, diary in (homes, homes[::-1]):
        phone = Phone(Client(), id=device(stage))
        address = {"household": str(file.pk), "address": "后山路8号"}
        phone.put(address, about=f"household:{file.pk}", kind="visits.file")
        phone.write(diary, met_people="张大妈")
        send = stage.call(
            "cadre", services.exchange, device_id=phone.id, outbox=Outbox(2, 2, None), holds=0, sent_at=clock.now(),
            operations=[given(one) for one in phone.outbox],
        )  # fmt: skip
        calls.append(stopping_at_households(send, met))

    def look(*ends: Any) -> None:
        assert [[one.outcome for one in end.receipts] for end in ends] == [["conflict", "applied"]] * 2
        assert [Visit.objects.filter(household=one).count() for one in homes] == [1, 1]

    return Pair(*calls, look)


@SCENES.of(services.exchange)
def two_households_that_went_to_others_in_opposite_orders(stage: Stage) -> Pair:
    """Those who have them now, and who had them once."""
    homes = sorted((stage.given(stage.cast.household) for _n in range(2)), key=lambda one: one.pk)
    met = Barrier(2)
    calls = []
    for gone in homes:
        stage.given(lambda one=gone: HouseholdAssignment.objects.create(
            household=one, area=one.area, account=stage.cast.account("far_cadre" if one is homes[1] else "cadre"),
            since="2026-01-01", until="2026-02-01", due_on="2026-02-01"))  # fmt: skip
    stage.given(lambda: Household.objects.filter(pk=homes[0].pk).update(area=stage.cast.far))
    for who, order in (("cadre", homes[::-1]), ("far_cadre", homes)):
        made = stage.done(who, services.register_device, id=new_id(), name="小米")
        phone = Phone(Client(), id=str(made.pk))
        for one in order:
            phone.write(one, met_people="张大妈")
        send = stage.call(
            who, services.exchange, device_id=phone.id, outbox=Outbox(2, 2, None), holds=0, sent_at=clock.now(),
            operations=[given(one) for one in phone.outbox],
        )  # fmt: skip
        calls.append(stopping_at_households(send, met))

    def look(*ends: Any) -> None:
        assert [sorted(one.outcome for one in end.receipts) for end in ends] == [["applied", "handed_over"]] * 2
        assert [Visit.objects.filter(household=one).count() for one in homes] == [2, 2]

    return Pair(*calls, look)


def stopping_at_households(call: Callable[[], Any], met: Barrier) -> Callable[[], Any]:
    """Once it holds its first ones it waits a moment for the other to hold its own."""
    stopped = []

    def stop(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        answer = run(sql, params, many, context)
        if not stopped and "FOR NO KEY UPDATE" in sql and "households_household" in sql:
            stopped.append(sql)
            with suppress(BrokenBarrierError):
                met.wait(0.5)
        return answer

    def work() -> Any:
        with connection.execute_wrapper(stop):
            return call()

    return work


def given(told: dict[str, Any]) -> Given:
    return Given(
        id=UUID(told["id"]), number=told["number"], kind=told["kind"], schema=told["schema_number"],
        about=told["about"], after=UUID(told["after"]) if told["after"] else None, base={},
        written_at=clock.now(), digest=told["digest"], body=told["body"],
    )  # fmt: skip


def in_letters(stage: Stage) -> tuple[Device, list[Any]]:
    """Two entries of a phone, sealed."""
    id, home = device(stage), stage.given(stage.cast.household)
    phone = Phone(Client(), id=id)
    sealed = [as_sent(letter(id, phone.write(home))) for _n in range(2)]
    return stage.given(lambda: Device.objects.get(pk=id)), sealed


@SCENES.of(services.keep_letters)
def one_file_handed_in_twice(stage: Stage) -> Pair:
    one, sealed = in_letters(stage)
    given = {"device": one, "letters": sealed, "parse": serializers.inside, "came": Came.FILE}
    calls = [stage.call(who, services.keep_letters, **given) for who in ("cadre", "clerk")]

    def look(*ends: Any) -> None:
        assert sorted(end.kept for end in ends) == [0, 2]
        assert Letter.objects.filter(device=one).count() == 2

    return Pair(*calls, look)


@SCENES.of(services.decide_letters)
def letters_taken_by_two(stage: Stage) -> Pair:
    one, sealed = in_letters(stage)
    stage.done("cadre", services.keep_letters, device=one, letters=sealed, parse=serializers.inside, came=Came.FILE)
    ids = stage.given(lambda: list(Letter.objects.filter(device=one).values_list("pk", flat=True)))
    given = {"device_id": one.pk, "ids": ids, "take": True, "parse": serializers.inside}
    calls = [stage.call(who, services.decide_letters, **given) for who in ("village_secretary", "clerk")]

    def look(*ends: Any) -> None:
        assert sorted(len(end) for end in ends) == [0, 2]
        assert Entry.objects.filter(device=one).count() == 2
        assert Letter.objects.filter(device=one, decided_at=None).count() == 0

    return Pair(*calls, look)


@SCENES.of(services.decide_letters, services.exchange)
def letters_are_taken_while_the_phone_sends_the_same(stage: Stage) -> Pair:
    id, home = device(stage), stage.given(stage.cast.household)
    phone = Phone(Client(), id=id)
    made = [phone.write(home) for _n in range(2)]
    one = stage.given(lambda: Device.objects.get(pk=id))
    sealed = [as_sent(letter(id, each)) for each in made]
    stage.done("cadre", services.keep_letters, device=one, letters=sealed, parse=serializers.inside, came=Came.FILE)
    ids = stage.given(lambda: list(Letter.objects.filter(device=one).values_list("pk", flat=True)))

    def look(*_ends: Any) -> None:
        assert Entry.objects.filter(device=id).count() == Visit.objects.filter(household=home).count() == 2
        assert Letter.objects.filter(device=id, decided_at=None).count() == 0

    return Pair(
        stage.call("clerk", services.decide_letters, device_id=one.pk, ids=ids, take=True, parse=serializers.inside),
        stage.call("cadre", services.exchange, device_id=id, outbox=Outbox(2, 2, None), holds=0, sent_at=clock.now(),
                   operations=[given(each) for each in made]),
        look,
    )  # fmt: skip


@SCENES.of(services.decide_letters)
def letters_are_taken_while_their_household_moves(stage: Stage) -> Pair:
    one, sealed = in_letters(stage)
    stage.done("cadre", services.keep_letters, device=one, letters=sealed, parse=serializers.inside, came=Came.FILE)
    found = Letter.objects.filter(device=one)
    ids = stage.given(lambda: list(found.values_list("pk", flat=True)))
    # as they are when the household went elsewhere after they were kept
    stage.given(lambda: found.update(area=stage.cast.town))

    def look(*_ends: Any) -> None:
        assert Entry.objects.filter(device=one).count() == 2
        assert found.filter(decided_at=None).count() == 0

    return Pair(
        stage.call("clerk", services.decide_letters, device_id=one.pk, ids=ids, take=True, parse=serializers.inside),
        stage.call("system", followed),
        look,
    )


def followed(by: Any) -> int:
    return services.follow_letters(about="household:none", area_id=1, parse=serializers.inside)


@SCENES.of(services.decide_letters, services.empty_refused)
def a_refused_letter_is_emptied_while_it_is_tried_again(stage: Stage) -> Pair:
    one, sealed = in_letters(stage)
    stage.done("cadre", services.keep_letters, device=one, letters=sealed, parse=serializers.inside, came=Came.FILE)
    found = Letter.objects.filter(device=one)
    ids = stage.given(lambda: list(found.values_list("pk", flat=True)))
    stage.given(lambda: found.update(outcome=Outcome.REFUSED))

    def look(*_ends: Any) -> None:
        assert found.filter(decided_at=None).count() == 0
        assert all(bytes(each.sealed) == b"" for each in found)

    return Pair(
        stage.call("clerk", services.decide_letters, device_id=one.pk, ids=ids, take=True, parse=serializers.inside),
        stage.call("system", services.empty_refused, letters=ids, cause="request:x", at=clock.now()),
        look,
    )


@SCENES.of(services.decide_letters, services.remind_of_letters, jobs=["sync.letters"])
def letters_are_decided_while_they_are_reminded_of(stage: Stage) -> Pair:
    one, sealed = in_letters(stage)
    stage.done("cadre", services.keep_letters, device=one, letters=sealed, parse=serializers.inside, came=Came.FILE)
    found = Letter.objects.filter(device=one)
    ids = stage.given(lambda: list(found.values_list("pk", flat=True)))
    stage.given(lambda: found.update(received_at=clock.now() - timedelta(days=40)))

    def look(*_ends: Any) -> None:
        assert found.filter(decided_at=None).count() == 0

    return Pair(
        stage.call("clerk", services.decide_letters, device_id=one.pk, ids=ids, take=True, parse=serializers.inside),
        job("sync.letters"),
        look,
    )


@SCENES.of(services.register_device)
def made_ones_own_twice(stage: Stage) -> Pair:
    id = new_id()
    call = stage.call("cadre", services.register_device, id=id, name="小米")

    def look(*ends: Any) -> None:
        assert ends[0].key == ends[1].key == Device.objects.get(pk=id).key

    return Pair(call, call, look)


@SCENES.of(services.revoke_device)
def closed_by_two(stage: Stage) -> Pair:
    id = device(stage)
    calls = [stage.call(who, services.revoke_device, device_id=id) for who in ("cadre", "operator")]

    def look(*_ends: Any) -> None:
        assert Device.objects.get(pk=id).key == ""

    return Pair(*calls, look)


def owed(stage: Stage, *, whole: bool = False, **values: Any) -> dict[str, Any]:
    """A photo of a diary that is taken: its first piece, or all of it at once."""
    id, home, picture = device(stage), stage.given(stage.cast.household), jpeg((64, 48))
    phone = Phone(Client(), id=id)
    sha256 = hashlib.sha256(picture).hexdigest()
    made = phone.write(home, photos=[{"sha256": sha256, "size": len(picture)}], **values) | {"schema_number": 3}
    stage.done("cadre", services.exchange, device_id=id, outbox=Outbox(1, 1, None), operations=[given(made)], holds=0,
               sent_at=clock.now())  # fmt: skip
    data = picture if whole else picture[:100]
    return {"operation": UUID(made["id"]), "sha256": sha256, "offset": 0, "data": data}


@SCENES.of(services.take_piece)
def the_same_piece_twice(stage: Stage) -> Pair:
    sent = owed(stage)
    call = stage.call("cadre", services.take_piece, **sent)

    def look(*ends: Any) -> None:
        assert [one.received for one in ends] == [100, 100]
        assert PhotoPiece.objects.filter(photo__entry=sent["operation"]).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.take_piece)
def the_last_piece_twice(stage: Stage) -> Pair:
    sent = owed(stage, whole=True)
    call = stage.call("cadre", services.take_piece, **sent)

    def look(*ends: Any) -> None:
        assert [one.arrival for one in ends] == ["received"] * 2
        thing = Photo.objects.get(entry=sent["operation"]).thing
        assert VisitPhoto.objects.filter(visit=thing.removeprefix("visit:")).count() == 1

    return Pair(call, call, look)


@SCENES.of(add_report_picture)
def a_picture_comes_to_a_report_twice(stage: Stage) -> Pair:
    """As its last piece twice, where the first answer was lost."""
    raised = new_id()
    sent = owed(stage, whole=True, matter={"id": str(raised), "title": "屋顶漏雨"})
    stage.done("cadre", services.take_piece, **sent)
    picture = stage.given(lambda: Evidence.objects.get(matter=raised).attachment_id)
    stage.given(lambda: Evidence.objects.filter(matter=raised).delete())
    call = stage.call("cadre", add_report_picture, matter_id=raised, attachment_id=picture)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [False, True]
        assert Evidence.objects.filter(matter=raised).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.take_piece, services.forget_photos)
def a_photo_becomes_whole_while_it_is_erased(stage: Stage) -> Pair:
    sent = owed(stage, whole=True)
    thing = stage.given(lambda: Photo.objects.get(entry=sent["operation"]).thing)

    def look(*_ends: Any) -> None:
        assert not Photo.objects.filter(thing=thing).exists()
        assert not PhotoPiece.objects.filter(photo__thing=thing).exists()

    return Pair(
        stage.call("cadre", services.take_piece, **sent),
        stage.call("system", services.forget_photos, things=[thing]),
        look,
    )


@SCENES.of(services.take_piece, jobs=["sync.pieces"])
def a_piece_comes_while_old_ones_are_dropped(stage: Stage) -> Pair:
    sent = owed(stage)
    long_ago = clock.now() - 2 * PIECES_KEPT
    stage.done("cadre", services.take_piece, **sent | {"at": long_ago})
    more = sent | {"offset": 100}

    def look(piece: Any, _job: Any) -> None:
        kept = PhotoPiece.objects.filter(photo__entry=sent["operation"])
        assert sum(100 for _one in kept) == Photo.objects.get(entry=sent["operation"]).received
        assert piece.received in {0, 200}

    return Pair(stage.call("cadre", services.take_piece, **more), job("sync.pieces"), look)


@SCENES.of(services.take_piece, services.give_up_old_photos)
def a_piece_comes_while_the_photo_is_given_up(stage: Stage) -> Pair:
    sent = owed(stage)
    stage.given(lambda: Photo.objects.filter(entry=sent["operation"]).update(moved_at=clock.now() - 2 * AWAITED))

    def look(piece: Any, _count: Any) -> None:
        kept = Photo.objects.get(entry=sent["operation"])
        assert (kept.received, PhotoPiece.objects.filter(photo=kept).count()) in {(0, 0), (100, 1)}
        assert piece.received == 100

    return Pair(
        stage.call("cadre", services.take_piece, **sent), stage.call("system", services.give_up_old_photos), look
    )


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
