"""Words of partners 对接系统."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Scope(StrEnum):
    """What a token opens. A partner's areas and unit narrow each of them."""

    MATTERS_READ = "matters:read"
    MATTERS_REPORT = "matters:report"
    MATTERS_HANDLE = "matters:handle"
    FIGURES_READ = "figures:read"
    EVENTS_SEND = "events:send"
    EVENTS_RECEIVE = "events:receive"
    OPEN311 = "open311"

    @property
    def label(self) -> StrOrPromise:
        return SCOPE_LABELS[self]


SCOPE_LABELS = {
    Scope.MATTERS_READ: _("Read matters"),
    Scope.MATTERS_REPORT: _("Report matters"),
    Scope.MATTERS_HANDLE: _("Handle the unit's matters"),
    Scope.FIGURES_READ: _("Read figures"),
    Scope.EVENTS_SEND: _("Send events"),
    Scope.EVENTS_RECEIVE: _("Be sent events"),
    Scope.OPEN311: _("Speak Open311"),
}
