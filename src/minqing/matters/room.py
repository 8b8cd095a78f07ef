"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.audit.kinds import Record
from minqing.core.room import Counts, Entry, Group, Life, Listener, Mount, Room, Scope, SlotPart
from minqing.matters import notifications, slots
from minqing.matters.access import READERS, WATCHERS
from minqing.matters.api.operations import COUNT, READ, router
from minqing.matters.api.pictures import router as pictures
from minqing.matters.checks import search
from minqing.matters.deeds import DEEDS
from minqing.matters.enums import OPEN
from minqing.matters.exports import MATTERS
from minqing.matters.hooks import of_category
from minqing.matters.imports import KINDS
from minqing.matters.lifecycle import MATTER, MOVES, PART
from minqing.matters.listeners import day_changed
from minqing.matters.lists import MATTERS as LIST
from minqing.matters.models.naming import MECHANISMS, REASONS, STATES
from minqing.matters.printing.sheets import HANDLING
from minqing.matters.queries import holdings, id_numbered, numbers_of, titles_of
from minqing.matters.schemas.moves import HANDLE, REPORT
from minqing.matters.services import load_categories, rebuild_days, wrong_days
from minqing.matters.services.periodic import UPKEEP
from minqing.matters.subjects import SUBJECTS
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Goes, Role
from minqing.org.hooks import of_unit
from minqing.org.kinds import Placed

OPERATOR = frozenset({Role.OPERATOR})

ROOM = Room(
    name="matters",
    pages=(Mount("matters/", "minqing.matters.urls"),),
    entries=(
        Entry(60, "matters:list", _("Matters"), "megaphone", FIELD | DESK | OVERSIGHT, Group.RECORDS),
        Entry(70, "matters:wall", _("Supervision wall"), "stopwatch", WATCHERS, Group.RECORDS),
        Entry(65, "matters:new", _("Take in a matter"), "plus-lg", FIELD, starts=True),
        Entry(151, "matters:categories", _("Categories"), "list-ul", OPERATOR, Group.SYSTEM),
        Entry(140, "matters:phrases", _("Canned replies"), "chat-left-text", DESK, Group.TOOLS),
    ),
    api=(router, pictures),
    scopes=(
        Scope(READ, _("Read matters")),
        Scope(REPORT, _("Report matters")),
        Scope(HANDLE, _("Handle the unit's matters")),
        Scope(COUNT, _("Read figures")),
    ),
    listeners=(
        Listener("matters-tell", tuple(notifications.EVENTS), notifications.notify),
        Listener("matters-days", ("matters.matter.*",), day_changed),
    ),
    notices=notifications.KINDS,
    exports=(MATTERS,),
    lists=(LIST,),
    sheets=(HANDLING,),
    checks=(search,),
    slots=("matters.matter", "matters.wall"),
    parts=(
        SlotPart("desk.find", slots.on_find, rank=10, roles=READERS),
        # a clerk reads how the places stand, from the room that sorts
        SlotPart("desk.rail", slots.on_rail, rank=20, roles=DESK - {Role.CLERK}),
        SlotPart("households.file.side", slots.on_file, rank=10),
    ),
    lifecycles=(
        Life(
            "Matters 民情事项",
            MATTER,
            "The *reporter* moves by the private link; *field* is a cadre, village secretary or clerk whose area it\n"
            "is (for residents without a phone); a *clerk* of the area; the *unit* that it was assigned to; the\n"
            "*system* in imports and jobs.",
            parties={move: kind.parties for move, kind in MOVES.items()},
        ),
        Life(
            "Parts of joint matters 协办任务",
            PART,
            "Open parts are taken back with the matter: sent back, withdrawn, declined, handled with another one, or\n"
            "finished over them with a recorded reason.",
        ),
    ),
    vocabularies=(STATES, MECHANISMS, REASONS),
    titles=titles_of,
    tables=tuple(KINDS),
    reference=(load_categories,),
    clocks=(UPKEEP,),
    counts=(Counts("matters.days", rebuild_days, wrong_days),),
    hooks=(
        of_category.calls(holdings.of_category),
        of_unit.calls(holdings.of_unit),
    ),
    subjects=SUBJECTS,
    demo="minqing.matters.demo.part.Matters",
    placed=(
        Placed(
            model="matters.Matter",
            goes=Goes.STAYS,
            now=Q(state__in=OPEN),
            label=_("Open matters"),
            stops=_("Have its open matters finished first."),
        ),
        Placed(model="matters.DayCount", goes=Goes.STAYS),
        Placed(model="matters.Phrase", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    records=(Record(code="matter", label=_("matter {name}"), named=numbers_of, found=id_numbered),),
    jobs={
        "matters.call_backs": _("Drawing the call-backs of the day"),
        "matters.drop_pictures": _("Deleting pictures that nothing holds"),
        "matters.days": _("Counting matters by the day"),
    },
)
