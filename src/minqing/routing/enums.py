"""Words of routing. Pure."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class RouteState(Word):
    """Where a set of rules stands."""

    DRAFT = "draft", _("Draft")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Former version")


class RouteMove(Word):
    """What can be done with a set as a whole."""

    GO_LIVE = "go_live", _("Put into force"), _("Now in force")
    RETIRE = "retire", _("Put out of force"), _("No longer in force")
    ROLL_BACK = "roll_back", _("Back to this version"), _("Back at this version")
    # what another version does to the one in force; nobody is offered it
    GIVE_WAY = "give_way", _("Replaced by another version")


class Source(StrEnum):
    """What named the unit."""

    RULE = "rule"
    CATEGORY = "category"
    BACKSTOP = "backstop"
    # the unit that another one named when it sent the matter back
    NAMED = "named"
    # not by a suggestion at all: passed on by the former unit or a clerk, or decided on the spot
    PASSED = "passed"
    DECIDED = "decided"
    NOBODY = "nobody"
