"""Words of requests about one's own data 个人信息权利请求. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class RequestKind(Word):
    """What somebody asks for, by the articles of the Personal Information Protection Law."""

    COPY = "copy", _("See and copy")
    CORRECT = "correct", _("Correct what is wrong")
    DELETE = "delete", _("Delete")
    OBJECT = "object", _("Object to its use")
    EXPLAIN = "explain", _("Have it explained")
    WITHDRAW = "withdraw", _("Withdraw consent")


class State(Word):
    """Where a request stands."""

    ASKED = "asked", _("Identity to be checked")
    CHECKED = "checked", _("To be decided")
    GRANTED = "granted", _("To be carried out")
    DONE = "done", _("Carried out, to be answered")
    REFUSED = "refused", _("Refused, to be answered")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Taken back")
    LAPSED = "lapsed", _("Ended with the person's deletion")


class Move(Word):
    """What happens to a request."""

    ASK = "ask", _("Ask"), _("Request made")
    CHECK = "check", _("Identity shown"), _("Identity confirmed")
    REJECT = "reject", _("Identity not shown"), _("Identity not confirmed")
    GRANT = "grant", _("Grant"), _("Request granted")
    REFUSE = "refuse", _("Refuse"), _("Request refused")
    CARRY_OUT = "carry_out", _("Carry out"), _("Carried out")
    ANSWER = "answer", _("Note that the letter was handed over"), _("Letter handed over")
    TAKE_BACK = "take_back", _("Take the request back"), _("Taken back")
    LAPSE = "lapse", _("End with the person's deletion"), _("Ended with the person's deletion")


class Way(Word):
    """How it came in."""

    PAPER = "paper", _("On paper")
    DOOR = "door", _("By the code at the door")


class Term(Word):
    """What gives a request its term."""

    PROMISE = "promise", _("What the county promises")


class ProofPlace(Word):
    """Where the person shows who they are."""

    OFFICE = "office", _("At the township's office")
    HOME = "home", _("At home, when the cadre comes")


class Proof(Word):
    """What was shown."""

    IDENTITY_CARD = "card", _("Identity card")
    HOUSEHOLD_BOOK = "book", _("Household register")
    OTHER = "other", _("Another official document")


class Guardianship(Word):
    """Why somebody asks for another person."""

    PARENT = "parent", _("Parent of a child")
    GUARDIAN = "guardian", _("Appointed guardian")
    NEXT_OF_KIN = "kin", _("Next of kin of somebody who died")
