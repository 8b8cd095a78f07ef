"""Requests brought to where a test begins, by the services."""

from __future__ import annotations

from typing import Any

from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.privacy.access import acting_as
from minqing.rights import services
from minqing.rights.enums import Proof, RequestKind
from minqing.rights.models import Request
from tests.cast import Cast


class Asking:
    """One household with one person who asks; ``do`` makes a move as somebody of the cast."""

    def __init__(self, cast: Cast, **values: Any) -> None:
        self.cast = cast
        self.home: Household = cast.household()
        self.one: Resident = cast.resident(self.home, "何桂香", **{"phone": "13857500001"} | values)

    def ask(self, kind: RequestKind = RequestKind.COPY, who: str = "cadre", **values: Any) -> Request:
        by = self.cast.actor(who)
        given = {"area_id": self.home.area_id, "household_id": self.home.pk, "resident_id": self.one.pk,
                 "name": self.one.name, "words": "想看看"}  # fmt: skip
        with acting_as(by):
            return services.ask_request(id=new_id(), kind=kind, by=by, **given | values)

    def do(self, who: str, service: Any, row: Request, **values: Any) -> Request:
        by = self.cast.actor(who)
        with acting_as(by):
            made: Request = service(request=row, by=by, **values)
        return made

    def checked(self, kind: RequestKind = RequestKind.COPY, who: str = "cadre", **values: Any) -> Request:
        row = self.ask(kind, **values)
        given = {"proof": Proof.IDENTITY_CARD, "resident_id": self.one.pk}
        return self.do(who, services.check_identity, row, **given)

    def granted(self, kind: RequestKind = RequestKind.COPY, **values: Any) -> Request:
        row = self.checked(kind, **values)
        return self.do("clerk", services.decide_request, row, grant=True, reasons="依法办理。")

    def done(self, kind: RequestKind = RequestKind.COPY, **values: Any) -> Request:
        return self.do("clerk", services.carry_out_request, self.granted(kind, **values))
