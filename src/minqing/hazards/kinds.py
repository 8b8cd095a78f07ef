"""What a county calls severities and states of hazards, and who puts them right."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.hazards.enums import Charge, Severity, State
from minqing.localnames.kinds import Vocabulary

NAMES: Final = (
    Vocabulary("hazard_severity", _("Severities of hazards"), Severity),
    Vocabulary("hazard_state", _("States of a hazard"), State),
    Vocabulary("hazard_charge", _("Who puts a hazard right"), Charge),
)
