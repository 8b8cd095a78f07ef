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


class Period(Word):
    """For how long the points of a budget are."""

    MONTH = "month", _("Each month")
    QUARTER = "quarter", _("Each quarter")
    YEAR = "year", _("Each year")


class Happening(Word):
    """What is thanked by itself when it happened."""

    REPORT_TRUE = "report_true", _("A report by household code proved true")
    SUGGESTION_ADOPTED = "suggestion_adopted", _("A people's suggestion was adopted")


class State(Word):
    """Where a claim stands."""

    SENT = "sent", _("To be confirmed")
    VOUCHED = "vouched", _("A second person looks")
    AWARDED = "awarded", _("Points given")
    REFUSED = "refused", _("Not confirmed")
    CORRECTED = "corrected", _("Taken back as a mistake")
    APPEALED = "appealed", _("Objected to, is looked at again")
    UPHELD = "upheld", _("Not confirmed, looked at twice")


class Move(Word):
    """What happens to a claim."""

    SEND = "send", _("Send"), _("Sent")
    THANK = "thank", _("Thank by itself"), _("Thanked by itself")
    VOUCH = "vouch", _("Confirm as the first"), _("Confirmed, a second person looks")
    CONFIRM = "confirm", _("Confirm the deed"), _("Confirmed, the points are given")
    REFUSE = "refuse", _("Do not confirm"), _("Not confirmed")
    CORRECT = "correct", _("Take back as a mistake"), _("Taken back as a mistake")
    APPEAL = "appeal", _("Object"), _("Objected to, somebody else looks again")
    GRANT = "grant", _("Give the points after all"), _("The points are given after all")
    UPHOLD = "uphold", _("Leave it at no"), _("Left at no")
    PASS = "pass", _("It was right"), _("Looked at, it was right")


class Way(Word):
    """How it came in."""

    DOOR = "door", _("By the code at the door")
    PAPER = "paper", _("On paper")
    ITSELF = "itself", _("By itself")
    ACTIVITY = "activity", _("At an activity")


class Timed(Word):
    """What of claims has a deadline."""

    APPEAL = "appeal", _("Objection to a claim that was not confirmed")


class Term(Word):
    """What gives it its term."""

    PROMISE = "promise", _("What the county promises")
