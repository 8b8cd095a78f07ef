"""Claims brought to where a test begins, by the services."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.models import Award, Claim
from minqing.points.enums import AccountKind
from minqing.points.queries import balance_of
from minqing.points.services import open_account
from minqing.privacy.access import acting_as
from tests.cast import Cast

# many points, which two people confirm; few, which the village confirms, once a person and day
MANY, FEW = "blood_given", "elders_honoured"
FEAST = "simple_feast"
WHY = "登记重复了。"


class Earning:
    """One household with one person who did something; ``do`` makes a move as somebody of the cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        # as counties write them: their own numbers have no small letters
        self.home = cast.household(number=f"TX-{new_id().hex[-8:].upper()}")
        self.one = cast.resident(self.home, "何桂香", phone="13857500001")

    def given(self, **values: Any) -> dict[str, Any]:
        return {"code": FEW, "area_id": self.home.area_id, "household_id": self.home.pk, "resident_id": self.one.pk,
                "name": self.one.name, "happened_on": clock.today(), "witness": "村妇联主席"} | values  # fmt: skip

    def send(self, who: str = "cadre", **values: Any) -> Claim:
        with acting_as(by := self.cast.actor(who)):
            return services.send_claim(id=new_id(), by=by, **self.given(**values))

    def at_door(self, **values: Any) -> Claim:
        by = Actor(id=None, kind="resident", name="", household=self.home.pk)
        with acting_as(by):
            return services.send_claim(id=new_id(), by=by, **self.given(**{"resident_id": None} | values))

    def do(self, who: str, service: Any, row: Claim, **values: Any) -> Claim:
        with acting_as(by := self.cast.actor(who)):
            made: Claim = service(claim=row, by=by, **values)
        return made

    def confirm(self, row: Claim, who: str = "village_secretary", **values: Any) -> Claim:
        return self.do(who, services.confirm_claim, row, **{"resident_id": self.one.pk} | values)

    def awarded(self, **values: Any) -> Claim:
        return self.confirm(self.send(**values))

    def balance(self) -> int:
        """What the person's account of the ledger holds."""
        with self.cast.everything() as by:
            account = open_account(kind=AccountKind.RESIDENT, area=self.home.area_id, resident=self.one.pk, by=by)
            return balance_of(account.pk).posted

    def home_balance(self) -> int:
        with self.cast.everything() as by:
            account = open_account(kind=AccountKind.HOUSEHOLD, area=self.home.area_id, household=self.home.pk, by=by)
            return balance_of(account.pk).posted

    def awards(self) -> int:
        with self.cast.everything():
            return Award.objects.filter(household=self.home, corrected_at=None).count()
