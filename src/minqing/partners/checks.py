"""What the doctor looks at of other systems."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from minqing.core.health import Finding, count_finding
from minqing.partners.enums import DeliveryState
from minqing.partners.queries import deliveries as of_state
from minqing.partners.queries import inbox_actor, laid_aside
from minqing.partners.queries.hooks import failing_endpoints, unreadable_secrets
from minqing.privacy.access import transaction_as


def deliveries() -> Finding:
    dead = of_state(DeliveryState.DEAD).order_by().values_list("endpoint__partner__code", flat=True)
    return count_finding(
        _("events not delivered"),
        dead,
        _(
            "See why on the page Partner systems or with “minqing partners dead”, speak with the partner, then send "
            "them again there or with “minqing partners replay --all <code>”; “settle <id>” says that one is done with."
        ),
        "partners:list",
    )


def inbox() -> Finding:
    with transaction_as(inbox_actor()):
        dead = Counter(laid_aside().order_by().values_list("partner__code", flat=True))
    return count_finding(
        _("events laid aside"),
        dead,
        _(
            "See on the page Partner systems or with “minqing partners dead” what is wrong with them, mend it, then "
            "read them again there or with “minqing partners replay --all <code>”; “settle <id>” says that one is done "
            "with."
        ),
        "partners:list",
    )


def endpoints() -> Finding:
    return count_finding(
        _("endpoints"),
        (f"{one.partner.code} ({why})" for one, why in failing_endpoints()),
        _(
            "The partner's address does not answer. Ask them; “minqing partners endpoint <code> <url>” switches it on "
            "again, with --off it is sent nothing more. Where MINQING_ORIGIN is named, set that first."
        ),
        "partners:list",
    )


def secrets() -> Finding:
    return count_finding(
        _("partners' secrets"),
        unreadable_secrets(),
        _(
            "These partners' secrets cannot be read: what they sign is put off, and what is for them waits. Bring the "
            "key back (MINQING_OLD_FIELD_KEYS), or give a new secret with “minqing partners secret <code>” or “minqing "
            "partners endpoint <code> <url> --rotate”."
        ),
        "partners:list",
    )
