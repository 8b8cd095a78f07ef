"""Writes of table imports: a table is received, checked, and loaded."""

from minqing.intake.services.checking import check_run
from minqing.intake.services.layout_choice import lay_out
from minqing.intake.services.loading import ask_to_load, load_run
from minqing.intake.services.receiving import receive_table
from minqing.intake.services.retention import forget_old_files

__all__ = ["ask_to_load", "check_run", "forget_old_files", "lay_out", "load_run", "receive_table"]
