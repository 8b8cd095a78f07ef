"""A made-up person placed in every room, erased through a request, is found nowhere; the journal says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.rights import services
from minqing.rights.enums import Proof, RequestKind
from minqing.rights.models import Request
from tests.cast import Cast
from tests.privacy import canary


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR = tmp_path / "var"
    return tmp_path


def moved(cast: Cast, who: str, service: Any, **values: Any) -> Request:
    with transaction.atomic():
        by = cast.actor(who)
        with acting_as(by):
            made: Request = service(by=by, **values)
    return made


@pytest.mark.fault(60)
def test_somebody_erased_through_a_request_is_found_in_no_table_index_file_or_log(
    committed_cast: Cast, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cast = committed_cast
    with transaction.atomic():
        placed = canary.place(cast, folder)
    (folder / f"{canary.NAME}.xlsx").unlink()
    caplog.clear()
    given = {"area_id": cast.own.id, "household_id": placed.home.pk, "name": canary.NAME, "phone": canary.PHONE,
             "words": canary.ABOUT}  # fmt: skip
    earlier = moved(cast, "cadre", services.ask_request, id=new_id(), kind=RequestKind.EXPLAIN, **given)
    moved(cast, "cadre", services.take_back_request, request=earlier)
    row = moved(cast, "cadre", services.ask_request, id=new_id(), kind=RequestKind.DELETE, **given)
    assert "rights_request.name" in canary.traces()
    shown = {"proof": Proof.IDENTITY_CARD, "resident_id": placed.resident.pk, "phone_shown": True}
    moved(cast, "cadre", services.check_identity, request=row, **shown)
    moved(cast, "leader", services.decide_request, request=row, grant=True, reasons=f"{canary.NAME}申请属实。")
    moved(cast, "clerk", services.carry_out_request, request=row)
    moved(cast, "cadre", services.answer_request, request=row)
    places = (Path(settings.VAR), Path(default_storage.location))  # type: ignore[attr-defined]
    assert canary.traces(folders=places) == set()
    assert [text for text in canary.STRINGS if text in caplog.text] == []
    with transaction.atomic(), cast.everything():
        told = Event.objects.filter(subject=f"rights:{row.pk}").values_list("type", flat=True)
        assert {"rights.request.carried_out", "matters.person.erased", "households.person.erased"} <= set(told)
        assert Request.objects.get(pk=row.pk).done["matters"]
