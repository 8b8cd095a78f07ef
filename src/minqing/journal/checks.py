"""What the doctor looks at of the journal's subscribers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core.health import Finding, counted
from minqing.journal.queries import parked


def events_parked() -> Finding:
    return counted(
        _("events parked"), parked().values_list("subscriber", flat=True),
        _("A subscriber could not take these events. Mend the cause, then run “minqing journal retry”."),
    )  # fmt: skip
