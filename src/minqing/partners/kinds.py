"""What tokens may open: the scopes that rooms bring."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid
from minqing.core.registry import Registry
from minqing.core.room import Scope

SCOPES: Final = Registry[Scope](
    lambda one: one.code, lambda: Invalid("scopes", _("There is no such scope. Choose one that is offered."))
)
