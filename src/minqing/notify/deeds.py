"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("notify.notice.sent", _("sent a notice"), Doing.UPKEEP),
    Deed("notify.notice.read", _("read a notice")),
    Deed("notify.notices.read", _("marked all notices as read")),
    Deed("notify.choices.saved", _("chose how to be told")),
    Deed("notify.address.saved", _("wrote down where to be reached")),
    Deed("notify.address.removed", _("took away where to be reached")),
    Deed("notify.account.forgotten", _("deleted the addresses of {what}"), Doing.UPKEEP),
    Deed("notify.digest.made", _("put a summary of notices together"), Doing.UPKEEP),
    Deed("notify.message.sent", _("delivered a message"), Doing.UPKEEP),
    Deed("notify.message.failed", _("could not deliver a message and tries again"), Doing.UPKEEP),
    Deed("notify.message.parked", _("laid a message aside that cannot be delivered"), Doing.UPKEEP),
    Deed("notify.message.dropped", _("dropped a message that could not be delivered")),
    Deed("notify.message.retried", _("tried to deliver a message once more")),
    Deed("notify.old.deleted", _("deleted old notices"), Doing.UPKEEP),
    Deed("notify.person.erased", _("erased a person's messages on request")),
)
