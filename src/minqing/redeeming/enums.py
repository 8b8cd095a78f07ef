"""Words of what points are redeemed for 兑换. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class ItemKind(Word):
    """What somebody gets for points."""

    GOOD = "good", _("Goods")
    SERVICE = "service", _("Service")


class Reason(Word):
    """Why something was given back."""

    BROKEN = "broken", _("Broken or spoilt")
    WRONG = "wrong", _("The wrong thing was taken")
    UNWANTED = "unwanted", _("Not wanted after all")
    TYPED = "typed", _("A mistake in typing")
