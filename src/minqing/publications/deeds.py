"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (
    Deed("publications.publication.prepared", _("prepared a text for the public")),
    Deed("publications.publication.reviewed", _("reviewed a text for the public")),
    Deed("publications.publication.published", _("published a text")),
    Deed("publications.publication.withdrawn", _("withdrew a published text")),
    Deed("publications.figures.asked", _("asked for the figures of a quarter to be published")),
    Deed("publications.figures.published", _("published the figures of a quarter")),
    Deed("publications.person.erased", _("erased a person in published texts on request")),
)
