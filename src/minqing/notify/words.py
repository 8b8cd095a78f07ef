"""What the operator is told of why a message did not leave: codes of ours and of carriers in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# by the beginning of the code; the first that fits counts
WHY = (
    ("isv.AMOUNT_NOT_ENOUGH", gettext_lazy("there is no money left on the account")),
    ("isv.OUT_OF_SERVICE", gettext_lazy("the account is switched off at the carrier, mostly for want of money")),
    ("isv.DAY_LIMIT", gettext_lazy("the account's own limit for today is reached")),
    ("isv.SMS_SIGN", gettext_lazy("the signature is not approved")),
    ("isv.SMS_TEMPLATE", gettext_lazy("the template is not approved")),
    ("isv.MOBILE", gettext_lazy("this is no number that can be reached")),
    ("Throttling", gettext_lazy("too many at once")),
    ("unreachable", gettext_lazy("the carrier cannot be reached")),
    ("no_answer", gettext_lazy("no answer came, and nobody knows whether it arrived")),
    ("unreadable", gettext_lazy("the answer could not be read")),
    ("no_template", gettext_lazy("there is no template for this kind of message")),
    ("outcome_unknown", gettext_lazy("nobody knows whether it arrived")),
    ("token_", gettext_lazy("the carrier does not take our credentials")),
    ("smtp_", gettext_lazy("the mail server refuses us")),
    ("answer_401", gettext_lazy("the carrier does not take our credentials")),
    ("answer_402", gettext_lazy("there is no money left on the account")),
    ("answer_403", gettext_lazy("the carrier does not take our credentials")),
    ("answer_429", gettext_lazy("too many at once")),
    ("answer_5", gettext_lazy("the carrier has a fault of its own")),
    ("not_readable", gettext_lazy("what is stored of it cannot be read")),
    ("not_written", gettext_lazy("its text could not be made")),
    ("worker_lost", gettext_lazy("the job was broken off")),
)


def why(code: str) -> str:
    """In words with the code behind them, which is what the carrier's help knows it by."""
    told = next((str(words) for start, words in WHY if code.startswith(start)), "")
    return _("%(why)s (%(code)s)") % {"why": told, "code": code} if told else code
