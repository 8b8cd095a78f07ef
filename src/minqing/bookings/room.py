"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.bookings.deeds import DEEDS
from minqing.bookings.lifecycle import BOOKING, WAIT
from minqing.bookings.listeners import household_moved, resident_moved
from minqing.bookings.lists import BOOKINGS
from minqing.bookings.notifications import HEARD, KINDS, notify_of
from minqing.bookings.queries import NUMBERED, holdings
from minqing.bookings.rules import READERS
from minqing.bookings.services import load_terms, serve_instead
from minqing.bookings.slots import at_points, on_file, words
from minqing.bookings.subjects import SUBJECTS
from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.org.enums import FIELD, Goes
from minqing.org.hooks import of_person
from minqing.org.kinds import Placed

ROOM = Room(
    name="bookings",
    hooks=(of_person.calls(holdings.of_person),),
    pages=(Mount("", "minqing.bookings.urls"),),
    entries=(
        Entry(97, "bookings:list", _("Services booked for points"), "calendar3", FIELD, Group.POINTS),
        Entry(98, "bookings:providers", _("Providers of services"), "people", READERS, Group.POINTS),
    ),
    listeners=(
        Listener("bookings-tell", HEARD, notify_of),
        Listener("bookings-follow-residents", ("households.resident.moved",), resident_moved),
        Listener("bookings-follow-households", ("households.household.updated",), household_moved),
    ),
    notices=KINDS,
    lists=(BOOKINGS,),
    lifecycles=(
        Life(
            "Services booked for points 预约服务",
            BOOKING,
            "Points are held until both sides have spoken. What the provider called done is confirmed by itself after "
            "three working days; what it never called done is given back after seven. What one side says of the other, "
            "that it was not there, waits for three: whoever contradicts has it decided by a person.",
        ),
        Life("Who waits for a free time 候补", WAIT),
    ),
    titles=NUMBERED.titles,
    subjects=SUBJECTS,
    reference=(load_terms,),
    demo="minqing.bookings.demo.Services",
    parts=(
        SlotPart("points.own", at_points, rank=20),
        SlotPart("points.words", words),
        SlotPart("households.file.side", on_file, rank=45),
    ),
    placed=(
        Placed(model="bookings.Provider", goes=Goes.ALONG, now=Q(closed_at=None), label=_("Providers of services")),
        Placed(model="bookings.ServedArea", goes=Goes.ALONG, carry=serve_instead),
        Placed(model="bookings.Booking", goes=Goes.STAYS),
        Placed(model="bookings.Wait", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    records=(NUMBERED.record(_("booking {name}")),),
    jobs={"bookings.pass_time": _("Offers, reminders and ends of bookings")},
)
