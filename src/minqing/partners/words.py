"""Why something was not sent or not taken over, in the operator's words. Codes without a word show as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CUT: Final = _("Cannot be read: cut off or not JSON")
WHY: Final[Mapping[str, StrOrPromise]] = {
    # sending
    "dns": _("Host name not known"),
    "connect": _("Not reachable"),
    "tls": _("Certificate not trusted"),
    "timeout": _("No answer in time"),
    "protocol": _("Answer not understood"),
    "address_refused": _("Address leads inside"),
    # taking over
    "not_json": CUT,
    "not_an_object": CUT,
    "no_data": CUT,
    "encoding": _("Characters cannot be read"),
    "characters": _("Characters cannot be read"),
    "no_mapping": _("Field mapping is missing"),
    "unknown_type": _("Type of event not known"),
    "unknown_area": _("Code of the area not known"),
    "category": _("Category not in use"),
    "data": _("A field is missing or wrong"),
    "matter_unknown": _("Matter not found"),
    "wrong_state": _("Does not fit the matter's state"),
    "wrong_party": _("Not for this partner to do"),
    "too_late": _("Overtaken by a later event"),
    "out_of_order": _("Waiting for what comes before it"),
    "fault": _("A fault of this system"),
}


def why_sent(status: int | None, error: str) -> StrOrPromise:
    """Of a delivery: what was answered, else why nothing was."""
    return f"HTTP {status}" if status else WHY.get(error, error)


def why_taken(code: str) -> StrOrPromise:
    return WHY.get(code, code)
