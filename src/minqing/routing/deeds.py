"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

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
