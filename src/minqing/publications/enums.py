"""Words of publications. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class Stage(Word):
    """Where a publication stands."""

    DRAFT = "draft", _("Waits for review")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Not shown")


class Act(Word):
    """What can be done with a publication."""

    PREPARE = "prepare", _("Save the draft"), _("Draft saved")
    REVIEW = "review", _("Reviewed: nobody can be recognised"), _("Reviewed")
    PUBLISH = "publish", _("Publish"), _("Published")
    WITHDRAW = "withdraw", _("Take it off the public page"), _("Taken off the public page")
