"""Words of visits 走访."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Met(StrEnum):
    """Whether anybody was met."""

    AT_HOME = "at_home"
    BY_PHONE = "by_phone"
    NOBODY = "nobody"

    @property
    def label(self) -> StrOrPromise:
        return MET_LABELS[self]


MET_LABELS = {
    Met.AT_HOME: _("Met at home"),
    Met.BY_PHONE: _("Spoke by phone"),
    Met.NOBODY: _("Nobody at home"),
}


class FileField(StrEnum):
    """What of a household's file is changed on a phone."""

    ADDRESS = "address"
    LIVES_HERE = "lives_here"

    @property
    def label(self) -> StrOrPromise:
        return FILE_LABELS[self]


FILE_LABELS = {
    FileField.ADDRESS: _("Address"),
    FileField.LIVES_HERE: _("Lives here"),
}
