"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from minqing.core.clock import SHANGHAI
from minqing.core.room import Beginning, Counts, Entry, Group, Listener, Mount, Room, SlotPart
from minqing.org.enums import FIELD, OVERSIGHT, Goes, Role
from minqing.org.hooks import of_areas, of_person
from minqing.org.kinds import Placed
from minqing.visits import slots
from minqing.visits.deeds import DEEDS
from minqing.visits.listeners import household_moved, letters_follow, visits_changed
from minqing.visits.lists import CAMPAIGNS, CONFLICTS, PROMISES, VISITS
from minqing.visits.notifications import AFTER_CLOSING, notify_of
from minqing.visits.operations import FILE, HOMES, VISIT
from minqing.visits.queries import any_yet, holdings
from minqing.visits.rules import ASSIGNERS, LISTERS
from minqing.visits.services import rebuild_visit_days, wrong_visit_days
from minqing.visits.subjects import SUBJECTS

ROOM = Room(
    name="visits",
    pages=(Mount("", "minqing.visits.urls"),),
    entries=(
        Entry(80, "visits:list", _("Visits"), "journal-text", FIELD | OVERSIGHT, Group.RECORDS),
        Entry(85, "visits:phone", _("Diary without a signal"), "phone", FIELD, Group.RECORDS),
        Entry(87, "visits:conflicts", _("Files that two changed"), "people", FIELD, Group.TOOLS),
        Entry(82, "visits:campaigns", _("Rounds of visits"), "calendar", LISTERS, Group.RECORDS),
        Entry(88, "visits:promises", _("Promises"), "calendar3", FIELD, Group.RECORDS),
        Entry(90, "visits:care", _("Who cares for which household"), "person-check", ASSIGNERS, Group.TOOLS),
    ),
    beginnings=(
        Beginning(
            60,
            _("First visit"),
            "",
            any_yet,
            how=_("On a phone: sign in, open a household, write the diary."),
        ),
    ),
    listeners=(
        Listener("visits-follow-households", ("households.household.updated",), household_moved),
        Listener("visits-letters-follow", ("households.household.updated",), letters_follow),
        Listener(
            "visits-days",
            ("visits.visit.recorded", "visits.history.loaded", "visits.household.followed"),
            visits_changed,
        ),
        Listener("visits-tell", ("visits.visit.after_closing",), notify_of),
    ),
    notices=(AFTER_CLOSING,),
    lists=(VISITS, CONFLICTS, CAMPAIGNS, PROMISES),
    hooks=(
        of_areas.calls(holdings.in_areas),
        of_person.calls(holdings.of_person),
    ),
    subjects=SUBJECTS,
    counts=(Counts("visits.days", rebuild_visit_days, wrong_visit_days),),
    parts=(
        SlotPart("desk.today", slots.on_today, rank=40, roles=FIELD),
        SlotPart("desk.today", slots.rounds_on_today, rank=45, roles=FIELD),
        SlotPart("desk.today", slots.raised_on_today, rank=50, roles=FIELD),
        SlotPart("desk.today", slots.due_in_the_village, rank=5, roles=frozenset({Role.VILLAGE_SECRETARY})),
        SlotPart("desk.rail", slots.on_village, rank=10, roles=frozenset({Role.VILLAGE_SECRETARY})),
        SlotPart("desk.leader", slots.on_leader, rank=20),
        SlotPart("doorstep.door", slots.at_door, rank=30),
        SlotPart("households.file.top", slots.write_on_file),
        SlotPart("households.file.top", slots.rounds_on_file),
        SlotPart("households.file.main", slots.visits_on_file, rank=10),
        SlotPart("households.file.side", slots.care_on_file, rank=20),
    ),
    operations=(VISIT, FILE),
    feeds=(HOMES,),
    demo="minqing.visits.demo.Visits",
    placed=(
        Placed(
            model="visits.HouseholdAssignment",
            goes=Goes.HOME,
            now=Q(until=None),
            label=_("Households in somebody's care"),
        ),
        Placed(model="visits.Visit", goes=Goes.STAYS, label=_("Visits so far")),
        Placed(
            model="visits.Campaign",
            goes=Goes.ALONG,
            now=Q(closed_at=None, until__gte=TruncDate(Now(), tzinfo=SHANGHAI)),
            label=_("Rounds of visits"),
        ),
        Placed(model="visits.VisitedDay", goes=Goes.STAYS),
        Placed(model="visits.DiaryEntry", goes=Goes.STAYS),
        Placed(model="visits.VisitHazard", goes=Goes.STAYS),
        Placed(model="visits.VisitPhoto", goes=Goes.STAYS),
        Placed(model="visits.Promise", goes=Goes.HOME, now=Q(settled_at=None), label=_("Promises still to be kept")),
        Placed(model="visits.FileConflict", goes=Goes.HOME),
    ),
    deeds=DEEDS,
    jobs={
        "visits.days": _("Counting visits by the day"),
    },
)
