"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Entry, Group, Life, Mount, Room, SlotPart
from minqing.matters import hooks
from minqing.matters.queries.dossier import further_tables
from minqing.org.enums import Goes, Role
from minqing.org.hooks import of_unit
from minqing.org.kinds import Placed
from minqing.routing import slots
from minqing.routing.forms.bulk import ASSIGN
from minqing.routing.lifecycle import ROUTE_SET
from minqing.routing.queries import reasons
from minqing.routing.queries.routes import of_category
from minqing.routing.queries.routes import of_unit as routes_of_unit
from minqing.routing.rules import LOOKERS
from minqing.routing.services.assignments import note_assignment
from minqing.routing.subjects import SUBJECTS
from minqing.routing.views.triage import proposed

# what the journal's events of this room are called
DEEDS = (
    Deed("matters.routes.drafted", _("began a draft of routing rules")),
    Deed("matters.routes.changed", _("changed a draft of routing rules")),
    Deed("matters.routes.discarded", _("discarded a draft of routing rules")),
    Deed("matters.routes.replayed", _("tried routing rules on earlier matters")),
    Deed("matters.routes.went_live", _("put routing rules into force")),
    Deed("matters.routes.retired", _("put routing rules out of force")),
    Deed("matters.routes.rolled_back", _("went back to former routing rules")),
    Deed("routing.person.erased", _("erased a person in test cases on request")),
)

ROOM = Room(
    name="routing",
    pages=(Mount("matters/", "minqing.routing.urls"),),
    entries=(
        Entry(40, "routing:triage", _("To sort"), "inbox", frozenset({Role.CLERK})),
        Entry(100, "routing:routes", _("Routing rules"), "signpost", LOOKERS, Group.TOOLS),
    ),
    hooks=(
        hooks.of_category.calls(of_category),
        of_unit.calls(routes_of_unit),
        hooks.assigned.calls(note_assignment),
        hooks.proposals.calls(proposed),
        hooks.why_here.calls(reasons.why_here),
        further_tables.calls(reasons.in_dossier),
    ),
    bulks=(ASSIGN,),
    parts=(
        SlotPart("desk.rail", slots.on_rail, rank=10, roles=frozenset({Role.CLERK})),
        SlotPart("listing.counts", slots.in_navigation, roles=frozenset({Role.CLERK})),
    ),
    subjects=SUBJECTS,
    lifecycles=(Life("Routing rules 分派规则", ROUTE_SET),),
    placed=(
        Placed(model="routing.RouteSet", goes=Goes.STAYS, label=_("Routing rules"), now=Q(state="live")),
        Placed(model="routing.RouteCase", goes=Goes.STAYS),
        Placed(model="routing.RouteCase", goes=Goes.STAYS, column="place"),
        Placed(model="routing.RouteReplay", goes=Goes.STAYS),
        Placed(model="routing.Routing", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
)
