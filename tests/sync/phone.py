"""A phone as the server sees it: it gives numbers, keeps what has no receipt, and says what it holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.sync.rules import value_version

EXCHANGE, REGISTER = "/sync/exchange", "/sync/register"


def diary(home: Any, **values: Any) -> dict[str, Any]:
    return {
        "visit": str(new_id()),
        "household": str(getattr(home, "pk", home)),
        "met": "at_home",
        "met_people": "户主",
        "text": "老人说屋顶漏雨。",
    } | values


def fields(content: dict[str, Any]) -> dict[str, str]:
    """Of a change of a file: what becomes of which field."""
    here = {f"lives_here:{id}": "yes" if one else "no" for id, one in content.get("lives_here", {}).items()}
    return here | ({"address": content["address"]} if "address" in content else {})


@dataclass
class Phone:
    """``ahead`` is by how much its clock is wrong; ``outbox`` what has no receipt yet, ``receipts`` what has one."""

    client: Client
    ahead: timedelta = timedelta()
    id: str = field(default_factory=lambda: str(new_id()))
    last: int = 0
    shelf: int = 0
    outbox: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    # by which it hands in sealed what its owner wrote
    secret: str = ""

    def register(self) -> Phone:
        answer = self.post(REGISTER, {"id": self.id, "name": "小米"})
        assert answer.status_code == 200, answer.content.decode()
        return self

    def now(self) -> datetime:
        return clock.now() + self.ahead

    def write(self, home: Any, *, chain: bool = True, **values: Any) -> dict[str, Any]:
        """One diary into the outbox; it builds on the one before it of the same household."""
        return self.put(diary(home, **values), about=f"household:{getattr(home, 'pk', home)}", chain=chain)

    def known(self, home: Any) -> dict[str, str]:
        """The fields of a file as this phone has them: what waits lies on top of what was pulled."""
        parcel = self.held[f"visits.home:{home.pk}"]
        here = {f"lives_here:{one['id']}": "yes" if one["lives_here"] else "no" for one in parcel["members"]}
        found = {"address": parcel["address"]} | here
        for one in self.outbox:
            if one["kind"] == "visits.file" and one["about"] == f"household:{home.pk}":
                found |= fields(json.loads(one["body"]))
        return found

    def change(self, home: Any, **values: Any) -> dict[str, Any]:
        """One change of a file, with the versions of all that this phone knows of it."""
        base = {name: value_version(value) for name, value in self.known(home).items()}
        made = self.put({"household": str(home.pk)} | values, about=f"household:{home.pk}", kind="visits.file")
        made["base"] = base
        return made

    def put(self, content: Any, *, about: str, kind: str = "visits.visit", chain: bool = True) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False)
        self.last += 1
        before = [one for one in self.outbox if one["about"] == about] if chain else []
        made = {
            "id": str(new_id()), "number": self.last, "kind": kind, "schema_number": 1, "about": about,
            "after": before[-1]["id"] if before else None, "base": {}, "written_at": self.now().isoformat(),
            "digest": hashlib.sha256(body.encode()).hexdigest(), "body": body,
        }  # fmt: skip
        self.outbox.append(made)
        return made

    def post(self, address: str, told: Any) -> Any:
        body = told if isinstance(told, (str, bytes)) else json.dumps(told)
        return self.client.post(address, body, content_type="application/json")

    def message(self, operations: list[dict[str, Any]]) -> dict[str, Any]:
        oldest = min((one["written_at"] for one in self.outbox), default=None)
        return {
            "device": self.id, "clock": self.now().isoformat(), "shelf": self.shelf, "operations": operations,
            "lost": self.lost,
            "outbox": {"last": self.last, "waiting": len(self.outbox), "oldest": oldest},
        }  # fmt: skip

    def exchange(self, operations: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Send (all that waits, unless said otherwise), and do as the answer says."""
        sent = list(self.outbox) if operations is None else operations
        answer = self.post(EXCHANGE, self.message(sent))
        assert answer.status_code == 200, answer.content.decode()
        told: dict[str, Any] = answer.json()
        self.hear(told)
        return told

    def hear(self, told: dict[str, Any]) -> None:
        for receipt in told["receipts"]:
            self.receipts[receipt["id"]] = receipt
        self.outbox = [one for one in self.outbox if one["id"] not in self.receipts]
        if pull := told.get("pull"):
            self.held = ({} if pull["anew"] else self.held) | pull["parcels"]
            for key in pull["left"]:
                self.held.pop(key, None)
            self.left |= pull["left"]
            self.shelf = pull["shelf"]

    def outcomes(self) -> list[str]:
        return [one["outcome"] for one in sorted(self.receipts.values(), key=lambda one: one["number"])]
