"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("partners.partner.created", _("added a system that may call")),
    Deed("partners.partner.updated", _("changed a system that may call")),
    Deed("partners.partner.secret_changed", _("gave a system another secret")),
    Deed("partners.token.issued", _("issued a key for another system")),
    Deed("partners.token.revoked", _("revoked a key of another system")),
    Deed("partners.endpoint.created", _("added an address to which news is sent")),
    Deed("partners.endpoint.updated", _("changed an address to which news is sent")),
    Deed("partners.endpoint.secret_changed", _("gave an address another secret")),
    Deed("partners.endpoint.asked", _("asked an address whether it takes news"), Doing.UPKEEP),
    Deed("partners.endpoint.gone", _("sends no more to an address that is gone"), Doing.UPKEEP),
    Deed("partners.delivery.dead", _("gave up sending a piece of news"), Doing.UPKEEP),
    Deed("partners.delivery.replayed", _("sent a piece of news once more")),
    Deed("partners.delivery.settled", _("settled a piece of news by hand")),
    Deed("partners.event.received", _("sent a piece of news in")),
    Deed("partners.event.corrected", _("sent a corrected piece of news")),
    Deed("partners.event.laid_aside", _("laid a piece of news aside"), Doing.UPKEEP),
    Deed("partners.event.replayed", _("took a piece of news in once more")),
    Deed("partners.event.settled", _("settled a piece of news from outside by hand")),
    Deed("partners.person.erased", _("erased a person in news from outside on request")),
)
