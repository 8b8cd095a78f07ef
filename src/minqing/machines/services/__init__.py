"""What is done with machines and at them."""

from minqing.machines.services.admitting import admit
from minqing.machines.services.settling import decide_vend, take_report
from minqing.machines.services.setup import (
    give_key,
    lock_machine,
    register_machine,
    save_slot,
    unlock_machine,
)
from minqing.machines.services.turns import Report, Turn, sweep_all, take_turn
from minqing.machines.services.vending import reserve_vend

__all__ = [
    "Report",
    "Turn",
    "admit",
    "decide_vend",
    "give_key",
    "lock_machine",
    "register_machine",
    "reserve_vend",
    "save_slot",
    "sweep_all",
    "take_report",
    "take_turn",
    "unlock_machine",
]
