"""Writes of earning. Each checks the rule, takes its locks, writes, and appends one event: codes, never words."""

from minqing.earning.services.functions import add_function, change_function, load_functions

__all__ = ["add_function", "change_function", "load_functions"]
