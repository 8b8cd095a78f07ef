"""Other systems in the made-up county: none but the one that a trial lets listen."""

from __future__ import annotations

from minqing.core.actor import Actor
from minqing.households.demo import DemoPart
from minqing.org.queries import top_area
from minqing.partners.services import register_partner, save_endpoint


class Partners(DemoPart):
    @classmethod
    def connect(cls, url: str, *, by: Actor) -> None:
        """It is sent every event of matters."""
        county = top_area()
        assert county is not None  # noqa: S101  # the made-up county has one
        partner = register_partner(code="trial", name="trial", area=county, unit=None, by=by)
        save_endpoint(partner=partner, url=url, types=["cn.minqing.matter.*"], by=by)
