"""The one address that machines call: signed, once each, and answered with a signature."""

from __future__ import annotations

import json
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
        said, taken = turn_in(message.body)
        orders = once_more(lambda: take_turn(machine=machine, turn=said, by=by, at=at))
        return answered(message, machine, taken, orders, at)
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


def turn_in(body: bytes) -> tuple[Turn, list[str]]:
    """What it says, and of which exchanges that was read or never will be, so that it is not said again.

    Each field and report is read alone: a sensor that has come loose must not cost anybody their points. Raises
    DomainError ``turn`` (400) for what is no turn at all.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise DomainError("turn", UNREADABLE, http_status=400)
    said = told.get("reports")
    there = said[:MOST_REPORTS] if isinstance(said, list) else []
    reports = [report_in(one) for one in there]
    turn = Turn(
        reports=[one for one in reports if one],
        unread=reports.count(None) + (said is not None and not isinstance(said, list)),
        temperature=degrees(told.get("temperature")),
        door=flag(told.get("door")),
        jam=flag(told.get("jam")),
        hinted=flag(told.get("hinted")),
    )
    return turn, [one["vend"] for one in there if isinstance(one, dict) and isinstance(one.get("vend"), str)]


def report_in(one: object) -> Report | None:
    """None for what cannot be read."""
    if not isinstance(one, dict):
        return None
    try:
        return Report(UUID(str(one.get("vend"))), Told(str(one.get("told"))), reason_in(one.get("reason")))
    except ValueError:
        return None


def reason_in(value: object) -> Reason:
    """A newer machine may know more reasons: what became of the exchange counts all the same."""
    return next((one for one in Reason if one.value == value), Reason.NONE)


def degrees(value: object) -> Decimal | None:
    """None for what no thermometer shows: a sensor that has come loose says -127."""
    try:
        read = Decimal(str(value))
        return read.quantize(Decimal("0.1")) if -99 < read < 99 else None
    except InvalidOperation:
        return None


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def answered(message: Message, machine: Machine, taken: list[str], orders: Orders, at: datetime) -> HttpResponse:
    """The server's time, the machine's boot number as it stands, and what to do. Signed for this request alone."""
    told = {
        "now": at.timestamp(),
        "boot": machine.boot,
        "taken": taken,
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
