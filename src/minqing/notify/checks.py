"""What the doctor looks at of messages that go out."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from minqing.core.health import Finding, counted
from minqing.notify.queries import failing_carriers, job
from minqing.privacy.access import transaction_as


def carriers() -> Finding:
    with transaction_as(job()):
        counts = Counter({f"{channel} ({error})": count for channel, error, count in failing_carriers()})
    return counted(
        _("carriers"), counts,
        _("These messages are tried again and again. The code says whether the carrier is down or refuses this "
          "deployment: check the sender, credentials, signature and balance in its settings, then try it with "
          "“minqing notify test”."),
    )  # fmt: skip
