"""What the doctor looks at of messages that go out."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from minqing.core.health import Finding, count_finding
from minqing.notify.carriers import setting, templates_in_use
from minqing.notify.kinds import KINDS
from minqing.notify.queries import failing_carriers, job, outbox_counts
from minqing.notify.queries.texts import in_words
from minqing.privacy.access import transaction_as

# where the operator sees to it
CHANNELS = "channels:list"


def messages() -> Finding:
    """What no carrier could deliver; the notice in the app is there all the same."""
    with transaction_as(job()):
        counts = outbox_counts()
    seen = in_words(counts) or _("nothing waits")
    return Finding(_("messages"), not counts.get("parked"), seen, _("Run: minqing notify parked"), CHANNELS)


def carriers() -> Finding:
    with transaction_as(job()):
        counts = Counter({f"{channel} ({error})": count for channel, error, count in failing_carriers()})
    return count_finding(
        _("carriers"),
        counts,
        _(
            "These messages are tried again and again. The code says whether the carrier is down or refuses this "
            "deployment: check the sender, credentials, signature and balance in its settings, then try it with "
            "“minqing notify test”."
        ),
        CHANNELS,
    )


def templates() -> Finding:
    """Kinds of notices that a carrier in use refuses, because the deployment has no template for them."""
    known, lacking = [kind.code for kind in KINDS], []
    for channel, name in templates_in_use().items():
        filled = setting(name)
        kinds = [code for code in known if code not in filled]
        lacking += [f"{channel}: {', '.join(kinds)}"] if kinds else []
    return Finding(
        _("templates of messages"),
        not lacking,
        "; ".join(lacking) or _("none is lacking"),
        _(
            "Notices of these kinds do not leave the house. Add them to MINQING_ALIYUN_TEMPLATES or "
            "MINQING_WECHAT_TEMPLATES."
        ),
    )
