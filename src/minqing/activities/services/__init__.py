"""Writes of activities. Each checks the rule, takes its locks, writes, and appends one event: codes, never words."""

from minqing.activities.services.activities import (
    cancel_activity,
    change_activity,
    end_activity,
    publish_activity,
    write_activity,
)
from minqing.activities.services.following import follow_sign_ups
from minqing.activities.services.people import check_in, check_in_by_code, sign_up, undo_check_in, withdraw
from minqing.activities.services.reports import report_activity
from minqing.activities.services.thanking import confirm_attendance, send_back_list

__all__ = [
    "cancel_activity",
    "change_activity",
    "check_in",
    "check_in_by_code",
    "confirm_attendance",
    "end_activity",
    "follow_sign_ups",
    "publish_activity",
    "report_activity",
    "send_back_list",
    "sign_up",
    "undo_check_in",
    "withdraw",
    "write_activity",
]
