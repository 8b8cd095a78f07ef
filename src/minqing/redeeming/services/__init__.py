"""Writing of what there is for points."""

from minqing.redeeming.services.catalogue import add_item, change_item

__all__ = ["add_item", "change_item"]
