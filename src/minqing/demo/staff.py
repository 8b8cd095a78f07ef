"""Units and people of the made-up county as rows of the tables that an operator imports. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

from django.utils.translation import gettext_lazy as _

from minqing.demo.places import MadeArea
from minqing.demo.scales import share
from minqing.demo.words import BUREAUS, FEMALE, MALE, OFFICES, SERVICES, SURNAMES
from minqing.households.demo import DemoArea as Village
from minqing.org.enums import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Cells = dict[str, str]
# known to everybody who reads this: it opens made-up data alone
PASS_PHRASE = "xiangfei-2026"  # noqa: S105  # printed for the demo
CENTRE = "C01"
FIRST_BUREAU = "B01"


@dataclass(frozen=True)
class SignIn:
    """Somebody whom a visitor of the demo can be."""

    username: str
    role: Role

    @property
    def label(self) -> StrOrPromise:
        """The post, and where there are two of one the narrower word."""
        return _("Clerk of the city") if self.username == "centre" else self.role.label


SIGN_INS = (
    SignIn("cadre", Role.CADRE),
    SignIn("secretary", Role.VILLAGE_SECRETARY),
    SignIn("clerk", Role.CLERK),
    # the city's own desk: what comes in without a township, as the messages of a public board do
    SignIn("centre", Role.CLERK),
    SignIn("handler", Role.HANDLER),
    SignIn("head", Role.UNIT_HEAD),
    SignIn("leader", Role.LEADER),
    SignIn("analyst", Role.ANALYST),
    SignIn("liaison", Role.LIAISON),
    SignIn("volunteer", Role.VOLUNTEER),
    SignIn("auditor", Role.AUDITOR),
    SignIn("operator", Role.OPERATOR),
)


def villages_of(county: MadeArea) -> list[MadeArea]:
    return [village for town in county.parts for village in town.parts]


def office_of(town: MadeArea) -> str:
    """Code of the office that receives and assigns."""
    return f"{town.code}-K1"


def committee_of(village: Village) -> str:
    return f"{village.code}-W"


def unit_cells(county: MadeArea) -> Iterator[Cells]:
    yield unit(CENTRE, "市民情工作办公室", "bureau", county)
    for number, name in enumerate(BUREAUS, 1):
        yield unit(f"B{number:02d}", name, "bureau", county)
    for number, name in enumerate(SERVICES, 1):
        yield unit(f"F{number:02d}", name, "service", county)
    for town in county.parts:
        for number, name in enumerate(OFFICES, 1):
            yield unit(f"{town.code}-K{number}", f"{town.name}{name}", "office", town)
    for village in villages_of(county):
        yield unit(committee_of(village), f"{village.name}村委会".replace("村村", "村"), "village", village)


def unit(code: str, name: str, kind: str, area: MadeArea) -> Cells:
    # no exchange of the country gives out a number that begins with 0
    phone = f"0575-0{crc32(code.encode()) % 10_000_000:07d}"
    return {"code": code, "name": name, "kind": kind, "area": area.code, "phone": phone, "active": ""}


class Staff:
    """Everybody with a post. The staff number says which post: H-… handles for a unit, S-… leads a village."""

    def __init__(self, county: MadeArea, *, seed: int, cadres: int) -> None:
        self.county, self.cadres = county, cadres
        self.villages = villages_of(county)
        self.random = Random(f"staff-{seed}")  # noqa: S311  # made-up people, not secrets
        self.serial = 0

    def cells(self) -> Iterator[Cells]:
        town, village, city = self.county.parts[0], self.villages[0], self.county.code
        yield self.row("head", FIRST_BUREAU, Role.UNIT_HEAD, city, "M-1", "局长")
        yield self.row("leader", CENTRE, Role.LEADER, city, "M-2", "副市长")
        yield self.row("analyst", CENTRE, Role.ANALYST, city, "M-3", "研判员")
        yield self.row("liaison", office_of(town), Role.LIAISON, town.code, "M-4", "企业联络员")
        yield self.row("volunteer", committee_of(village), Role.VOLUNTEER, village.code, "M-5", "榧乡卫士")
        yield self.row("auditor", CENTRE, Role.AUDITOR, city, "M-6", "监督员")
        yield self.row("operator", CENTRE, Role.OPERATOR, city, "M-7", "系统管理员")
        yield self.row("centre", CENTRE, Role.CLERK, city, "M-8", "市级受理员")
        for number in range(1, len(BUREAUS) + 1):
            code = f"B{number:02d}"
            yield self.row("handler" if code == FIRST_BUREAU else "", code, Role.HANDLER, city, f"H-{code}", "科员")
        for number in range(1, len(SERVICES) + 1):
            yield self.row("", f"F{number:02d}", Role.HANDLER, city, f"H-F{number:02d}", "服务主管")
        yield from self.in_townships()
        yield from self.in_villages()

    def in_townships(self) -> Iterator[Cells]:
        for at, town in enumerate(self.county.parts):
            yield self.row("" if at else "clerk", office_of(town), Role.CLERK, town.code, f"C-{town.code}", "受理员")
            for number in range(1, len(OFFICES) + 1):
                code = f"{town.code}-K{number}"
                yield self.row("", code, Role.HANDLER, town.code, f"H-{code}", "干事")

    def in_villages(self) -> Iterator[Cells]:
        for at, village in enumerate(self.villages):
            unit_code = committee_of(village)
            name = "" if at else "secretary"
            yield self.row(name, unit_code, Role.VILLAGE_SECRETARY, village.code, f"S-{village.code}", "书记")
            for number in range(1, share(self.cadres, at, at + 1, len(self.villages)) + 1):
                name = "cadre" if (at, number) == (0, 1) else ""
                staff_number = f"G-{village.code}-{number:03d}"
                yield self.row(name, unit_code, Role.CADRE, village.code, staff_number, "联户干部")

    def row(self, username: str, unit_code: str, role: Role, area: str, staff_number: str, title: str) -> Cells:
        self.serial += 1
        given = self.random.choice(self.random.choice((MALE, FEMALE)))
        return {
            "name": self.random.choice(SURNAMES) + given,
            "staff_number": staff_number,
            "username": username,
            "phone": f"1541{self.serial:07d}",
            "unit": unit_code,
            "role": role.value,
            "area": area,
            "title": title,
        }
