"""Words of what points are redeemed for 兑换. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class ItemKind(Word):
    """What somebody gets for points."""

    GOOD = "good", _("Goods")
    SERVICE = "service", _("Service")
