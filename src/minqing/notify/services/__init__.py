"""Writes of notices: telling somebody, reading, choosing, delivering, and what the operator does with the parked."""

from minqing.notify.rules import Outside
from minqing.notify.services.delivering import Delivered, deliver_due
from minqing.notify.services.maintenance import drop_parked, retry_parked, send_test, sweep_old, try_again
from minqing.notify.services.preferences import checked_address, forget_account, save_address, save_choices
from minqing.notify.services.reading import mark_all_read, mark_read
from minqing.notify.services.sending import Letter, Told, notice_id, send_letters, send_notice, send_notices

__all__ = [
    "Delivered",
    "Letter",
    "Outside",
    "Told",
    "checked_address",
    "deliver_due",
    "drop_parked",
    "forget_account",
    "mark_all_read",
    "mark_read",
    "notice_id",
    "retry_parked",
    "save_address",
    "save_choices",
    "send_letters",
    "send_notice",
    "send_notices",
    "send_test",
    "sweep_old",
    "try_again",
]
