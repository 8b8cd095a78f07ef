"""What may be seen of what there is for points."""

from minqing.redeeming.queries.catalogue import item_for, item_sent, offered_in, visible_items

__all__ = ["item_for", "item_sent", "offered_in", "visible_items"]
