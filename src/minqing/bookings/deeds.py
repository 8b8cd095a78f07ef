"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("bookings.terms.loaded", _("loaded what comes back of points for services"), Doing.UPKEEP),
    Deed("bookings.provider.opened", _("added a provider of services")),
    Deed("bookings.provider.changed", _("changed what a provider of services does, or when it is there")),
    Deed(
        "bookings.provider.area_followed",
        _("let a provider of services serve the area of which theirs has become part"),
        Doing.UPKEEP,
    ),
    Deed("bookings.provider.closed", _("closed a provider of services")),
    Deed("bookings.booking.made", _("booked a service: {number}")),
    Deed("bookings.booking.offered", _("offered a freed time to who waited: {number}"), Doing.UPKEEP),
    Deed("bookings.booking.accepted", _("took the time that was offered: {number}")),
    Deed("bookings.booking.lapsed", _("did not take the time that was offered: {number}")),
    Deed("bookings.booking.cancelled", _("cancelled the booking {number}")),
    Deed("bookings.booking.called_off", _("called off the booking {number}, its points are given back")),
    Deed("bookings.booking.arrived", _("was there for the booking {number}")),
    Deed("bookings.booking.done", _("said that the booking {number} is done")),
    Deed("bookings.booking.confirmed", _("confirmed that the booking {number} was done")),
    Deed("bookings.booking.doubted", _("said that the booking {number} was not done")),
    Deed("bookings.booking.miss_said", _("said that nobody was at home for the booking {number}")),
    Deed("bookings.booking.fail_said", _("said that the provider did not come for the booking {number}")),
    Deed("bookings.booking.contradicted", _("contradicted what was said of the booking {number}")),
    Deed("bookings.booking.missed", _("settled the booking {number}: nobody was at home")),
    Deed("bookings.booking.not_come", _("gave the points of the booking {number} back, the provider did not come")),
    Deed("bookings.booking.returned", _("gave all points of the booking {number} back")),
    Deed("bookings.booking.rated", _("said how the booking {number} was")),
    Deed("bookings.booking.renewed", _("held the points of the booking {number} for longer"), Doing.UPKEEP),
    Deed("bookings.booking.urged", _("reminded of the booking {number}, on which nobody has decided"), Doing.UPKEEP),
    Deed("bookings.booking.reminded", _("reminded of the booking {number}"), Doing.UPKEEP),
    Deed("bookings.booking.looked_at", _("looked at the booking {number}"), Doing.LOOK),
    Deed("bookings.day.looked_at", _("looked at whom a provider of services serves on a day"), Doing.LOOK),
    Deed("bookings.wait.joined", _("put somebody on a waiting list for a service")),
    Deed("bookings.wait.left", _("took somebody off a waiting list for a service")),
    Deed("bookings.wait.passed", _("passed somebody over who waited: too few points"), Doing.UPKEEP),
    Deed("bookings.person.followed", _("took bookings along with somebody who moved"), Doing.UPKEEP),
    Deed("bookings.household.followed", _("took bookings along with a household that moved"), Doing.UPKEEP),
    Deed("bookings.person.erased", _("erased a person's bookings on request")),
)
