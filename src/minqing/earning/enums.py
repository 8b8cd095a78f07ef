"""Words of earning points 香榧币. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class Category(Word):
    """What functions are about."""

    SAFETY = "safety", _("Peace and safety")
    SUGGESTIONS = "suggestions", _("People's suggestions")
    ENVIRONMENT = "environment", _("Clean surroundings")
    CUSTOMS = "customs", _("Good customs")
    VOLUNTEERING = "volunteering", _("Volunteering")
    INDUSTRY = "industry", _("Earning a living together")


class Evidence(Word):
    """What is asked to show that it was done."""

    PHOTO = "photo", _("A photo")
    PLACE = "place", _("The place")
    WITNESS = "witness", _("A witness")
    CODE = "code", _("Checked in there")


class Confirmer(Word):
    """Who confirms it."""

    VILLAGE = "village", _("The village")
    TOWNSHIP = "township", _("The township's clerk")


class Budget(Word):
    """What it is paid from."""

    COUNTY = "county", _("Issued by the county")


class Happening(Word):
    """What is thanked by itself when it happened."""

    REPORT_TRUE = "report_true", _("A report by household code proved true")
    SUGGESTION_ADOPTED = "suggestion_adopted", _("A people's suggestion was adopted")
