"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (Deed("documents.template.replaced", _("put in another template of a print sheet")),)
