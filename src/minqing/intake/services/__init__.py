"""Writes of table imports: a table is received, checked, and loaded."""

from minqing.intake.services.checking import check_run
from minqing.intake.services.loading import ask_to_load, load_run
from minqing.intake.services.receiving import receive_table
from minqing.intake.services.retention import forget_old_files
from minqing.intake.services.sheet_choice import take_sheet

__all__ = ["ask_to_load", "check_run", "forget_old_files", "load_run", "receive_table", "take_sheet"]
