"""Hazards brought to where a test begins, by the services."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.hazards import services
from minqing.hazards.enums import Charge, Severity
from minqing.hazards.models import Hazard
from minqing.hazards.queries.checklists import current_checklist
from minqing.households.models import Household
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.files.pictures import jpeg

WHY = "还要再看看。"
HOW = "换了新的电线。"


class Finding:
    """One household at which something is found; ``do`` makes a move as somebody of the cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.home: Household = cast.household()

    def find(self, who: str = "cadre", **values: Any) -> Hazard:
        with acting_as(by := self.cast.actor(who)):
            given = {"area_id": self.home.area_id, "household_id": self.home.pk,
                     "version_id": current_checklist("electricity").pk, "items": ["wires"]}  # fmt: skip
            return services.find_hazard(id=new_id(), by=by, **given | values)

    def do(self, who: str, service: Any, row: Hazard, **values: Any) -> Hazard:
        with acting_as(by := self.cast.actor(who)):
            made: Hazard = service(hazard=row, by=by, **values)
        return made

    def picture(self, who: str = "cadre") -> UUID:
        with acting_as(by := self.cast.actor(who)):
            return store_picture(id=new_id(), upload=BytesIO(jpeg()), name="整改后.jpg", by=by).pk

    def confirmed(self, severity: Severity = Severity.SERIOUS, charge: Charge = Charge.OWNER, **values: Any) -> Hazard:
        row = self.find(**values)
        return self.do("clerk", services.confirm_hazard, row, severity=severity, charge=charge)

    def righted(self, who: str = "cadre", **values: Any) -> Hazard:
        row = self.confirmed(**values)
        return self.right(row, who)

    def right(self, row: Hazard, who: str = "cadre") -> Hazard:
        given = {"id": new_id(), "words": HOW, "picture_ids": [self.picture(who)]}
        return self.do(who, services.put_right_hazard, row, **given)
