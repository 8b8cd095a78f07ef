"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Programs, Room, Scope, SlotPart
from minqing.org.enums import Goes, Role
from minqing.org.hooks import of_unit
from minqing.org.kinds import Placed
from minqing.partners.access import Calling
from minqing.partners.checks import deliveries, endpoints, inbox, secrets
from minqing.partners.deeds import DEEDS
from minqing.partners.enums import EVENTS_RECEIVE, EVENTS_SEND
from minqing.partners.kinds import SCOPES
from minqing.partners.lifecycle import DELIVERY, INBOUND
from minqing.partners.listeners import matter_moved
from minqing.partners.queries import holdings
from minqing.partners.slots import on_operator
from minqing.partners.subjects import SUBJECTS

ROOM = Room(
    name="partners",
    hooks=(of_unit.calls(holdings.of_unit),),
    pages=(Mount("partners/", "minqing.partners.urls"),),
    entries=(
        Entry(190, "partners:list", _("Partner systems"), "arrow-left-right", frozenset({Role.OPERATOR}), Group.SYSTEM),
    ),
    parts=(SlotPart("desk.channels", on_operator, rank=20),),
    scopes=(
        Scope(EVENTS_SEND, _("Send events")),
        Scope(EVENTS_RECEIVE, _("Be sent events")),
    ),
    gathers={"scopes": SCOPES.register},
    caller=Calling,
    programs=(Programs("/partners/events"), Programs("/partners/inbox/")),
    listeners=(Listener("partners-hooks", ("matters.matter.*",), matter_moved),),
    checks=(deliveries, inbox, endpoints, secrets),
    lifecycles=(
        Life("Events sent to partners", DELIVERY),
        Life("Events taken from partners", INBOUND),
    ),
    subjects=SUBJECTS,
    demo="minqing.partners.demo.Partners",
    placed=(
        Placed(model="partners.Partner", goes=Goes.STAYS, label=_("Partner systems")),
        Placed(model="partners.Inbound", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    jobs={
        "partners.send": _("Sending events to other systems"),
        "partners.take_over": _("Trying again what other systems sent too early"),
        "partners.sweep": _("Deleting what other systems got long ago"),
    },
)
