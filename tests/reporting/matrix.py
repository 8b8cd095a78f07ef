"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.matrix import ALL, ANYONE, HELPERS, NO_ID, Line, beside, door, fixed, ticket

LINES = {
    # whoever has the slip in hand, wherever the matter lies
    "reporting:slip": Line(HELPERS),
    "reporting:helped": Line(HELPERS, at=ticket, reach=dict.fromkeys(HELPERS, ALL)),
    "reporting:find": Line(ANYONE),
    "reporting:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
    "reporting:report": Line(ANYONE, at=door),
    "reporting:questions": Line(ANYONE, at=door),
    "reporting:follow": Line(ANYONE, at=ticket),
    "reporting:thanks": Line(ANYONE, at=ticket),
    "reporting:photo": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
    "reporting:picture": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
    "reporting:thumbnail": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
}
BY_OTHER_WAYS = {
    "reporting:helped": "by number and code of a slip",
}
OTHERWISE = {
    "minqing.reporting.services.report_at_door": "report_matter",
    "minqing.reporting.services.add_to_report": "add_note",
    "minqing.reporting.services.give_word": "confirm_matter",
    "minqing.reporting.services.open_again": "reopen_matter",
    "minqing.reporting.services.appeal": "appeal_matter",
}
BY_SERVICE = {
    "reporting.forms.AddForm": "reporting.services.add_to_report",
    "reporting.forms.WordForm": "reporting.services.give_word",
    "reporting.forms.SlipWordForm": "reporting.services.give_word",
    "reporting.forms.AgainForm": "reporting.services.open_again",
    "reporting.forms.AppealForm": "reporting.services.appeal",
}
ADDS = {
    "AddForm",
    "ReportForm",
    "WordForm",
    "AppealForm",
    "SlipWordForm",
    "AgainForm",
}
