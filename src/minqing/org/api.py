"""Areas and units by the codes that everything else is told with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from minqing.org.api_auth import Token, acting
from minqing.org.queries import areas_seen, units_at_work

router = Router(tags=["places"])
# whoever reads, reports or handles needs the codes
ANY_USE = Token("matters:read", "matters:report", "matters:handle", "figures:read")


class AreaTold(BaseModel):
    code: str
    name: str
    level: str
    parent: str | None


class UnitTold(BaseModel):
    code: str
    name: str
    kind: str
    area: str


class Areas(BaseModel):
    areas: list[AreaTold]


class Units(BaseModel):
    units: list[UnitTold]


@router.get("/areas", auth=ANY_USE, response=Areas, summary="The areas that the token sees")
@acting
def areas(request: Any) -> Any:
    """From the top down. Scope: any."""
    rows = areas_seen(request.auth)
    codes = {row.pk: row.code for row in rows}
    told = [
        {"code": row.code, "name": row.name, "level": row.level, "parent": codes.get(row.parent_id or 0)}
        for row in rows
    ]
    return {"areas": told}


@router.get("/units", auth=ANY_USE, response=Units, summary="The units that take matters")
@acting
def units(request: HttpRequest) -> Any:
    """All of the county. Scope: any."""
    told = [{"code": row.code, "name": row.name, "kind": row.kind, "area": row.area.code} for row in units_at_work()]
    return {"units": told}
