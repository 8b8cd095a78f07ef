"""The made-up county: is there one, and making it."""

from minqing.demo.services.loading import load_demo
from minqing.demo.services.state import Contents, contents, ensure_demo, sign_ins_table

__all__ = ["Contents", "contents", "ensure_demo", "load_demo", "sign_ins_table"]
