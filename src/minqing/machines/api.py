"""The one address that machines call: signed, once each, and answered with a signature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.retry import once_more
from minqing.machines.enums import Reason, Told
from minqing.machines.formats.signing import sign
from minqing.machines.models import Machine, Vend
from minqing.machines.queries import slots_of
from minqing.machines.services import admit, take_turn
from minqing.machines.services.admitting import UNKNOWN, Message
from minqing.machines.services.turns import Orders, Report, Turn
from minqing.web.problem import refusal

SCHEME: Final = "Minqing-Machine"
MOST_BYTES: Final = 64 * 1024
MOST_REPORTS: Final = 50
UNREADABLE = _("This is not what a machine says in its turn.")


@csrf_exempt
@transaction.non_atomic_requests
def turn(request: HttpRequest) -> HttpResponse:
    """What a machine says since its last turn, and what it is to do now."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        at = clock.now()
        message = message_in(request)
        machine = admit(message, at=at)
        by = Actor.system(f"machines.{machine.code}")
        said = turn_in(message.body)
        orders = once_more(lambda: take_turn(machine=machine, turn=said, by=by, at=at))
        return answered(message, machine, said, orders, at)
    except DomainError as error:
        response = refusal(error)
        response["Cache-Control"] = "no-store"
        return response


def message_in(request: HttpRequest) -> Message:
    """Raises DomainError ``machine_unknown`` (401) for what is not signed, ``too_large`` (413)."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    parts = rest.split()
    if scheme != SCHEME or len(parts) != 5 or not (number(parts[1]) and number(parts[3])):
        raise DomainError("machine_unknown", UNKNOWN, http_status=401)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise DomainError("too_large", _("A turn is at most 64 KB."), http_status=413)
    code, boot, run, counter, signature = parts
    return Message(code, int(boot), run[:32], int(counter), signature, request.path, body)


def number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


def turn_in(body: bytes) -> Turn:
    """Raises DomainError ``turn`` (400) for what cannot be read."""
    try:
        told = json.loads(body)
        warm = told.get("temperature")
        return Turn(
            reports=[report_in(one) for one in told.get("reports", ())[:MOST_REPORTS]],
            temperature=None if warm is None else degrees(warm),
            door=flag(told.get("door")),
            jam=flag(told.get("jam")),
        )
    except (ValueError, TypeError, AttributeError, KeyError, InvalidOperation, RecursionError):
        raise DomainError("turn", UNREADABLE, http_status=400) from None


def report_in(one: Mapping[str, Any]) -> Report:
    return Report(UUID(one["vend"]), Told(one["told"]), Reason(one.get("reason", "")))


def degrees(value: object) -> Decimal:
    read = Decimal(str(value))
    if not -99 < read < 99:
        raise ValueError(value)
    return read.quantize(Decimal("0.1"))


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def answered(message: Message, machine: Machine, said: Turn, orders: Orders, at: datetime) -> HttpResponse:
    """The server's time, the machine's boot number as it stands, and what to do. Signed for this request alone."""
    told = {
        "now": at.timestamp(),
        "boot": machine.boot,
        "taken": [str(one.vend) for one in said.reports],
        "run": [order(one) for one in orders.run],
        "asked": [{"id": str(one.pk), "boot": one.boot} for one in orders.asked],
        "locked": machine.locked_at is not None,
        "slots": [
            {
                "number": one.number,
                "name": one.name,
                "price": one.price,
                "stock": one.stock,
                "closed": bool(one.closed_at) or not one.item.active,
            }
            for one in slots_of(machine)
        ],
    }
    body = json.dumps(told).encode()
    signature = sign(machine.secret, "answer", machine.code, message.run, str(message.counter), body=body)
    headers = {"Minqing-Signature": signature, "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/json", headers=headers)


def order(vend: Vend) -> dict[str, Any]:
    return {
        "id": str(vend.pk),
        "slot": vend.slot.number,
        "boot": vend.boot,
        "expires": vend.expires_at.timestamp(),
    }
