"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.audit import kinds, slots
from minqing.audit.kinds import Record
from minqing.audit.queries.naming import accounts_called, areas_called, not_by_number, units_called
from minqing.audit.rules import AUDITORS
from minqing.core.room import Deed, Doing, Entry, Mount, Room, SlotPart

# what the journal's events of this room are called
DEEDS = (
    Deed("audit.record.viewed", _("read the record of {what}"), Doing.LOOK),
    Deed("audit.seals.asked", _("asked to check the seals of {day}")),
    Deed("audit.seals.checked", _("checked the seals of {day}"), Doing.UPKEEP),
)

ROOM = Room(
    name="audit",
    pages=(Mount("audit/", "minqing.audit.urls"),),
    entries=(
        Entry(33, "audit:record", _("Record"), "journal-text", AUDITORS),
        Entry(34, "audit:looks", _("Who looked"), "eye", AUDITORS),
        Entry(35, "audit:seals", _("Seals"), "shield-check", AUDITORS),
    ),
    parts=(
        SlotPart("desk.today", slots.on_today, rank=10, roles=AUDITORS),
        SlotPart("desk.rail", slots.on_rail, rank=10, roles=AUDITORS),
    ),
    deeds=DEEDS,
    records=(
        Record(code="account", label="{name}", named=accounts_called, found=not_by_number),
        Record(code="unit", label="{name}", named=units_called, found=not_by_number),
        Record(code="area", label="{name}", named=areas_called, found=not_by_number),
    ),
    gathers={"deeds": kinds.DEEDS.register, "records": kinds.RECORDS.register, "entries": kinds.ENTRIES.register},
    jobs={
        "audit.nightly": _("Checking the seals each night"),
        "audit.seals": _("Checking the seals now"),
    },
)
