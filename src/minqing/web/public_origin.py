"""The public origin (scheme and host) of printed and sent links: on a door, on a slip, in a message."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from minqing.core.decision import Decision

NOT_SET = _(
    "The address that people reach is not known yet, so nothing with a link is printed or sent. The operator sets "
    "MINQING_ORIGIN (https://…) and starts the system again."
)


def has_public_origin() -> bool:
    """Whether ``MINQING_ORIGIN`` names an address that others than this machine can reach."""
    return is_public(settings.ORIGIN)


def is_public(origin: str) -> bool:
    """Whether others than this machine can reach an address."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        found = ip_address(host)
    except ValueError:
        return bool(host)
    return not (found.is_loopback or found.is_unspecified)


def public_origin() -> str:
    """Where printed and sent links begin; raises Refused ``no_address`` where they would lead nowhere for ever.

    A demo prints its samples with whatever address it has: see :func:`is_sample`.
    """
    may_link().require()
    return str(settings.ORIGIN)


def may_link() -> Decision:
    """Whether anything with a link may be printed or sent."""
    return Decision.yes() if has_public_origin() or settings.DEMO else Decision.no("no_address", NOT_SET)


def is_sample() -> bool:
    """Whether what is printed must say of itself that it is none to hang up."""
    return bool(settings.DEMO)
